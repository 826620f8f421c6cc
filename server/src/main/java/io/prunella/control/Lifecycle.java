package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.incident.Incident;
import io.prunella.remediation.Action;
import io.prunella.remediation.Guardrails;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.remediation.Ruling;
import io.prunella.runbook.BadEnd;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each remediation that is not over and takes it one state on when that is due. Everything
 * is decided from the facts alone, never from what happened to be in memory: so it goes on after a
 * crash at any point as it would have gone on without.
 */
final class Lifecycle {
  /** How the output begins of a step whose end nobody saw because the server died. */
  static final String CRASHED = "the server ended before the answer came";

  private static final int MOVES_MAX = 32;

  private Lifecycle() {}

  /** Takes every remediation as far as it goes at this time. */
  static void look(Turn turn) {
    for (Remediation found : turn.world().remediations().open()) {
      for (int i = 0; ; i++) {
        Remediation one = turn.world().remediations().get(found.id());
        if (one == null || one.status().isTerminal() || !step(turn, one)) break;
        if (i == MOVES_MAX) {
          throw new IllegalStateException(
              "remediation %s does not come to rest: %s".formatted(one.id(), one.status()));
        }
      }
    }
  }

  /** One move, or false when it waits. */
  private static boolean step(Turn turn, Remediation one) {
    Incident incident = turn.openIncident(one.plan());
    if (!one.hasActed() && one.status() != EXECUTING && one.status() != ABORTING) {
      String gone = abandoned(incident);
      if (gone != null) {
        Ends.abort(turn, one, gone);
        return true;
      }
    }
    boolean cold =
        turn.memory.isCold(one.id(), one.service(), turn.now, turn.config().recoveryMax());
    return switch (one.status()) {
      case PROPOSED -> runbookGone(turn, one, DENIED) || unplanned(turn, one);
      case BLOCKED -> runbookGone(turn, one, DENIED) || Escalations.blocked(turn, one);
      case AWAITING_APPROVAL ->
          overdue(turn, one, EXPIRED, "nobody decided by then, which is a no");
      case APPROVED ->
          runbookGone(turn, one, INVALIDATED)
              || overdue(
                  turn, one, INVALIDATED, "it could not begin in time after it was approved");
      case ADMITTED -> {
        turn.move(one, PREFLIGHT, "admitted", turn.now.plus(turn.config().preflightMax()));
        yield true;
      }
      case PREFLIGHT ->
          runbookGone(turn, one, DENIED)
              || overdue(turn, one, DENIED, "preflight did not allow the first step in time");
      case EXECUTING -> Forward.step(turn, one, cold);
      case VERIFYING -> Forward.verify(turn, one, cold);
      case ROLLING_BACK -> Backward.step(turn, one, cold);
      case INDETERMINATE -> Backward.indeterminate(turn, one, cold);
      case ABORTING -> aborting(turn, one);
      case DENIED,
          REJECTED,
          EXPIRED,
          INVALIDATED,
          SUCCEEDED,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          ABORTED ->
          false;
    };
  }

  private static @Nullable String abandoned(@Nullable Incident incident) {
    if (incident == null) return "the incident is over";
    return incident.handedOver() != null ? "people lead the incident" : null;
  }

  private static boolean overdue(
      Turn turn, Remediation one, io.prunella.remediation.Status to, String why) {
    Instant deadline = one.deadline();
    if (deadline == null || turn.now.isBefore(deadline)) return false;
    Ends.end(turn, one, to, why);
    return true;
  }

  /** Found after a start, and no plan could be made anew since. */
  private static boolean unplanned(Turn turn, Remediation one) {
    Instant until = one.since().plus(turn.config().policy().blockedMax());
    if (turn.now.isBefore(until)) return false;
    Ends.end(turn, one, DENIED, "no plan could be made by %s".formatted(until));
    return true;
  }

