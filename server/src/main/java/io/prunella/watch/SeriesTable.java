package io.prunella.watch;

import java.util.Arrays;

/**
 * Fingerprint to row. Rows are dense in order of first arrival, so that senders who repeat their
 * order walk through memory; a forgotten row is given out again, the lowest first. The shard's
 * thread only.
 */
final class SeriesTable {
  /*
   * Open addressing with linear probing, one long a slot: the print's upper 40 bits and the row + 1 in the lower 24, so
   * that a look-up is one cache line in a table of 16 bytes a series. What the tag cannot tell, the full print beside the
   * row decides. Removal shifts back (Knuth 6.4, algorithm R): no tombstones, no decay under churn.
   */
  private static final int ROW_BITS = 24;
  private static final long ROW_MASK = (1L << ROW_BITS) - 1;

  /** Rows that one table can name. */
  static final int ROWS_MAX = (1 << ROW_BITS) - 2;

  /** The answer for a print that has no row. */
  static final int NONE = -1;

  private long[] slots = new long[1 << 12];
  private long[] prints = new long[1 << 10]; // by row; 0: the row is free
  private int rowsEnd; // rows that have ever been given out
  private int live;
  private int[] free = new int[16]; // a heap of freed rows, the lowest on top
  private int freed;

  /** The row of a print, or {@link #NONE}. */
  int find(long print) {
    int mask = slots.length - 1;
    for (int at = (int) print & mask; ; at = (at + 1) & mask) {
      long slot = slots[at];
      if (slot == 0) return NONE;
      if (((slot ^ print) & ~ROW_MASK) == 0) {
        int row = (int) (slot & ROW_MASK) - 1;
        if (prints[row] == print) return row;
      }
    }
  }

  /**
   * The same, looking first at the row after {@code before}: senders repeat their order, and rows
   * lie in it.
   */
  int find(long print, int before) {
    int next = before + 1;
    return next < rowsEnd && prints[next] == print ? next : find(print);
  }

  /** Gives a row to a print that has none. */
  int add(long print) {
    if (2 * (live + 1) > slots.length) grow();
    int row = freed > 0 ? takeFree() : rowsEnd++;
    if (row >= ROWS_MAX) throw new IllegalStateException("row " + row + " does not fit the table");
    if (row == prints.length) prints = Arrays.copyOf(prints, prints.length * 2);
    prints[row] = print;
    put(print, row);
    live++;
    return row;
  }

  private void put(long print, int row) {
    int mask = slots.length - 1;
    int at = (int) print & mask;
    while (slots[at] != 0) at = (at + 1) & mask;
    slots[at] = (print & ~ROW_MASK) | (row + 1);
  }

  private void grow() {
    slots = new long[slots.length * 2];
    for (int row = 0; row < rowsEnd; row++) {
      if (prints[row] != 0) put(prints[row], row);
    }
  }

  /** Takes the row away from its print. */
  void remove(int row) {
    int mask = slots.length - 1;
    int hole = (int) prints[row] & mask;
    while ((slots[hole] & ROW_MASK) != row + 1) hole = (hole + 1) & mask;
    for (int at = (hole + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
      int home = (int) prints[(int) (slots[at] & ROW_MASK) - 1] & mask;
      // Stays when its home lies behind the hole, in the ring between hole and here.
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = 0;
    prints[row] = 0;
    live--;
    giveFree(row);
  }

  private void giveFree(int row) {
    if (freed == free.length) free = Arrays.copyOf(free, freed * 2);
    int at = freed++;
    while (at > 0 && free[(at - 1) / 2] > row) {
      free[at] = free[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    free[at] = row;
  }

  private int takeFree() {
    int lowest = free[0];
    int row = free[--freed];
    int at = 0;
    while (2 * at + 1 < freed) {
      int child = 2 * at + 1;
      if (child + 1 < freed && free[child + 1] < free[child]) child++;
      if (free[child] >= row) break;
      free[at] = free[child];
      at = child;
    }
    free[at] = row;
    return lowest;
  }

  boolean isLive(int row) {
    return prints[row] != 0;
  }

  /** Rows are 0 until before this; some of them may be free. */
  int rowsEnd() {
    return rowsEnd;
  }

  int live() {
    return live;
  }

  long bytes() {
    return 8L * slots.length + 8L * prints.length + 4L * free.length;
  }
}
