package io.prunella.incident;

import io.prunella.detect.AlarmBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The services whose surprises are on their way to an incident, or are one, as the alarm budget
 * counts them: each stretch once, by its peak. During one turn; scratch memory of one thread.
 *
 * <p>Not counted: what a limit, a failed check or another system's alert speaks of too, since that
 * is no chance, and what joins another service's incident, since it opens none.
 */
final class Candidates {
  private static final int MAX = 20_000;

  /**
   * One stretch.
   *
   * @param peak the highest statistic so far
   * @param lastAt when it last stood at the floor, or its incident was open
   */
  record Candidate(double peak, Instant lastAt) {}

  private final TreeMap<String, Candidate> open;
  private final Instant at;
  private AlarmBudget budget;

  Candidates(AlarmBudget budget, Map<String, Candidate> before, Instant at) {
    this.budget = budget.at(at.toEpochMilli());
    this.open = new TreeMap<>(before);
    this.at = at;
  }

  AlarmBudget budget() {
    return budget;
  }

  /** Those that go on, by service. */
  Map<String, Candidate> open() {
    return open;
  }

  /** Takes a service's statistic, finite; true when it is enough for an incident. */
  boolean isIncident(String service, double statistic) {
    if (statistic < AlarmBudget.FLOOR) return false;
    Candidate one = raise(service, statistic);
    return statistic >= budget.levelWithout(one == null ? 0 : one.peak());
  }

  /** Takes the statistic of a service whose incident is open, if it is what has opened it. */
  void goesOn(String service, double statistic) {
    if (open.containsKey(service)) raise(service, statistic);
  }

  private @Nullable Candidate raise(String service, double statistic) {
    Candidate before = open.get(service);
    if (before == null && open.size() >= MAX) return null;
    double known = before == null ? 0 : before.peak();
    double peak = Math.max(known, statistic);
    budget = budget.with(known, peak);
    var now = new Candidate(peak, at);
    open.put(service, now);
    return now;
  }

  /** A service's stretch is no chance, or no incident of its own: it counts no more. */
  void withdraw(String service) {
    Candidate known = open.remove(service);
    if (known != null) budget = budget.with(known.peak(), 0);
  }

  /** Ends the stretches that have been quiet for so long; they stay counted. */
  void expire(Duration quietFor) {
    open.values().removeIf(one -> one.lastAt().plus(quietFor).isBefore(at));
  }
}
