package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth something: each of these deliberate bugs is found by it. */
class MutationTest {
  private static final int SEEDS_MAX = 1000; // most are found within thirty

  @ParameterizedTest
  @MethodSource
  void mutants(Mutant mutant) throws Exception {
    String found = mutant.foundWithin(SEEDS_MAX);
    assertThat(found).as("%s, in %d seeds", mutant, SEEDS_MAX).isNotNull();
    System.out.printf("%s: found by %s%n", mutant, found);
  }

  // Long because: a table, a mutant a row.
  static Stream<Mutant> mutants() {
    return Stream.of(
        new Mutant(
            "the intent is skipped",
            "control/Lifecycle.java",
            "turn.add(new StepIntended(turn.now, one.id(), step.id(), key, back));",
            "if (before != null) turn.add(new StepIntended(turn.now, one.id(), step.id(), key,"
                + " back));"),
        new Mutant(
            "a call that waited too long still leaves",
            "control/LastLook.java",
            "if (now.isAfter(step.notAfter()))",
            "if (false)"),
        new Mutant(
            "the stops are forgotten",
            "control/Turn.java",
            "return world.stops().values().stream()",
            "return java.util.stream.Stream.<Stop>empty()"),
        new Mutant(
            "one success less is enough",
            "control/Rounds.java",
            "return row >= Math.max(1, consecutive);",
            "return row >= Math.max(1, consecutive - 1);"),
        new Mutant(
            "the same sample counts again",
            "control/Reports.java",
            "if (newest == null || !fresh)",
            "if (newest == null)"),
        new Mutant(
            "an unknown end is taken as not happened",
            "control/Forward.java",
            "if (!Lifecycle.isPast(turn, one.deadline())) return false; // a probe is wanted",
            "if (run.sends() == 1) return next(turn, one, step);"),
        new Mutant(
            "what is sent at most once is sent again",
            "control/Forward.java",
            "step.idempotency() != Idempotency.N && run.sends() == 1",
            "run.sends() == 1"),
        new Mutant(
            "any digest can be signed",
            "control/Counter.java",
            "if (!c.planDigest().equals(asked.planDigest())) {",
            "if (false) {"),
        new Mutant(
            "the requester may sign",
            "control/Counter.java",
            "if (c.actor().equals(one.terms().requester())) {",
            "if (false) {"),
        new Mutant(
            "one signature is enough",
            "control/Signatures.java",
            "return people >= asked.approversMin();",
            "return people >= 1;"),
        new Mutant(
            "growth per action is not judged",
            "remediation/ReachGuards.java",
            "if (step <= byAction && grown <= byIncident)",
            "if (grown <= Math.max(byIncident, current))"),
        new Mutant(
            "a bad end does not freeze its target",
            "control/Ends.java",
            "if (one.hasActed() && !GOOD.contains(to)) freeze(turn, one, why);",
            ""),
        new Mutant(
            "an escalation tells nobody",
            "control/Ends.java",
            "tell(turn, one, \"escalation\", \"critical\", about);",
            ""),
        new Mutant(
            "an end is told on the way there, too",
            "control/Ends.java",
            "if (one.status() == EXECUTING) becomeIndeterminate(turn, one, why);",
            "if (one.status() == EXECUTING) indeterminate(turn, one, why, true);"),
        new Mutant(
            "nothing waits for fresh observations",
            "control/Memory.java",
            "&& !isObserved(service)",
            "&& false"),
        new Mutant(
            "a start leaves open intents open",
            "control/Recovery.java",
            "if (run.state() != StepState.INTENT) continue;",
            "if (true) continue;"),
        new Mutant(
            "an expired stop lifts itself",
            "control/Counter.java",
            "turn.add(new StopOverdue(turn.now, stop.id()));",
            "turn.add(new StopLifted(turn.now, stop.id(), \"prunella\", \"expired\")); if (true)"
                + " continue;"),
        new Mutant(
            "a lost lease is ignored",
            "control/LastLook.java",
            "if (!lease.isHeld()) return",
            "if (false) return"),
        new Mutant(
            "halt is not looked at before a send",
            "control/LastLook.java",
            "if (halted) return",
            "if (false) return"),
        new Mutant(
            "only failures count as attempts",
            "remediation/AttemptGuards.java",
            "return one.hasActed() && !one.id().equals(proposal.id());",
            "return one.hasActed() && one.status() != Status.SUCCEEDED &&"
                + " !one.id().equals(proposal.id());"),
        new Mutant(
            "no data counts as success",
            "control/Hands.java",
            "case INCONCLUSIVE -> Verdict.INCONCLUSIVE;",
            "case INCONCLUSIVE -> Verdict.PASS;"),
        new Mutant(
            "one person signs twice",
            "control/Counter.java",
            "if (asked.decisions().stream().anyMatch(d -> d.actor().equals(c.actor()))) {",
            "if (false) {"),
        new Mutant(
            "two remediations hold one target",
            "remediation/ReachGuards.java",
            "if (!other.id().equals(proposal.id()) && other.service().equals(proposal.service()))",
            "if (false)"),
        new Mutant(
            "attempts are not found again",
            "remediation/Index.java",
            "moments(acted, acted(before), acted(after))",
            "acted"),
        new Mutant(
            "what is under way is not found again",
            "remediation/Index.java",
            "set(underWay, isUnderWay(before), isUnderWay(after), id(before, after))",
            "underWay"),
        new Mutant(
            "a deployment is not waited for",
            "control/Turn.java",
            ".filter(d -> d.finishedAt() == null)\n        .map(",
            ".filter(d -> false)\n        .map("),
        new Mutant(
            "maintenance is not waited for",
            "control/Turn.java",
            ".filter(s -> s.level().endsByItself())",
            ".filter(s -> false)"),
        new Mutant(
            "what aborts a run is looked at once only",
            "control/Aborts.java",
            "if (ended != null && !look.at().isAfter(ended)) return false;",
            ""),
        new Mutant(
            "what aborts a run is read, and not heeded",
            "control/Aborts.java",
            "if (read.verdict() == Verdict.PASS) continue;",
            "if (true) continue;"),
        new Mutant(
            "what aborts a run and cannot be told does not",
            "control/Hands.java",
            "CheckResult result = ports.checks().judgeAbort(one, readings, vars);",
            "CheckResult result = ports.checks().judgeAbort(one, readings, vars);\n"
                + "if (result.verdict() == CheckResult.Verdict.INCONCLUSIVE) result ="
                + " new CheckResult(CheckResult.Verdict.PASS, \"\");"),
        new Mutant(
            "every bad end is taken back, whatever the runbook says",
            "control/Ends.java",
            "boolean wanted = one.terms().takesBack(how);",
            "boolean wanted = true;"),
        new Mutant(
            "what is aborted is taken back, whatever the runbook says",
            "control/Lifecycle.java",
            "back && !one.terms().takesBack(BadEnd.ABORTED)",
            "false"),
        new Mutant(
            "harm is taken for a failed verification",
            "runbook/BadEnd.java",
            "if (harms) return DO_NO_HARM;",
            "if (harms) return VERIFY_FAILED;"),
        new Mutant(
            "a runbook's own limit of growth is not looked at",
            "remediation/ReachGuards.java",
            "proposal.terms().limits().scaleOutCumulativePercentMax()",
            "null"),
        new Mutant(
            "a runbook's own concurrency is not looked at",
            "remediation/ReachGuards.java",
            "own == null ? null : own.max()",
            "null"),
        new Mutant(
            "a runbook's own limit of one failure domain is not looked at",
            "remediation/PoolGuards.java",
            "limits == null ? null : limits.perDomainMax()",
            "null"),
        new Mutant(
            "another failure domain is not waited for",
            "remediation/PoolGuards.java",
            "if (!domain.equals(own))",
            "if (false)"),
        new Mutant(
            "a runbook's own short-circuit is not looked at",
            "remediation/PoolGuards.java",
            "Terms.stricter(policy.unhealthyMax(), own.unhealthyMax())",
            "policy.unhealthyMax()"),
        new Mutant(
            "a runbook's own calm after a storm is not waited for",
            "remediation/PoolGuards.java",
            "if (longer != null && longer.compareTo(cooldown) > 0) cooldown = longer;",
            ""),
        new Mutant(
            "times in which a runbook does not begin are not looked at",
            "remediation/TimeGuards.java",
            "if (own != null) closing.addAll(own.deny());",
            ""),
        new Mutant(
            "times outside of which a runbook does not begin are not looked at",
            "remediation/TimeGuards.java",
            "own == null ? null : outside(own.allow(), situation.now())",
            "null"),
        new Mutant(
            "calendars that a runbook names are not looked at",
            "control/Turn.java",
            "for (String name : own.calendars())",
            "for (String name : List.<String>of())"),
        new Mutant(
            "targets that a runbook denies are acted on",
            "remediation/ReachGuards.java",
            "if (denied == null)",
            "if (true)"),
        new Mutant(
            "an unknown end has no deadline",
            "control/Backward.java",
            "if (Lifecycle.isPast(turn, one.deadline())) {\n      Ends.end(turn, one, ESCALATED,",
            "if (false) {\n      Ends.end(turn, one, ESCALATED,"));
  }
}
