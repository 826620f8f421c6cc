package io.prunella.remediation;

import io.prunella.incident.Incident;
import io.prunella.runbook.Alerts.AlertRead;
import io.prunella.runbook.CheckResult;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a guardrail may look at besides the proposal: the world at one moment, handed in.
 *
 * @param incident what the proposal is for
 * @param open all open incidents, in order of opening
 * @param resolved the resolved ones that are known, the latest first
 * @param remediations all known ones, the proposal's own among them
 * @param stops in force
 * @param deployments not finished, nor expired
 * @param neighbours services that the target calls or is called by
 * @param declared the target as it is declared now; null: no more
 * @param frozen why the target is frozen, or null
 * @param journalDown why the journal cannot be written, or null
 * @param preconditions what the runbook's preconditions say, in order
 * @param alerts what was found of the alerts that must and must not fire
 * @param aborts what was found of the conditions that abort a run: PASS when one does not hold
 * @param around what else there is beside the target
 */
public record Situation(
    Instant now,
    PolicyConfig policy,
    Incident incident,
    Collection<Incident> open,
    Collection<Incident> resolved,
    Remediations remediations,
    List<StopInForce> stops,
    List<Deploying> deployments,
    Set<String> neighbours,
    @Nullable Target declared,
    @Nullable String frozen,
    @Nullable String journalDown,
    List<Precondition> preconditions,
    List<AlertRead> alerts,
    List<Precondition> aborts,
    Surroundings around) {

  /** With nothing else around. */
  public Situation(
      Instant now,
      PolicyConfig policy,
      Incident incident,
      Collection<Incident> open,
      Collection<Incident> resolved,
      Remediations remediations,
      List<StopInForce> stops,
      List<Deploying> deployments,
      Set<String> neighbours,
      @Nullable Target declared,
      @Nullable String frozen,
      @Nullable String journalDown,
      List<Precondition> preconditions) {
    this(
        now,
        policy,
        incident,
        open,
        resolved,
        remediations,
        stops,
        deployments,
        neighbours,
        declared,
        frozen,
        journalDown,
        preconditions,
        List.of(),
        List.of(),
        Surroundings.NONE);
  }

  /**
   * What there is beside the target.
   *
   * @param targets all that are declared
   * @param callees services that the target calls
   * @param maintenances times of maintenance and silences in force
   * @param calendars what the calendars say of now
   * @param clockBehind how far the clock stands behind the journal's newest fact; 0: it does not
   * @param blind why too little of what is watched comes in to judge by, or null
   * @param rivals other runbooks that fit as well as the plan's, may act by themselves, and have
   *     not been tried for this incident
   */
  public record Surroundings(
      List<Target> targets,
      Set<String> callees,
      List<Maintenance> maintenances,
      List<Closed> calendars,
      Duration clockBehind,
      @Nullable String blind,
      List<String> rivals) {
    public static final Surroundings NONE =
        new Surroundings(List.of(), Set.of(), List.of(), List.of(), Duration.ZERO, null, List.of());
  }

  /** A time in which people work on something and automation leaves it alone. */
  public record Maintenance(String id, String scope, String why, Instant until) {
    /** Whether it holds back this plan. */
    public boolean covers(Plan plan) {
      return new StopInForce(id, /* halt= */ false, scope, why).covers(plan);
    }
  }

  /** Closed until then, and why. */
  public record Closed(Instant until, String why) {}

  /** A stop of automation; {@code halt}: nothing is sent at all. */
  public record StopInForce(String id, boolean halt, String scope, String why) {
    /** Whether it holds back this plan. */
    public boolean covers(Plan plan) {
      return scope.equals("all")
          || scope.equals("service:" + plan.target().service())
          || scope.equals("runbook:" + plan.runbook())
          || scope.equals("tier:" + plan.tier());
    }
  }

  /** A deployment that has begun. */
  public record Deploying(String id, String service, Instant startedAt) {}

  /** One precondition's verdict. */
  public record Precondition(String name, CheckResult.Verdict verdict, String seen) {}

  /** Incidents that were not over at a time, whether they had begun by then or not. */
  List<Incident> notOverAt(Instant time) {
    var found = new ArrayList<>(open);
    for (Incident one : resolved) {
      Instant ended = one.resolvedAt();
      if (ended == null || !ended.isAfter(time)) break; // the latest come first
      found.add(one);
    }
    return found;
  }

  /** The first stop that holds back this plan, the hardest first. */
  Optional<StopInForce> stop(Plan plan) {
    return stops.stream()
        .filter(s -> s.covers(plan))
        .min((a, b) -> Boolean.compare(b.halt(), a.halt()));
  }
}
