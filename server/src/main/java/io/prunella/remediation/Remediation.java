package io.prunella.remediation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to carry out a proposal. Immutable: the sum of its facts.
 *
 * @param id {@code REM-1}, … in order of proposal
 * @param plan what would be done, or was
 * @param confidence probability that it will resolve the incident, 0 to 1, with the words that
 *     explain it
 * @param rulings the latest ruling of every guardrail, in the order in which they are asked
 * @param suggestion the question to people, or null when none was asked
 * @param steps how each step fared, forward and back
 * @param checks readings of the verification so far, oldest first; bounded
 * @param why the last transition's reason, for people
 * @param deadline when the present state ends by itself, or null for terminal states
 * @param review tier 3: what a person said afterwards, or null; {@code reviewWanted} while that is
 *     open
 * @param terms what the runbook asks for around the plan
 * @param since when the present state, or its present observation, began
 * @param freshAt time of the newest reading that the plan rests on, or null
 * @param overrides who wants it begun although the time is wrong
 * @param abortLook the newest look at what aborts it, or null before the first
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
    @Nullable Review review,
    Terms terms,
    Instant since,
    @Nullable Instant freshAt,
    List<OverrideBy> overrides,
    @Nullable AbortLook abortLook) {
  public Remediation {
    overrides = List.copyOf(overrides);
    rulings = List.copyOf(rulings);
    steps = List.copyOf(steps);
    checks = List.copyOf(checks);
  }

  /** One that nobody has overridden anything for. */
  public Remediation(
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
      @Nullable Review review,
      Terms terms,
      Instant since,
      @Nullable Instant freshAt) {
    this(
        id,
        plan,
        status,
        confidence,
        rulings,
        suggestion,
        steps,
        checks,
        why,
        proposedAt,
        updatedAt,
        deadline,
        reviewWanted,
        review,
        terms,
        since,
        freshAt,
        List.of(),
        null);
  }

  /** Without what only the executor looks at: for tests of other rooms. */
  public Remediation(
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
    this(
        id,
        plan,
        status,
        confidence,
        rulings,
        suggestion,
        steps,
        checks,
        why,
        proposedAt,
        updatedAt,
        deadline,
        reviewWanted,
        review,
        Terms.NONE,
        updatedAt,
        null,
        List.of(),
        null);
  }

  /** True once a forward step may have left: then it counts as an attempt. */
  public boolean hasActed() {
    return steps.stream().anyMatch(s -> !s.back());
  }

  /** True from admission until it is over: it holds its target. */
  public boolean isUnderWay() {
    return switch (status) {
      case ADMITTED, PREFLIGHT, EXECUTING, VERIFYING, ROLLING_BACK, INDETERMINATE, ABORTING -> true;
      case PROPOSED,
          DENIED,
          BLOCKED,
          AWAITING_APPROVAL,
          REJECTED,
          EXPIRED,
          APPROVED,
          INVALIDATED,
          SUCCEEDED,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          ABORTED ->
          false;
    };
  }

  /** The run of a step, or null while it is pending. */
  public @Nullable StepRun run(String step, boolean back) {
    for (StepRun run : steps) {
      if (run.back() == back && run.step().equals(step)) return run;
    }
    return null;
  }

  /**
   * By when the answer to a step is awaited: after that its end is unknown. Null when it is not
   * out.
   */
  public @Nullable Instant answerBy(StepRun run) {
    if (run.state() != StepState.INTENT) return null;
    for (PlannedStep step : run.back() ? plan.rollback() : plan.steps()) {
      if (step.id().equals(run.step())) return run.intendedAt().plus(step.timeout());
    }
    return null;
  }

  /** When its first forward step left, or null. */
  public @Nullable Instant actedAt() {
    for (StepRun run : steps) {
      if (!run.back()) return run.intendedAt();
    }
    return null;
  }

  /** The service that it acts on. */
  public String service() {
    return plan.target().service();
  }

  /**
   * @param value 0 to 1
   * @param match probability of the pattern
   * @param record lower bound of the runbook's record here
   * @param worked how often it has worked here; {@code tried}: how often it was tried
   * @param counts what the record rests on, in words; empty in facts of before it was told
   */
  public record Confidence(
      double value,
      double match,
      double record,
      int worked,
      int tried,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable String counts) {
    public Confidence {
      counts = counts == null ? "" : counts;
    }

    /** Without the words. */
    public Confidence(double value, double match, double record, int worked, int tried) {
      this(value, match, record, worked, tried, "");
    }
  }

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
      String id,
      String planDigest,
      int approversMin,
      String why,
      Instant askedAt,
      Instant expiresAt,
      List<Decision> decisions) {}

  /** A person's word that a plan is to begin although the time is wrong, bound to its digest. */
  public record OverrideBy(Instant at, String actor, String planDigest, String reason) {}

  /** A signed decision about one plan digest. */
  public record Decision(
      Instant at, String actor, boolean approve, String reason, String idempotencyKey) {}

  /**
   * One step on its way.
   *
   * @param key idempotency key
   * @param back true for a rollback step
   * @param sends how often it was sent: 2 after a probe found that the first did not happen
   */
  public record StepRun(
      String step,
      String key,
      boolean back,
      StepState state,
      Instant intendedAt,
      @Nullable Instant endedAt,
      String output,
      int sends) {
    /** Sent once. */
    public StepRun(
        String step,
        String key,
        boolean back,
        StepState state,
        Instant intendedAt,
        @Nullable Instant endedAt,
        String output) {
      this(step, key, back, state, intendedAt, endedAt, output, 1);
    }

    /** True while nobody has seen its end: the answer, or what a probe finds, is awaited. */
    public boolean isOpen() {
      return state == StepState.INTENT || state == StepState.SENT || state == StepState.UNKNOWN;
    }

    /** True when it surely happened. */
    public boolean happened() {
      return state == StepState.ACKED || state == StepState.APPLIED;
    }
  }

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

  /**
   * One look at what aborts a run.
   *
   * @param at when the readings were asked for
   * @param reads one of each condition: PASS when it does not hold, INCONCLUSIVE when that cannot
   *     be told
   */
  public record AbortLook(Instant at, List<CheckRead> reads) {
    public AbortLook {
      reads = List.copyOf(reads);
    }
  }

  /** What a check says. No data is inconclusive, never a success. */
  public enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE
  }

  /** What a person said afterwards. */
  public record Review(Instant at, String actor, boolean good, String note) {}
}
