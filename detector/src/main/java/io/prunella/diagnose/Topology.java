package io.prunella.diagnose;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who calls whom, from labels, metrics and declarations. Immutable.
 *
 * @param callees service → the services it calls
 */
public record Topology(Map<String, Set<String>> callees) {
  public static final Topology EMPTY = new Topology(Map.of());

  public Topology {
    var copy = new TreeMap<String, Set<String>>();
    callees.forEach((caller, called) -> copy.put(caller, Set.copyOf(called)));
    callees = java.util.Collections.unmodifiableMap(copy);
  }

  /** The services that {@code service} calls; empty when none are known. */
  public Set<String> calleesOf(String service) {
    return callees.getOrDefault(service, Set.of());
  }

  /** The services that call {@code service}, in order of their names. */
  public Set<String> callersOf(String service) {
    var callers = new TreeSet<String>();
    callees.forEach((caller, called) -> {
      if (called.contains(service)) callers.add(caller);
    });
    return callers;
  }
}
