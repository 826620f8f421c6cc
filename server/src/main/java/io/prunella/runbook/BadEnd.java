package io.prunella.runbook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a run can end badly after something was done, as {@code rollback.when} names it. */
public enum BadEnd {
  /** The effect was not proven: too many failed readings, or none good enough by the deadline. */
  VERIFY_FAILED("verifyFailed"),
  /** A check of {@code verify.doNoHarm} did not hold. */
  DO_NO_HARM("doNoHarm"),
  /** The deadline of the verification came, and the last reading could tell nothing. */
  INCONCLUSIVE("inconclusive"),
  /** A step failed, did not happen, or may not begin any more after others were done. */
  STEP_FAILED("stepFailed"),
  /** A check of {@code guardrails.abortIf} held or could not be told, or a person aborted it. */
  ABORTED("aborted");

  private static final Map<String, BadEnd> WORDS = words();

  private final String word;

  BadEnd(String word) {
    this.word = word;
  }

  private static Map<String, BadEnd> words() {
    var words = new LinkedHashMap<String, BadEnd>();
    for (BadEnd one : values()) words.put(one.word, one);
    return words;
  }

  /** As it is written in a runbook. */
  public String word() {
    return word;
  }

  static Optional<BadEnd> of(String word) {
    return Optional.ofNullable(WORDS.get(word));
  }

  /** All of them as they are written. */
  static String wanted() {
    return String.join(", ", WORDS.keySet());
  }

  /**
   * How a verification ends badly, in a run as in a runbook's own test: by the worst that was seen.
   *
   * @param aborts whether a check of {@code guardrails.abortIf} has held or could not be told
   * @param harms whether a check of {@code verify.doNoHarm} has not held
   * @param effect what has come of the effect; null: it cannot be said yet
   * @return null when the effect is proven, or it goes on
   */
  public static @Nullable BadEnd ofVerification(
      boolean aborts, boolean harms, CheckResult.@Nullable Verdict effect) {
    if (aborts) return ABORTED;
    if (harms) return DO_NO_HARM;
    return switch (effect) {
      case null -> null;
      case PASS -> null;
      case FAIL -> VERIFY_FAILED;
      case INCONCLUSIVE -> INCONCLUSIVE;
    };
  }

  /**
   * Whether a runbook wants taken back what was done, should it end so. Whether it can be taken
   * back is another question.
   *
   * @param when ends after which it does; null: after all of them
   * @param onInconclusive what its verification says of the end that could tell nothing, or null
   */
  public boolean isTakenBack(
      @Nullable List<BadEnd> when, Runbook.@Nullable OnInconclusive onInconclusive) {
    if (this == INCONCLUSIVE && onInconclusive == Runbook.OnInconclusive.ESCALATE) return false;
    return when == null || when.contains(this);
  }
}
