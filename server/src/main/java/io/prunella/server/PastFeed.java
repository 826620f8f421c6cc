package io.prunella.server;

import io.prunella.ingest.HaConfig;
import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.StaleMarker;
import io.prunella.series.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands samples of the past to the watch in order of time, as they would have come over remote
 * write. One thread; each call waits until its samples are scored.
 *
 * <p>Prometheus' API tells no stale markers, so they are made here: a series that has missed two
 * samples or three has ended, as it has for a Prometheus that scrapes it.
 */
final class PastFeed {
  private static final int BLOCK = 8192;
  private static final double MISSED = 2.5; // gaps
  private static final double FADES = 0.7; // the longest gap, a sample
  private static final long ENDED_MIN_MS = 30_000;
  private static final long ENDED_UNKNOWN_MS = 300_000; // after a single sample
  private static final long FORGOTTEN_MS = 6 * 3_600_000; // once it has ended

  /** A series that goes on, or has ended lately. */
  private static final class Known {
    final Labels labels;
    final long print;
    boolean goesOn;
    long lastMs; // 0 before the first sample
    double gapMs; // the longest of late; 0 after one sample

    Known(Labels labels, long print) {
      this.labels = labels;
      this.print = print;
    }

    long endsMs() {
      if (gapMs == 0) return lastMs + ENDED_UNKNOWN_MS;
      return lastMs + Math.max(ENDED_MIN_MS, (long) (MISSED * gapMs));
    }
  }

  private final BlockSink sink;
  private final Fingerprint fingerprint;
  private final HaConfig ha;
  private final int seriesMax;
  private final Map<Labels, Known> known = new HashMap<>();
  private final List<Known> living = new ArrayList<>();
  private List<PastSeries> window = List.of();
  private Known[] whose = {};
  private int[] next = {};

  // What goes out next, in the order found; sorted by time with keys.
  private Known[] series = new Known[BLOCK];
  private long[] times = new long[BLOCK];
  private long[] bits = new long[BLOCK];
  private long[] keys = new long[BLOCK];
  private int count;

  private long seriesSeen;
  private long samples;
  private long refused;
  private @Nullable String refusal;

  /**
   * @param seriesMax series that the sink takes
   */
  PastFeed(BlockSink sink, Fingerprint fingerprint, HaConfig ha, int seriesMax) {
    this.sink = sink;
    this.fingerprint = fingerprint;
    this.ha = ha;
    this.seriesMax = seriesMax;
  }

  /** Series that have come; one that comes again after many hours counts twice. */
  long series() {
    return seriesSeen;
  }

  /** Samples that were handed over. */
  long samples() {
    return samples;
  }

  /** Samples that the watch refused, and those of series past the bound. */
  long refused() {
    return refused;
  }

  /** What the first refusal was about; null when there was none. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Takes the samples that come next, to be handed over by {@link #upTo}. */
  void window(List<PastSeries> samples) {
    long newestMs = living.stream().mapToLong(of -> of.lastMs).max().orElse(0);
    boolean isFull = known.size() > 2 * seriesMax;
    known.values().removeIf(of -> !of.goesOn && (isFull || newestMs - of.lastMs > FORGOTTEN_MS));
    var chosen = new LinkedHashMap<Known, PastSeries>();
    for (PastSeries one : samples) {
      // Of several replicas the one that has most to say is heard.
      chosen.merge(known(named(one.labels())), one, (a, b) -> b.size() > a.size() ? b : a);
    }
    window = List.copyOf(chosen.values());
    whose = chosen.keySet().toArray(Known[]::new);
    next = new int[whose.length];
  }

  private Known known(Labels labels) {
    return known.computeIfAbsent(
        labels,
        absent -> {
          seriesSeen++;
          return new Known(absent, fingerprint.of(absent));
        });
  }

  /** As ingest does: replicas of one Prometheus are one. */
  private Labels named(Labels labels) {
    String replica = ha.replicaLabel();
    if (replica.isEmpty() || labels.get(replica) == null) return labels;
    if (labels.get(ha.clusterLabel()) == null) return labels;
    var rest = new TreeMap<String, String>();
    labels.forEach(rest::put);
    rest.remove(replica);
    return Labels.of(rest);
  }

