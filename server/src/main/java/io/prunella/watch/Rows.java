package io.prunella.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shard keeps of each row besides labels and recent samples: the detector's state in pages
 * of doubles that never move, and a few plain columns. The shard's thread only.
 */
final class Rows {
  /*
   * Few rows get small pages, many get large ones: an array of some 35 MB is more than the collector
   * has for young objects, so it is made where it stays and is never copied.
   */
  private static final int PAGE_BITS = 9; // 512 rows: some 200 KiB a page
  private static final int LARGE_BITS = 16;
  private static final int LARGE_FROM = 1 << LARGE_BITS; // the first row that lies in a large page

  private static final int LINE_DOUBLES = 8;

  /** Bits of {@link #marks}. */
  static final byte ANOMALOUS = 1;

  static final byte ENDED = 2;
  static final byte COUNTER = 4;
  static final byte RESTORED = 8; // from a checkpoint, and nobody has written it since
  static final byte SCORED = 16; // the last sample had a score

  private final int rowDoubles;
  private final List<double[]> pages = new ArrayList<>();
  private final List<double[]> largePages = new ArrayList<>();
  int[] traits = new int[1 << 10];
  int[] service = new int[1 << 10];
  byte[] signal = new byte[1 << 10];
  byte[] marks = new byte[1 << 10];
  char[] sender = new char[1 << 10]; // who counts for it; 0 for nobody
  int[] seenSeconds = new int[1 << 10]; // when the last sample arrived, by the clock of the ticks
  long[] lastBits = new long[1 << 10]; // raw bits of the last sample
  // The row's part in a limit, a check or a change; null for almost all rows.
  @Nullable Special[] special = new Special[1 << 10];

  Rows(int rowDoubles) {
    this.rowDoubles = rowDoubles;
  }

  /** Makes room for a row. */
  void begin(int row) {
    int small = Math.min(row, LARGE_FROM - 1) >>> PAGE_BITS;
    while (pages.size() <= small) pages.add(new double[rowDoubles << PAGE_BITS]);
    int large = row >>> LARGE_BITS; // one less than there must be: the first rows have small ones
    while (largePages.size() < large) largePages.add(new double[rowDoubles << LARGE_BITS]);
    if (row >= traits.length) {
      int length = traits.length * 2;
      traits = Arrays.copyOf(traits, length);
      service = Arrays.copyOf(service, length);
      signal = Arrays.copyOf(signal, length);
      marks = Arrays.copyOf(marks, length);
      sender = Arrays.copyOf(sender, length);
      seenSeconds = Arrays.copyOf(seenSeconds, length);
      lastBits = Arrays.copyOf(lastBits, length);
      special = Arrays.copyOf(special, length);
    }
    marks[row] = 0;
    sender[row] = 0;
    lastBits[row] = 0;
    special[row] = null;
  }

  double[] page(int row) {
    return row < LARGE_FROM
        ? pages.get(row >>> PAGE_BITS)
        : largePages.get((row >>> LARGE_BITS) - 1);
  }

  int at(int row) {
    int mask = row < LARGE_FROM ? (1 << PAGE_BITS) - 1 : LARGE_FROM - 1;
    return (row & mask) * rowDoubles;
  }

  /** Reads a double of each cache line of a row, all at once: the misses overlap. */
  double touch(int row) {
    double[] page = page(row);
    double sum = 0;
    int at = at(row);
    for (int end = at + rowDoubles; at < end; at += LINE_DOUBLES) sum += page[at];
    return sum;
  }

  int rowDoubles() {
    return rowDoubles;
  }

  boolean is(int row, byte mark) {
    return (marks[row] & mark) != 0;
  }

  void mark(int row, byte mark, boolean set) {
    if (set) {
      marks[row] |= mark;
    } else {
      marks[row] &= (byte) ~mark;
    }
  }

  long bytes() {
    return (long) pages.size() * rowDoubles * (8 << PAGE_BITS)
        + (long) largePages.size() * rowDoubles * (8 << LARGE_BITS)
        + traits.length * 28L;
  }
}
