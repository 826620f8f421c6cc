package io.prunella.control;

import io.prunella.diagnose.Match;
import io.prunella.incident.Incident;
import io.prunella.remediation.Action;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.runbook.Runbook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Which effects the world as it stands asks for, besides the sending of steps. It follows from the
 * facts, so that whatever was lost with a process is simply wanted again; sending a step does not,
 * and is done once, by the turn that wrote its intent.
 */
final class Wanted {
  private Wanted() {}

  static List<Effect> of(Turn turn) {
    var wanted = new ArrayList<Effect>();
    var observed = new HashSet<String>();
    for (Incident incident : turn.world().incidents().open())
      diagnosis(turn, incident, wanted, observed);
    for (Remediation one : turn.world().remediations().open()) {
      if (turn.memory.isCold(one.id(), one.service(), turn.now, turn.config().recoveryMax())) {
        observe(turn, one.service(), wanted, observed);
        continue;
      }
      switch (one.status()) {
        case PROPOSED, BLOCKED -> {
          if (Proposer.isDueAgain(turn, one)) prepare(turn, one, wanted);
        }
        case APPROVED, PREFLIGHT -> prepare(turn, one, wanted);
        case EXECUTING -> {
          probe(turn, one, wanted);
          Aborts.want(turn, one, wanted);
        }
        case ABORTING, INDETERMINATE -> probe(turn, one, wanted);
        case VERIFYING -> {
          checks(turn, one, one.since(), verifying(one), wanted);
          Aborts.want(turn, one, wanted);
        }
        case ROLLING_BACK -> {
          probe(turn, one, wanted);
          Instant walked = Backward.walkedAt(one);
          if (walked != null) checks(turn, one, walked, one.terms().rollbackChecks(), wanted);
        }
        case ADMITTED,
            AWAITING_APPROVAL,
            DENIED,
            REJECTED,
            EXPIRED,
            INVALIDATED,
            SUCCEEDED,
            ROLLED_BACK,
            ROLLBACK_FAILED,
            ESCALATED,
            ABORTED -> {}
      }
    }
    wanted.addAll(Outbox.wanted(turn));
    wanted.removeIf(effect -> turn.memory.isInFlight(effect.key(), turn.now));
    return wanted;
  }

  private static void diagnosis(
      Turn turn, Incident incident, List<Effect> wanted, HashSet<String> observed) {
    if (!incident.diagnosed()) {
      wanted.add(new Effect.Diagnose("diagnose:" + incident.id(), incident, turn.now));
      return;
    }
    String key = Proposer.proposeKey(incident);
    if (!turn.memory.isDue(key, turn.now)) return;
    var candidate = Proposer.candidate(turn, incident);
    if (candidate.isEmpty()) return;
    var due = candidate.get();
    Instant started = turn.memory.startedAt;
    boolean older = started != null && incident.openedAt().isBefore(started);
    if (older && !turn.memory.isObserved(due.target().service())) {
      observe(turn, due.target().service(), wanted, observed);
      return;
    }
    var rivals = turn.ports.runbooks().get().rivals(due.runbook(), due.target());
    wanted.add(
        new Effect.Prepare(
            key, incident, null, due.match(), due.runbook(), rivals, due.target(), turn.now));
  }

  private static void observe(
      Turn turn, String service, List<Effect> wanted, HashSet<String> observed) {
    String key = "observe:" + service;
    if (!turn.memory.isObserved(service)
        && observed.add(service)
        && turn.memory.isDue(key, turn.now)) {
      wanted.add(new Effect.Observe(key, service, turn.now));
    }
  }

  private static void prepare(Turn turn, Remediation one, List<Effect> wanted) {
    String key = "prepare:" + one.id();
    Incident incident = turn.openIncident(one.plan());
    var runbook = turn.ports.runbooks().get().byName(one.plan().runbook());
    if (incident == null || runbook.isEmpty() || !turn.memory.isDue(key, turn.now)) return;
    String pattern = one.plan().pattern();
    Match match =
        incident.matches().stream()
            .filter(m -> m.pattern().equals(pattern))
            .findFirst()
            .orElse(new Match(pattern, pattern, 0, List.of(), "declared", ""));
    var target = turn.ports.targets().of(one.service()).orElse(one.plan().target());
    var rivals = turn.ports.runbooks().get().rivals(runbook.get(), target);
    wanted.add(
        new Effect.Prepare(
            key, incident, one.id(), match, runbook.get(), rivals, target, turn.now));
  }

  private static void probe(Turn turn, Remediation one, List<Effect> wanted) {
    StepRun open = Forward.open(one);
    String key = "probe:" + one.id();
    if (open == null || open.state() == StepState.INTENT || turn.isHalted(one.plan())) return;
    if (!turn.memory.isDue(key, turn.now)) return;
    var step = Lifecycle.planned(one, open);
    var call =
        new Action.Call(
            one.plan().target(), step, open.key(), one.plan().snapshot(), turn.memory.fence);
    wanted.add(new Effect.ProbeStep(key, one.id(), open.back(), open.sends(), call));
  }

  private static List<Runbook.Check> verifying(Remediation one) {
    var checks = new ArrayList<>(one.terms().verify().checks());
    checks.addAll(one.terms().verify().harmless());
    return checks;
  }

  private static void checks(
      Turn turn, Remediation one, Instant from, List<Runbook.Check> checks, List<Effect> wanted) {
    String key = "checks:" + one.id();
    Incident incident = turn.world().incidents().get(one.plan().incident());
    boolean due = !turn.now.isBefore(new Rounds(one).next(one, from));
    if (incident == null || checks.isEmpty() || !due || !turn.memory.isDue(key, turn.now)) return;
    wanted.add(new Effect.ReadChecks(key, one, incident, checks, turn.now));
  }
}