  /**
   * Hands over the window's samples that are not later than this.
   *
   * @return time of the newest, or 0 when there was none
   */
  long upTo(long nowMs) {
    long newest = 0;
    for (int i = 0; i < whose.length; i++) {
      PastSeries of = window.get(i);
      for (; next[i] < of.size() && of.timeMs(next[i]) <= nowMs; next[i]++) {
        long timeMs = of.timeMs(next[i]);
        if (sample(whose[i], timeMs, of.value(next[i]))) newest = Math.max(newest, timeMs);
      }
    }
    send();
    return newest;
  }

  /** Ends the series that have ended by then. */
  void end(long nowMs) {
    int kept = 0;
    for (Known of : living) {
      if (of.endsMs() >= nowMs) {
        living.set(kept++, of);
      } else {
        add(of, of.endsMs(), StaleMarker.BITS);
        of.goesOn = false;
      }
    }
    living.subList(kept, living.size()).clear();
    send();
  }

  private boolean sample(Known of, long timeMs, double value) {
    if (timeMs <= of.lastMs) return false; // another replica's
    if (!of.goesOn) {
      if (living.size() >= seriesMax) {
        refused++;
        if (refusal == null) {
          refusal = "%s is one series more than %d".formatted(of.labels, seriesMax);
        }
        return false;
      }
      living.add(of);
      of.goesOn = true;
    } else if (timeMs > of.endsMs()) {
      add(of, of.endsMs(), StaleMarker.BITS); // a moment that nobody has looked at
    }
    if (of.lastMs > 0) of.gapMs = Math.max(timeMs - of.lastMs, FADES * of.gapMs);
    of.lastMs = timeMs;
    samples++;
    add(of, timeMs, Double.doubleToRawLongBits(value));
    return true;
  }

  private void add(Known of, long timeMs, long value) {
    if (count == times.length) {
      series = Arrays.copyOf(series, 2 * count);
      times = Arrays.copyOf(times, 2 * count);
      bits = Arrays.copyOf(bits, 2 * count);
      keys = new long[2 * count];
    }
    series[count] = of;
    times[count] = timeMs;
    bits[count++] = value;
  }

  private void send() {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) first = Math.min(first, times[i]);
    for (int i = 0; i < count; i++) keys[i] = (times[i] - first) << 31 | i;
    Arrays.sort(keys, 0, count);
    for (int from = 0; from < count; from += BLOCK) send(from, Math.min(count, from + BLOCK));
    Arrays.fill(series, 0, count, null);
    count = 0;
  }

  private void send(int from, int to) {
    for (int shard = 0; shard < sink.shards(); shard++) {
      var mine = new int[to - from];
      int size = 0;
      for (int k = from; k < to; k++) {
        int i = (int) (keys[k] & Integer.MAX_VALUE);
        if (Fingerprint.shard(series[i].print, sink.shards()) == shard) mine[size++] = i;
      }
      if (size > 0) send(shard, mine, size);
    }
  }

  private void send(int shard, int[] mine, int size) {
    var prints = new long[size];
    var timesMs = new long[size];
    var values = new long[size];
    for (int k = 0; k < size; k++) {
      prints[k] = series[mine[k]].print;
      timesMs[k] = times[mine[k]];
      values[k] = bits[mine[k]];
    }
    var done = new CompletableFuture<Tally>();
    Block.Source source = (at, _, into) -> read(series[at].labels, into);
    var block = new Block(size, prints, mine, mine, timesMs, values, source, receipt(done));
    if (!sink.offer(shard, block)) {
      throw new IllegalStateException("shard %d takes no samples".formatted(shard));
    }
    Tally tally = done.join();
    refused += tally.refused();
    if (refusal == null && tally.refused() > 0) refusal = tally.message();
  }

  private static void read(Labels labels, LabelSlices into) {
    var slices = LabelSlices.of(labels);
    into.clear(slices.bytes());
    for (int i = 0; i < slices.size(); i++) {
      into.add(slices.nameFrom(i), slices.nameTo(i), slices.valueFrom(i), slices.valueTo(i));
    }
  }

  private static Block.Receipt receipt(CompletableFuture<Tally> done) {
    return new Block.Receipt() {
      @Override
      public void scored(Tally tally) {
        var copy = new Tally(); // the shard goes on with its own
        copy.add(tally);
        done.complete(copy);
      }

      @Override
      public void failed(Throwable why) {
        done.completeExceptionally(why);
      }
    };
  }
}
