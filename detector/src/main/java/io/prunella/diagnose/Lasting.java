package io.prunella.diagnose;

import java.util.Arrays;

/**
 * Since when something has been at least how high, without a break: steps that rise with time.
 * Immutable; any thread.
 */
public final class Lasting {
  /** Steps kept; past it the smallest step is left out, which says less than is true. */
  private static final int STEPS_MAX = 16;

  public static final Lasting NONE = new Lasting(new long[0], new double[0]);

  private final long[] sinceMs;
  private final double[] heights;

  private Lasting(long[] sinceMs, double[] heights) {
    this.sinceMs = sinceMs;
    this.heights = heights;
  }

  /**
   * The same with the height at a moment, which holds until the next.
   *
   * @param atMs not before the last one
   * @param height 0 or less is nothing: all begins anew
   * @param longestMs nobody will ask for longer than this
   */
  public Lasting then(long atMs, double height, long longestMs) {
    if (!(height > 0)) return NONE;
    int below = heights.length;
    while (below > 0 && heights[below - 1] >= height) below--;
    long since = below < heights.length ? sinceMs[below] : atMs;
    int first = 0;
    while (first + 1 < below && sinceMs[first + 1] <= atMs - longestMs) first++;
    if (below > 0 && since <= atMs - longestMs) first = below; // higher, and just as old
    int kept = below - first;
    var times = Arrays.copyOfRange(sinceMs, first, first + kept + 1);
    var steps = Arrays.copyOfRange(heights, first, first + kept + 1);
    times[kept] = since;
    steps[kept] = height;
    var next = new Lasting(times, steps);
    return kept + 1 > STEPS_MAX ? next.withoutSmallest() : next;
  }

  private Lasting withoutSmallest() {
    int smallest = 1;
    for (int i = 2; i < heights.length; i++) {
      if (heights[i] - heights[i - 1] < heights[smallest] - heights[smallest - 1]) smallest = i;
    }
    var times = new long[heights.length - 1];
    var steps = new double[heights.length - 1];
    for (int i = 0, to = 0; i < heights.length; i++) {
      if (i == smallest) continue;
      times[to] = sinceMs[i];
      steps[to++] = heights[i];
    }
    return new Lasting(times, steps);
  }

  /** The height that has been held for so long by now; 0 when there is none. */
  public double held(long atMs, long lastingMs) {
    for (int i = heights.length - 1; i >= 0; i--) {
      if (sinceMs[i] <= atMs - lastingMs) return heights[i];
    }
    return 0;
  }
}
