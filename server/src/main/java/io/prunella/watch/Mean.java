package io.prunella.watch;

import io.prunella.series.Labels;
import io.prunella.series.StaleMarker;
import java.util.Arrays;

/**
 * The mean of what a pair of counters speaks of, {@code _sum} and {@code _count}: what came in
 * between two scrapes, divided by how many came. The rate of a sum of seconds rises with traffic;
 * the mean does not. Both counters' shards may call at once.
 */
final class Mean {
  static final int WAITING_MAX = 256; // samples of one counter that wait for the other's
  static final int READY_MAX = 256; // means that wait to be handed on
  static final long IDLE_MS = 60_000; // so long nothing came: what was odd about it is over

  final Labels labels;
  final long print;
  int parts; // live series that are a part of it; guarded by Means

  // The counter that is ahead, and its samples that the other has not reached yet.
  private boolean isSumAhead;
  private long[] waitingMs = new long[2];
  private double[] waiting = new double[2];
  private int waits;

  private double lastSum = Double.NaN;
  private double lastCount = Double.NaN;
  private long lastMs;
  private long meantMs = Long.MAX_VALUE; // the last mean's; none since it was paused

  private long[] readyMs = new long[2];
  private long[] readyBits = new long[2];
  private int ready;

  Mean(Labels labels, long print) {
    this.labels = labels;
    this.print = print;
  }

  /**
   * Takes the next sample of one of the two.
   *
   * @return true when there is something to hand on and was nothing before
   */
  synchronized boolean take(boolean isSum, long timeMs, double value) {
    int before = ready;
    if (waits == 0 || isSumAhead == isSum) {
      await(isSum, timeMs, value);
      return false;
    }
    int passed = 0;
    while (passed < waits && waitingMs[passed] < timeMs) passed++;
    boolean isMatch = passed < waits && waitingMs[passed] == timeMs;
    double other = isMatch ? waiting[passed] : 0;
    drop(isMatch ? passed + 1 : passed);
    if (isMatch) {
      match(timeMs, isSum ? value : other, isSum ? other : value);
    } else if (waits == 0) {
      await(isSum, timeMs, value);
    }
    return before == 0 && ready > 0;
  }

  /** One of the two has ended. Returns as {@link #take} does. */
  synchronized boolean end(long timeMs) {
    int before = ready;
    boolean isKnown = !Double.isNaN(lastCount);
    waits = 0;
    lastSum = Double.NaN;
    lastCount = Double.NaN;
    if (isKnown && timeMs > lastMs) {
      lastMs = timeMs;
      hand(timeMs, StaleMarker.BITS);
    }
    return before == 0 && ready > 0;
  }

  private void await(boolean isSum, long timeMs, double value) {
    isSumAhead = isSum;
    if (waits == WAITING_MAX) drop(1);
    if (waits == waiting.length) {
      waitingMs = Arrays.copyOf(waitingMs, waits * 2);
      waiting = Arrays.copyOf(waiting, waits * 2);
    }
    waitingMs[waits] = timeMs;
    waiting[waits++] = value;
  }

  private void drop(int first) {
    waits -= first;
    System.arraycopy(waitingMs, first, waitingMs, 0, waits);
    System.arraycopy(waiting, first, waiting, 0, waits);
  }

  private void match(long timeMs, double sum, double count) {
    if (timeMs <= lastMs) return;
    double more = count - lastCount; // NaN before the first
    double mean = more > 0 && sum >= lastSum ? (sum - lastSum) / more : Double.NaN;
    boolean isFirst = Double.isNaN(lastCount);
    lastSum = sum;
    lastCount = count;
    lastMs = timeMs;
    if (isFirst) return;
    if (!Double.isNaN(mean)) {
      meantMs = timeMs;
    } else if (timeMs - IDLE_MS >= meantMs) {
      meantMs = Long.MAX_VALUE;
      hand(timeMs, StaleMarker.BITS);
      return;
    }
    // NaN when nothing came, or a counter began anew: alive, and nothing to say.
    hand(timeMs, Double.doubleToRawLongBits(mean));
  }

  private void hand(long timeMs, long bits) {
    if (ready == READY_MAX) return; // ticks have stopped: who does not listen misses some
    if (ready == readyMs.length) {
      readyMs = Arrays.copyOf(readyMs, ready * 2);
      readyBits = Arrays.copyOf(readyBits, ready * 2);
    }
    readyMs[ready] = timeMs;
    readyBits[ready++] = bits;
  }

  /** Where means go. */
  @FunctionalInterface
  interface Sink {
    void take(long timeMs, long bits);
  }

  /** Hands on what there is, oldest first. */
  synchronized void drain(Sink sink) {
    for (int i = 0; i < ready; i++) sink.take(readyMs[i], readyBits[i]);
    ready = 0;
  }
}
