package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A world that does not play along: each ends in a refusal or with people, and in time. */
class BadInputTest {
  private final Rig rig = new Rig(new MemoryJournal());

  private Remediation first() {
    return rig.control.state().remediations().get("REM-1");
  }

  private void assertPeopleWereCalled() {
    assertThat(rig.outside.notices)
        .anyMatch(n -> n.kind().equals("escalation") && n.severity().equals("critical"));
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
  }

  @Test
  void targetVanishesDuringTheRun_peopleAreCalledAndNothingIsRepeated() {
    rig.outside.idempotency = Idempotency.N;
    rig.outside.lost.add("answer");
    rig.outside.whileRunning =
        () -> {
          rig.outside.silent = true;
          rig.outside.throwsIn.addAll(List.of("snapshot", "dryRun", "probe"));
        };
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(first().status().isTerminal()).isTrue();
    assertThat(first().status()).isNotEqualTo(Status.SUCCEEDED);
    assertThat(rig.outside.done.values()).containsExactly(1);
    assertPeopleWereCalled();
  }

  @Test
  void answerOfAStepNeverComes_isUnknownAndEndsWithPeople() {
    rig.outside.lost.add("probe"); // nobody can tell either
    rig.begin();
    for (int i = 0; i < 400; i++) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (Effect effect : rig.control.round(rig.now)) {
        if (!(effect instanceof Effect.RunStep)) rig.control.report(rig.control.carryOut(effect));
      }
    }
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(first().steps().getFirst().output()).contains("no answer within 20 s");
    assertPeopleWereCalled();
  }

  @Test
  void readerNeverAnswers_nothingBegins() {
    rig.begin();
    for (int i = 0; i < 200; i++) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (Effect effect : rig.control.round(rig.now)) {
        if (!(effect instanceof Effect.Prepare)) rig.control.report(rig.control.carryOut(effect));
      }
    }
    assertThat(rig.control.state().remediations()).isEmpty();
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void targetIsDeclaredOtherwiseAfterARestart_theOldPlanGoesNoFurther() {
    rig.runbooks = List.of(Rig.runbook(4, io.prunella.runbook.Runbook.Mode.AUTO, true, 1));
    rig.begin().pass(Duration.ofMinutes(2));
    String digest = rig.last().plan().digest();
    rig.target =
        new io.prunella.runbook.Target(
            Rig.SERVICE, "fake", "database", "production", false, "", java.util.Map.of());
    rig.restart();
    rig.ask(new Command.Decide("APR-1", "ann", true, digest, "", "k"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(first().status()).isEqualTo(Status.INVALIDATED);
    assertThat(rig.outside.done).isEmpty();
  }
}
