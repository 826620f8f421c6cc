package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.prunella.detect.DetectConfig;
import io.prunella.series.Fingerprint;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchConfig;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A known sample costs arithmetic: from its compressed bytes to its row nothing is allocated. */
class AllocationTest {
  private static final int SERIES = 2000; // one request, as senders send them
  private static final int WARM = 240; // longer than any row learns before it scores
  private static final int COUNTED = 60;
  private static final long START = 1_700_000_000_000L;

  @ParameterizedTest
  @EnumSource(
      value = Negotiation.class,
      names = {"V1", "V2"})
  void knownSamples_throughDoorAndWatch_costAtMostAByteEach(Negotiation version) throws Exception {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Set<Thread> before = threads();
    var fingerprint = new Fingerprint(3);
    var metadata = new MetadataBook(100);
    try (var watch =
        new Watch(
            smallWindows(),
            DetectConfig.DEFAULTS,
            fingerprint,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            metadata::typeOf,
            _ -> {},
            _ -> {})) {
      var shards = new HashSet<>(threads());
      shards.removeAll(before);
      long[] ids =
          shards.stream()
              .filter(thread -> thread.getName().startsWith("watch-"))
              .mapToLong(Thread::threadId)
              .toArray();
      assertThat(ids).hasSize(1);
      var exchange =
          new Exchange(
              fingerprint, new Known(1 << 14), new LabelCheck(IngestConfig.DEFAULTS), metadata);
      var own = Thread.currentThread().threadId();
      long allocated = 0;
      for (int pass = 0; pass < WARM + COUNTED; pass++) {
        Buffer body = Buffer.buffer(body(version, pass));
        long begin = bean.getThreadAllocatedBytes(own) + bean.getThreadAllocatedBytes(ids[0]);
        send(exchange, watch, version, body);
        long end = bean.getThreadAllocatedBytes(own) + bean.getThreadAllocatedBytes(ids[0]);
        if (pass >= WARM) allocated += end - begin;
        assertThat(exchange.tally().refused()).isZero();
        watch.settle(START); // what ticks cost is not what samples cost
      }
      assertThat(watch.figures().samples()).isEqualTo((long) SERIES * (WARM + COUNTED));
      assertThat((double) allocated / (SERIES * COUNTED)).isLessThanOrEqualTo(1);
    }
  }

  /**
   * Recent windows that are full when counting begins: what is kept is no allocation that recurs.
   */
  private static WatchConfig smallWindows() {
    var defaults = WatchConfig.DEFAULTS;
    return new WatchConfig(
        1,
        defaults.seriesMax(),
        defaults.senderSeriesMax(),
        defaults.inboxBlocksMax(),
        defaults.readsMax(),
        600_000,
        256,
        defaults.forgetEndedMs(),
        defaults.forgetSilentMs(),
        defaults.edgesMax(),
        defaults.meansMax(),
        defaults.delivery());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream().collect(Collectors.toSet());
  }

  private static void send(Exchange exchange, Watch watch, Negotiation version, Buffer body)
      throws Exception {
    exchange.begin(body.length());
    exchange.request.samplesMax = SERIES;
    exchange.request.nowMs = START;
    exchange.request.aheadMsMax = Long.MAX_VALUE / 2;
    exchange.add(body);
    exchange.decode(version, exchange.declaredLength());
    var scored = new CountDownLatch(1);
    exchange.offer(watch, version, scored::countDown);
    scored.await();
  }

  /** Counters, gauges and parts of limits, calm enough that nothing opens. */
  private static byte[] body(Negotiation version, int pass) {
    var one = new Bodies.V1();
    var two = new Bodies.V2();
    var random = new Random(pass);
    for (int i = 0; i < SERIES; i++) {
      String metric =
          switch (i % 4) {
            case 0 -> "http_requests_total";
            case 1 -> "container_memory_working_set_bytes";
            case 2 -> "container_spec_memory_limit_bytes";
            default -> "process_start_time_seconds";
          };
      double value =
          switch (i % 4) {
            case 0 -> pass * 1500.0 + random.nextInt(10);
            case 1 -> 4e8 + random.nextInt(1000);
            case 2 -> 1e9;
            default -> 1.6e9;
          };
      var labels =
          Bodies.labels(
              "__name__", metric, "container", "c", "namespace", "n", "pod", "p-" + i / 4);
      if (version == Negotiation.V2) two.series(labels, START + pass * 15_000L, value);
      else one.series(labels, START + pass * 15_000L, value);
    }
    return version == Negotiation.V2 ? two.toBytes() : one.toBytes();
  }
}
