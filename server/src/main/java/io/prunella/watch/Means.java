package io.prunella.watch;

import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.Tally;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Means of latencies, made out of {@code _sum} and {@code _count} into series of their own, named
 * {@code _mean}. A sum that has a mean is not scored itself. Bounded: past the bound sums are
 * scored as rates, as without it. Guarded by itself.
 */
final class Means {
  static final String SUM = "_sum";
  static final String COUNT = "_count";
  static final String MEAN = "_mean";
  private static final int BLOCK_SAMPLES = 2_000; // at which a block is full

  private final int max;
  private final Fingerprint fingerprint;
  private final Catalogue catalogue;
  private final Map<Labels, Mean> all = new HashMap<>();
  private List<Mean> ready = new ArrayList<>();
  private @Nullable List<Mean> spare; // the two take turns

  Means(int max, Fingerprint fingerprint, Catalogue catalogue) {
    this.max = max;
    this.fingerprint = fingerprint;
    this.catalogue = catalogue;
  }

  /** The mean that a series is a part of, or null when it is none or there is no room. */
  @Nullable Mean join(Labels text, Meaning meaning) {
    if (meaning.type() != Meaning.Type.COUNTER) return null;
    String metric = text.metric();
    String base;
    if (metric.endsWith(SUM) && meaning.signal() == Signal.LATENCY) {
      base = metric.substring(0, metric.length() - SUM.length());
    } else if (metric.endsWith(COUNT)) {
      base = metric.substring(0, metric.length() - COUNT.length());
      Meaning sum = catalogue.meaning(text.named(base + SUM));
      if (sum.signal() != Signal.LATENCY || sum.type() != Meaning.Type.COUNTER) return null;
    } else {
      return null;
    }
    return join(text.named(base + MEAN));
  }

  private synchronized @Nullable Mean join(Labels labels) {
    Mean mean = all.get(labels);
    if (mean == null) {
      if (all.size() >= max) return null;
      mean = new Mean(labels, fingerprint.of(labels));
      all.put(labels, mean);
    }
    mean.parts++;
    return mean;
  }

  /** A part is forgotten. */
  synchronized void leave(Mean mean) {
    if (--mean.parts == 0) all.remove(mean.labels);
  }

  /** What a mean means: what its sum does, but as it is and not as a rate; null for no mean. */
  @Nullable Meaning meaning(Labels text) {
    String metric = text.metric();
    if (!metric.endsWith(MEAN)) return null;
    String base = metric.substring(0, metric.length() - MEAN.length());
    Meaning sum = catalogue.meaning(text.named(base + SUM));
    if (sum.signal() != Signal.LATENCY || sum.type() != Meaning.Type.COUNTER) return null;
    return new Meaning(
        sum.service(),
        sum.instance(),
        Signal.LATENCY,
        Meaning.Type.GAUGE,
        sum.worse(),
        sum.unit(),
        null,
        sum.title() + ", mean");
  }

  /** Means that there are. */
  synchronized int size() {
    return all.size();
  }

  /** A mean has something to hand on. */
  synchronized void ready(Mean mean) {
    ready.add(mean);
  }

  /**
   * Hands all means on as samples of series of their own.
   *
   * @param inOrder in an order that does not depend on which shard came first
   * @return done when they are scored; what finds an inbox full is left out, as the next mean comes
   *     with the next scrape
   */
  CompletableFuture<Void> tell(BlockSink sink, boolean inOrder) {
    List<Mean> taken;
    synchronized (this) {
      if (ready.isEmpty()) return CompletableFuture.completedFuture(null);
      taken = ready;
      ready = spare != null ? spare : new ArrayList<>();
      spare = null;
    }
    // Comparing the labels of tens of thousands takes longer than scoring them.
    if (inOrder) taken.sort(Comparator.comparing(mean -> mean.labels));
    var parts = new ArrayList<CompletableFuture<Void>>();
    for (int shard = 0; shard < sink.shards(); shard++) {
      var blocks = new ArrayList<Samples>();
      var samples = new Samples();
      for (Mean mean : taken) {
        if (Fingerprint.shard(mean.print, sink.shards()) != shard) continue;
        samples.add(mean);
        if (samples.size < BLOCK_SAMPLES) continue;
        blocks.add(samples);
        samples = new Samples();
      }
      if (samples.size > 0) blocks.add(samples);
      parts.add(offer(blocks, sink, shard));
    }
    taken.clear();
    synchronized (this) {
      spare = taken;
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  /** One block after another, so that those of senders come in between. */
  private static CompletableFuture<Void> offer(List<Samples> blocks, BlockSink sink, int shard) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (Samples block : blocks) done = done.thenCompose(_ -> block.offer(sink, shard));
    return done;
  }

  /** Samples of means for one shard. */
  private static final class Samples implements Block.Source, Block.Receipt {
    private final List<Mean> means = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long[] prints = new long[64];
    private int[] which = new int[64];
    private long[] timesMs = new long[64];
    private long[] bits = new long[64];
    private int size;

    void add(Mean mean) {
      int number = means.size();
      means.add(mean);
      mean.drain((timeMs, valueBits) -> {
        if (size == prints.length) {
          prints = java.util.Arrays.copyOf(prints, size * 2);
          which = java.util.Arrays.copyOf(which, size * 2);
          timesMs = java.util.Arrays.copyOf(timesMs, size * 2);
          bits = java.util.Arrays.copyOf(bits, size * 2);
        }
        prints[size] = mean.print;
        which[size] = number;
        timesMs[size] = timeMs;
        bits[size++] = valueBits;
      });
    }

    CompletableFuture<Void> offer(BlockSink sink, int shard) {
      var block = new Block(size, prints, which, which, timesMs, bits, this, this);
      if (!sink.offer(shard, block)) done.complete(null);
      return done;
    }

    @Override
    public void read(int from, int to, LabelSlices labels) {
      LabelSlices one = LabelSlices.of(means.get(from).labels);
      labels.clear(one.bytes());
      for (int i = 0; i < one.size(); i++) {
        labels.add(one.nameFrom(i), one.nameTo(i), one.valueFrom(i), one.valueTo(i));
      }
    }

    @Override
    public void scored(Tally tally) {
      done.complete(null);
    }

    @Override
    public void failed(Throwable why) {
      done.complete(null); // the shard has told it already
    }
  }
}
