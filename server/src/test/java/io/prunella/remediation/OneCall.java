package io.prunella.remediation;

import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A test's own action: one call without arguments that must not be made twice nor taken back. */
public abstract class OneCall implements Action {
  private final String name;
  private final String done;

  /**
   * @param done what it comes to, in one word
   */
  protected OneCall(String name, String done) {
    this.name = name;
    this.done = done;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Idempotency idempotency() {
    return Idempotency.N;
  }

  @Override
  public final boolean reversible() {
    return false;
  }

  @Override
  public final List<String> problems(Map<String, String> arguments) {
    return List.of();
  }

  @Override
  public final Map<String, String> snapshot(Target target, Duration timeout) {
    return Map.of();
  }

  @Override
  public final List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    return List.of("+ " + done);
  }

  @Override
  public final Outcome run(Call call) {
    called(call);
    return new Outcome.Done(done);
  }

  @Override
  public final Probe probe(Call call) {
    return isApplied(call) ? Probe.APPLIED : Probe.NOT_APPLIED;
  }

  /** It is called. */
  protected abstract void called(Call call);

  /** Whether it was called for such a target before. */
  protected abstract boolean isApplied(Call call);
}
