package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run is watched by what its runbook says must not hold meanwhile. */
class AbortIfTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  private static List<Runbook> book(boolean reversible, int steps) {
    var made = new Variant(Rig.runbook(reversible ? 1 : 2, Runbook.Mode.AUTO, reversible, steps));
    var spike = new Runbook.Check("spike", "share(\"memory\") > 0.985");
    made.limits =
        new Runbook.Limits(null, null, null, null, List.of(spike), null, null, null, null, null);
    return List.of(made.made());
  }

  private Remediation first() {
    return rig.control.state().remediations().get("REM-1");
  }

  private long forwardDone() {
    return rig.outside.done.size() - rig.outside.backTries;
  }

  @Test
  void nothingHolds_isLookedAtBeforeTheStepAndUntilTheEnd() {
    rig.runbooks = book(true, 2);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(first().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(forwardDone()).isEqualTo(2);
    var types = rig.types();
    assertThat(types.indexOf("remediation.abort-looked"))
        .isBetween(0, types.indexOf("remediation.step-intended"));
    assertThat(types.stream().filter(t -> t.equals("remediation.abort-looked")).count())
        .isGreaterThan(4);
  }

  @Test
  void holdsBeforeItBegins_waits() {
    rig.runbooks = book(true, 1);
    rig.outside.worse = true;
    rig.begin().pass(Duration.ofMinutes(3));
    assertThat(first().status()).isEqualTo(Status.BLOCKED);
    assertThat(first().why())
        .isEqualTo("abort conditions: spike holds: share(memory) = 0.99, aborts at > 0.985");
    assertThat(rig.outside.done).isEmpty();
    rig.outside.worse = false;
    rig.pass(Duration.ofMinutes(10));
    assertThat(first().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void holdsDuringTheFirstOfTwoSteps_theSecondIsNotSent_andTheFirstIsTakenBack() {
    rig.runbooks = book(true, 2);
    rig.outside.whileRunning = () -> rig.outside.worse = rig.outside.backTries == 0;
    rig.begin();
    while (rig.control.state().remediations().isEmpty() || !first().status().isTerminal())
      rig.tick();
    assertThat(first().status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(first().why()).contains("abort condition spike holds: share(memory) = 0.99");
    assertThat(forwardDone()).isEqualTo(1);
    assertThat(rig.outside.backTries).isEqualTo(1);
    assertThat(rig.control.state().incidents().values())
        .as("what the runbook itself declares is not handed to people")
        .allMatch(incident -> incident.handedOver() == null);
  }

  @Test
  void holdsDuringVerification_isTakenBackAtOnce() {
    rig.runbooks = book(true, 1);
    rig.begin();
    while (rig.control.state().remediations().isEmpty() || first().status() != Status.VERIFYING)
      rig.tick();
    rig.outside.worse = true;
    rig.tick();
    rig.tick();
    assertThat(first().status()).isIn(Status.ROLLING_BACK, Status.ROLLED_BACK);
    assertThat(first().why()).contains("abort condition spike holds");
    assertThat(rig.outside.backTries).isEqualTo(1);
  }

  @Test
  void cannotBeTold_countsAsIfItHeld() {
    rig.runbooks = book(true, 1);
    rig.begin();
    while (rig.control.state().remediations().isEmpty() || first().status() != Status.VERIFYING)
      rig.tick();
    rig.outside.silent = true;
    rig.tick();
    rig.tick();
    assertThat(first().why()).contains("abort condition spike cannot be told");
    assertThat(first().status()).isEqualTo(Status.ROLLING_BACK);
  }

  @Test
  void holds_andCannotBeTakenBack_peopleAreCalled() {
    rig.runbooks = book(false, 1);
    rig.outside.reversible = false;
    rig.outside.whileRunning = () -> rig.outside.worse = true;
    rig.begin().pass(Duration.ofMinutes(5));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
    assertThat(rig.outside.notices)
        .anyMatch(n -> n.kind().equals("escalation") && n.text().contains("spike holds"));
  }

  @Test
  void holdsWhileAStepIsUnderWay_itsEndIsFoundOutBeforeTheWayBack() {
    rig.runbooks = book(true, 1);
    rig.outside.idempotency = Idempotency.D;
    rig.begin();
    Effect step = null;
    boolean aborting = false;
    for (int i = 0; i < 40 && rig.outside.backTries == 0; i++) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (int turn = 0; turn < 6; turn++) {
        for (Effect effect : rig.control.round(rig.now)) {
          if (effect instanceof Effect.RunStep run && !run.back()) {
            step = effect; // it is out there, and nobody hears of it
            rig.outside.done.put(run.call().key(), 1);
            rig.outside.worse = true;
            continue;
          }
          rig.control.report(rig.control.carryOut(effect));
        }
      }
      var all = rig.control.state().remediations();
      if (all.isEmpty() || first().status() != Status.ABORTING) continue;
      aborting = true;
      assertThat(rig.outside.backTries).isZero();
    }
    assertThat(step).isNotNull();
    assertThat(aborting).as("it is seen to be aborted while its step is out").isTrue();
    assertThat(rig.outside.probes).isPositive();
    assertThat(rig.outside.backTries).isEqualTo(1);
    assertThat(first().steps().getFirst().output()).contains("a probe found that it happened");
  }

  @Test
  void serverDies_theLookIsRememberedAndAnotherIsTaken() {
    rig.runbooks = book(true, 1);
    rig.begin();
    while (rig.control.state().remediations().isEmpty() || first().status() != Status.VERIFYING)
      rig.tick();
    var before = first().abortLook();
    assertThat(before).isNotNull();
    rig.restart();
    assertThat(first().abortLook()).isEqualTo(before);
    rig.pass(Duration.ofMinutes(10));
    assertThat(first().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(first().abortLook().at()).isAfter(before.at());
  }
}
