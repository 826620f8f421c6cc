package io.prunella.remediation;

import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.StepIntended;
import java.util.ArrayList;
import java.util.List;

/** How the runs of a remediation's steps add up from their facts. Pure. */
final class StepRuns {
  private StepRuns() {}

  /**
   * With a step on its way.
   *
   * @throws IllegalStateException when it may not be sent as things stand
   */
  static List<StepRun> intended(Remediation one, StepIntended f) {
    boolean fits =
        f.back() ? one.status() == Status.ROLLING_BACK : one.status() == Status.EXECUTING;
    StepRun before = one.run(f.step(), f.back());
    boolean repeats =
        before != null && before.state() == StepState.NOT_APPLIED && before.sends() == 1;
    if (!fits || (before != null && !repeats)) {
      throw new IllegalStateException(
          "remediation %s is %s and cannot send step %s%s"
              .formatted(one.id(), one.status(), f.step(), before == null ? "" : " again"));
    }
    var runs = new ArrayList<>(one.steps());
    if (before != null) runs.remove(before);
    runs.add(
        new StepRun(
            f.step(),
            f.key(),
            f.back(),
            StepState.INTENT,
            f.at(),
            null,
            "",
            before == null ? 1 : 2));
    return runs;
  }

  /**
   * With a step at its end.
   *
   * @throws IllegalStateException when it cannot have come to that
   */
  static List<StepRun> ended(Remediation one, StepEnded f) {
    StepRun run = one.run(f.step(), f.back());
    boolean fits =
        switch (f.state()) {
          case ACKED, FAILED, UNKNOWN -> run != null && run.state() == StepState.INTENT;
          case APPLIED, NOT_APPLIED, INDETERMINATE ->
              run != null
                  && (run.state() == StepState.UNKNOWN || run.state() == StepState.INDETERMINATE);
          case INTENT, SENT -> false;
        };
    if (run == null || !fits) {
      throw new IllegalStateException(
          "remediation %s: step %s cannot be %s, it is %s"
              .formatted(one.id(), f.step(), f.state(), run == null ? "pending" : run.state()));
    }
    var runs = new ArrayList<>(one.steps());
    runs.set(
        runs.indexOf(run),
        new StepRun(
            run.step(),
            run.key(),
            run.back(),
            f.state(),
            run.intendedAt(),
            f.at(),
            f.output(),
            run.sends()));
    return runs;
  }
}
