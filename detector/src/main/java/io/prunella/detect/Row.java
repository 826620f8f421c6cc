package io.prunella.detect;

/**
 * Where in a row what is kept: offsets of doubles from the row's first. Times are milliseconds
 * since the epoch, NaN for never; the series' own unit is a rate per second for counters.
 */
final class Row {
  /** Time of the last sample of any kind. */
  static final int SEEN = 0;

  /** A counter's last value and its time. */
  static final int RAW = 1;

  static final int RAW_TIME = 2;

  /** Last value as scored, NaN before the first, and its time. */
  static final int SCORED = 3;

  static final int SCORED_TIME = 4;

  /** Samples learnt. */
  static final int COUNT = 5;

  /** Robust level, its change per second, and the mean size of the clipped error. */
  static final int LEVEL = 6;

  static final int TREND = 7;
  static final int ERROR = 8;

  /** Bits of {@link #FRACTIONAL} and the others below. */
  static final int FLAGS = 9;

  /** Usual gap between samples, seconds; and the longest of about a day. */
  static final int GAP = 10;

  static final int GAP_LONGEST = 11;

  /** Share of samples that were exactly 0. */
  static final int ZEROS = 12;

  /** Tail above: quantile, mean log excess, count; then the same below. */
  static final int TAIL_UP = 13;

  static final int TAIL_DOWN = 16;

  /** Largest |z| of about a day. */
  static final int Z_LONGEST = 19;

  /**
   * What was expected of the last sample, before it was learnt; its spread; how surprising it was;
   * its z.
   */
  static final int EXPECTED = 20;

  static final int SPREAD = 21;
  static final int SURPRISE = 22;
  static final int Z = 23;

  /**
   * Evidence above and below, since when it has been there, its peak, and the largest of past days
   * that was nothing.
   */
  static final int EVIDENCE_UP = 24;

  static final int EVIDENCE_DOWN = 25;
  static final int RUN_FROM = 26;
  static final int RUN_PEAK = 27;
  static final int HABIT = 28;
  static final int RUN_COUNT = 29;

  /**
   * The anomaly: {@link #NONE}, {@link #OPEN} or {@link #OVER}; from, to (0 while open), last odd
   * sample.
   */
  static final int STATE = 30;

  static final int FROM = 31;
  static final int TO = 32;
  static final int LAST_ODD = 33;

  /** Strongest so far: surprise, z with its sign, value, what was expected then. */
  static final int PEAK_SURPRISE = 34;

  static final int PEAK_Z = 35;
  static final int PEAK_VALUE = 36;
  static final int PEAK_EXPECTED = 37;

  /** Odd samples so far, calm ones in a row, ordinal of the shape, the |z| last told. */
  static final int ODD = 38;

  static final int CALM = 39;
  static final int SHAPE = 40;
  static final int TOLD_Z = 41;

  /**
   * Averages of the values since the anomaly opened: quick, slow, and mean distance from the slow
   * one.
   */
  static final int NOW_QUICK = 42;

  static final int NOW_SLOW = 43;
  static final int NOW_ERROR = 44;

  /** When next to ask whether the new level stands. */
  static final int ASK_AT = 45;

  /** At which hours of the day the series is odd every day, see {@link Daily}. */
  static final int DAILY = 46;

  /** Largest |z| of the run of evidence, with its sign. */
  static final int RUN_Z = 47;

  /**
   * Mean product of neighbouring z, clipped, and mean square: how much a sample is like the one
   * before.
   */
  static final int LIKENESS = 48;

  static final int SQUARE = 49;

  /** Counted lately and over about a day, fading; time of the first score. */
  static final int LATELY = 50;

  static final int OVER_DAY = 51;
  static final int BORN = 52;

  /** What is usual at this time of the day and the week, see {@link Season}. */
  static final int SEASON = 53;

  static final int DOUBLES = SEASON + Season.DOUBLES; // nine cache lines

  /** Of rows that rank, see {@link Oddness}. */
  static final int ODDNESS = DOUBLES;

  static final double NONE = 0;
  static final double OPEN = 1;
  static final double OVER = 2;

  static final int FRACTIONAL = 1;
  static final int NEGATIVE = 2;
  static final int PAUSED = 4;
  static final int SILENT = 8;

  /** The last anomaly's level was taken as the new normal. */
  static final int SETTLED = 16;

  /** What is odd daily is below what is expected. */
  static final int DAILY_BELOW = 32;

  private Row() {}

  static boolean has(double[] page, int at, int flag) {
    return ((int) page[at + FLAGS] & flag) != 0;
  }

  static void raise(double[] page, int at, int flag) {
    page[at + FLAGS] = (int) page[at + FLAGS] | flag;
  }

  static void lower(double[] page, int at, int flag) {
    page[at + FLAGS] = (int) page[at + FLAGS] & ~flag;
  }

  static boolean isOpen(double[] page, int at) {
    return page[at + STATE] == OPEN;
  }
}
