package io.prunella.remediation;

import java.time.Duration;
import java.util.Map;

/**
 * One call of one action, with everything it needs.
 *
 * @param id the step's name in the runbook
 * @param action the action's name, e.g. {@code redis.free} or {@code simulated.scale}
 * @param arguments concrete values; never a template
 * @param timeout after which the end is unknown
 * @param idempotency {@code D} desired state (safe to repeat), {@code K} keyed, {@code N} at most
 *     once
 * @param reversible whether the action can be taken back
 */
public record PlannedStep(
    String id,
    String action,
    Map<String, String> arguments,
    Duration timeout,
    Idempotency idempotency,
    boolean reversible) {
  public PlannedStep {
    arguments = Map.copyOf(arguments);
  }

  /** What happens when a step is sent twice. */
  public enum Idempotency {
    /** Desired state by compare-and-set: safe to repeat. */
    D,
    /** Keyed: the target knows the key and does it once. */
    K,
    /** Not idempotent: sent at most once, probed after an unknown end. */
    N
  }
}
