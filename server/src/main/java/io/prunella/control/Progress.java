package io.prunella.control;

import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the steps that are out have said so far, for people who look on. It is no fact: nothing is
 * decided by it, the journal never has it, and it is gone with the process. At most {@link
 * #STEPS_MAX} steps are looked at; those that come on top show nothing before their end. Any
 * thread.
 */
public final class Progress {
  /** More than can be out at once unless very much is configured. */
  static final int STEPS_MAX = 100;

  private final Map<String, Supplier<String>> byKey = new ConcurrentHashMap<>();

  Progress() {}

  /**
   * As it stands at one moment.
   *
   * @param soFar what each step has said, by its idempotency key
   */
  public static Progress of(Map<String, String> soFar) {
    var progress = new Progress();
    soFar.forEach((key, text) -> progress.byKey.put(key, () -> text));
    return progress;
  }

  void begun(String key, Supplier<String> soFar) {
    if (byKey.size() < STEPS_MAX) byKey.put(key, soFar);
  }

  void ended(String key) {
    byKey.remove(key);
  }

  /**
   * What a step has said so far: bounded, without secrets.
   *
   * @return null when it is not out, or shows nothing before its end
   */
  public @Nullable String of(StepRun run) {
    Supplier<String> soFar = run.state() == StepState.INTENT ? byKey.get(run.key()) : null;
    return soFar == null ? null : soFar.get();
  }

  /** All that is said at present, by key: equal while nobody has said anything more. */
  public Map<String, String> now() {
    var now = new TreeMap<String, String>();
    byKey.forEach((key, soFar) -> now.put(key, soFar.get()));
    return now;
  }
}
