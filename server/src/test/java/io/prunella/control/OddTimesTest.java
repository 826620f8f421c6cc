package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.incident.Incident;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Clocks that jump: what is under way ends in its time, and nothing new rests on them. */
class OddTimesTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  private void untilActed() {
    while (rig.control.state().remediations().values().stream().noneMatch(Remediation::hasActed)) {
      rig.tick();
    }
  }

  @Test
  void clockJumpsBackDuringVerification_itStillEndsAndPeopleAreTold() {
    rig.outside.helps = false;
    rig.begin();
    untilActed();
    Instant deadline = rig.last().deadline();
    rig.now = rig.now.minus(Duration.ofHours(3));
    rig.pass(Duration.ofMinutes(30));
    assertThat(rig.control.state().at()).isAfter(deadline);
    assertThat(rig.control.state().remediations().get("REM-1").status().isTerminal()).isTrue();
    assertThat(rig.outside.notices).anyMatch(n -> n.kind().equals("escalation"));
  }

  @Test
  void clockJumpsBackBeforeAnything_nothingBeginsAndPeopleLead() {
    rig.begin().tick();
    rig.now = rig.now.minus(Duration.ofHours(3));
    rig.pass(Duration.ofMinutes(90));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.last().why()).contains("clock");
    assertThat(rig.control.state().incidents().get("INC-1").handedOver()).isNotNull();
  }

  @Test
  void clockJumpsAheadDuringVerification_isNoSuccess() {
    rig.outside.helps = false;
    rig.begin();
    untilActed();
    rig.now = rig.now.plus(Duration.ofDays(2));
    rig.pass(Duration.ofMinutes(20));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isIn(Status.ROLLED_BACK, Status.ROLLBACK_FAILED);
  }

  /** The watchdog has given a call up; the thread that was to send it wakes after that. */
  @Test
  void callThatWasGivenUp_doesNotLeaveAlthoughTheClockWentBack() {
    rig.outside.idempotency = Idempotency.N;
    rig.begin();
    Effect.RunStep held = null;
    while (held == null) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (Effect effect : rig.control.round(rig.now)) {
        if (effect instanceof Effect.RunStep step) held = step;
        else rig.control.report(rig.control.carryOut(effect));
      }
    }
    rig.pass(Duration.ofMinutes(3));
    rig.now = rig.now.minus(Duration.ofHours(1));
    rig.control.report(rig.control.carryOut(held));
    rig.tick();
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void whatIsOverByItself_isNotActedOnWhileItsIncidentLingers() {
    rig.runbooks =
        java.util.List.of(Rig.runbook(2, io.prunella.runbook.Runbook.Mode.AUTO, true, 1));
    rig.begin().pass(Duration.ofSeconds(15));
    rig.outside.sick = false;
    rig.pass(Duration.ofMinutes(1));
    assertThat(rig.control.state().incidents().get("INC-1").status())
        .isEqualTo(Incident.Status.OPEN);
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.outside.done).isEmpty();
  }
}
