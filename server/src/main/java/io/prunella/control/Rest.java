package io.prunella.control;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long everything but people waits after a turn. With thousands of anomalies each turn weighs
 * all of them, and without a pause that would take a core from whoever takes samples in: so a turn
 * is followed by a rest of {@link #TIMES} times its length. It may be taken a little later: a few
 * short turns in a row, as a repair takes from its symptom to its first step, follow each other at
 * once, and the rest is owed. One thread.
 */
final class Rest {
  private static final int TIMES = 4;

  /** So much may be owed. */
  static final Duration OWED_MAX = Duration.ofMillis(250);

  /** At most so long at a time. */
  static final Duration REST_MAX = Duration.ofSeconds(1);

  private Duration owed = Duration.ZERO;
  private @Nullable Instant before; // when the last turn ended

  /**
   * The rest after a turn.
   *
   * @param begun by any clock; one that jumps back makes the rest longer, never more than {@link
   *     #REST_MAX}
   */
  Duration after(Instant begun, Instant ended) {
    Instant last = before;
    if (last != null && begun.isAfter(last)) {
      Duration left = owed.minus(Duration.between(last, begun));
      owed = left.isNegative() ? Duration.ZERO : left;
    }
    before = ended;
    if (ended.isAfter(begun)) owed = owed.plus(Duration.between(begun, ended).multipliedBy(TIMES));
    Duration most = OWED_MAX.plus(REST_MAX);
    if (owed.compareTo(most) > 0) owed = most;
    Duration rest = owed.minus(OWED_MAX);
    return rest.isNegative() ? Duration.ZERO : rest;
  }
}
