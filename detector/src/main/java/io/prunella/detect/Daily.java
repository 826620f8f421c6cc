package io.prunella.detect;

import static io.prunella.detect.Row.*;

/**
 * Hours of the day (UTC) at which a series is odd every day: the job at six, the nightly copy. From
 * the third day on such an hour opens no anomaly, unless the series is farther away than on those
 * days, on the other side, or longer than the hours it is used to. Code over one double of a row.
 */
final class Daily {
  /*
   * A whole number of 53 bits: for each of 24 hours two bits, on how many days of late it was odd (0 to 3); one that says
   * that this hour of today has been counted; four of the largest |z|, as a power of two. An hour that passes calm counts
   * one less, but only on every other day: a job that rests on weekends is not forgotten.
   */
  private static final long HOUR_MS = 3_600_000;
  private static final long HOURS = 24;
  private static final long COUNTED = 1L << 48;
  private static final int SIZE = 49;
  private static final long SIZE_MAX = 15;
  private static final int DAYS_MAX = 3;
  private static final int DAYS_USUAL = 2;
  private static final double FARTHER = 1.5;

  private Daily() {}

  /** Time goes on: an hour that has ended without anything odd is less of a habit. */
  static void pass(double[] page, int at, double beforeMs, long nowMs) {
    long hour = Math.floorDiv((long) beforeMs, HOUR_MS); // there is one: something was marked
    if (hour == Math.floorDiv(nowMs, HOUR_MS)) return;
    long all = (long) page[at + DAILY];
    boolean everyOther = (Math.floorDiv(hour, HOURS) & 1) == 0;
    if ((all & COUNTED) == 0 && everyOther && days(all, hour) > 0) all -= 1L << shift(hour);
    all &= ~COUNTED;
    page[at + DAILY] = (all & COUNTED - 1) == 0 ? 0 : all; // no hour left: forget the size too
  }

  /** The series is odd now. */
  static void mark(double[] page, int at, long timeMs, double z) {
    long hour = Math.floorDiv(timeMs, HOUR_MS);
    if (has(page, at, DAILY_BELOW) != z < 0) page[at + DAILY] = 0;
    if (z < 0) raise(page, at, DAILY_BELOW);
    else lower(page, at, DAILY_BELOW);
    long all = (long) page[at + DAILY];
    if ((all & COUNTED) == 0 && days(all, hour) < DAYS_MAX) all += 1L << shift(hour);
    long size = Math.clamp(Math.getExponent(Math.abs(z)) + 1L, 0, SIZE_MAX);
    if (size > all >>> SIZE) all = all & (1L << SIZE) - 1 | size << SIZE;
    page[at + DAILY] = all | COUNTED;
  }

  /** True when the series has been so far away, on this side, at this hour of the last days. */
  static boolean isUsual(double[] page, int at, long timeMs, double z) {
    long all = (long) page[at + DAILY];
    long hour = Math.floorDiv(timeMs, HOUR_MS);
    // Today's own count says nothing of the days before.
    int before = days(all, hour) - ((all & COUNTED) != 0 ? 1 : 0);
    boolean sameSide = has(page, at, DAILY_BELOW) == z < 0;
    double most = FARTHER * Math.scalb(1.0, (int) (all >>> SIZE));
    return before >= DAYS_USUAL && sameSide && Math.abs(z) <= most;
  }

  /** Odd as every day at this hour: nothing is learnt, and no evidence piles up for the next. */
  static void bear(double[] page, int at, double expected, double evidenceMost) {
    page[at + LEVEL] = expected;
    page[at + EVIDENCE_UP] = Math.min(page[at + EVIDENCE_UP], evidenceMost);
    page[at + EVIDENCE_DOWN] = Math.min(page[at + EVIDENCE_DOWN], evidenceMost);
    page[at + RUN_PEAK] = Math.min(page[at + RUN_PEAK], evidenceMost);
  }

  private static int shift(long hour) {
    return (int) (2 * Math.floorMod(hour, HOURS));
  }

  private static int days(long all, long hour) {
    return (int) (all >>> shift(hour)) & 3;
  }
}
