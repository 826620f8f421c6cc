package io.prunella.remediation;

import io.prunella.runbook.Target;
import java.util.List;
import java.util.Map;

/**
 * Exactly what would be done: nothing is looked up or computed later. Its digest is what people
 * sign.
 *
 * @param incident for which incident
 * @param pattern the pattern that matched
 * @param runbook name; {@code runbookDigest}: SHA-256 of its content
 * @param tier 1 to 4
 * @param mode {@code observe}, {@code suggest} or {@code auto}
 * @param steps in order
 * @param rollback in the order in which they would be run; empty when there is no way back
 * @param snapshot the target's state before, as the action tells it
 * @param diff dry run: one line per change, {@code - old} and {@code + new}
 * @param digest SHA-256 over the canonical JSON of all of the above, hex
 */
public record Plan(
    String incident,
    String pattern,
    String runbook,
    String runbookDigest,
    int tier,
    String mode,
    Target target,
    List<PlannedStep> steps,
    List<PlannedStep> rollback,
    Map<String, String> snapshot,
    List<String> diff,
    String digest) {
  public Plan {
    steps = List.copyOf(steps);
    rollback = List.copyOf(rollback);
    snapshot = Map.copyOf(snapshot);
    diff = List.copyOf(diff);
  }

  /** True when every step can be taken back. */
  public boolean isReversible() {
    return steps.stream().allMatch(PlannedStep::reversible);
  }
}
