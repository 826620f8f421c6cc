package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  private void stop(Stop.Level level, String scope, Duration lasting) {
    assertThat(rig.ask(new Command.StopAutomation("ann", level, scope, "drill", lasting)))
        .isEqualTo(new Answer.Accepted("STOP-1"));
  }

  @ParameterizedTest
  @CsvSource({
    "all, false",
    "service:basket, false",
    "service:other, true",
    "runbook:free-memory, false",
    "tier:3, false",
    "tier:1, true"
  })
  void stopNew_scope_holdsBackWhatItCovers(String scope, boolean runs) {
    rig.begin();
    stop(Stop.Level.STOP_NEW, scope, null);
    rig.pass(Duration.ofMinutes(5));
    assertThat(!rig.outside.done.isEmpty()).isEqualTo(runs);
  }

  @Test
  void resume_afterAStop_whatWaitedIsJudgedAgainAtOnce() {
    rig.begin();
    stop(Stop.Level.STOP_NEW, "all", null);
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "drill over"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void stop_expired_warnsOnceAndNeverResumes() {
    rig.begin();
    stop(Stop.Level.STOP_NEW, "all", Duration.ofMinutes(2));
    rig.pass(Duration.ofMinutes(20));
    assertThat(rig.control.state().stops()).containsKey("STOP-1");
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.outside.notices).filteredOn(n -> n.title().contains("overdue")).hasSize(1);
  }

  @Test
  void stop_restart_isStillInForce() {
    rig.begin();
    stop(Stop.Level.HALT, "all", null);
    rig.restart();
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.control.state().stops()).containsKey("STOP-1");
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void halt_whileVerifying_isIndeterminateAndGoesOnAfterResume() {
    rig.begin().pass(Duration.ofMinutes(1));
    assertThat(rig.last().status()).isEqualTo(Status.VERIFYING);
    stop(Stop.Level.HALT, "all", null);
    assertThat(rig.last().status()).isEqualTo(Status.INDETERMINATE);
    rig.pass(Duration.ofMinutes(1));
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "on"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  @Test
  void stop_withoutReasonOrWithAWrongScope_is422() {
    rig.begin();
    for (Command bad :
        List.of(
            new Command.StopAutomation("ann", Stop.Level.HALT, "all", "", null),
            new Command.StopAutomation("ann", Stop.Level.HALT, "everything", "x", null),
            new Command.StopAutomation("ann", Stop.Level.HALT, "all", "x", Duration.ZERO))) {
      assertThat(rig.ask(bad))
          .isInstanceOfSatisfying(
              Answer.Refused.class, r -> assertThat(r.httpStatus()).isEqualTo(422));
    }
  }

  @Test
  void stop_inTheSameBatchAsWhatWouldStart_overtakes() {
    rig.begin();
    while (rig.control.state().remediations().isEmpty()) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      var answer =
          rig.now.isAfter(Rig.BEGIN.plus(Duration.ofSeconds(20)))
              ? rig.control.ask(
                  new Command.StopAutomation("ann", Stop.Level.HALT, "all", "now", null))
              : null;
      rig.control.settle(rig.now);
      if (answer != null) assertThat(answer).isDone();
    }
    rig.pass(Duration.ofMinutes(3));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.control.state().remediations().values())
        .extracting(Remediation::status)
        .containsOnly(Status.BLOCKED);
  }

  @Test
  void start_ownThread_answersAndEnds() throws Exception {
    rig.begin();
    rig.control.start();
    rig.control.submit(new Command.SymptomSeen(rig.word()));
    rig.control.submit(new Command.Tick(rig.now));
    var answer =
        rig.control.ask(new Command.StopAutomation("ann", Stop.Level.HALT, "all", "x", null));
    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(new Answer.Accepted("STOP-1"));
    rig.control.close();
    assertThat(rig.control.state().stops()).containsKey("STOP-1");
    assertThat(
            rig.control
                .ask(new Command.Decide("APR-1", "a", true, "", "", ""))
                .get(1, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Answer.Refused.class, r -> assertThat(r.httpStatus()).isEqualTo(503));
  }
}
