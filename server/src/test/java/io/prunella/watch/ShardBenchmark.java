package io.prunella.watch;

import io.prunella.detect.DetectConfig;
import io.prunella.detect.Stage1;
import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.Tally;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one known sample costs in its shard: the look-up alone, all of it (look-up, detection,
 * recent window), and the recent window alone. Blocks of 2000 samples in the order of the rows. Run
 * by {@code mvn -q -Pjmh -DskipTests verify}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ShardBenchmark {
  private static final int SAMPLES = 2000;
  private static final long START = 1_700_000_000_000L;

  @Param({"2000", "100000"})
  int seriesCount;

  private final Fingerprint fingerprint = new Fingerprint(1);
  private final Tally tally = new Tally();
  private final double[] noise = new double[8192];
  private Recent recent;
  private Shard shard;
  private Block[] blocks;
  private int turn;
  private long timeMs = START;

  @Setup
  public void warm() {
    var random = new Random(1);
    for (int i = 0; i < noise.length; i++) noise[i] = Math.rint(1000 + 20 * random.nextGaussian());
    var config = WatchConfig.DEFAULTS;
    recent = new Recent(config.recentBytesMax(), config.recentMs());
    var outlet = new Outlet(WatchConfig.Delivery.LIVE, _ -> {}, _ -> {});
    var rooms =
        new Rooms(
            fingerprint,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            _ -> null,
            new Gather(DetectConfig.DEFAULTS, outlet),
            outlet,
            null,
            new Edges(10),
            new io.prunella.series.Offenders(),
            new SenderSeries(0),
            new Means(1000, fingerprint, Catalogue.shipped(ServiceRules.DEFAULTS)),
            new AtomicInteger());
    shard = new Shard(0, config, new Stage1(DetectConfig.DEFAULTS), 60_000, rooms);
    blocks = new Block[seriesCount / SAMPLES];
    for (int i = 0; i < blocks.length; i++) blocks[i] = block(i * SAMPLES);
    for (int row = 0; row < seriesCount; row++) recent.begin(row);
    for (int pass = 0; pass < 100; pass++) {
      for (int i = 0; i < blocks.length; i++) {
        take();
        appendRecent();
      }
    }
  }

  private Block block(int first) {
    var prints = new long[SAMPLES];
    var from = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      from[i] = first + i;
      prints[i] = fingerprint.of(labels(first + i));
    }
    Block.Source source =
        (at, _, into) -> {
          LabelSlices one = LabelSlices.of(labels(at));
          into.clear(one.bytes());
          for (int i = 0; i < one.size(); i++) {
            into.add(one.nameFrom(i), one.nameTo(i), one.valueFrom(i), one.valueTo(i));
          }
        };
    var receipt =
        new Block.Receipt() {
          @Override
          public void scored(Tally tally) {}

          @Override
          public void failed(Throwable why) {}
        };
    return new Block(
        SAMPLES, prints, from, from, new long[SAMPLES], new long[SAMPLES], source, receipt);
  }

  private static Labels labels(int series) {
    return Labels.of(
        "__name__", "queue_length", "instance", "host-" + series, "job", "shop", "queue", "in");
  }

  private Block next() {
    if (++turn >= blocks.length) {
      turn = 0;
      timeMs += 15_000;
    }
    Block block = blocks[turn];
    for (int i = 0; i < SAMPLES; i++) {
      block.timesMs()[i] = timeMs;
      int at = (i * 31 + turn * 7 + (int) (timeMs / 15_000) * 17) & (noise.length - 1);
      block.valueBits()[i] = Double.doubleToRawLongBits(noise[at]);
    }
    return block;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int lookUp() {
    Block block = blocks[turn++ % blocks.length];
    int row = SeriesTable.NONE;
    for (int i = 0; i < SAMPLES; i++) row = shard.table.find(block.prints()[i], row);
    return row;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long take() {
    tally.clear();
    shard.take(next(), tally);
    return tally.accepted();
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int appendRecent() {
    Block block = next();
    int first = turn * SAMPLES;
    for (int i = 0; i < SAMPLES; i++) {
      recent.add(first + i, timeMs, Double.longBitsToDouble(block.valueBits()[i]));
    }
    return recent.chunks();
  }
}
