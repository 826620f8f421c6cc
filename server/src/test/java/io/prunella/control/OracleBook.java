package io.prunella.control;

import io.prunella.incident.IncidentFact;
import io.prunella.remediation.Plan;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.remediation.Status;
import io.prunella.remediation.Terms;
import io.prunella.runbook.BadEnd;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle remembers of one remediation, folded from the journal by itself: nothing here
 * asks the code that is on trial.
 */
final class OracleBook {
  /** States from admission to the end: the remediation holds its target. */
  static final Set<Status> HOLDING =
      Set.of(
          Status.ADMITTED,
          Status.PREFLIGHT,
          Status.EXECUTING,
          Status.VERIFYING,
          Status.ROLLING_BACK,
          Status.INDETERMINATE,
          Status.ABORTING);

  static final Set<Status> ENDS =
      Set.of(
          Status.DENIED,
          Status.REJECTED,
          Status.EXPIRED,
          Status.INVALIDATED,
          Status.SUCCEEDED,
          Status.ROLLED_BACK,
          Status.ROLLBACK_FAILED,
          Status.ESCALATED,
          Status.ABORTED);

  final String id;
  Plan plan;
  Terms terms;
  Status status = Status.PROPOSED;
  Instant since;
  @Nullable Instant deadline;
  @Nullable Instant actedAt;
  @Nullable Instant judgedAt;
  List<RuledBy> rulings = List.of();
  String asked = "";
  final Set<String> signers = new TreeSet<>();
  final Set<String> deciders = new TreeSet<>();
  final Map<String, Set<String>> overriders = new HashMap<>(); // plan digest -> who
  final Map<String, Run> runs = new LinkedHashMap<>();
  final List<Round> rounds = new ArrayList<>();
  boolean inherited;
  @Nullable Look look;
  boolean harmed; // a check that must hold all the time did not, in the present verification
  boolean aborted; // a look has found what aborts it, or could not tell

  /** One step, forward ({@code step}) or back ({@code <step}). */
  static final class Run {
    StepState state = StepState.INTENT;
    Instant intendedAt = Instant.MIN;
    Instant endedAt = Instant.MIN;
    int intents;
    int sends;
    String key = "";
    boolean back;
  }

  /** A look at what aborts a run. */
  record Look(Instant readAt, boolean clear) {}

  /** Whether nothing was found that aborts it, lately enough for it to go on. */
  boolean mayGoOn(Instant at, Duration ageMax) {
    if (terms.limits().abortIf().isEmpty()) return true;
    if (aborted || look == null || look.readAt().isBefore(since)) return false;
    for (Run run : runs.values()) if (!look.readAt().isAfter(run.endedAt)) return false;
    return !at.isAfter(look.readAt().plus(ageMax));
  }

  /** How it goes wrong, told from the facts alone. */
  BadEnd badEnd(Status from) {
    if (from == Status.ABORTING) return BadEnd.ABORTED;
    if (from == Status.INDETERMINATE) return BadEnd.STEP_FAILED;
    if (aborted) return BadEnd.ABORTED;
    if (from != Status.VERIFYING) return BadEnd.STEP_FAILED;
    if (harmed) return BadEnd.DO_NO_HARM;
    long failed = rounds.stream().filter(r -> r.verdict() == Verdict.FAIL).count();
    boolean told = !rounds.isEmpty() && rounds.getLast().verdict() != Verdict.INCONCLUSIVE;
    return told || failed > terms.verify().failuresMax()
        ? BadEnd.VERIFY_FAILED
        : BadEnd.INCONCLUSIVE;
  }

  /** Whether its runbook wants it taken back after this end. */
  boolean wantsBack(BadEnd how) {
    boolean left =
        how == BadEnd.INCONCLUSIVE
            && terms.verify().onInconclusive() == Runbook.OnInconclusive.ESCALATE;
    var when = terms.rollbackWhen();
    return !left && (when == null || when.contains(how));
  }

  /** Whether there is a way back of everything that was done. */
  boolean hasWayBack() {
    for (PlannedStep step : plan.steps()) {
      Run run = runs.get(step.id());
      if (run != null && run.state != StepState.NOT_APPLIED && !step.reversible()) return false;
    }
    return !plan.rollback().isEmpty();
  }

  /**
   * One round of verification.
   *
   * @param readAt when the readings were asked for
   */
  record Round(Instant readAt, Verdict verdict) {}

