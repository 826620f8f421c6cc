package io.prunella.control;

import io.prunella.incident.IncidentFact;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.Checked;
import io.prunella.remediation.RemediationFact.StepEnded;
import java.time.Duration;
import java.time.Instant;

/** What effects came to, turned into facts. A report that answers nothing any more is dropped. */
final class Reports {
  private static final int OUTPUT_MAX = 4_000;

  /**
   * Readings that brought nothing new are asked for again after this: they are this server's own.
   */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private Reports() {}

  static void take(Turn turn, Report report) {
    switch (report) {
      case Report.Prepared r -> Proposer.take(turn, r);
      case Report.StepDone r -> stepDone(turn, r);
      case Report.Probed r -> probed(turn, r);
      case Report.ChecksRead r -> checksRead(turn, r);
      case Report.AbortsLooked r -> Aborts.take(turn, r);
      case Report.Observed r -> {
        turn.after(() -> turn.memory.observed(r.service(), r.freshAt()));
        Instant then = turn.now.plus(LOOK_AGAIN);
        turn.after(() -> turn.memory.notBefore(r.key(), then));
      }
      case Report.NoticeTried r -> Outbox.take(turn, r);
      case Report.Diagnosis r ->
          turn.world()
              .incidents()
              .diagnosed(turn.now, r.incident(), r.revision(), r.suspects(), r.matches())
              .ifPresent((IncidentFact fact) -> turn.add(fact));
    }
  }

  private static void stepDone(Turn turn, Report.StepDone report) {
    Remediation one = turn.world().remediations().get(report.remediation());
    StepRun run = one == null ? null : one.run(report.step(), report.back());
    if (one == null
        || run == null
        || run.state() != StepState.INTENT
        || run.sends() != report.sends()) return;
    StepEnded ended =
        switch (report.outcome()) {
          case Outcome.Done done -> ended(turn, one, run, StepState.ACKED, done.output());
          case Outcome.Failed failed -> ended(turn, one, run, StepState.FAILED, failed.why());
          case Outcome.Unknown unknown -> ended(turn, one, run, StepState.UNKNOWN, unknown.why());
        };
    turn.add(ended);
  }

  private static void probed(Turn turn, Report.Probed report) {
    Remediation one = turn.world().remediations().get(report.remediation());
    StepRun run = one == null ? null : one.run(report.step(), report.back());
    if (one == null || run == null || run.sends() != report.sends()) return;
    boolean asked = run.state() == StepState.UNKNOWN || run.state() == StepState.INDETERMINATE;
    if (!asked || one.status().isTerminal()) return;
    Instant then = turn.now.plus(turn.config().probeEvery());
    turn.after(() -> turn.memory.notBefore(report.key(), then));
    String before = run.output();
    switch (report.found()) {
      case APPLIED ->
          turn.add(
              ended(
                  turn, one, run, StepState.APPLIED, before + "; a probe found that it happened"));
      case NOT_APPLIED ->
          turn.add(
              ended(
                  turn,
                  one,
                  run,
                  StepState.NOT_APPLIED,
                  before + "; a probe found that it did not happen"));
      case UNKNOWN -> {
        if (run.state() == StepState.UNKNOWN) {
          turn.add(
              ended(turn, one, run, StepState.INDETERMINATE, before + "; a probe could not tell"));
        }
      }
    }
  }

  private static StepEnded ended(
      Turn turn, Remediation one, StepRun run, StepState state, String output) {
    String bounded = output.length() > OUTPUT_MAX ? output.substring(0, OUTPUT_MAX) + "…" : output;
    return new StepEnded(turn.now, one.id(), run.step(), run.back(), state, bounded);
  }

  private static void checksRead(Turn turn, Report.ChecksRead report) {
    Remediation one = turn.world().remediations().get(report.remediation());
    if (one == null || one.status().isTerminal() || !one.since().equals(report.since())) return;
    Instant then = turn.now.plus(LOOK_AGAIN);
    turn.after(() -> turn.memory.notBefore(report.key(), then));
    Instant newest = report.freshAt();
    boolean fresh =
        newest != null
            && newest.isAfter(turn.memory.firstAt("round:" + one.id(), Instant.MIN))
            && newest.isAfter(one.since());
    boolean toldBefore =
        !one.checks().isEmpty()
            && !report.reads().isEmpty()
            && !report.reads().getFirst().at().isAfter(one.checks().getLast().at());
    if (toldBefore) return; // the same report twice, in one batch
    if (newest == null || !fresh)
      return; // each success in a row needs a new sample; the deadline goes on
    turn.after(() -> {
      turn.memory.forget("round:" + one.id());
      turn.memory.first("round:" + one.id(), newest);
    });
    turn.add(new Checked(turn.now, one.id(), report.verdict(), report.reads()));
  }
}
