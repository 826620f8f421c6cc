package io.prunella.control;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked of control by the data plane, the clock and people. Control's own effects
 * answer with commands of their own.
 */
public sealed interface Command {
  /** The data plane's latest word on a symptom. Coalesced by key: an open anomaly is a level. */
  record SymptomSeen(Symptom symptom) implements Command {}

  /** A deploy or the like was seen in the metrics. */
  record ChangeNoticed(Change change) implements Command {}

  /** Time has come to look at deadlines. */
  record Tick(Instant now) implements Command {}

  /** Diagnosis of one revision of an incident, worked out outside the turn. */
  record Diagnosed(String incident, long revision, List<Suspect> suspects, List<Match> matches)
      implements Command {}

  /** A person's decision about a suggestion. */
  record Decide(
      String approval,
      String actor,
      boolean approve,
      String planDigest,
      String reason,
      String idempotencyKey)
      implements Command {}

  /** A person's stop. {@code lasting} null: until resumed. */
  record StopAutomation(
      String actor, Stop.Level level, String scope, String reason, @Nullable Duration lasting)
      implements Command {}

  /** A person ends a stop. */
  record ResumeAutomation(String actor, String stop, String reason) implements Command {}

  /** A deployment starts or finishes (webhook). */
  record DeploymentPosted(
      String actor, String deployment, String service, boolean finished, String detail)
      implements Command {}

  /** A person's review after a tier 3 runbook. */
  record ReviewGiven(String actor, String remediation, boolean good, String note)
      implements Command {}

  /** A person clears a frozen target, with a reason. */
  record FreezeLifted(String actor, String service, String reason) implements Command {}

  /** A person ends a remediation; what has happened is taken back where there is a way back. */
  record AbortRemediation(String actor, String remediation, String reason) implements Command {}

  /** Emergency: a person wants a plan begun although the time is wrong. Two are needed. */
  record OverrideHold(String actor, String remediation, String planDigest, String reason)
      implements Command {}

  /** A person takes an incident over. */
  record TakenOver(String actor, String incident, String reason) implements Command {}
}
