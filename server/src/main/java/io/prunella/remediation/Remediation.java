package io.prunella.remediation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to carry out a proposal. Immutable: the sum of its facts.
 *
 * @param id {@code REM-1}, … in order of proposal
 * @param plan what would be done, or was
 * @param confidence probability that it will resolve the incident, 0 to 1, with the words that explain it
 * @param rulings the latest ruling of every guardrail, in the order in which they are asked
 * @param suggestion the question to people, or null when none was asked
 * @param steps how each step fared, forward and back
 * @param checks readings of the verification so far, oldest first; bounded
 * @param why the last transition's reason, for people
 * @param deadline when the present state ends by itself, or null for terminal states
 * @param review tier 3: what a person said afterwards, or null; {@code reviewWanted} while that is open
 */
public record Remediation(
    String id,
    Plan plan,
    Status status,
    Confidence confidence,
    List<RuledBy> rulings,
    @Nullable Suggestion suggestion,
    List<StepRun> steps,
    List<CheckRead> checks,
    String why,
    Instant proposedAt,
    Instant updatedAt,
    @Nullable Instant deadline,
    boolean reviewWanted,
    @Nullable Review review) {

  /**
   * @param value 0 to 1
   * @param match probability of the pattern
   * @param record lower bound of the runbook's record here
   * @param worked how often it has worked here; {@code tried}: how often it was tried
   */
  public record Confidence(double value, double match, double record, int worked, int tried) {}

  /** A guardrail's name and what it said. */
  public record RuledBy(String guardrail, Ruling ruling) {}

  /**
   * A proposal that waits for people.
   *
   * @param id {@code APR-1}, …
   * @param planDigest what is signed
   * @param approversMin distinct people needed
   * @param expiresAt when nobody's answer becomes a no
   */
  public record Suggestion(
      String id, String planDigest, int approversMin, String why, Instant askedAt, Instant expiresAt, List<Decision> decisions) {}

  /** A signed decision about one plan digest. */
  public record Decision(Instant at, String actor, boolean approve, String reason, String idempotencyKey) {}

  /**
   * One step on its way.
   *
   * @param key idempotency key
   * @param back true for a rollback step
   */
  public record StepRun(String step, String key, boolean back, StepState state, Instant intendedAt, @Nullable Instant endedAt, String output) {}

  /** PENDING is a step without a {@link StepRun}. */
  public enum StepState {
    INTENT,
    SENT,
    ACKED,
    FAILED,
    UNKNOWN,
    APPLIED,
    NOT_APPLIED,
    INDETERMINATE
  }

  /** One reading of one verification check. */
  public record CheckRead(Instant at, String check, Verdict verdict, String seen) {}

  /** What a check says. No data is inconclusive, never a success. */
  public enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE
  }

  /** What a person said afterwards. */
  public record Review(Instant at, String actor, boolean good, String note) {}
}
