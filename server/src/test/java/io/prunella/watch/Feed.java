package io.prunella.watch;

import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes blocks of labels, times and values, and waits until they are scored. */
final class Feed {
  private record Sample(Labels labels, long timeMs, long bits) {}

  private final Fingerprint fingerprint;
  private final List<Sample> samples = new ArrayList<>();

  Feed(Fingerprint fingerprint) {
    this.fingerprint = fingerprint;
  }

  Feed add(Labels labels, long timeMs, double value) {
    return addBits(labels, timeMs, Double.doubleToRawLongBits(value));
  }

  Feed addBits(Labels labels, long timeMs, long bits) {
    samples.add(new Sample(labels, timeMs, bits));
    return this;
  }

  /** Sends what was added; answers what became of it. */
  Tally send(BlockSink sink) {
    var all = new Tally();
    for (int shard = 0; shard < sink.shards(); shard++) {
      int wanted = shard;
      var mine =
          samples.stream()
              .filter(s -> Fingerprint.shard(fingerprint.of(s.labels()), sink.shards()) == wanted)
              .toList();
      if (!mine.isEmpty()) all.add(send(sink, shard, mine).join());
    }
    samples.clear();
    return all;
  }

  private CompletableFuture<Tally> send(BlockSink sink, int shard, List<Sample> mine) {
    var done = new CompletableFuture<Tally>();
    if (!sink.offer(shard, block(mine, done))) {
      done.completeExceptionally(new IllegalStateException("the inbox is full"));
    }
    return done;
  }

  private Block block(List<Sample> mine, CompletableFuture<Tally> done) {
    int count = mine.size();
    var prints = new long[count];
    var from = new int[count];
    var times = new long[count];
    var bits = new long[count];
    for (int i = 0; i < count; i++) {
      prints[i] = fingerprint.of(mine.get(i).labels());
      from[i] = i;
      times[i] = mine.get(i).timeMs();
      bits[i] = mine.get(i).bits();
    }
    Block.Source source = (at, _, labels) -> copy(LabelSlices.of(mine.get(at).labels()), labels);
    return new Block(count, prints, from, from, times, bits, source, receipt(done));
  }

  private static void copy(LabelSlices one, LabelSlices to) {
    to.clear(one.bytes());
    for (int i = 0; i < one.size(); i++) {
      to.add(one.nameFrom(i), one.nameTo(i), one.valueFrom(i), one.valueTo(i));
    }
  }

  private static Block.Receipt receipt(CompletableFuture<Tally> done) {
    return new Block.Receipt() {
      @Override
      public void scored(Tally tally) {
        var copy = new Tally();
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
