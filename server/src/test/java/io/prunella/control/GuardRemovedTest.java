package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link FailuresTest}, and the tests of what runbooks can say, are worth something: each scenario
 * fails once its guard is taken away.
 */
class GuardRemovedTest {
  /** A scenario and the guard that it is about. */
  record Removed(Class<?> tests, String scenario, Mutant mutant) {
    @Override
    public String toString() {
      return scenario;
    }

    Removed in(Class<?> other) {
      return new Removed(other, scenario, mutant);
    }
  }

  @ParameterizedTest
  @MethodSource({"table", "language"})
  void scenario_withoutItsGuard_fails(Removed removed) throws Exception {
    Throwable failure = removed.mutant().failureOf(removed.tests(), removed.scenario());
    assertThat(failure).as("%s without its guard", removed.scenario()).isNotNull();
  }

  /** What a runbook can say of alerts, of its own windows, of what aborts it, and of its end. */
  // Long because: a table, a scenario a row.
  static Stream<Removed> language() {
    return Stream.of(
        rail("vetoingAlert_fires_waits_untilItIsOver", "vetoing alerts", "AlertGuards::vetoing")
            .in(AlertMatchTest.class),
        line(
                "wantedAlert_doesNotFire_theNextRunbookHasItsTurn",
                "control/Proposer.java",
                "if (unmatched != null) {",
                "if (false) {")
            .in(AlertMatchTest.class),
        line(
                "vetoingAlert_labelOfTheTargetIsMissing_cannotBeTold_nothingIsDone",
                "remediation/AlertGuards.java",
                "if (one.verdict() == Verdict.PASS) continue;",
                "if (one.verdict() != Verdict.FAIL) continue;")
            .in(AlertMatchTest.class),
        rail("holdsBeforeItBegins_waits", "abort conditions", "PeopleGuards::abortConditions")
            .in(AbortIfTest.class),
        line(
                "holdsDuringTheFirstOfTwoSteps_theSecondIsNotSent_andTheFirstIsTakenBack",
                "control/Aborts.java",
                "if (ended != null && !look.at().isAfter(ended)) return false;",
                "")
            .in(AbortIfTest.class),
        line(
                "cannotBeTold_countsAsIfItHeld",
                "control/Aborts.java",
                "if (read.verdict() == Verdict.PASS) continue;",
                "if (read.verdict() != Verdict.FAIL) continue;")
            .in(AbortIfTest.class),
        line(
                "holdsWhileAStepIsUnderWay_itsEndIsFoundOutBeforeTheWayBack",
                "control/Forward.java",
                "if (aborted != null && open == null) {",
                "if (aborted != null) {")
            .in(AbortIfTest.class),
        line(
                "insideItsOwnWindow_waitsUntilItIsOver",
                "remediation/TimeGuards.java",
                "if (own != null) closing.addAll(own.deny());",
                "")
            .in(OwnWindowsTest.class),
        line(
                "calendarThatItNames_waitsUntilItIsOver",
                "control/Turn.java",
                "for (String name : own.calendars()) closed.addAll",
                "for (String name : List.<String>of()) closed.addAll")
            .in(OwnWindowsTest.class),
        line(
                "blockedForLongerThanItWants_peopleLead",
                "control/Lifecycle.java",
                " || Escalations.blocked(turn, one)",
                "")
            .in(EscalationTest.class),
        line(
                "nothingCanBeTold_staysAndPeopleLeadWhereTheRunbookWantsIt",
                "runbook/BadEnd.java",
                "this == INCONCLUSIVE && onInconclusive == Runbook.OnInconclusive.ESCALATE",
                "false")
            .in(EscalationTest.class),
        line(
                "eachBadEndThatTheRunbookLeaves_staysAndPeopleLead",
                "runbook/BadEnd.java",
                "return when == null || when.contains(this);",
                "return true;")
            .in(RollbackWhenTest.class));
  }

