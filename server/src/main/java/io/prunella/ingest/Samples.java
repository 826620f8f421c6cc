package io.prunella.ingest;

import java.util.Arrays;

/** Samples side by side in arrays that grow and are reused. One owner. */
final class Samples {
  long[] prints = new long[2048];
  int[] from = new int[2048];
  int[] to = new int[2048];
  long[] timesMs = new long[2048];
  long[] bits = new long[2048];
  int count;

  void add(long print, int labelsFrom, int labelsTo, long timeMs, long valueBits) {
    if (count == prints.length) grow();
    prints[count] = print;
    from[count] = labelsFrom;
    to[count] = labelsTo;
    timesMs[count] = timeMs;
    bits[count++] = valueBits;
  }

  /** Takes the place of an earlier one. */
  void move(int of, int at) {
    if (of == at) return;
    prints[at] = prints[of];
    from[at] = from[of];
    to[at] = to[of];
    timesMs[at] = timesMs[of];
    bits[at] = bits[of];
  }

  private void grow() {
    int length = count * 2;
    prints = Arrays.copyOf(prints, length);
    from = Arrays.copyOf(from, length);
    to = Arrays.copyOf(to, length);
    timesMs = Arrays.copyOf(timesMs, length);
    bits = Arrays.copyOf(bits, length);
  }

  /** Bytes that the arrays take. */
  int bytes() {
    return prints.length * 32;
  }
}
