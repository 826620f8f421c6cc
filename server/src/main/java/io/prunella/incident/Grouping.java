package io.prunella.incident;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Decides which symptoms are incidents, which belong together, and when an incident is over. Pure:
 * the same arguments give the same facts, in whatever order the symptoms are handed in. Called by
 * control once a turn; cost is linear in the symptoms remembered.
 *
 * <p>A limit or another system's alert opens an incident by itself; surprises only when several
 * agree and go on, see {@link GroupingConfig}, and how much they must weigh follows from the alarm
 * budget, see {@link AlarmBudget}. A symptom joins the open incident of its service, or one of a
 * neighbour in the call graph whose onset is near. Node co-location is not used: two services on
 * one node share nothing that a person would repair together, and a node's own series are a service
 * of their own.
 */
public final class Grouping {
  private final GroupingConfig config;
  private final AlarmBudget budget;

  /**
   * Groups by these settings.
   *
   * @param budget where the alarm budget begins when {@code pending} has none
   */
  public Grouping(GroupingConfig config, AlarmBudget budget) {
    this.config = config;
    this.budget = budget;
  }

  /** Where the alarm budget begins. */
  public AlarmBudget budget() {
    return budget;
  }

  /**
   * What became true.
   *
   * @param facts to be journaled and applied, in this order
   * @param pending for the next turn
   */
  public record Decided(List<IncidentFact> facts, Pending pending) {
    public Decided {
      facts = List.copyOf(facts);
    }
  }

  /**
   * Takes what has come since the last turn. To be called on each tick as well, with nothing new:
   * time alone opens and resolves incidents.
   *
   * @param now the incidents as they stand
   * @param pending from the last turn; {@link Pending#EMPTY} after a start
   * @param latest symptom words since then, any order; of one key the one with the latest time
   *     counts
   * @param changes changes noticed since then
   * @param at not before the last turn's
   */
  public Decided decide(
      Incidents now,
      Pending pending,
      Collection<Symptom> latest,
      List<Change> changes,
      Topology topology,
      Instant at) {
    var known = pending.budget();
    var candidates = new Candidates(known == null ? budget : known, pending.candidates(), at);
    return new Turn(config, now, pending, candidates, topology, at).take(latest, changes);
  }
}
