package io.prunella.ingest;

import io.prunella.series.StaleMarker;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What native histograms said last, so that the quantiles of what came since can be told. Bounded:
 * past the bound a new histogram has no quantiles, only its count and sum. Guarded by itself.
 */
final class HistogramBook {
  /** Shares of observations below the values that are told, and their labels. */
  static final double[] SHARES = {0.5, 0.9, 0.99};

  static final String[] LABELS = {"0.5", "0.9", "0.99"};

  private static final int BUCKETS_MAX = 2048; // of one histogram
  private static final int ENTRY_BYTES = 400; // besides its buckets
  private static final long FORGET_MS = 600_000; // a full book forgets those silent for this

  /** One histogram: its last buckets, and what was told of them. */
  private static final class Entry {
    final Buckets last = new Buckets();
    final long[] told = new long[SHARES.length];
    boolean hasTold;
    long timeMs;
    long seenMs;
    int bytes;
  }

  private final long bytesMax;
  private final Map<Long, Entry> entries = new LinkedHashMap<>(64, 0.75f, /* byAccess= */ true);
  private final Buckets now = new Buckets();
  private final Buckets since = new Buckets();
  private final Buckets scratch = new Buckets();
  private final LongAdder without = new LongAdder();
  private long bytes;

  HistogramBook(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes the next histogram of a series. The same time again gives the same answer: a retry is no
   * news.
   *
   * @param hash tells the series apart
   * @param histogram a sound one
   * @param nowMs by the clock that decides what is forgotten
   * @param told raw bits of the quantiles of what came since the one before; of the histogram
   *     itself when it is a gauge's; NaN when nothing came, stale markers when the series ended
   * @return false when there is nothing to tell: the first of a series, one older than the last,
   *     one without room
   */
  synchronized boolean take(long hash, Histogram histogram, long nowMs, long[] told) {
    if (histogram.isStale()) return end(hash, told);
    Entry entry = entries.get(hash);
    boolean isNew = entry == null;
    if (entry == null) {
      entry = new Entry();
    } else if (histogram.timeMs <= entry.timeMs) {
      if (histogram.timeMs < entry.timeMs || !entry.hasTold) return false;
      System.arraycopy(entry.told, 0, told, 0, told.length);
      return true;
    }
    histogram.buckets(now);
    if (now.size() > BUCKETS_MAX || !hasRoom(entry, now.size(), nowMs)) {
      without.increment();
      if (!isNew) forget(hash, entry);
      return false;
    }
    boolean isTold = tell(entry, histogram, isNew);
    int wanted = ENTRY_BYTES + 16 * now.size();
    bytes += wanted - entry.bytes;
    entry.bytes = wanted;
    entry.last.take(now);
    entry.timeMs = histogram.timeMs;
    entry.seenMs = nowMs;
    entry.hasTold = isTold;
    if (isNew) entries.put(hash, entry);
    if (isTold) System.arraycopy(entry.told, 0, told, 0, told.length);
    return isTold;
  }

  private boolean tell(Entry entry, Histogram histogram, boolean isNew) {
    since.take(now);
    if (!histogram.isGauge()) {
      if (isNew) return false;
      if (!histogram.isReset() && since.subtract(entry.last, scratch) == Buckets.Since.UNCLEAR) {
        return false;
      }
    }
    for (int i = 0; i < SHARES.length; i++) {
      entry.told[i] = Double.doubleToRawLongBits(since.quantile(SHARES[i]));
    }
    return true;
  }

  private boolean end(long hash, long[] told) {
    Entry entry = entries.get(hash);
    if (entry == null) return false;
    forget(hash, entry);
    java.util.Arrays.fill(told, StaleMarker.BITS);
    return entry.hasTold;
  }

  private void forget(long hash, Entry entry) {
    entries.remove(hash);
    bytes -= entry.bytes;
  }

  private boolean hasRoom(Entry entry, int buckets, long nowMs) {
    long wanted = ENTRY_BYTES + 16L * buckets - entry.bytes;
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes + wanted > bytesMax && oldest.hasNext()) {
      Entry one = oldest.next();
      if (one == entry || nowMs - one.seenMs < FORGET_MS) return false;
      oldest.remove();
      bytes -= one.bytes;
    }
    return bytes + wanted <= bytesMax;
  }

  /** Histograms that had no quantiles for want of room, since the start. */
  long without() {
    return without.sum();
  }

  synchronized int size() {
    return entries.size();
  }
}
