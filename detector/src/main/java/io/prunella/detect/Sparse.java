package io.prunella.detect;

import static io.prunella.detect.Row.*;

/**
 * Rare counts: errors and restarts that are mostly 0. One sample says nothing there, a few minutes
 * do: k counted lately where the day made one expect λ has −ln p ≈ k·ln(k/λ) − (k − λ), Chernoff's
 * bound of a Poisson's tail. Things that come in clumps (errors do, restarts do not) weigh half.
 */
final class Sparse {
  private static final double LATELY_SECONDS = 300;
  private static final double OPEN_SECONDS = 90; // while odd: its end must show within minutes, too
  private static final double LATELY_MAX = 30; // a burst of thousands must not be remembered longer
  private static final double DAY_SECONDS = 86_400;
  private static final double PRIOR = 0.5; // counted before anything was
  private static final double PRIOR_SECONDS = 5;
  private static final double EXPECTED_MAX = 20; // lately; beyond, a sample says enough by itself
  private static final double FEW = 2.4; // the third within a few minutes
  private static final double CLUMPS = 0.5;

  private Sparse() {}

  /**
   * Takes what was counted in {@code seconds}; answers −ln p of what was counted lately, 0 when
   * there is nothing to say.
   */
  static double surprise(double[] page, int at, int traits, double count, double seconds) {
    double memory = isOpen(page, at) ? OPEN_SECONDS : LATELY_SECONDS;
    double faded = page[at + LATELY] * memory / (memory + seconds);
    double lately = Math.min(faded + count, Math.max(LATELY_MAX, count));
    double before = Math.max(0, page[at + OVER_DAY] - faded); // what is news is not yet expected
    page[at + LATELY] = lately * Math.min(1, memory / seconds); // of a gap, its last minutes' share
    double known = (page[at + SEEN] - page[at + BORN]) / 1000;
    double window = remembered(known, LATELY_SECONDS);
    double span = PRIOR_SECONDS + remembered(known, DAY_SECONDS) - window;
    double exposure = Math.max(window, seconds); // a sample after a gap counts the whole gap
    double expected = (PRIOR + before) / span * exposure;
    boolean asked = isOpen(page, at) || (count > 0 && lately >= FEW); // nothing new opens nothing
    if (!asked || expected > EXPECTED_MAX || lately <= expected) return 0;
    double surprise = lately * Math.log(lately / expected) - (lately - expected);
    return Traits.eachCounts(traits) ? surprise : CLUMPS * surprise;
  }

  /** Seconds of a life that a memory still holds: a young series has seen no day yet. */
  private static double remembered(double known, double memory) {
    return -memory * Math.expm1(-Math.max(known, 0) / memory);
  }

  /** Learns what was counted: not while an anomaly is open, and later than it was scored. */
  static void learn(double[] page, int at, double count, double seconds) {
    page[at + OVER_DAY] = page[at + OVER_DAY] * DAY_SECONDS / (DAY_SECONDS + seconds) + count;
  }
}
