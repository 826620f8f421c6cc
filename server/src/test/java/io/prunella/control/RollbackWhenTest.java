package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.BadEnd;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A runbook says after which bad ends its way back is walked; after the others people lead. */
class RollbackWhenTest {
  private static final Runbook.Check NOT_WORSE =
      new Runbook.Check("not-worse", "share(\"memory\") < 0.985");
  private static final Runbook.Check SPIKE =
      new Runbook.Check("spike", "share(\"memory\") > 0.985");

  private Rig rig = new Rig(new MemoryJournal());

  private static Runbook book(@Nullable List<BadEnd> when, Runbook.@Nullable Check abortIf) {
    var made = new Variant(Rig.runbook(1, Runbook.Mode.AUTO, true, 2));
    var verify = made.verify;
    made.verify =
        new Runbook.Verification(
            verify.settle(),
            verify.interval(),
            verify.consecutiveSuccesses(),
            verify.failuresMax(),
            verify.deadline(),
            verify.checks(),
            List.of(NOT_WORSE));
    made.rollback =
        new Runbook.Rollback(made.rollback.steps(), List.of(), Duration.ofMinutes(3), when);
    if (abortIf != null) {
      made.limits =
          new Runbook.Limits(
              null, null, null, null, List.of(abortIf), null, null, null, null, null);
    }
    return made.made();
  }

  private Remediation first() {
    return rig.control.state().remediations().get("REM-1");
  }

  private void untilVerifying() {
    while (rig.control.state().remediations().isEmpty() || first().status() != Status.VERIFYING)
      rig.tick();
  }

  /** One run that ends in this way. */
  private void end(BadEnd how, @Nullable List<BadEnd> when) {
    rig = new Rig(new MemoryJournal());
    rig.runbooks = List.of(book(when, null));
    var outside = rig.outside;
    var runs = new AtomicInteger();
    switch (how) {
      case VERIFY_FAILED -> outside.helps = false;
      case DO_NO_HARM -> outside.whileRunning = () -> outside.worse = true;
      case INCONCLUSIVE -> outside.whileRunning = () -> outside.silent = true;
      case STEP_FAILED ->
          outside.whileRunning =
              () -> {
                if (runs.incrementAndGet() == 2) outside.lost.add("failed");
              };
      case ABORTED -> {}
    }
    rig.begin();
    if (how == BadEnd.ABORTED) {
      untilVerifying();
      rig.ask(new Command.AbortRemediation("ann", "REM-1", "the wrong cache"));
    }
    rig.pass(Duration.ofMinutes(12));
  }

  @Test
  void nothingSaid_isTakenBackAfterEachBadEnd() {
    for (BadEnd how : BadEnd.values()) {
      end(how, null);
      assertThat(first().status()).as("%s: %s", how, first().why()).isEqualTo(Status.ROLLED_BACK);
      assertThat(first().steps().stream().filter(run -> run.back())).as("%s", how).hasSize(1);
    }
  }

  @Test
  void eachBadEndThatTheRunbookNames_isTakenBack() {
    for (BadEnd how : BadEnd.values()) {
      end(how, List.of(how));
      assertThat(first().status()).as("%s: %s", how, first().why()).isEqualTo(Status.ROLLED_BACK);
      assertThat(first().steps().stream().filter(run -> run.back())).as("%s", how).hasSize(1);
    }
  }

  @Test
  void eachBadEndThatTheRunbookLeaves_staysAndPeopleLead() {
    for (BadEnd how : BadEnd.values()) {
      end(how, Arrays.stream(BadEnd.values()).filter(other -> other != how).toList());
      var wanted = how == BadEnd.ABORTED ? Status.ABORTED : Status.ESCALATED;
      assertThat(first().status()).as("%s: %s", how, first().why()).isEqualTo(wanted);
      assertThat(first().why())
          .contains(
              how == BadEnd.INCONCLUSIVE
                  ? "nothing could be told, so it stays as it is"
                  : "it stays as it is: the runbook takes nothing back after " + how.word());
      assertThat(rig.outside.backTries).as("%s", how).isZero();
      assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
      assertThat(rig.control.state().incidents().values())
          .as("%s", how)
          .allMatch(one -> one.handedOver() != null || one.status() == Incident.Status.RESOLVED);
      assertThat(rig.outside.notices)
          .anyMatch(n -> n.kind().equals("escalation") && n.severity().equals("critical"));
    }
  }

  @Test
  void whatAbortsARunHolds_staysWhereTheRunbookLeavesIt() {
    rig.runbooks = List.of(book(List.of(BadEnd.VERIFY_FAILED, BadEnd.DO_NO_HARM), SPIKE));
    rig.begin();
    untilVerifying();
    rig.outside.worse = true;
    rig.pass(Duration.ofMinutes(2));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(first().why())
        .contains("abort condition spike holds", "takes nothing back after aborted");
    assertThat(rig.outside.backTries).isZero();
  }

  @Test
  void fileIsChangedWhileItRuns_whatWasSaidWhenItBeganCounts_alsoAfterAStart() {
    rig.runbooks = List.of(book(List.of(BadEnd.STEP_FAILED), null));
    rig.outside.helps = false;
    rig.begin();
    untilVerifying();
    rig.runbooks = List.of(book(null, null));
    rig.restart();
    rig.pass(Duration.ofMinutes(12));
    assertThat(first().terms().rollbackWhen()).containsExactly(BadEnd.STEP_FAILED);
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(rig.outside.backTries).isZero();
  }
}
