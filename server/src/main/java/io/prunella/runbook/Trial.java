package io.prunella.runbook;

import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test inside a runbook: given this target and these readings, that verdict and that plan.
 *
 * @param target what is given of the target; the rest are the first kind and role it may act on
 * @param signals readings at the moment of decision
 * @param after readings at the moment of verification; null: not looked at
 * @param during readings while the steps run; null: not looked at
 * @param alerts labels of the alerts that fire
 * @param at the time by which the runbook's own windows are judged, or null
 * @param over the end that the runbook has come to, or null
 * @param pool how many targets of its environment there are, and are ill, or null
 * @param params parameters that differ from their defaults
 * @param line where it stands in the file
 */
public record Trial(
    String name,
    Target target,
    Map<String, String> snapshot,
    Map<String, Object> params,
    Map<Signal, List<Given>> signals,
    @Nullable Map<Signal, List<Given>> after,
    @Nullable Map<Signal, List<Given>> during,
    List<Map<String, String>> alerts,
    @Nullable Instant at,
    @Nullable Pool pool,
    @Nullable Over over,
    Expected expected,
    int line) {

  /**
   * The targets of one environment.
   *
   * @param ill of them, its own among them
   */
  public record Pool(int ill, int of) {}

  /**
   * The runbook is at its end.
   *
   * @param waited for {@code BLOCKED}: how long the proposal has waited; else 0
   */
  public record Over(Runbook.Reason reason, Duration waited) {}

  /** How a run ends. */
  public enum Final {
    SUCCEEDED,
    ROLLED_BACK,
    /** What was done stays, or cannot be taken back: people lead. */
    ESCALATED
  }

  /**
   * Who hears of it.
   *
   * @param to a channel's name, {@code all} or {@code nobody}
   */
  public record Hears(String to, Runbook.Severity severity) {
    static final Hears ALL = new Hears("all", Runbook.Severity.CRITICAL);

    /** It only goes on waiting. */
    static final Hears NOBODY = new Hears("nobody", Runbook.Severity.CRITICAL);
  }

  /**
   * One series made up for a test: {@code before} until the incident, then {@code last}.
   *
   * @param limit NaN: none
   */
  public record Given(String metric, double before, double last, double limit) {}

  /**
   * What must come out; null and empty: not looked at.
   *
   * @param alerts verdict of what must and must not fire
   * @param mayBegin whether its own windows and short-circuit let it begin
   * @param preconditions verdict of all preconditions together
   * @param because the precondition that is not PASS
   * @param verify verdict of all verification checks over {@code after}
   * @param abort whether the run is aborted at the readings {@code during}
   * @param end how the run ends at the readings {@code during} and {@code after}
   * @param escalate who hears of the end that is given
   * @param steps step id to argument to value, of the finished plan
   * @param rollback the same of the way back
   */
  public record Expected(
      CheckResult.@Nullable Verdict alerts,
      @Nullable Boolean mayBegin,
      CheckResult.@Nullable Verdict preconditions,
      @Nullable String because,
      CheckResult.@Nullable Verdict verify,
      @Nullable Boolean abort,
      @Nullable Final end,
      @Nullable Hears escalate,
      Map<String, Map<String, String>> steps,
      Map<String, Map<String, String>> rollback) {}
}
