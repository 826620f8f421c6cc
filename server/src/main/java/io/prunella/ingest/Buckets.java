package io.prunella.ingest;

import java.util.Arrays;

/**
 * The populated buckets of a native histogram: where each lies and how many observations it has.
 * Reused; one owner.
 */
final class Buckets {
  /** Schema of buckets whose bounds are told one by one. */
  static final int CUSTOM = -53;

  /** Buckets on one side of zero, from the one next to zero outwards. */
  static final class Side {
    int[] at = new int[16];
    double[] count = new double[16];
    int size;

    void add(int index, double observations) {
      if (size == at.length) {
        at = Arrays.copyOf(at, size * 2);
        count = Arrays.copyOf(count, size * 2);
      }
      at[size] = index;
      count[size++] = observations;
    }

    private void take(Side other) {
      size = 0;
      for (int i = 0; i < other.size; i++) add(other.at[i], other.count[i]);
    }

    /** Buckets twice as wide, {@code steps} times. */
    private void widen(int steps) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        int index = ((at[i] - 1) >> steps) + 1;
        if (kept > 0 && at[kept - 1] == index) {
          count[kept - 1] += count[i];
        } else {
          at[kept] = index;
          count[kept++] = count[i];
        }
      }
      size = kept;
    }

    /** Takes another's counts away; false when one would be less than nothing. */
    private boolean subtract(Side before) {
      int at = 0;
      for (int i = 0; i < before.size; i++) {
        while (at < size && this.at[at] < before.at[i]) at++;
        double now = at < size && this.at[at] == before.at[i] ? count[at] : 0;
        if (now < before.count[i]) return false;
        if (now > 0) count[at] = now - before.count[i];
      }
      return true;
    }

    private double sum() {
      double sum = 0;
      for (int i = 0; i < size; i++) sum += count[i];
      return sum;
    }
  }

  int schema;
  double zeroThreshold;
  double zeroCount;
  final Side negative = new Side();
  final Side positive = new Side();
  double[] bounds = new double[0]; // of custom buckets: upper ones, the last one is infinite
  int boundCount;

  /** Becomes the same as another. */
  void take(Buckets other) {
    schema = other.schema;
    zeroThreshold = other.zeroThreshold;
    zeroCount = other.zeroCount;
    negative.take(other.negative);
    positive.take(other.positive);
    if (bounds.length < other.boundCount) bounds = new double[other.boundCount];
    System.arraycopy(other.bounds, 0, bounds, 0, other.boundCount);
    boundCount = other.boundCount;
  }

  /** Brings buckets to a schema of fewer, wider ones; one of more changes nothing. */
  void widenTo(int wanted) {
    if (schema == CUSTOM || schema <= wanted) return;
    negative.widen(schema - wanted);
    positive.widen(schema - wanted);
    schema = wanted;
  }

  /** What came between an earlier histogram of a counter and this one. */
  enum Since {
    /** These are now the buckets of what came in between. */
    GROWN,
    /** The counter began anew: these are all that came since. */
    RESET,
    /** They cannot be compared. */
    UNCLEAR
  }

  /**
   * Takes an earlier histogram away from this one.
   *
   * @param before is brought to this one's schema; its counts stay
   * @param scratch anything; it is overwritten
   * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native histograms, counter
   *     resets</a>
   */
  Since subtract(Buckets before, Buckets scratch) {
    boolean isCustom = schema == CUSTOM;
    if (isCustom != (before.schema == CUSTOM) || before.schema < schema) return Since.RESET;
    if (isCustom) {
      if (!Arrays.equals(bounds, 0, boundCount, before.bounds, 0, before.boundCount)) {
        return Since.RESET;
      }
    } else {
      if (zeroThreshold < before.zeroThreshold) return Since.RESET;
      if (zeroThreshold > before.zeroThreshold) return Since.UNCLEAR; // buckets fell into zero
      before.widenTo(schema);
    }
    scratch.take(this);
    if (scratch.zeroCount < before.zeroCount
        || !scratch.negative.subtract(before.negative)
        || !scratch.positive.subtract(before.positive)) {
      return Since.RESET;
    }
    scratch.zeroCount -= before.zeroCount;
    take(scratch);
    return Since.GROWN;
  }

  /**
   * The value below which a share of the observations lies; NaN when there are none. Between the
   * bounds of a bucket it is interpolated as Prometheus' histogram_quantile does: by the logarithm
   * in exponential buckets, evenly in others; an infinite bucket counts as its finite bound.
   *
   * @param share 0 to 1
   */
  double quantile(double share) {
    double all = negative.sum() + zeroCount + positive.sum();
    if (!(all > 0)) return Double.NaN;
    double rank = share * all;
    double seen = 0;
    double last = Double.NaN;
    for (int i = negative.size - 1; i >= 0; i--) {
      double count = negative.count[i];
      if (count <= 0) continue;
      double part = (rank - seen) / count;
      if (part <= 1) return -between(negative.at[i], 1 - Math.max(0, part));
      seen += count;
      last = -between(negative.at[i], 0);
    }
    if (zeroCount > 0) {
      double part = (rank - seen) / zeroCount;
      double low = negative.size == 0 && positive.size > 0 ? 0 : -zeroThreshold;
      double high = positive.size == 0 && negative.size > 0 ? 0 : zeroThreshold;
      if (part <= 1) return low + (high - low) * Math.max(0, part);
      seen += zeroCount;
      last = high;
    }
    for (int i = 0; i < positive.size; i++) {
      double count = positive.count[i];
      if (count <= 0) continue;
      double part = (rank - seen) / count;
      if (part <= 1) return between(positive.at[i], Math.max(0, part));
      seen += count;
      last = between(positive.at[i], 1);
    }
    return last; // rounding: the sum of the parts is a little less than the whole
  }

  /** A point within a bucket of the positive side, by its index. */
  private double between(int index, double part) {
    if (schema == CUSTOM) {
      if (boundCount == 0) return Double.NaN;
      if (index >= boundCount) return bounds[boundCount - 1];
      double high = bounds[index];
      double low = index > 0 ? bounds[index - 1] : Math.min(0, high);
      return low + (high - low) * part;
    }
    double exponent = Math.scalb(index - 1 + part, -schema);
    return Math.min(Math.pow(2, exponent), Double.MAX_VALUE);
  }

  /** Buckets on both sides, and bounds. */
  int size() {
    return negative.size + positive.size + boundCount;
  }
}
