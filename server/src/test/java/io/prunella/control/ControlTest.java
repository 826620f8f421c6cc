package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  @Test
  void settle_clearMatchAndAutomaticRunbook_repairsVerifiesAndResolves() {
    rig.begin().pass(Duration.ofMinutes(10));

    Remediation one = rig.last();
    assertThat(one.status()).as(one.toString()).isEqualTo(Status.SUCCEEDED);
    assertThat(one.reviewWanted()).isTrue();
    assertThat(rig.outside.done.values()).containsExactly(1);
    assertThat(one.rulings()).hasSize(33);
    Incident incident = rig.control.state().incidents().get("INC-1");
    assertThat(incident.status()).isEqualTo(Incident.Status.RESOLVED);
    assertThat(rig.types())
        .containsSubsequence(
            "control.started",
            "incident.opened",
            "incident.diagnosed",
            "remediation.proposed",
            "remediation.judged",
            "remediation.step-intended",
            "remediation.step-ended",
            "remediation.checked",
            "remediation.moved",
            "incident.resolved");
    assertThat(rig.outside.notices).extracting(n -> n.kind()).containsExactly("review");
  }

  @Test
  void settle_verificationFails_rollsBackVerifiedThenThreeTimesThenAPerson() {
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(60));

    var all = List.copyOf(rig.control.state().remediations().values());
    assertThat(all)
        .extracting(Remediation::status)
        .containsExactly(Status.ROLLED_BACK, Status.ROLLED_BACK, Status.ROLLED_BACK);
    assertThat(rig.control.state().incidents().get("INC-1").handedOver())
        .contains("3 attempts of 3");
    assertThat(rig.outside.done.values()).containsOnly(1).hasSize(6);
    assertThat(rig.control.state().frozen()).isEmpty();
  }

  @Test
  void settle_irreversibleAndVerificationFails_escalatesAtOnceAndFreezes() {
    rig.outside.helps = false;
    rig.outside.reversible = false;
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, false, 1));
    rig.begin().pass(Duration.ofMinutes(15));

    assertThat(rig.last().status()).isEqualTo(Status.ESCALATED);
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
    assertThat(rig.control.state().incidents().get("INC-1").handedOver())
        .contains("cannot be taken back");
    assertThat(rig.outside.notices).anyMatch(n -> n.severity().equals("critical"));
  }

  @Test
  void settle_noData_isNeverASuccess() {
    rig.begin().pass(Duration.ofMinutes(1));
    assertThat(rig.last().status()).isEqualTo(Status.VERIFYING);
    rig.outside.silent = true;
    rig.pass(Duration.ofMinutes(10));

    assertThat(rig.last().status()).isEqualTo(Status.ROLLBACK_FAILED);
    assertThat(rig.last().why()).contains("not proven by its deadline");
  }

  @Test
  void settle_observeMode_recordsWhatItWouldHaveDoneAndHandsOver() {
    rig.runbooks = List.of(Rig.runbook(1, Runbook.Mode.OBSERVE, true, 1));
    rig.begin().pass(Duration.ofMinutes(5));

    assertThat(rig.last().status()).isEqualTo(Status.DENIED);
    assertThat(rig.last().why()).contains("would have done");
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.control.state().incidents().get("INC-1").handedOver())
        .contains("no runbook is left");
  }

  @Test
  void settle_noPatternFits_handsOverWithABrief() {
    rig.match = 0.1;
    rig.begin().pass(Duration.ofMinutes(5));

    assertThat(rig.control.state().remediations()).isEmpty();
    assertThat(rig.control.state().incidents().get("INC-1").handedOver())
        .contains("no known pattern fits")
        .contains("Culprit: basket")
        .contains("Nothing was tried");
  }

  @Test
  void settle_answerLost_probesAndDoesNotRepeat() {
    rig.outside.lost.add("answer");
    rig.begin().pass(Duration.ofMinutes(10));

    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.outside.done.values()).containsExactly(1);
    assertThat(rig.outside.probes).isEqualTo(1);
  }

  @Test
  void settle_requestLost_desiredStateIsSentOnceMoreWithTheSameKey() {
    rig.outside.lost.add("request");
    rig.begin().pass(Duration.ofMinutes(10));

    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.last().steps().getFirst().sends()).isEqualTo(2);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  @Test
  void settle_requestLost_atMostOnceIsNotSentAgain() {
    rig.outside.idempotency = io.prunella.remediation.PlannedStep.Idempotency.N;
    rig.outside.lost.add("request");
    rig.begin().pass(Duration.ofMinutes(3));

    assertThat(rig.last().status()).isEqualTo(Status.ABORTED);
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
  }

  @Test
  void settle_endStaysUnknown_isIndeterminateThenEscalatedAndFrozen() {
    rig.outside.lost.addAll(List.of("answer", "probe"));
    rig.begin().pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).isEqualTo(Status.INDETERMINATE);
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);

    rig.pass(Duration.ofMinutes(35));
    assertThat(rig.last().status()).isEqualTo(Status.ESCALATED);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  @Test
  void settle_deploymentInProgress_waitsUntilItIsFinished() {
    rig.begin();
    rig.ask(new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, false, "2.1"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.last().why()).startsWith("deployment window").contains("dep-1");
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.outside.notices).filteredOn(n -> n.text().contains("waits until")).hasSize(1);

    rig.ask(new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, true, ""));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void settle_deploymentBeginsBetweenTwoSteps_theSecondDoesNotBegin() {
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, true, 2));
    rig.outside.whileRunning =
        () ->
            rig.control.submit(new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, false, ""));
    rig.begin().pass(Duration.ofMinutes(5));

    Remediation one = rig.control.state().remediations().get("REM-1");
    assertThat(one.run("fix-2", /* back= */ false)).isNull();
    assertThat(one.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(one.why()).contains("step fix-2 may not begin (deployment window)");
  }

  @Test
  void settle_haltWhileAStepRuns_itsAnswerIsKeptAndNothingElseIsSent() {
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, true, 2));
    rig.outside.whileRunning =
        () ->
            rig.control.submit(
                new Command.StopAutomation("ann", Stop.Level.HALT, "all", "x", null));
    rig.begin().pass(Duration.ofMinutes(5));

    assertThat(rig.last().status()).isEqualTo(Status.INDETERMINATE);
    assertThat(rig.outside.done.values()).containsExactly(1);
    assertThat(rig.outside.notices).anyMatch(n -> n.kind().equals("escalation"));
  }

  @Test
  void settle_journalFull_nothingRunsAndItComesBackByItself() {
    rig.begin().pass(Duration.ofSeconds(15));
    journal.full = true;
    rig.pass(Duration.ofMinutes(5));

    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.control.state().journalDown()).contains("full");
    assertThat(rig.ask(new Command.StopAutomation("ann", Stop.Level.HALT, "all", "why", null)))
        .isInstanceOfSatisfying(
            Answer.Refused.class, r -> assertThat(r.httpStatus()).isEqualTo(503));

    journal.full = false;
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.control.state().journalDown()).isNull();
    assertThat(rig.types()).contains("control.journal-back");
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void settle_journalFullWhileAStepRuns_losesNoAnswer() {
    rig.begin();
    while (rig.control.state().remediations().values().stream().noneMatch(Remediation::hasActed)) {
      rig.tick();
    }
    assertThat(rig.outside.done.values()).containsExactly(1);
    journal.full = true;
    rig.pass(Duration.ofMinutes(1));
    journal.full = false;
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  @Test
  void settle_noticeChannelDown_isSentLaterWithTheSameId() {
    rig.outside.channelDown = true;
    rig.begin().pass(Duration.ofMinutes(6));
    assertThat(rig.outside.notices).isEmpty();
    rig.outside.channelDown = false;
    rig.pass(Duration.ofMinutes(11));
    assertThat(rig.outside.notices).extracting(n -> n.id()).containsExactly("NTC-1");
  }

  @Test
  void settle_sameCommands_sameFacts() {
    rig.begin().pass(Duration.ofMinutes(10));
    var other = new MemoryJournal();
    new Rig(other).begin().pass(Duration.ofMinutes(10));
    assertThat(other.entries).isEqualTo(journal.entries);
  }

  @Test
  void replay_atTheEnd_equalsMemory() {
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(30));
    State lived = rig.control.state();
    rig.restart();
    assertThat(rig.control.state().remediations()).isEqualTo(lived.remediations());
    assertThat(rig.control.state().incidents()).isEqualTo(lived.incidents());
    assertThat(rig.control.state().frozen()).isEqualTo(lived.frozen());
  }

  /** A handover is told with its own time, whatever changes after it. */
  @Test
  void handover_keepsItsTime_whenMoreComes() {
    var rig = new Rig(new MemoryJournal());
    rig.outside.helps = false;
    rig.outside.reversible = false;
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, false, 1));
    rig.begin().pass(Duration.ofMinutes(10));
    Incident incident = rig.control.state().incidents().values().iterator().next();
    Instant handedOver = incident.handedOverAt();
    assertThat(handedOver).isNotNull().isAfter(incident.openedAt());
    rig.outside.sick = false;
    rig.pass(Duration.ofMinutes(10));
    Incident over = rig.control.state().incidents().get(incident.id());
    assertThat(over.status()).isEqualTo(Incident.Status.RESOLVED);
    assertThat(over.handedOverAt()).isEqualTo(handedOver);
  }

  /** Two runbooks fit equally well and both may act: nobody has said which, so a person does. */
  @Test
  void twoRunbooksFitEquallyWell_aPersonChooses() {
    var rig = new Rig(new MemoryJournal());
    Runbook one = rig.runbooks.getFirst();
    rig.runbooks = List.of(one, named(one, "other", one.mode()));
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(rig.last().suggestion()).asString().contains("other fits basket as well as");
    assertThat(rig.outside.done).isEmpty();
  }

  /** Of two the configuration lets one act by itself: that is its word. */
  @Test
  void twoRunbooksFitAndOneMayAct_itActs() {
    var rig = new Rig(new MemoryJournal());
    Runbook one = rig.runbooks.getFirst();
    rig.runbooks = List.of(one, named(one, "other", Runbook.Mode.SUGGEST));
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isEqualTo(Status.SUCCEEDED);
  }

  /** What was signed while it might only suggest is no leave to do what may only observe by now. */
  @Test
  void modeChangesAfterASignature_isSuperseded() {
    var rig = new Rig(new MemoryJournal());
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.SUGGEST, true, 1));
    rig.begin().pass(Duration.ofMinutes(3));
    String digest = rig.last().plan().digest();
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.OBSERVE, true, 1));
    rig.ask(new Command.Decide("APR-1", "ann", true, digest, "", "k"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isEqualTo(Status.INVALIDATED);
    assertThat(rig.outside.done).isEmpty();
  }

  private static Runbook named(Runbook like, String name, Runbook.Mode mode) {
    return new Runbook(
        name,
        like.version(),
        "digest-" + name,
        like.source(),
        like.tier(),
        mode,
        like.what(),
        like.whenToUse(),
        like.whenNotToUse(),
        like.parameters(),
        like.when(),
        like.target(),
        like.preconditions(),
        like.limits(),
        like.steps(),
        like.verify(),
        like.rollback());
  }

  /** One runbook that cannot be planned does not keep the next one from being tried. */
  @Test
  void firstRunbookCannotBePlanned_nextIsTried() {
    var rig = new Rig(new MemoryJournal());
    Runbook good = rig.runbooks.getFirst();
    var unplannable =
        new Runbook(
            "a-first",
            good.version(),
            "digest-0",
            good.source(),
            2,
            good.mode(),
            good.what(),
            good.whenToUse(),
            good.whenNotToUse(),
            good.parameters(),
            good.when(),
            good.target(),
            good.preconditions(),
            good.limits(),
            List.of(
                new Runbook.Step(
                    "x", "fake.fix", Map.of("n", "{{ snapshot.none }}"), Duration.ofSeconds(20))),
            good.verify(),
            good.rollback());
    rig.runbooks = List.of(unplannable, good);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().plan().runbook()).isEqualTo(good.name());
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }
}
