package io.prunella.remediation;

import io.prunella.runbook.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One thing that can be done to the world. Stateless; called on virtual threads and may block up to
 * its timeout. What it returns is bounded and has secrets masked. Every action passes the same
 * contract test.
 */
public interface Action {
  /**
   * Unique, {@code kind.verb}: {@code redis.free}, {@code simulated.scale}, {@code command.run}.
   */
  String name();

  /** What happens when it is sent twice. */
  PlannedStep.Idempotency idempotency();

  /** True when it can be taken back by another step. */
  boolean reversible();

  /**
   * Checks names and values of the arguments.
   *
   * @return one line per problem that names the argument, the value seen and the value wanted;
   *     empty when all is well
   */
  List<String> problems(Map<String, String> arguments);

  /**
   * The target's state that this action would change, for the plan and for the way back.
   *
   * @throws UnreachableException when it cannot be read
   */
  Map<String, String> snapshot(Target target, Duration timeout);

  /** What it would change, one line per change ({@code - old}, {@code + new}); changes nothing. */
  List<String> dryRun(Target target, Map<String, String> arguments, Map<String, String> snapshot);

  /** Does it. Never throws for the world's faults: a lost answer is {@link Outcome.Unknown}. */
  Outcome run(Call call);

  /**
   * The same for those who look on.
   *
   * @param onItsWay told at most once where the output so far can be read while it runs: bounded,
   *     without secrets, by any thread, never blocking. An action that has nothing to show before
   *     its end leaves it alone
   */
  default Outcome run(Call call, Consumer<Supplier<String>> onItsWay) {
    return run(call);
  }

  /** After an unknown end: did it happen? */
  Probe probe(Call call);

  /**
   * One sending of one step.
   *
   * @param key idempotency key: UUIDv5 of remediation, step and ordinal; the same after a restart
   * @param snapshot as it was before the first step
   * @param fence token of the server that sends: it grows with every server that has led, so that a
   *     target which remembers the highest one seen can refuse a late call of an earlier server; 0
   *     when nobody leads (a dry run)
   */
  record Call(
      Target target, PlannedStep step, String key, Map<String, String> snapshot, long fence) {
    /** A call of nobody who leads. */
    public Call(Target target, PlannedStep step, String key, Map<String, String> snapshot) {
      this(target, step, key, snapshot, 0);
    }
  }

  /** What a probe found. */
  enum Probe {
    APPLIED,
    NOT_APPLIED,
    UNKNOWN
  }

  /** A target that does not answer, or not as expected. */
  final class UnreachableException extends RuntimeException {
    public UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }

    public UnreachableException(String message) {
      super(message);
    }
  }
}
