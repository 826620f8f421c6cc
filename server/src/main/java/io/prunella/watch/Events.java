package io.prunella.watch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Samples of special series side by side in arrays that are reused. One owner. */
final class Events {
  private static final int KEPT_MAX = 1 << 18;

  @Nullable Special[] who = new Special[256];
  long[] timesMs = new long[256];
  double[] values = new double[256];
  int count;

  void add(Special special, long timeMs, double value) {
    if (count == who.length) grow(count * 2);
    who[count] = special;
    timesMs[count] = timeMs;
    values[count++] = value;
  }

  void addAll(Events other) {
    if (count + other.count > who.length) grow(Math.max(count + other.count, count * 2));
    System.arraycopy(other.who, 0, who, count, other.count);
    System.arraycopy(other.timesMs, 0, timesMs, count, other.count);
    System.arraycopy(other.values, 0, values, count, other.count);
    count += other.count;
  }

  private void grow(int length) {
    who = Arrays.copyOf(who, length);
    timesMs = Arrays.copyOf(timesMs, length);
    values = Arrays.copyOf(values, length);
  }

  /** Forgets all of them, and room that was only needed once. */
  void clear() {
    if (who.length > KEPT_MAX) {
      who = new Special[256];
      timesMs = new long[256];
      values = new double[256];
    } else {
      Arrays.fill(who, 0, count, null); // a special that is forgotten must not be kept
    }
    count = 0;
  }
}
