package io.prunella.detect;

import java.util.Arrays;

/**
 * How long until a bounded resource is full if its trend goes on. Keeps the use of the last while
 * in a ring of means and asks Sen's slope of it (the median of all pairwise slopes: Sen 1968),
 * which steps and outliers do not sway; an interval comes from the slopes' fifths. One thread.
 */
final class Runway {
  /*
   * A step is no trend: the medians of the window's four quarters must each rise. A sawtooth (log rotation, garbage
   * collection) is none either: where use has fallen by a third before, the height of that tooth must be passed first.
   * A short window proves little about long: no farther is projected than AHEAD times what the window spans.
   */
  private static final int PLACES = 32;
  private static final int PLACES_MIN = 8;
  private static final double AHEAD = 8;
  private static final double TOOTH_FALL = 0.67;
  private static final double TOOTH_PASSED = 1.02;
  private static final double QUARTER_RISE = 0.3; // of an even share of the whole rise
  private static final double NOT_SOON = Double.POSITIVE_INFINITY;

  /** Scratch: there may be tens of thousands of these, each asked with every scrape. */
  private static final ThreadLocal<double[]> SLOPES =
      ThreadLocal.withInitial(() -> new double[PLACES * (PLACES - 1) / 2]);

  private final double bucketSeconds;
  private final double[] times = new double[PLACES]; // seconds since the first sample
  private final double[] means = new double[PLACES];
  private int count;
  private double firstSeconds = Double.NaN;
  private double sum;
  private int summed;
  private double bucketFrom;
  private double high; // since the last tooth
  private double tooth; // height of the highest tooth of late

  private double soonest = NOT_SOON;
  private double likely = NOT_SOON;
  private double latest = NOT_SOON;

  Runway(double bucketSeconds) {
    this.bucketSeconds = bucketSeconds;
  }

  /** Takes the use at a time; true when a mean was finished and the answers are new. */
  boolean take(double timeSeconds, double used, double limit) {
    if (Double.isNaN(firstSeconds)) firstSeconds = timeSeconds;
    double now = timeSeconds - firstSeconds;
    if (used < TOOTH_FALL * high) {
      tooth = Math.max(high, 0.9 * tooth);
      high = used;
      count = 0;
      summed = 0;
      sum = 0;
    }
    high = Math.max(high, used);
    boolean full = summed > 0 && now - bucketFrom >= bucketSeconds;
    if (full) {
      keep((bucketFrom + now) / 2, sum / summed);
      summed = 0;
      sum = 0;
      ask(used, limit);
    }
    if (summed++ == 0) bucketFrom = now;
    sum += used;
    return full;
  }

  private void keep(double time, double mean) {
    if (count == PLACES) {
      System.arraycopy(times, 1, times, 0, PLACES - 1);
      System.arraycopy(means, 1, means, 0, PLACES - 1);
      count--;
    }
    times[count] = time;
    means[count++] = mean;
  }

  private void ask(double used, double limit) {
    soonest = NOT_SOON;
    likely = NOT_SOON;
    latest = NOT_SOON;
    boolean known = tooth > 0 && used < TOOTH_PASSED * tooth;
    if (count < PLACES_MIN || known || !rises()) return;
    double[] slopes = SLOPES.get();
    int n = 0;
    for (int i = 1; i < count; i++) {
      for (int j = 0; j < i; j++) slopes[n++] = (means[i] - means[j]) / (times[i] - times[j]);
    }
    Arrays.sort(slopes, 0, n);
    double left = Math.max(0, limit - used);
    double span = times[count - 1] - times[0];
    double median = slopes[n / 2];
    if (!(slopes[n / 5] > 0) || left / median > AHEAD * span) return;
    soonest = left / slopes[n - 1 - n / 5];
    likely = left / median;
    latest = left / slopes[n / 5];
  }

  private boolean rises() {
    double first = quarter(0);
    double second = quarter(1);
    double third = quarter(2);
    double last = quarter(3);
    double least = QUARTER_RISE * (last - first) / 3;
    return last > first
        && second - first >= least
        && third - second >= least
        && last - third >= least;
  }

  /** Median of a quarter of the means: the one that as many are before; sorting would copy them. */
  private double quarter(int q) {
    int begin = q * count / 4;
    int end = (q + 1) * count / 4;
    for (int i = begin; i < end; i++) {
      int before = 0;
      for (int j = begin; j < end; j++) {
        int order = Double.compare(means[j], means[i]);
        if (order < 0 || (order == 0 && j < i)) before++;
      }
      if (before == (end - begin) / 2) return means[i];
    }
    throw new IllegalStateException("no median of the means %d to %d".formatted(begin, end));
  }

  /** Seconds until the limit, at the median slope; infinite when there is no trend that says so. */
  double likelySeconds() {
    return likely;
  }

  /** Seconds at the steeper fifth of the slopes. */
  double soonestSeconds() {
    return soonest;
  }

  /** Seconds at the flatter fifth of the slopes. */
  double latestSeconds() {
    return latest;
  }
}
