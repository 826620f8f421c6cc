package io.prunella.ingest;

import java.util.Arrays;

/**
 * A native histogram as it comes over the wire, the same in both versions of remote write: what is
 * needed of it and whether it contradicts itself. Reused; one thread.
 */
final class Histogram {
  private static final long STALE = io.prunella.series.StaleMarker.BITS;

  long timeMs;
  long sumBits;
  private long schema;
  private boolean isFloat;
  private double count;
  private double zeroCount;
  private long spansLength; // buckets that the spans of both signs speak of
  private double buckets; // their counts, summed
  private long bucketsSeen;
  private boolean isNegative;
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
    zeroCount = 0;
    spansLength = 0;
    buckets = 0;
    bucketsSeen = 0;
    isNegative = false;
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
      case 6 << 3 -> zeroCount = unsigned(in.varint());
      case 7 << 3 | Wire.FIXED64 -> zeroCount = Double.longBitsToDouble(in.fixed64());
      case 8 << 3 | Wire.BYTES, 11 << 3 | Wire.BYTES -> span(in);
      case 9 << 3 | Wire.BYTES, 12 << 3 | Wire.BYTES -> deltas(in);
      case 10 << 3 | Wire.BYTES, 13 << 3 | Wire.BYTES -> counts(in);
      case 15 << 3 -> timeMs = in.varint();
      case 16 << 3 | Wire.BYTES -> bounds(in);
      default -> in.skip(tag);
    }
  }

  private static double unsigned(long number) {
    return number >= 0 ? number : 2.0 * (number >>> 1);
  }

  private void span(Wire in) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == 2 << 3) {
        spansLength += in.varint() & 0xffffffffL;
      } else {
        in.skip(tag);
      }
    }
    in.end = whole;
  }

  private void deltas(Wire in) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    long bucket = 0;
    while (in.hasMore()) {
      bucket += Wire.zigzag(in.varint());
      add(bucket);
    }
    in.end = whole;
  }

  private void counts(Wire in) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    while (in.hasMore()) add(Double.longBitsToDouble(in.fixed64()));
    in.end = whole;
  }

  private void add(double bucket) {
    if (bucket < 0) isNegative = true;
    buckets += bucket;
    bucketsSeen++;
  }

  private void bounds(Wire in) throws Wire.Malformed {
    int length = in.length();
    int end = in.at + length;
    int whole = in.end;
    in.end = end;
    while (in.hasMore()) {
      if (boundsSeen == bounds.length) bounds = Arrays.copyOf(bounds, boundsSeen * 2);
      bounds[boundsSeen++] = Double.longBitsToDouble(in.fixed64());
    }
    in.end = whole;
  }

  boolean isStale() {
    return sumBits == STALE;
  }

  /** What Prometheus itself checks before it takes one (model/histogram, Validate). */
  boolean isSound() {
    if (isStale()) return true;
    if (isNegative || spansLength != bucketsSeen || count < 0) return false;
    if (schema == -53) {
      if (zeroCount != 0) return false;
      for (int i = 1; i < boundsSeen; i++) if (!(bounds[i] > bounds[i - 1])) return false;
    } else if (schema < -4 || schema > 52) {
      return false;
    }
    if (isFloat) return true;
    double seen = buckets + zeroCount;
    // Observations of NaN are counted and are in no bucket.
    return Double.isNaN(Double.longBitsToDouble(sumBits)) ? count >= seen : count == seen;
  }

  long countBits() {
    return isStale() ? STALE : Double.doubleToRawLongBits(count);
  }

  long sumBits() {
    return sumBits;
  }
}
