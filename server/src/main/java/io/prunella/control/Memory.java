package io.prunella.control;

import io.prunella.incident.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What control knows besides the facts, and may forget: after a restart it begins empty and
 * everything is decided again from the facts. Only the thread that takes the turns may touch it,
 * and only after the turn's facts are on disk.
 */
final class Memory {
  /**
   * Observations newer than the start that are wanted before anything that was under way goes on.
   */
  static final int OBSERVATIONS_MIN = 2;

  private static final int KEYS_MAX = 10_000;

  /**
   * What has not answered within this is taken as lost, and may be begun anew; a step never is: it
   * has a watchdog.
   */
  static final Duration EFFECT_MAX = Duration.ofMinutes(2);

  private final Map<String, Instant> inFlight = new HashMap<>();

  /**
   * Remediations that were not over when this server began, and are not yet known to be well seen.
   */
  final Set<String> inherited = new HashSet<>();

  Pending pending = Pending.EMPTY;
  @Nullable Instant startedAt;

  /** Sequence number of this server's own start: it grows with every server that has led. */
  long fence;

  private final Map<String, Instant> notBefore = new HashMap<>();
  private final Map<String, Instant> firstAt = new HashMap<>();
  private final Map<String, Integer> tries = new HashMap<>();
  private final Map<String, Seen> seen = new HashMap<>();

  private record Seen(Instant newest, int observations) {}

  void begun(Effect effect, Instant now) {
    inFlight.put(effect.key(), now);
  }

  void ended(Report report) {
    inFlight.remove(report.key());
  }

  boolean isInFlight(String key, Instant now) {
    Instant begun = inFlight.get(key);
    return begun != null && now.isBefore(begun.plus(EFFECT_MAX));
  }

  /** Whether something may be tried (again). */
  boolean isDue(String key, Instant now) {
    Instant earliest = notBefore.get(key);
    return earliest == null || !now.isBefore(earliest);
  }

  void notBefore(String key, Instant earliest) {
    if (notBefore.size() >= KEYS_MAX) notBefore.values().removeIf(i -> i.isBefore(earliest));
    notBefore.put(key, earliest);
  }

  /** When something was first said under this key. */
  Instant firstAt(String key, Instant now) {
    return firstAt.getOrDefault(key, now);
  }

  void first(String key, Instant now) {
    if (firstAt.size() >= KEYS_MAX) firstAt.clear();
    firstAt.putIfAbsent(key, now);
  }

  void forget(String key) {
    notBefore.remove(key);
    firstAt.remove(key);
    tries.remove(key);
  }

  int tries(String key) {
    return tries.getOrDefault(key, 0);
  }

  void tried(String key) {
    if (tries.size() >= KEYS_MAX) tries.clear();
    tries.merge(key, 1, Integer::sum);
  }

  /** A service was looked at; only samples newer than the start and than the last look count. */
  void observed(String service, @Nullable Instant newest) {
    Instant start = startedAt;
    if (newest == null || start == null || !newest.isAfter(start)) return;
    Seen before = seen.get(service);
    if (before != null && !newest.isAfter(before.newest())) return;
    if (seen.size() >= KEYS_MAX) seen.clear();
    seen.put(service, new Seen(newest, before == null ? 1 : before.observations() + 1));
  }

  boolean isObserved(String service) {
    Seen one = seen.get(service);
    return one != null && one.observations() >= OBSERVATIONS_MIN;
  }

  /** Whether a remediation that this server has found must still wait for fresh observations. */
  boolean isCold(String remediation, String service, Instant now, Duration recoveryMax) {
    Instant start = startedAt;
    return start == null
        || (inherited.contains(remediation)
            && !isObserved(service)
            && now.isBefore(start.plus(recoveryMax)));
  }
}