  OracleBook(String id, Plan plan, Terms terms, Instant at) {
    this.id = id;
    this.plan = plan;
    this.terms = terms;
    this.since = at;
  }

  String service() {
    return plan.target().service();
  }

  boolean acted() {
    return actedAt != null;
  }

  /** Whether two people have let this very plan begin at a wrong time. */
  boolean isOverridden() {
    return overriders.getOrDefault(plan.digest(), Set.of()).size() >= 2;
  }

  boolean isHolding() {
    return HOLDING.contains(status);
  }

  boolean hasEnded() {
    return ENDS.contains(status);
  }

  /** Whether only people may let it go, by the decisions of the specification. */
  boolean needsPeople(Set<String> databases) {
    boolean production =
        databases.contains(plan.target().role())
            && (plan.target().environment().isEmpty()
                || plan.target().environment().startsWith("prod"));
    boolean losesData = terms.needsCacheOnly() && !plan.target().cacheOnly();
    return plan.tier() >= 4 || plan.mode().equals("suggest") || production || losesData;
  }

  /** Which service was in an incident when, as the journal tells it. */
  static final class Incidents {
    /** A verified success may take so long to be seen as the incident's end. */
    private static final Duration LINGERING = Duration.ofMinutes(15);

    private static final class Span {
      final Set<String> services = new TreeSet<>();
      Instant opened = Instant.MIN;
      Instant resolved = Instant.MAX;
      String culprit = "";
    }

    private final Map<String, Span> all = new HashMap<>();

    /** Those that people lead. */
    final Set<String> led = new TreeSet<>();

    void take(IncidentFact fact) {
      Span span = all.computeIfAbsent(fact.incident(), _ -> new Span());
      switch (fact) {
        case IncidentFact.IncidentOpened f -> {
          span.opened = f.at();
          f.symptoms().forEach(s -> span.services.add(s.service()));
        }
        case IncidentFact.SymptomsChanged f ->
            f.symptoms().forEach(s -> span.services.add(s.service()));
        case IncidentFact.IncidentResolved f -> span.resolved = f.at();
        case IncidentFact.HandedToPeople f -> led.add(f.incident());
        case IncidentFact.IncidentDiagnosed f ->
            span.culprit = f.suspects().isEmpty() ? "" : f.suspects().getFirst().service();
        case IncidentFact.ChangeSeen _ -> {}
      }
    }

    /** Those of a pool that were the culprit of an incident at that time. */
    Set<String> illAt(Instant at, Set<String> pool) {
      var ill = new TreeSet<String>();
      for (Span one : all.values()) {
        if (one.opened.isAfter(at) || !one.resolved.isAfter(at)) continue;
        if (pool.contains(one.culprit)) ill.add(one.culprit);
      }
      return ill;
    }

    /** When incidents ended, later than this. */
    List<Instant> endsAfter(Instant from) {
      return all.values().stream()
          .map(one -> one.resolved)
          .filter(at -> at.isAfter(from) && at.isBefore(Instant.MAX))
          .toList();
    }

    /** Whether a service was well from its healing for the whole time that is wanted. */
    boolean isHealthy(String service, Instant healed, Instant until, Instant now) {
      if (now.isBefore(until)) return false;
      for (Span one : all.values()) {
        if (!one.services.contains(service)) continue;
        boolean anew = one.opened.isAfter(healed) && one.opened.isBefore(until);
        boolean went = !one.opened.isAfter(healed) && one.resolved.isAfter(healed.plus(LINGERING));
        if (anew || went) return false;
      }
      return true;
    }
  }

  /** Stops in force, as the journal tells it. */
  static final class Stops {
    final Map<String, Stop> inForce = new HashMap<>();

    /** Whether it is one that ends by itself, and its time is over. */
    boolean isOver(String id, Instant at) {
      Stop stop = inForce.get(id);
      boolean timed =
          stop != null
              && (stop.level() == Stop.Level.MAINTENANCE || stop.level() == Stop.Level.SILENCE);
      return timed && stop.expiresAt() != null && !at.isBefore(stop.expiresAt());
    }

    @Nullable Stop covering(Plan plan, boolean haltOnly) {
      for (Stop stop : inForce.values()) {
        boolean covers =
            stop.scope().equals("all")
                || stop.scope().equals("service:" + plan.target().service())
                || stop.scope().equals("runbook:" + plan.runbook())
                || stop.scope().equals("tier:" + plan.tier());
        if (covers && (!haltOnly || stop.level() == Stop.Level.HALT)) return stop;
      }
      return null;
    }
  }
}
