package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.DetectConfig;
import io.prunella.detect.Stage1;
import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.Tally;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final int SERIES = 10_000;

  private final Fingerprint fingerprint = new Fingerprint(1);
  private final Tally tally = new Tally();

  private Shard shard(WatchConfig config) {
    var outlet = new Outlet(WatchConfig.Delivery.SETTLED, _ -> {}, _ -> {});
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
            new SenderSeries(1_000_000),
            new Means(1000, fingerprint, Catalogue.shipped(ServiceRules.DEFAULTS)),
            new AtomicInteger());
    return new Shard(0, config, new Stage1(DetectConfig.DEFAULTS), 0, rooms);
  }

  private Block block(long[] times, long[] bits) {
    var prints = new long[SERIES];
    var from = new int[SERIES];
    for (int i = 0; i < SERIES; i++) {
      prints[i] = fingerprint.of(labels(i));
      from[i] = i;
    }
    Block.Source source =
        (at, _, labels) -> {
          LabelSlices one = LabelSlices.of(labels(at));
          labels.clear(one.bytes());
          for (int i = 0; i < one.size(); i++) {
            labels.add(one.nameFrom(i), one.nameTo(i), one.valueFrom(i), one.valueTo(i));
          }
        };
    Block.Receipt receipt =
        new Block.Receipt() {
          @Override
          public void scored(Tally tally) {}

          @Override
          public void failed(Throwable why) {}
        };
    return new Block(SERIES, prints, from, from, times, bits, source, receipt);
  }

  private static Labels labels(int i) {
    String name = i % 2 == 0 ? "http_requests_total" : "queue_depth";
    return Labels.of("__name__", name, "job", "shop", "instance", "host-" + i);
  }

  /** What a known sample may cost of memory: nothing but new pages of recent samples. */
  @Test
  void take_knownSeries_allocatesNoObjects() {
    var random = new Random(1);
    Shard shard = shard(WatchConfig.DEFAULTS.withShards(1));
    var times = new long[SERIES];
    var bits = new long[SERIES];
    var values = new double[SERIES];
    Block block = block(times, bits);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int rounds = 700; // from about 480 on chunks of recent samples are used again
    long before = 0;
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < SERIES; i++) {
        times[i] = 1_700_000_000_000L + 15_000L * round;
        values[i] = i % 2 == 0 ? values[i] + random.nextInt(30) : 100 + random.nextGaussian();
        bits[i] = Double.doubleToRawLongBits(values[i]);
      }
      if (round == 600) before = threads.getCurrentThreadAllocatedBytes();
      tally.clear();
      shard.take(block, tally);
      assertThat(tally.accepted()).isEqualTo(SERIES);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    // Some of that many samples of noise are anomalies, and a word about an anomaly is an object.
    double aSample = (double) bytes / (100.0 * SERIES);
    assertThat(aSample).as("bytes allocated a sample").isLessThan(1);
  }

  @Test
  void offer_moreBlocksThanMayWait_isRefused() {
    Shard shard =
        shard(
            new WatchConfig(
                1,
                1000,
                1000,
                3,
                1,
                7_200_000,
                1024,
                60_000,
                60_000,
                1,
                1,
                WatchConfig.Delivery.LIVE));
    Block block = block(new long[SERIES], new long[SERIES]);
    for (int i = 0; i < 3; i++) assertThat(shard.offer(block)).isTrue();
    assertThat(shard.offer(block)).isFalse();
    assertThat(shard.blocksWaiting()).isEqualTo(3);
    assertThat(shard.figures.full.sum()).isEqualTo(1);
  }

  /** As a checkpoint does whose disk is slow: never done, and it wants many blocks between. */
  private record Endless(AtomicInteger steps) implements Slow {
    @Override
    public Step step(Shard shard) {
      steps.incrementAndGet();
      return Step.WAITING;
    }

    @Override
    public int workBetween() {
      return 1000;
    }

    @Override
    public void fail(Throwable why) {
      steps.set(-1);
    }
  }

  @Test
  void read_begunAfterSomethingLong_doesNotWaitForItsEnd() throws InterruptedException {
    Shard shard = shard(WatchConfig.DEFAULTS.withShards(1));
    var steps = new AtomicInteger();
    shard.begin(new Endless(steps));
    var read = new ReadServices();
    shard.begin(read);
    Thread thread = Thread.ofPlatform().start(shard);
    assertThat(read.answer.join()).isEmpty();
    shard.close();
    thread.join();
    assertThat(steps).hasValue(-1);
  }
}
