package io.prunella.incident;

import io.prunella.diagnose.Topology;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is how near to whom in the call graph, both ways. Made once a turn: linear in the edges. */
final class Links {
  /** A dependency that so many share says nothing about any two of them. */
  private static final int SHARERS_MAX = 50;

  private final Topology topology;
  private final Map<String, Set<String>> callers = new HashMap<>();

  Links(Topology topology) {
    this.topology = topology;
    topology
        .callees()
        .forEach((caller, called) ->
            called.forEach(c -> callers.computeIfAbsent(c, _ -> new TreeSet<>()).add(caller)));
  }

  boolean calls(String caller, String callee) {
    return topology.calleesOf(caller).contains(callee);
  }

  /**
   * Services near one: distance 1 calls it or is called by it; distance 2 does so through one
   * other, or shares a dependency with it.
   */
  Map<String, Integer> near(String service) {
    var near = new TreeMap<String, Integer>();
    for (String callee : topology.calleesOf(service)) {
      put(near, topology.calleesOf(callee), 2);
      var sharers = callersOf(callee);
      if (sharers.size() <= SHARERS_MAX) put(near, sharers, 2);
    }
    for (String caller : callersOf(service)) put(near, callersOf(caller), 2);
    put(near, topology.calleesOf(service), 1);
    put(near, callersOf(service), 1);
    near.remove(service);
    return near;
  }

  private Set<String> callersOf(String service) {
    return callers.getOrDefault(service, Set.of());
  }

  private static void put(Map<String, Integer> near, Collection<String> services, int distance) {
    for (String service : services) near.merge(service, distance, Math::min);
  }
}