  @Test
  void everyScenario_hasAGuardInTheTable() {
    assertThat(table().map(Removed::scenario))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FailuresTest.class.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .toList());
  }

  /** Its rail says yes to everything. */
  private static Removed rail(String scenario, String name, String judge) {
    return line(
        scenario,
        "remediation/Guardrails.java",
        "rail(\"%s\", %s)".formatted(name, judge),
        "rail(\"%s\", (p, s) -> new Allow(\"removed\"))".formatted(name));
  }

  private static Removed line(String scenario, String file, String original, String replacement) {
    return new Removed(
        FailuresTest.class, scenario, new Mutant(scenario, file, original, replacement));
  }

  // Long because: a table, a scenario a row.
  static Stream<Removed> table() {
    return Stream.of(
        rail("F01_switchedOff_staysSoOverARestart", "stop switch", "TimeGuards::stopSwitch"),
        rail("F01_halfOfTheInputIsMissing_waits", "complete input", "TimeGuards::completeInput"),
        line(
            "F02_looksIdleDuringAnIncident_isNotScaledIn",
            "remediation/ReachGuards.java",
            "if (wanted < current) {",
            "if (false) {"),
        line(
            "F03_moreCapacityHarmsTheOthers_isTakenBack",
            "control/Wanted.java",
            "checks.addAll(one.terms().verify().harmless());",
            ""),
        line(
            "F04_workerWhoseLeaseIsOver_sendsNothing",
            "control/LastLook.java",
            "if (!lease.isHeld())",
            "if (false)"),
        line(
            "F05_emptyTarget_isAnErrorAndNotEverything",
            "runbook/Targets.java",
            "if (target.service().isBlank()) {",
            "if (false) {"),
        rail("F06_twoZones_oneAfterTheOther", "failure domain", "PoolGuards::failureDomain"),
        rail(
            "F07_remedyHasFailedOnTwo_isNotTriedOnAThird",
            "common cause",
            "PoolGuards::commonCause"),
        rail(
            "F08_whatCannotBeRead_isNotTakenForBad",
            "preconditions",
            "PeopleGuards::preconditions"),
        rail("F09_blipOf45Seconds_nothingIsDone", "still there", "TimeGuards::stillThere"),
        line(
            "F09_lastsLessThanItsRunbookWants_nothingIsDone",
            "control/Proposer.java",
            ".filter(r -> !turn.now.isBefore(from.plus(r.when().lasting())))\n",
            "\n"),
        rail(
            "F10_productionDatabase_isNotRestartedByItself",
            "production database",
            "PeopleGuards::productionDatabase"),
        line(
            "F11_justStarted_waitsForTwoObservations",
            "control/Memory.java",
            "&& !isObserved(service)",
            "&& false"),
        line(
            "F12_samplesStopComing_isNoSuccess",
            "control/Reports.java",
            "if (newest == null || !fresh)",
            "if (newest == null)"),
        rail("F13_halfOfTheFleetIsIll_nothingBegins", "short-circuit", "PoolGuards::shortCircuit"),
        rail(
            "F14_comesBackAfterEverySuccess_threeTimesThenPeople",
            "attempts",
            "AttemptGuards::attempts"),
        rail("F15_whoeverAsks_theGuardsAreAsked", "stop switch", "TimeGuards::stopSwitch"),
        line(
            "F16_sameAlertAgainAndAgain_oneRemediation",
            "control/Proposer.java",
            "if (!one.status().isTerminal()) return false;",
            ""),
        line(
            "F17_brokeWhileSwitchedOff_isHealedAfterwards",
            "control/Proposer.java",
            "boolean stopGone = one.why().startsWith",
            "if (!one.why().isEmpty()) return false;\n    boolean stopGone = one.why().startsWith"),
        line(
            "F18_actionThrowsAnywhere_nothingStaysUnderWay",
            "control/Hands.java",
            "return new Outcome.Unknown(\"action %s threw: %s\".formatted(action.name(), x));",
            "throw x;"),
        line(
            "F19_requestLost_whatIsNotRepeatableIsNotRepeated",
            "control/Forward.java",
            "step.idempotency() != Idempotency.N && run.sends() == 1",
            "run.sends() == 1"),
        line(
            "F20_serverDiesDuringAStep_itsEndIsFoundOut",
            "control/Recovery.java",
            "if (run.state() != StepState.INTENT) continue;",
            "if (true) continue;"),
        line(
            "F21_wayBackToNothing_isNotBegun",
            "remediation/ReachGuards.java",
            "if (count.isEmpty() || count.getAsInt() < least) {",
            "if (false) {"),
        line(
            "F22_wayBackToTooFew_isNotBegun",
            "remediation/ReachGuards.java",
            "int least = Math.max(1, before.orElse(1));",
            "int least = 1;"),
        line(
            "F23_wayBackIsDown_onceMoreThenPeople",
            "control/Backward.java",
            "if (step.idempotency() != Idempotency.N && run.sends() == 1) return next",
            "if (step.idempotency() != Idempotency.N) return next"),
        line(
            "F24_endWasUnknown_canBeTakenBack",
            "remediation/Remediation.java",
            "return state == StepState.ACKED || state == StepState.APPLIED;",
            "return state == StepState.ACKED;"),
        rail("F25_whateverHappens_restsBetweenAttempts", "cooldown", "AttemptGuards::cooldown"),
        rail("F26_somethingPutsItBack_isNotDoneAgain", "oscillation", "AttemptGuards::oscillation"),
        rail("F27_whatItCallsIsIll_isNotRestarted", "dependency", "PoolGuards::dependency"),
        line(
            "F28_sameEventAgain_countsOnce",
            "control/Counter.java",
            "boolean unfinished = known != null && known.finishedAt() == null;",
            "boolean unfinished = false;"),
        line(
            "F29_symptomsTakeTurns_theWaitGoesOn",
            "control/Proposer.java",
            "Instant from = incident.openedAt();",
            "Instant from = incident.updatedAt();"),
        line(
            "F30_signedButChangedSince_isSuperseded",
            "control/Admission.java",
            "if (!Planner.doSame(one.plan(), ready.plan())) {\n"
                + "          Ends.end(turn, one, INVALIDATED",
            "if (false) {\n          Ends.end(turn, one, INVALIDATED"),
        rail("F31_restartBetweenAttempts_theyStillCount", "attempts", "AttemptGuards::attempts"),
        line(
            "F32_oneServiceWasHealed_theOtherDoesNotWait",
            "remediation/AttemptGuards.java",
            "situation.remediations().endedOn(proposal.service(), from)) {\n"
                + "      if (one.id().equals(proposal.id())) continue;",
            "situation.remediations().all()) {\n"
                + "      if (!one.hasActed() || !one.status().isTerminal()) continue;"),
        line(
            "F33_addressThatNobodyDeclared_isNotCalled",
            "action/HttpDoor.java",
            "if (!config.hosts().contains(host)) {",
            "if (false) {"),
        line(
            "F34_journalIsFull_nothingIsDone",
            "control/Turns.java",
            "unavailable(batch, now, String.valueOf(e.getMessage()));\n      return List.of();",
            "entries = List.of();"),
        line(
            "F35_morningAfterTheClocksChange_theWindowMovesWithThem",
            "runbook/CronWindow.java",
            "var zoned = now.atZone(ZoneId.of(zone));\n      Instant end",
            "var zoned = now.atZone(java.time.ZoneOffset.ofHours(1));\n      Instant end"),
        rail("F36_nothingIsSeenAnyMore_nothingIsDone", "fresh input", "TimeGuards::freshInput"),
        rail("F37_argumentOutOfEveryRange_isNotSent", "scale-out", "ReachGuards::scaleOut"),
        line(
            "F38_growsAgainAndAgain_atMostHalfMoreThanAtTheStart",
            "remediation/ReachGuards.java",
            "if (count.isPresent()) return count.getAsInt();",
            ""));
  }
}
