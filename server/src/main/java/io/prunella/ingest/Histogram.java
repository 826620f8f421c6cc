package io.prunella.ingest;

import java.util.Arrays;

/**
 * A native histogram as it comes over the wire, the same in both versions of remote write: what is
 * needed of it and whether it contradicts itself. Reused; one thread.
 */
final class Histogram {
  private static final long STALE = io.prunella.series.StaleMarker.BITS;
  private static final int SCHEMA_MAX = 8; // finer ones are brought to it, as Prometheus does
  private static final int INDEX_MAX = 1 << 30;

  /** Buckets, spans or bounds of one histogram; some hundred is usual. */
  static final int BUCKETS_MAX = 1 << 14;

  private static final int HINT_RESET = 1;
  private static final int HINT_GAUGE = 3;

  /** Buckets of one sign as they are sent: spans of neighbours, and all counts in turn. */
  private static final class Side {
    long[] spans = new long[16]; // how many are passed over, how many follow
    int spanLongs;
    double[] counts = new double[32];
    int size;
    boolean isTooLarge;

    void clear() {
      spanLongs = 0;
      size = 0;
      isTooLarge = false;
    }

    void span(long offset, long length) {
      if (spanLongs == 2 * BUCKETS_MAX) {
        isTooLarge = true;
        return;
      }
      if (spanLongs == spans.length) spans = Arrays.copyOf(spans, spanLongs * 2);
      spans[spanLongs++] = offset;
      spans[spanLongs++] = length;
    }

    void add(double count) {
      if (size == BUCKETS_MAX) {
        isTooLarge = true;
        return;
      }
      if (size == counts.length) counts = Arrays.copyOf(counts, size * 2);
      counts[size++] = count;
    }

    /** Index of the last bucket; past {@link #INDEX_MAX} when spans and counts do not fit. */
    long last() {
      long at = -1;
      long buckets = 0;
      for (int i = 0; i < spanLongs; i += 2) {
        if (i > 0 && spans[i] < 0) return Long.MAX_VALUE;
        at += spans[i] + spans[i + 1];
        buckets += spans[i + 1];
        if (at > INDEX_MAX || at < -INDEX_MAX || buckets > size) return Long.MAX_VALUE;
      }
      return buckets == size ? at : Long.MAX_VALUE;
    }

    /** The populated ones. */
    void fill(Buckets.Side into) {
      into.size = 0;
      int at = 0;
      int read = 0;
      for (int i = 0; i < spanLongs; i += 2) {
        at += (int) spans[i];
        for (long left = spans[i + 1]; left > 0; left--, at++) {
          double count = counts[read++];
          if (count > 0) into.add(at, count);
        }
      }
    }
  }

  long timeMs;
  long sumBits;
  private long schema;
  private boolean isFloat;
  private double count;
  private double zeroThreshold;
  private double zeroCount;
  private final Side negative = new Side();
  private final Side positive = new Side();
  private double buckets; // their counts, summed
  private boolean isNegative;
  private long hint;
  private double[] bounds = new double[16];
  private int boundsSeen;

  /** Reads a message that ends at {@code to}; leaves {@code in} there. */
  void read(Wire in, int to) throws Wire.Malformed {
    int whole = in.end;
    in.end = to;
    timeMs = 0;
    sumBits = 0;
    schema = 0;
    isFloat = false;
    count = 0;
    zeroThreshold = 0;
    zeroCount = 0;
    negative.clear();
    positive.clear();
    buckets = 0;
    isNegative = false;
    hint = 0;
    boundsSeen = 0;
    while (in.hasMore()) field(in, in.tag());
    in.end = whole;
  }

