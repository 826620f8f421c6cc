package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.incident.Incident;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.runbook.BadEnd;
import org.jspecify.annotations.Nullable;

/** The way forward: steps one by one, then the proof. */
final class Forward {
  private Forward() {}

  /** EXECUTING. */
  // Long because: these are all the ways on from a step, in the order in which they exclude each
  // other.
  static boolean step(Turn turn, Remediation one, boolean cold) {
    if (turn.isHalted(one.plan())) {
      if (one.hasActed())
        Ends.indeterminate(turn, one, "halted: nothing is sent", /* freeze= */ false);
      else Ends.abort(turn, one, "halted before the first step");
      return true;
    }
    if (isTakenOver(turn, one) && !one.hasActed()) {
      Ends.abort(turn, one, "people lead the incident");
      return true;
    }
    if (isTakenOver(turn, one)) {
      turn.move(one, ABORTING, "people lead the incident", Ends.abortingUntil(turn, one));
      return true;
    }
    if (cold) return false;
    StepRun open = open(one);
    String aborted = Aborts.reached(one);
    if (aborted != null && open == null) {
      Ends.giveUp(turn, one, BadEnd.ABORTED, aborted);
      return true;
    }
    // What came of it must be known before the way back.
    if (aborted != null && open != null && open.isOpen()) {
      turn.move(one, ABORTING, aborted, Ends.abortingUntil(turn, one));
      return true;
    }
    for (PlannedStep step : one.plan().steps()) {
      StepRun run = one.run(step.id(), /* back= */ false);
      if (run == null) return next(turn, one, step);
      switch (run.state()) {
        case INTENT, SENT -> {
          return Lifecycle.watchdog(turn, one, run);
        }
        case UNKNOWN -> {
          if (!Lifecycle.isPast(turn, one.deadline())) return false; // a probe is wanted
          Ends.indeterminate(turn, one, unprobed(step, run, "not done by its deadline"), true);
          return true;
        }
        case INDETERMINATE -> {
          Ends.indeterminate(
              turn,
              one,
              "nobody knows whether step %s happened: %s".formatted(step.id(), run.output()),
              true);
          return true;
        }
        case FAILED -> {
          Ends.giveUp(
              turn,
              one,
              BadEnd.STEP_FAILED,
              "step %s failed: %s".formatted(step.id(), run.output()));
          return true;
        }
        case NOT_APPLIED -> {
          return repeat(turn, one, step, run);
        }
        case ACKED, APPLIED -> {
          if (stopsAfterCrash(one, step, run)) {
            Ends.giveUp(
                turn,
                one,
                BadEnd.STEP_FAILED,
                "the server died during step %s; what remains of the plan is not begun"
                    .formatted(step.id()));
            return true;
          }
        }
      }
    }
    turn.move(
        one,
        VERIFYING,
        "all %d steps are done".formatted(one.plan().steps().size()),
        turn.now.plus(one.terms().verify().deadline()));
    return true;
  }

  /** After a crash what remains is begun only where the runbook says so; none can say so yet. */
  private static boolean stopsAfterCrash(Remediation one, PlannedStep step, StepRun run) {
    boolean last = one.plan().steps().getLast().id().equals(step.id());
    boolean nextRan =
        one.steps().stream().anyMatch(s -> !s.back() && s.intendedAt().isAfter(run.intendedAt()));
    return !last && !nextRan && run.output().startsWith(Lifecycle.CRASHED);
  }

  private static boolean next(Turn turn, Remediation one, PlannedStep step) {
    if (Lifecycle.isPast(turn, one.deadline())) {
      Ends.giveUp(turn, one, BadEnd.STEP_FAILED, "not done by its deadline");
      return true;
    }
    if (!Aborts.isLookedAt(turn, one)) return false; // a look is wanted
    RuledBy held = Lifecycle.intend(turn, one, step, /* back= */ false);
    if (held != null) {
      Ends.giveUp(turn, turn.remediation(one.id()), BadEnd.STEP_FAILED, held(step, held));
    }
    return true;
  }

  static String unprobed(PlannedStep step, StepRun run, String what) {
    return "%s: nobody knows whether step %s happened (%s)"
        .formatted(what, step.id(), run.output());
  }

  private static String held(PlannedStep step, RuledBy held) {
    return "step %s may not begin (%s): %s"
        .formatted(step.id(), held.guardrail(), held.ruling().why());
  }

  /** A probe has found that it did not happen: sent once more where that is safe. */
  private static boolean repeat(Turn turn, Remediation one, PlannedStep step, StepRun run) {
    boolean safe = step.idempotency() != Idempotency.N && run.sends() == 1;
    if (!safe) {
      Ends.giveUp(
          turn,
          one,
          BadEnd.STEP_FAILED,
          "step %s did not happen and is not sent again".formatted(step.id()));
      return true;
    }
    return next(turn, one, step);
  }

  /** VERIFYING. */
  static boolean verify(Turn turn, Remediation one, boolean cold) {
    if (turn.isHalted(one.plan())) {
      Ends.indeterminate(turn, one, "halted: nothing is sent", /* freeze= */ false);
      return true;
    }
    if (isTakenOver(turn, one)) {
      Ends.end(turn, one, ESCALATED, "people lead the incident");
      return true;
    }
    if (cold) return false;
    String aborted = Aborts.reached(one);
    var rounds = new Rounds(one);
    var verify = one.terms().verify();
    boolean isPast = Lifecycle.isPast(turn, one.deadline());
    var effect = rounds.effect(verify, Aborts.isLookedAt(turn, one), isPast);
    BadEnd how = BadEnd.ofVerification(aborted != null, rounds.doesHarm(), effect);
    if (how != null) {
      String disproved = rounds.disproved(verify.failuresMax());
      String unproven = "not proven by its deadline: " + rounds.lastSeen();
      String why = aborted != null ? aborted : disproved != null ? disproved : unproven;
      Ends.giveUp(turn, one, how, why);
      return true;
    }
    if (effect == null) return false;
    Ends.end(
        turn,
        one,
        SUCCEEDED,
        "%d fresh successes in a row".formatted(Math.max(1, verify.consecutiveSuccesses())));
    return true;
  }

  static boolean isTakenOver(Turn turn, Remediation one) {
    Incident incident = turn.openIncident(one.plan());
    return incident != null && incident.handedOver() != null;
  }

  /** The first run whose end is open, or null. */
  static @Nullable StepRun open(Remediation one) {
    for (StepRun run : one.steps()) {
      if (run.isOpen() || run.state() == StepState.INDETERMINATE) return run;
    }
    return null;
  }
}
