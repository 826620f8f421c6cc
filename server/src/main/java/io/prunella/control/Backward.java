package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Ruling;
import io.prunella.runbook.BadEnd;
import java.time.Instant;

/** The way back, and the way out of what nobody knows. One rollback, never rolled back itself. */
final class Backward {
  private Backward() {}

  /** ROLLING_BACK. */
  static boolean step(Turn turn, Remediation one, boolean cold) {
    if (turn.isHalted(one.plan())) {
      Ends.indeterminate(turn, one, "halted: nothing is sent, not even back", /* freeze= */ true);
      return true;
    }
    if (cold) return false;
    for (PlannedStep step : one.plan().rollback()) {
      StepRun run = one.run(step.id(), /* back= */ true);
      if (run == null) return next(turn, one, step);
      switch (run.state()) {
        case INTENT, SENT -> {
          return Lifecycle.watchdog(turn, one, run);
        }
        case UNKNOWN -> {
          if (!Lifecycle.isPast(turn, one.deadline())) return false; // a probe is wanted
          Ends.end(
              turn, one, ROLLBACK_FAILED, Forward.unprobed(step, run, "not back by its deadline"));
          return true;
        }
        case INDETERMINATE -> {
          Ends.indeterminate(
              turn,
              one,
              "nobody knows whether step %s back happened: %s".formatted(step.id(), run.output()),
              true);
          return true;
        }
        case FAILED -> {
          Ends.end(
              turn,
              one,
              ROLLBACK_FAILED,
              "step %s back failed: %s".formatted(step.id(), run.output()));
          return true;
        }
        case NOT_APPLIED -> {
          if (step.idempotency() != Idempotency.N && run.sends() == 1) return next(turn, one, step);
          Ends.end(
              turn,
              one,
              ROLLBACK_FAILED,
              "step %s back did not happen and is not sent again".formatted(step.id()));
          return true;
        }
        case ACKED, APPLIED -> {}
      }
    }
    return verify(turn, one);
  }

  private static boolean next(Turn turn, Remediation one, PlannedStep step) {
    if (Lifecycle.isPast(turn, one.deadline())) {
      Ends.end(turn, one, ROLLBACK_FAILED, "not back by its deadline");
      return true;
    }
    RuledBy held = Lifecycle.intend(turn, one, step, /* back= */ true);
    if (held == null) return true;
    if (held.ruling() instanceof Ruling.Defer) return false; // tried again until the deadline
    Ends.end(
        turn,
        turn.remediation(one.id()),
        ROLLBACK_FAILED,
        "step %s back may not begin (%s): %s"
            .formatted(step.id(), held.guardrail(), held.ruling().why()));
    return true;
  }

  private static boolean verify(Turn turn, Remediation one) {
    String because = "it did not work (%s) and was taken back".formatted(one.why());
    if (one.terms().rollbackChecks().isEmpty()) {
      Ends.end(turn, one, ROLLED_BACK, because + "; the runbook declares no check of the way back");
      return true;
    }
    var rounds = new Rounds(one);
    if (rounds.isProven(one.terms().verify().consecutiveSuccesses())) {
      Ends.end(turn, one, ROLLED_BACK, because + "; verified");
      return true;
    }
    if (Lifecycle.isPast(turn, one.deadline())) {
      Ends.end(
          turn,
          one,
          ROLLBACK_FAILED,
          "taken back, but not proven by its deadline: " + rounds.lastSeen());
      return true;
    }
    return false;
  }

  /** Since when the way back is walked to its end and may be checked; null while it is not. */
  static @org.jspecify.annotations.Nullable Instant walkedAt(Remediation one) {
    Instant last = one.since();
    for (PlannedStep step : one.plan().rollback()) {
      StepRun run = one.run(step.id(), /* back= */ true);
      if (run == null || !run.happened()) return null;
      Instant ended = run.endedAt();
      if (ended != null && ended.isAfter(last)) last = ended;
    }
    return last;
  }

  /** INDETERMINATE: probed until it is known, or people lead. */
  static boolean indeterminate(Turn turn, Remediation one, boolean cold) {
    if (Lifecycle.isPast(turn, one.deadline())) {
      Ends.end(turn, one, ESCALATED, "still unknown at its deadline: " + one.why());
      return true;
    }
    if (Ends.isLed(turn, one)) {
      Ends.end(turn, one, ESCALATED, "people lead the incident: " + one.why());
      return true;
    }
    if (turn.isHalted(one.plan()) || cold) return false;
    StepRun open = Forward.open(one);
    if (open != null) return Lifecycle.watchdog(turn, one, open);
    if (one.steps().stream().anyMatch(StepRun::back)) {
      turn.move(
          one,
          ROLLING_BACK,
          "known again; on the way back",
          turn.now.plus(one.terms().rollbackLasting()).plusSeconds(60));
      return true;
    }
    boolean all =
        one.plan().steps().stream()
            .allMatch(s -> {
              StepRun run = one.run(s.id(), /* back= */ false);
              return run != null && run.happened();
            });
    if (all) {
      turn.move(
          one,
          VERIFYING,
          "known again: every step happened",
          turn.now.plus(one.terms().verify().deadline()));
    } else {
      Ends.giveUp(turn, one, BadEnd.STEP_FAILED, "known again: not every step happened");
    }
    return true;
  }
}