  private void field(Wire in, int tag) throws Wire.Malformed {
    switch (tag) {
      case 1 << 3 -> count = unsigned(in.varint());
      case 2 << 3 | Wire.FIXED64 -> {
        count = Double.longBitsToDouble(in.fixed64());
        isFloat = true;
      }
      case 3 << 3 | Wire.FIXED64 -> sumBits = in.fixed64();
      case 4 << 3 -> schema = Wire.zigzag(in.varint());
      case 5 << 3 | Wire.FIXED64 -> zeroThreshold = Double.longBitsToDouble(in.fixed64());
      case 6 << 3 -> zeroCount = unsigned(in.varint());
      case 7 << 3 | Wire.FIXED64 -> zeroCount = Double.longBitsToDouble(in.fixed64());
      case 8 << 3 | Wire.BYTES -> span(in, negative);
      case 9 << 3 | Wire.BYTES -> deltas(in, negative);
      case 10 << 3 | Wire.BYTES -> counts(in, negative);
      case 11 << 3 | Wire.BYTES -> span(in, positive);
      case 12 << 3 | Wire.BYTES -> deltas(in, positive);
      case 13 << 3 | Wire.BYTES -> counts(in, positive);
      case 14 << 3 -> hint = in.varint();
      case 15 << 3 -> timeMs = in.varint();
      case 16 << 3 | Wire.BYTES -> bounds(in);
      default -> in.skip(tag);
    }
  }

  private static double unsigned(long number) {
    return number >= 0 ? number : 2.0 * (number >>> 1);
  }

  private static void span(Wire in, Side side) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    long offset = 0;
    long buckets = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> offset = (int) Wire.zigzag(in.varint());
        case 2 << 3 -> buckets = in.varint() & 0xffffffffL;
        default -> in.skip(tag);
      }
    }
    side.span(offset, buckets);
    in.end = whole;
  }

  private void deltas(Wire in, Side side) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    long bucket = 0;
    while (in.hasMore()) {
      bucket += Wire.zigzag(in.varint());
      add(side, bucket);
    }
    in.end = whole;
  }

  private void counts(Wire in, Side side) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    while (in.hasMore()) add(side, Double.longBitsToDouble(in.fixed64()));
    in.end = whole;
  }

  private void add(Side side, double bucket) {
    if (bucket < 0) isNegative = true;
    buckets += bucket;
    side.add(bucket);
  }

  private void bounds(Wire in) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    while (in.hasMore()) {
      if (boundsSeen == BUCKETS_MAX) {
        positive.isTooLarge = true;
        in.at = end;
        break;
      }
      if (boundsSeen == bounds.length) bounds = Arrays.copyOf(bounds, boundsSeen * 2);
      bounds[boundsSeen++] = Double.longBitsToDouble(in.fixed64());
    }
    in.end = whole;
  }

  boolean isStale() {
    return sumBits == STALE;
  }

  /** True when it goes up and down: it speaks of what is, not of all that ever was. */
  boolean isGauge() {
    return hint == HINT_GAUGE;
  }

  /** True when the sender says that it began anew since the one before. */
  boolean isReset() {
    return hint == HINT_RESET;
  }

  /** What Prometheus itself checks before it takes one (model/histogram, Validate). */
  boolean isSound() {
    if (negative.isTooLarge || positive.isTooLarge) return false;
    if (isStale()) return true;
    long last = positive.last();
    if (isNegative || count < 0 || last > INDEX_MAX || negative.last() > INDEX_MAX) return false;
    if (schema == Buckets.CUSTOM) {
      if (zeroCount != 0 || negative.size > 0 || last > boundsSeen) return false;
      for (int i = 1; i < boundsSeen; i++) if (!(bounds[i] > bounds[i - 1])) return false;
    } else if (schema < -4 || schema > 52) {
      return false;
    }
    if (isFloat) return true;
    double seen = buckets + zeroCount;
    // Observations of NaN are counted and are in no bucket.
    return Double.isNaN(Double.longBitsToDouble(sumBits)) ? count >= seen : count == seen;
  }

  /** Its buckets; only of a sound one. */
  void buckets(Buckets into) {
    into.schema = (int) schema;
    into.zeroThreshold = zeroThreshold;
    into.zeroCount = zeroCount;
    negative.fill(into.negative);
    positive.fill(into.positive);
    if (into.bounds.length < boundsSeen) into.bounds = new double[bounds.length];
    System.arraycopy(bounds, 0, into.bounds, 0, boundsSeen);
    into.boundCount = schema == Buckets.CUSTOM ? boundsSeen : 0;
    into.widenTo(SCHEMA_MAX);
  }

  long countBits() {
    return isStale() ? STALE : Double.doubleToRawLongBits(count);
  }

  long sumBits() {
    return sumBits;
  }
}
