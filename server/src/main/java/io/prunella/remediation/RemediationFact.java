package io.prunella.remediation;

import io.prunella.journal.Fact;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to a remediation. */
public sealed interface RemediationFact extends Fact {
  /** Which remediation. */
  String remediation();

  /**
   * A plan was made: a new remediation, or a new plan for one that was blocked.
   *
   * @param freshAt time of the newest reading that the plan rests on, or null when there was none
   */
  record Proposed(
      Instant at,
      String remediation,
      Plan plan,
      Confidence confidence,
      Terms terms,
      @Nullable Instant freshAt)
      implements RemediationFact {}

  /**
   * Every guardrail has spoken.
   *
   * @param stage {@code admission}, {@code approval}, {@code step STEP} or {@code rollback STEP}
   */
  record Judged(Instant at, String remediation, String stage, List<RuledBy> rulings)
      implements RemediationFact {}

  /**
   * It went on to another state.
   *
   * @param why for people
   * @param deadline when the new state ends by itself; null for terminal states
   */
  record Moved(
      Instant at,
      String remediation,
      Status from,
      Status to,
      String why,
      @Nullable Instant deadline)
      implements RemediationFact {}

  /** People were asked; moves it to AWAITING_APPROVAL. */
  record SuggestionMade(
      Instant at,
      String remediation,
      String approval,
      String planDigest,
      int approversMin,
      String why,
      Instant expiresAt)
      implements RemediationFact {}

  /** A person has decided. */
  record DecisionMade(
      Instant at,
      String remediation,
      String approval,
      String actor,
      boolean approve,
      String planDigest,
      String reason,
      String idempotencyKey)
      implements RemediationFact {}

  /**
   * The intent to send a step: on disk before the call leaves. The same step a second time is its
   * one repeat after a probe has found that it did not happen.
   *
   * @param key idempotency key, the same for a repeat
   */
  record StepIntended(Instant at, String remediation, String step, String key, boolean back)
      implements RemediationFact {}

  /**
   * How a step ended: ACKED, FAILED or UNKNOWN; or what a probe found after UNKNOWN: APPLIED,
   * NOT_APPLIED or INDETERMINATE.
   */
  record StepEnded(
      Instant at, String remediation, String step, boolean back, StepState state, String output)
      implements RemediationFact {}

  /**
   * One round of verification.
   *
   * @param verdict of all checks together
   */
  record Checked(Instant at, String remediation, Remediation.Verdict verdict, List<CheckRead> reads)
      implements RemediationFact {}

  /**
   * What aborts a run was looked at while it was under way.
   *
   * @param readAt when the readings were asked for
   * @param reads one of each condition: PASS when it does not hold
   */
  record AbortLooked(Instant at, String remediation, Instant readAt, List<CheckRead> reads)
      implements RemediationFact {}

  /** The observation begins anew: what was read before cannot be joined to what comes. */
  record WindowRestarted(Instant at, String remediation, String why) implements RemediationFact {}

  /** A person wants it begun although the time is wrong; two are needed. */
  record OverrideSigned(
      Instant at, String remediation, String actor, String planDigest, String reason)
      implements RemediationFact {}

  /** A person has looked at the outcome. */
  record Reviewed(Instant at, String remediation, String actor, boolean good, String note)
      implements RemediationFact {}
}