  private static boolean runbookGone(
      Turn turn, Remediation one, io.prunella.remediation.Status to) {
    if (turn.ports.runbooks().get().byName(one.plan().runbook()).isPresent()) return false;
    if (one.status() == PROPOSED
        || one.status() == BLOCKED
        || one.status() == PREFLIGHT
        || one.status() == APPROVED) {
      Ends.end(
          turn,
          one,
          to,
          "runbook %s is not in the catalogue any more".formatted(one.plan().runbook()));
      return true;
    }
    return false;
  }

  /** What came of the last call must be known, or its time be over, before it ends. */
  private static boolean aborting(Turn turn, Remediation one) {
    boolean past = isPast(turn, one.deadline());
    boolean known = true;
    for (StepRun run : one.steps()) {
      boolean open = run.isOpen() || run.state() == StepState.INDETERMINATE;
      if (open && (watchdog(turn, one, run) || !past)) return turn.remediation(one.id()) != one;
      known &= !open;
    }
    boolean back =
        known
            && one.steps().stream().anyMatch(StepRun::happened)
            && one.steps().stream().noneMatch(StepRun::back)
            && !Forward.isTakenOver(turn, one)
            && !turn.isHalted(one.plan())
            && Ends.canGoBack(one);
    if (back && !one.terms().takesBack(BadEnd.ABORTED)) {
      Ends.end(turn, one, ABORTED, one.why() + Ends.stays(BadEnd.ABORTED));
    } else if (back) {
      Ends.goBack(turn, one, one.why());
      // What the runbook itself declares is no matter of people; whoever else aborts it leads.
      if (Aborts.reached(one) == null) turn.handOver(one.plan().incident(), one.why());
    } else {
      Ends.end(turn, one, ABORTED, one.why());
    }
    return true;
  }

  static boolean isPast(Turn turn, @Nullable Instant deadline) {
    return deadline != null && !turn.now.isBefore(deadline);
  }

  /**
   * A call that has been out for too long has an unknown end; what it answers later is not heard.
   */
  static boolean watchdog(Turn turn, Remediation one, StepRun run) {
    if (run.state() != StepState.INTENT) return false;
    PlannedStep step = planned(one, run);
    if (turn.now.isBefore(run.intendedAt().plus(step.timeout()).plus(turn.config().stepGrace())))
      return false;
    turn.add(
        new StepEnded(
            turn.now,
            one.id(),
            run.step(),
            run.back(),
            StepState.UNKNOWN,
            "no answer within %d s".formatted(step.timeout().toSeconds())));
    return true;
  }

  static PlannedStep planned(Remediation one, StepRun run) {
    for (PlannedStep step : run.back() ? one.plan().rollback() : one.plan().steps()) {
      if (step.id().equals(run.step())) return step;
    }
    throw new IllegalStateException(
        "remediation %s has no step %s".formatted(one.id(), run.step()));
  }

  /**
   * Judges and, when every guardrail allows, writes the intent and has the call sent after it is on
   * disk.
   *
   * @return the ruling that held it back, or null when it goes out
   */
  static @Nullable RuledBy intend(Turn turn, Remediation one, PlannedStep step, boolean back) {
    Incident incident = turn.world().incidents().get(one.plan().incident());
    if (incident == null) {
      return new RuledBy(
          "incident",
          new Ruling.Deny("incident %s is not known any more".formatted(one.plan().incident())));
    }
    var rulings =
        turn.judge(
            one,
            incident,
            back ? Stage.ROLLBACK : Stage.STEP,
            (back ? "rollback " : "step ") + step.id(),
            Signatures.suffice(one),
            /* read= */ null);
    RuledBy strictest = Guardrails.strictest(rulings);
    if (!(strictest.ruling() instanceof Ruling.Allow)) return strictest;
    StepRun before = one.run(step.id(), back);
    String key = before != null ? before.key() : Keys.of(one, step, back);
    turn.add(new StepIntended(turn.now, one.id(), step.id(), key, back));
    int sends = before == null ? 1 : 2;
    turn.send(
        new Effect.RunStep(
            "step:" + one.id(),
            one.id(),
            back,
            sends,
            new Action.Call(
                one.plan().target(), step, key, one.plan().snapshot(), turn.memory.fence),
            turn.now.plus(turn.config().stepGrace().dividedBy(2))));
    return null;
  }
}
