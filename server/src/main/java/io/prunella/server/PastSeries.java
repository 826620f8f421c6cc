package io.prunella.server;

import io.prunella.series.Labels;
import java.util.Arrays;

/** Samples of one series of the past, in order of time. One thread. */
public final class PastSeries {
  private final Labels labels;
  private long[] timesMs = new long[64];
  private double[] values = new double[64];
  private int size;

  /** One without samples. */
  public PastSeries(Labels labels) {
    this.labels = labels;
  }

  /**
   * Adds a sample; what is not later than the last one is left out, as two answers may overlap.
   *
   * @return whether it was added
   */
  public boolean add(long timeMs, double value) {
    if (size > 0 && timeMs <= timesMs[size - 1]) return false;
    if (size == timesMs.length) {
      timesMs = Arrays.copyOf(timesMs, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    timesMs[size] = timeMs;
    values[size++] = value;
    return true;
  }

  public Labels labels() {
    return labels;
  }

  public int size() {
    return size;
  }

  /** Time of a sample, 0 to size − 1, in milliseconds since the epoch. */
  public long timeMs(int i) {
    return timesMs[i];
  }

  /** Value of a sample; may be NaN or infinite. */
  public double value(int i) {
    return values[i];
  }
}
