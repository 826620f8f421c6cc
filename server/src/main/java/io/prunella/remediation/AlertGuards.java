package io.prunella.remediation;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.runbook.Alerts.AlertRead;
import io.prunella.runbook.CheckResult.Verdict;

/** Guardrails that go by what Prometheus' own alerts say. */
final class AlertGuards {
  private AlertGuards() {}

  /** What the runbook is the answer to must be said by the alerts that it names. */
  static Ruling wanted(Proposal proposal, Situation situation) {
    return judged(proposal, situation, /* wanted= */ true);
  }

  /** While one of these fires, the remedy would do harm; a veto that cannot be told stands. */
  static Ruling vetoing(Proposal proposal, Situation situation) {
    return judged(proposal, situation, /* wanted= */ false);
  }

  private static Ruling judged(Proposal proposal, Situation situation, boolean wanted) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("looked at before the first step");
    int count = 0;
    for (AlertRead one : situation.alerts()) {
      if (one.wanted() != wanted) continue;
      count++;
      if (one.verdict() == Verdict.PASS) continue;
      String how =
          one.verdict() == Verdict.INCONCLUSIVE
              ? "cannot be told"
              : wanted ? "does not fire" : "fires";
      return new Defer(
          "alert %s %s: %s".formatted(one.selector(), how, one.seen()),
          situation.now().plus(situation.policy().retryAfter()));
    }
    if (count == 0) return new Allow(wanted ? "none wanted" : "none has a veto");
    return new Allow((wanted ? "all %d fire" : "none of %d fires").formatted(count));
  }
}
