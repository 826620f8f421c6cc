package io.prunella.diagnose;

import io.prunella.signal.Change;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which service is the cause. Evidence of each service is split into internal (saturation, health,
 * restarts) and external (latency, errors, traffic); blame then walks down the call graph: a
 * service that suffers and calls a suffering one passes most of its blame on, unless its own inside
 * explains it. Earlier onset is preferred.
 *
 * <p>Split and magnitude S − log1p(S) after PRISM (RCAEval's author, 2025); the walk after
 * PetShop's graph traversal (Hardt et al., 2023). Linear in symptoms, plus the edges among
 * suffering services. Pure.
 */
public final class Culprit {
  /*
   * Blame of a service with suffering callees: 0.2 + 0.8 * I / (I + worst callee), I its internal points. So a caller that
   * merely waits keeps a fifth; one that is at its own memory limit keeps most. A candidate gains a quarter of the points
   * of every service that calls it, directly or through suffering ones: it explains them. Traffic alone makes nobody
   * suffer: more of it comes from callers, less of it is what a broken caller sends.
   */
  private static final int SUSPECTS_MAX = 10;
  private static final double SUFFERS_POINTS = 4;
  private static final double KEPT_BLAME = 0.2;
  private static final double EXPLAINS = 0.25;
  private static final double LATE_MS = 120_000;
  private static final long CHANGE_BEFORE_MS = 30 * 60_000L;
  private static final long CHANGE_AFTER_MS = 2 * 60_000L;
  private static final double CHANGED_POINTS = 10;
  private static final double UNSEEN_SHARE = 0.6;

  private Culprit() {}

  /** As {@link #rank(Collection, Topology, Collection)} without changes. */
  public static List<Suspect> rank(Collection<Symptom> symptoms, Topology topology) {
    return rank(symptoms, topology, List.of());
  }

  /**
   * Ranks the services.
   *
   * @param symptoms in any order; the answer does not depend on it
   * @param changes a deploy of a service shortly before its onset makes it more suspect
   * @return at most ten, most suspect first; a dependency without symptoms of its own is among them
   *     when all that suffer share it
   */
  public static List<Suspect> rank(
      Collection<Symptom> symptoms, Topology topology, Collection<Change> changes) {
    var all = new TreeMap<String, Account>();
    for (Symptom symptom : symptoms) {
      all.computeIfAbsent(symptom.service(), Account::new).add(symptom);
    }
    for (Change change : changes) {
      Account account = all.get(change.service());
      if (account != null && change.what().equals("deploy")) account.changed(change);
    }
    long earliest = all.values().stream().mapToLong(a -> a.onsetMs).min().orElse(0);
    var callers = callersAmong(all.keySet(), topology);
    var scored = new ArrayList<Scored>();
    for (Account account : all.values()) {
      scored.add(score(account, all, topology, callers, earliest));
    }
    Scored unseen = sharedUnseen(all, topology);
    if (unseen != null) scored.add(unseen);
    return scored.stream()
        .filter(s -> s.score > 0)
        .sorted(Comparator.comparingDouble((Scored s) -> -s.score).thenComparing(s -> s.service))
        .limit(SUSPECTS_MAX)
        .map(s -> new Suspect(s.service, Math.round(s.score * 100) / 100.0, s.why))
        .toList();
  }

  private static Scored score(
      Account account,
      Map<String, Account> all,
      Topology topology,
      Map<String, Set<String>> callers,
      long earliest) {
    double worstCallee = 0;
    String blames = "";
    for (String callee : new TreeSet<>(topology.calleesOf(account.service))) {
      Account called = all.get(callee);
      if (called == null || callee.equals(account.service) || !called.suffers()) continue;
      if (called.magnitude() > worstCallee) {
        worstCallee = called.magnitude();
        blames = callee;
      }
    }
    double keeps = 1;
    if (worstCallee > 0) {
      double inside = account.internal + account.changedPoints;
      keeps = KEPT_BLAME + (1 - KEPT_BLAME) * inside / (inside + worstCallee);
    }
    double late = Math.max(0, account.onsetMs - earliest);
    double early = 0.5 + 0.5 / (1 + late / LATE_MS);
    var affected =
        account.suffers() ? upstream(account.service, all, callers) : Map.<String, Account>of();
    double explained = 0;
    for (Account caller : affected.values()) explained += EXPLAINS * caller.magnitude();
    double score = account.magnitude() * keeps * early + explained * keeps;
    return new Scored(account.service, score, why(account, blames, affected.size()));
  }

  /** Suffering services that reach {@code service} through suffering ones. */
  private static Map<String, Account> upstream(
      String service, Map<String, Account> all, Map<String, Set<String>> callers) {
    var seen = new TreeMap<String, Account>();
    var next = new ArrayDeque<String>();
    next.add(service);
    while (!next.isEmpty()) {
      for (String caller : callers.getOrDefault(next.remove(), Set.of())) {
        Account account = all.get(caller);
        if (account == null || !account.suffers() || caller.equals(service)) continue;
        if (seen.putIfAbsent(caller, account) == null) next.add(caller);
      }
    }
    return seen;
  }

  private static Map<String, Set<String>> callersAmong(Set<String> services, Topology topology) {
    var callers = new HashMap<String, Set<String>>();
    for (String service : services) {
      for (String callee : topology.calleesOf(service)) {
        callers.computeIfAbsent(callee, _ -> new TreeSet<>()).add(service);
      }
    }
    return callers;
  }

  /**
   * A dependency that nothing is seen of, but that every service at the bottom of the trouble
   * calls: an outside party, or a service whose own metrics are blind to it. At least two must
   * suffer, by what their callers see and not by their own inside.
   */
  private static @Nullable Scored sharedUnseen(Map<String, Account> all, Topology topology) {
    var bottom = new ArrayList<Account>();
    for (Account account : all.values()) {
      if (!account.suffers() || account.external <= account.internal) continue;
      boolean passesOn =
          topology.calleesOf(account.service).stream()
              .anyMatch(
                  c -> !c.equals(account.service) && all.containsKey(c) && all.get(c).suffers());
      if (!passesOn) bottom.add(account);
    }
    if (bottom.size() < 2) return null;
    var shared = new TreeSet<>(topology.calleesOf(bottom.getFirst().service));
    bottom.forEach(a -> shared.retainAll(topology.calleesOf(a.service)));
    shared.removeIf(s -> all.containsKey(s) && all.get(s).suffers());
    if (shared.isEmpty()) return null;
    // Several shared ones cannot be told apart: the one that fewest others call is the most
    // particular to these services.
    String service =
        shared.stream()
            .min(
                Comparator.comparingInt((String s) -> topology.callersOf(s).size())
                    .thenComparing(s -> s))
            .orElseThrow();
    double score = UNSEEN_SHARE * bottom.stream().mapToDouble(Account::magnitude).sum();
    var names = bottom.stream().map(a -> a.service).limit(4).toList();
    return new Scored(
        service,
        score,
        "%d services that suffer all call it (%s) and nothing else they call is odd; it shows no trouble of its own"
            .formatted(bottom.size(), String.join(", ", names)));
  }

  private static String why(Account account, String blames, int affected) {
    var why = new StringBuilder();
    Symptom strongest = account.strongest;
    if (strongest != null) {
      why.append(Words.signal(strongest)).append(' ').append(strongest.reason());
    }
    if (account.changedPoints > 0) why.append("; it was deployed shortly before");
    if (affected == 1) why.append("; 1 service that calls it suffers too");
    if (affected > 1) why.append("; %d services that call it suffer too".formatted(affected));
    if (blames.isEmpty()) why.append("; nothing it calls is worse");
    else why.append("; but ").append(blames).append(", which it calls, suffers too");
    return why.toString();
  }

  private record Scored(String service, double score, String why) {}

  /** What speaks against one service. */
  private static final class Account {
    private final String service;
    private double internal;
    private double external;
    private double traffic;
    private double changedPoints;
    private long onsetMs = Long.MAX_VALUE;
    private @Nullable Symptom strongest;

    Account(String service) {
      this.service = service;
    }

    void add(Symptom symptom) {
      double points = Strength.weighted(symptom);
      if (symptom.signal() == Signal.TRAFFIC && symptom.shape() != Shape.ALERT) {
        traffic = Math.max(traffic, points);
      } else if (Strength.isInternal(symptom)) {
        internal = Math.max(internal, points);
      } else {
        external = Math.max(external, points);
      }
      onsetMs = Math.min(onsetMs, symptom.fromMs());
      if (strongest == null || Strength.STRONGEST_FIRST.compare(symptom, strongest) < 0)
        strongest = symptom;
    }

    void changed(Change change) {
      long before = onsetMs - change.atMs();
      if (before <= CHANGE_BEFORE_MS && before >= -CHANGE_AFTER_MS) changedPoints = CHANGED_POINTS;
    }

    boolean suffers() {
      return internal + external >= SUFFERS_POINTS;
    }

    double magnitude() {
      double sum = internal + external + traffic / 2 + changedPoints;
      return sum - Math.log1p(sum);
    }
  }
}
