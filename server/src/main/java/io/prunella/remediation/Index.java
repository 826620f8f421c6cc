package io.prunella.remediation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which remediations there are, by what is asked of them again and again: so that what a guardrail
 * costs goes by what is under way and what happened lately, not by all that is remembered. Ids
 * only: a remediation changes with each of its facts, where it belongs hardly ever does. Immutable;
 * any thread.
 *
 * @param open not over, in order of proposal
 * @param underWay those of them that hold their target, in order of admission
 * @param byIncident all, in order of proposal
 * @param acted by service, when the first step left
 * @param ended by service, when it was over: those that have acted
 * @param badlyEnded by the runbook's digest: those of {@code ended} that did not succeed
 */
record Index(
    Set<String> open,
    Set<String> underWay,
    Map<String, List<String>> byIncident,
    Map<String, List<Moment>> acted,
    Map<String, List<Moment>> ended,
    Map<String, List<Moment>> badlyEnded) {
  static final Index EMPTY = new Index(Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** When something happened to a remediation. Lists of them are in this order. */
  record Moment(Instant at, String id) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : id.compareTo(other.id);
    }
  }

  /** Of remediations as they stand. */
  static Index of(Collection<Remediation> all) {
    Index index = EMPTY;
    for (Remediation one : all) index = index.with(null, one);
    return index;
  }

  /**
   * The same after one remediation has changed.
   *
   * @param before as it stood, or null when it is new
   * @param after as it stands, or null when it is forgotten
   */
  Index with(@Nullable Remediation before, @Nullable Remediation after) {
    if (before == null && after == null) return this;
    return new Index(
        set(open, isOpen(before), isOpen(after), id(before, after)),
        set(underWay, isUnderWay(before), isUnderWay(after), id(before, after)),
        incidents(before, after),
        moments(acted, acted(before), acted(after)),
        moments(ended, ended(before), ended(after)),
        moments(badlyEnded, badlyEnded(before), badlyEnded(after)));
  }

  private static String id(@Nullable Remediation before, @Nullable Remediation after) {
    if (after != null) return after.id();
    return before != null ? before.id() : "";
  }

  private static boolean isOpen(@Nullable Remediation one) {
    return one != null && !one.status().isTerminal();
  }

  private static boolean isUnderWay(@Nullable Remediation one) {
    return one != null && one.isUnderWay();
  }

  private static Set<String> set(Set<String> set, boolean was, boolean is, String id) {
    if (was == is) return set;
    var next = new LinkedHashSet<>(set);
    if (is) next.add(id);
    else next.remove(id);
    return Collections.unmodifiableSet(next);
  }

  private Map<String, List<String>> incidents(
      @Nullable Remediation before, @Nullable Remediation after) {
    String was = before == null ? null : before.plan().incident();
    String is = after == null ? null : after.plan().incident();
    if (was != null && was.equals(is)) return byIncident;
    var next = new HashMap<>(byIncident);
    if (was != null && before != null) {
      var rest = new ArrayList<>(next.getOrDefault(was, List.of()));
      rest.remove(before.id());
      put(next, was, rest);
    }
    if (is != null && after != null) {
      var more = new ArrayList<>(next.getOrDefault(is, List.of()));
      more.add(after.id());
      put(next, is, more);
    }
    return Collections.unmodifiableMap(next);
  }

  /** A moment and whose it is: a service's, or a runbook's. */
  private record Kept(String of, Moment moment) {}

  private static @Nullable Kept acted(@Nullable Remediation one) {
    Instant at = one == null ? null : one.actedAt();
    return one == null || at == null ? null : new Kept(one.service(), new Moment(at, one.id()));
  }

  private static @Nullable Kept ended(@Nullable Remediation one) {
    if (one == null || !one.status().isTerminal() || !one.hasActed()) return null;
    return new Kept(one.service(), new Moment(one.since(), one.id()));
  }

  private static @Nullable Kept badlyEnded(@Nullable Remediation one) {
    Kept ended = ended(one);
    if (one == null || ended == null || one.status() == Status.SUCCEEDED) return null;
    return new Kept(one.plan().runbookDigest(), ended.moment());
  }

  private static Map<String, List<Moment>> moments(
      Map<String, List<Moment>> all, @Nullable Kept was, @Nullable Kept is) {
    if (was == null ? is == null : was.equals(is)) return all;
    var next = new HashMap<>(all);
    if (was != null) {
      var rest = new ArrayList<>(next.getOrDefault(was.of(), List.of()));
      rest.remove(was.moment());
      put(next, was.of(), rest);
    }
    if (is != null) {
      var more = new ArrayList<>(next.getOrDefault(is.of(), List.of()));
      int place = more.size(); // facts come in order of time: it is the last nearly always
      while (place > 0 && more.get(place - 1).compareTo(is.moment()) > 0) place--;
      more.add(place, is.moment());
      put(next, is.of(), more);
    }
    return Collections.unmodifiableMap(next);
  }

  private static <T> void put(Map<String, List<T>> map, String key, List<T> values) {
    if (values.isEmpty()) map.remove(key);
    else map.put(key, Collections.unmodifiableList(values));
  }

  /** Ids of what happened after a time, in order of time. */
  static List<String> after(Instant time, List<Moment> moments) {
    int first = moments.size();
    while (first > 0 && moments.get(first - 1).at().isAfter(time)) first--;
    return moments.subList(first, moments.size()).stream().map(Moment::id).toList();
  }
}
