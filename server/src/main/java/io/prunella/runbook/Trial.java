package io.prunella.runbook;

import io.prunella.signal.Signal;
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
    Expected expected,
    int line) {

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
   * @param preconditions verdict of all preconditions together
   * @param because the precondition that is not PASS
   * @param verify verdict of all verification checks over {@code after}
   * @param abort whether the run is aborted at the readings {@code during}
   * @param steps step id to argument to value, of the finished plan
   * @param rollback the same of the way back
   */
  public record Expected(
      CheckResult.@Nullable Verdict alerts,
      CheckResult.@Nullable Verdict preconditions,
      @Nullable String because,
      CheckResult.@Nullable Verdict verify,
      @Nullable Boolean abort,
      Map<String, Map<String, String>> steps,
      Map<String, Map<String, String>> rollback) {}
}
