package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.control.ControlFact.Started;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.WindowRestarted;

/**
 * The first turn after a start: what was under way is set to where it can go on. A step with an
 * intent and no end may have run: its end is unknown, and it is probed, not repeated. Nothing of it
 * goes on before two fresh observations of its target.
 */
final class Recovery {
  private Recovery() {}

  static void begin(Turn turn) {
    var found = turn.world().remediations().open();
    found.forEach(one -> recover(turn, one));
    turn.add(
        new Started(
            turn.now,
            "%d facts were replayed, %d remediations were under way"
                .formatted(turn.head(), found.size())));
    var inherited = turn.world().remediations().open().stream().map(Remediation::id).toList();
    long own = turn.head() + turn.drafts().size();
    turn.after(() -> {
      turn.memory.startedAt = turn.now;
      turn.memory.fence = own;
      turn.memory.inherited.addAll(inherited);
    });
  }

  private static void recover(Turn turn, Remediation one) {
    for (StepRun run : one.steps()) {
      if (run.state() != StepState.INTENT) continue;
      turn.add(
          new StepEnded(
              turn.now, one.id(), run.step(), run.back(), StepState.UNKNOWN, Lifecycle.CRASHED));
    }
    switch (one.status()) {
      case ADMITTED, PREFLIGHT ->
          turn.move(
              turn.remediation(one.id()),
              PROPOSED,
              "the server began anew before any step had left",
              turn.now.plus(turn.config().policy().blockedMax()));
      case VERIFYING, ROLLING_BACK ->
          turn.add(
              new WindowRestarted(
                  turn.now, one.id(), one.why() + " (the observation began anew with the server)"));
      case PROPOSED, BLOCKED, AWAITING_APPROVAL, APPROVED, EXECUTING, INDETERMINATE, ABORTING -> {}
      case DENIED,
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
}
