package io.prunella.watch;

// Long because: the face of the watch is one, and its cases share one rig.
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.Anomaly;
import io.prunella.detect.DetectConfig;
import io.prunella.series.Labels;
import io.prunella.series.Refusal;
import io.prunella.series.StaleMarker;
import io.prunella.series.Tally;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Change;
import io.prunella.signal.ServiceRules;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest extends WatchFixture {
  @Test
  void read_gauge_givesItsSamplesAndBand() {
    Watch watch = watch(SETTLED);
    var random = new Random(1);
    for (int i = 0; i < 200; i++) feed.add(gauge(0), START + STEP * i, 100 + random.nextGaussian());
    assertThat(feed.send(watch).accepted()).isEqualTo(200);
    Window window = only(watch, new Selector("shop", null, Map.of(), null));
    assertThat(window.labels()).isEqualTo(gauge(0));
    assertThat(window.timesMs()).hasSize(200).startsWith(START).endsWith(START + STEP * 199);
    assertThat(window.values()[100]).isBetween(90.0, 110.0);
    assertThat(window.lower()[199]).isBetween(90.0, 100.0);
    assertThat(window.upper()[199]).isBetween(100.0, 110.0);
    assertThat(window.lower()[0]).isNaN();
  }

  @Test
  void read_counter_givesRatesWithoutTheReset() {
    Watch watch = watch(SETTLED);
    var counter = Labels.of("__name__", "http_requests_total", "job", "shop");
    for (int i = 0; i < 50; i++) feed.add(counter, START + STEP * i, (i < 25 ? 1000 : 0) + 30 * i);
    feed.send(watch);
    Window window = only(watch, new Selector("shop", null, Map.of(), null));
    // The first sample and the one after the reset have no rate.
    assertThat(window.values()).hasSize(48).containsOnly(2.0);
  }

  @Test
  void read_selectors_chooseSeriesAndTimes() {
    Watch watch = watch(SETTLED);
    for (int i = 0; i < 20; i++) {
      for (int k = 0; k < 10; k++) feed.add(gauge(k), START + STEP * i, i);
    }
    feed.send(watch);
    assertThat(watch.read(new Selector(null, null, Map.of(), null), 0, Long.MAX_VALUE, 4).join())
        .extracting(Window::labels)
        .containsExactly(gauge(0), gauge(1), gauge(2), gauge(3));
    assertThat(only(watch, new Selector(null, null, Map.of("instance", "host-3:80"), "")).labels())
        .isEqualTo(gauge(3));
    assertThat(
            only(watch, new Selector(null, null, Map.of(), "QUEUE_depth{instance=\"host-5"))
                .labels())
        .isEqualTo(gauge(5));
    assertThat(watch.read(Selector.of("shop", Signal.DISK), 0, Long.MAX_VALUE, 10).join())
        .isEmpty();
    assertThat(watch.read(new Selector("nobody", null, Map.of(), null), 0, 1, 10).join()).isEmpty();
    List<Window> part =
        watch
            .read(new Selector("shop", null, Map.of(), null), START + STEP, START + 3 * STEP, 1)
            .join();
    assertThat(part.getFirst().values()).containsExactly(1, 2, 3);
  }

  @Test
  void alerts_ofAllShards_areToldWithTheirNewestWord() {
    Watch watch = watch(SETTLED.withShards(3));
    for (int k = 0; k < 30; k++) {
      for (int i = 0; i < 3; i++) feed.add(alert("alert-" + k), START + STEP * i, 1);
    }
    feed.addBits(alert("alert-7"), START + STEP * 3, StaleMarker.BITS);
    for (int k = 0; k < 30; k++) feed.add(gauge(k), START, 1);
    feed.send(watch);
    var alerts = watch.alerts(30).join();
    assertThat(alerts)
        .extracting(Windows.Alert::labels)
        .containsExactlyInAnyOrderElementsOf(
            java.util.stream.IntStream.range(0, 30).mapToObj(k -> alert("alert-" + k)).toList());
    for (Windows.Alert one : alerts) {
      boolean isOver = one.labels().equals(alert("alert-7"));
      assertThat(one.timeMs()).isEqualTo(START + STEP * (isOver ? 3 : 2));
      assertThat(one.value()).isEqualTo(Double.valueOf(isOver ? Double.NaN : 1));
    }
  }

  private static Labels alert(String name) {
    return Labels.of("__name__", "ALERTS", "alertname", name, "alertstate", "firing");
  }

  @Test
  void alerts_moreThanAreWanted_failWholly() {
    Watch watch = watch(SETTLED);
    for (int k = 0; k < 3; k++) feed.add(alert("alert-" + k), START, 1);
    feed.send(watch);
    assertThatThrownBy(() -> watch.alerts(2).join())
        .hasMessageContaining("a shard has 3 series ALERTS, at most 2 are read");
    assertThat(watch.alerts(3).join()).hasSize(3);
  }

  @Test
  void alerts_thatWereForgotten_areToldNoMore() {
    Watch watch = watch(SETTLED);
    feed.add(alert("gone"), START, 1);
    feed.send(watch);
    watch.settle(START);
    watch.settle(START + SETTLED.forgetSilentMs() + 60_000);
    assertThat(watch.alerts(10).join()).isEmpty();
  }

  @Test
  void services_ofAllShards_areSummed() {
    Watch watch = watch(SETTLED.withShards(3));
    for (int k = 0; k < 30; k++) feed.add(gauge(k), START + k, 1);
    feed.add(Labels.of("__name__", "up", "job", "redis"), START, 1);
    feed.send(watch);
    assertThat(watch.services().join())
        .isEqualTo(
            Map.of(
                "shop", new Windows.ServiceSummary("shop", 30, 0, START + 29),
                "redis", new Windows.ServiceSummary("redis", 1, 0, START)));
  }

  @Test
  void offer_sameSamplesAgain_changesNothing() {
    Watch watch = watch(SETTLED);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) feed.add(gauge(0), START + STEP * i, i * 0.1);
      Tally tally = feed.send(watch);
      assertThat(tally.accepted()).isEqualTo(100);
      assertThat(tally.refused()).isZero();
    }
    assertThat(only(watch, new Selector("shop", null, Map.of(), null)).timesMs()).hasSize(100);
    assertThat(watch.figures().repeated()).isEqualTo(200);
  }

  @Test
  void offer_samplesThatContradictWhatIsThere_areRefusedByReason() {
    Watch watch = watch(SETTLED);
    for (int i = 10; i < 60; i++) feed.add(gauge(0), START + STEP * i, i);
    feed.send(watch);
    feed.add(gauge(0), START + STEP * 59, 7);
    feed.add(gauge(0), START + STEP * 58 + 1, 7);
    feed.add(gauge(0), START, 7);
    feed.add(gauge(0), START + STEP * 60, 60);
    Tally tally = feed.send(watch);
    assertThat(tally.refused(Refusal.OTHER_VALUE)).isEqualTo(1);
    assertThat(tally.refused(Refusal.OUT_OF_ORDER)).isEqualTo(1);
    assertThat(tally.refused(Refusal.TOO_OLD)).isEqualTo(1);
    assertThat(tally.accepted()).isEqualTo(1);
    assertThat(tally.message()).startsWith("3 of 4 samples were refused").contains("queue_depth{");
  }

  @Test
  void offer_moreSeriesThanMayBe_refusesTheNewAndTakesTheKnown() {
    Watch watch = watch(SETTLED.withShards(2).withSeriesMax(10));
    for (int k = 0; k < 10; k++) feed.add(gauge(k), START, 1);
    feed.send(watch);
    for (int k = 0; k < 15; k++) feed.add(gauge(k), START + STEP, 2);
    Tally tally = feed.send(watch);
    assertThat(tally.accepted()).isEqualTo(10);
    assertThat(tally.refused(Refusal.TOO_MANY_SERIES)).isEqualTo(5);
    assertThat(watch.figures().biggestOffender()).isEqualTo("queue_depth");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void settle_shift_isToldOnceItIsSure(int shards) {
    Watch watch = watch(SETTLED.withShards(shards));
    var random = new Random(2);
    for (int i = 0; i < 320; i++) {
      for (int k = 0; k < 8; k++) {
        double shift = k == 5 && i >= 300 ? 60 : 0;
        feed.add(gauge(k), START + STEP * i, 100 + random.nextGaussian() + shift);
      }
      feed.send(watch);
    }
    assertThat(anomalies).as("nothing before it is settled").isEmpty();
    watch.settle(START + STEP * 320);
    assertThat(anomalies).isNotEmpty().allMatch(a -> a.labels().equals(gauge(5)) && a.isOpen());
    assertThat(watch.services().join().get("shop").anomalous()).isEqualTo(1);
  }

  @Test
  void settle_sameSamples_giveTheSameCallsWhateverTheShards() {
    List<List<Anomaly>> told = new ArrayList<>();
    for (int shards : new int[] {1, 2, 5}) {
      var found = new ArrayList<Anomaly>();
      Watch watch = watch(SETTLED.withShards(shards), found, new ArrayList<>());
      var random = new Random(3);
      for (int i = 0; i < 400; i++) {
        for (int k = 0; k < 30; k++) {
          double shift = k % 3 == 0 && i >= 300 && i < 350 ? 60 : 0;
          feed.add(gauge(k), START + STEP * i, 100 + random.nextGaussian() + shift);
        }
        feed.add(redis("redis_memory_used_bytes"), START + STEP * i, i < 200 ? 10 : 95);
        feed.add(redis("redis_memory_max_bytes"), START + STEP * i, 100);
        feed.send(watch);
        if (i % 4 == 0) watch.settle(START + STEP * i);
      }
      told.add(found);
    }
    assertThat(told.getFirst()).hasSizeGreaterThan(20);
    assertThat(told.get(1)).isEqualTo(told.getFirst());
    assertThat(told.get(2)).isEqualTo(told.getFirst());
  }

  private static Labels redis(String name) {
    return Labels.of("__name__", name, "job", "redis", "instance", "cache:9121");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void settle_useAboveItsLimit_isJoinedAcrossShards(int shards) {
    Watch watch = watch(SETTLED.withShards(shards));
    for (int i = 0; i < 10; i++) {
      feed.add(redis("redis_memory_used_bytes"), START + STEP * i, i < 5 ? 50e6 : 93e6);
      feed.add(redis("redis_memory_max_bytes"), START + STEP * i, 100e6);
      feed.send(watch);
      watch.settle(START + STEP * i);
    }
    assertThat(anomalies).filteredOn(a -> a.shape() == Shape.HEADROOM).isNotEmpty();
    Anomaly headroom =
        anomalies.stream().filter(a -> a.shape() == Shape.HEADROOM).findFirst().orElseThrow();
    assertThat(headroom.labels()).isEqualTo(redis("redis_memory_used_bytes"));
    assertThat(headroom.isOpen()).isTrue();
    Window used =
        only(
            watch,
            new Selector(
                "redis", Signal.MEMORY, Map.of("__name__", "redis_memory_used_bytes"), null));
    assertThat(used.limit()).isEqualTo(100e6);
    assertThat(used.values()[9]).isCloseTo(93e6, within(1000.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  @Timeout(60)
  void glance_useAboveItsLimit_isToldWithoutATick(int shards) throws Exception {
    var found = new CompletableFuture<Anomaly>();
    Watch watch = fullCache(shards, found);
    watch.glance(START + STEP * 3);
    assertThat(found.get().shape()).isEqualTo(Shape.HEADROOM);
    assertThat(watch.figures().ticks()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  @Timeout(60)
  void glance_begunBeforeTheSample_isToldByTheNext(int shards) throws Exception {
    var found = new CompletableFuture<Anomaly>();
    Watch watch = fullCache(shards, found);
    watch.glance(START + STEP * 2); // it takes a sample that is as new as itself
    while (!found.isDone()) {
      watch.glance(START + STEP * 3);
      Thread.onSpinWait();
    }
    assertThat(found.get().shape()).isEqualTo(Shape.HEADROOM);
    assertThat(watch.figures().ticks()).isZero();
  }

  /** A watch that has had the third sample of a cache above its limit, and not looked yet. */
  private Watch fullCache(int shards, CompletableFuture<Anomaly> found) {
    Watch watch =
        new Watch(
            WatchConfig.DEFAULTS.withShards(shards),
            DetectConfig.DEFAULTS,
            fingerprint,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            _ -> null,
            found::complete,
            changes::add);
    open.add(watch);
    for (int i = 0; i < 3; i++) {
      feed.add(redis("redis_memory_used_bytes"), START + STEP * i, 93e6);
      feed.add(redis("redis_memory_max_bytes"), START + STEP * i, 100e6);
      feed.send(watch);
    }
    return watch;
  }

  @Test
  void settle_failedChecks_areTold() {
    Watch watch = watch(SETTLED);
    for (int i = 0; i < 6; i++) {
      feed.add(redis("up"), START + STEP * i, i < 3 ? 1 : 0).send(watch);
    }
    watch.settle(START + STEP * 6);
    assertThat(anomalies).extracting(Anomaly::shape).containsExactly(Shape.FAILED_CHECKS);
    assertThat(only(watch, Selector.of("redis", Signal.HEALTH)).values())
        .containsExactly(1, 1, 1, 0, 0, 0);
  }

  @Test
  void settle_oneSeriesStops_isSilentButNobodyIsWhenAllStop() {
    Watch watch = watch(SETTLED);
    for (int i = 0; i < 200; i++) {
      feed.add(gauge(0), START + STEP * i, 100);
      if (i < 100) feed.add(gauge(1), START + STEP * i, 100);
      feed.send(watch);
    }
    watch.settle(START + STEP * 200);
    assertThat(anomalies).extracting(Anomaly::shape).containsExactly(Shape.SILENCE);
    assertThat(anomalies.getFirst().labels()).isEqualTo(gauge(1));
    watch.settle(START + STEP * 200 + 3_600_000);
    assertThat(anomalies).hasSize(1);
  }

  @Test
  void settle_endedSeries_isNotSilentAndIsForgotten() {
    Watch watch = watch(SETTLED);
    for (int i = 0; i < 200; i++) {
      feed.add(gauge(0), START + STEP * i, 100);
      if (i < 100) feed.add(gauge(1), START + STEP * i, 100);
      if (i == 100) feed.addBits(gauge(1), START + STEP * i, StaleMarker.BITS);
      feed.send(watch);
      watch.settle(START + STEP * i);
    }
    assertThat(anomalies).isEmpty();
    assertThat(watch.figures().series()).isEqualTo(2);
    for (int i = 200; i < 300; i++) {
      feed.add(gauge(0), START + STEP * i, 100).send(watch);
      watch.settle(START + STEP * i);
    }
    assertThat(watch.figures().series()).isEqualTo(1);
    assertThat(watch.figures().forgotten()).isEqualTo(1);
  }

  @Test
  void tick_weeksOfRollouts_memoryStaysFlat() {
    Watch watch = watch(SETTLED.withSeriesMax(3000));
    long early = 0;
    for (int round = 0; round < 300; round++) {
      long now = START + round * 3_600_000L;
      for (int k = 0; k < 500; k++) feed.add(gauge(round * 500 + k), now, k);
      if (round > 0) {
        for (int k = 0; k < 500; k++) {
          feed.addBits(gauge((round - 1) * 500 + k), now, StaleMarker.BITS);
        }
      }
      assertThat(feed.send(watch).refused()).isZero();
      watch.settle(now);
      if (round == 50) early = bytes(watch);
    }
    assertThat(watch.figures().series()).isLessThanOrEqualTo(1500);
    assertThat(bytes(watch)).isLessThan(early * 3 / 2);
  }

  private static long bytes(Watch watch) {
    WatchFigures f = watch.figures();
    return f.tableBytes() + f.stateBytes() + f.recentBytes() + f.labelBytes();
  }

  @Test
  void settle_restartAndDeploy_areChanges() {
    Watch watch = watch(SETTLED);
    var start = Labels.of("__name__", "process_start_time_seconds", "job", "shop", "instance", "a");
    for (int i = 0; i < 40; i++) {
      feed.add(start, START + STEP * i, i < 20 ? 1_699_000_000 : 1_700_000_300);
      var version = i < 30 ? "2.41.3" : "2.42.0";
      feed.add(
          Labels.of("__name__", "shop_build_info", "job", "shop", "version", version),
          START + STEP * i,
          1);
      feed.send(watch);
      watch.settle(START + STEP * i);
    }
    assertThat(changes)
        .extracting(Change::service, Change::what, Change::atMs)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("shop", "restart", START + STEP * 20),
            org.assertj.core.groups.Tuple.tuple("shop", "deploy", START + STEP * 30));
    assertThat(changes.getLast().detail()).isEqualTo("version 2.41.3 → 2.42.0");
  }

  @Test
  void edges_serviceGraph_isKnown() {
    Watch watch = watch(SETTLED);
    feed.add(
        Labels.of(
            "__name__", "traces_service_graph_request_total", "client", "web", "server", "shop"),
        START,
        1);
    feed.send(watch);
    assertThat(watch.edges()).containsExactly(new Watch.Edge("web", "shop"));
    assertThat(watch.topology().callersOf("shop")).containsExactly("web");
  }

  @Test
  void offer_closedWatch_isNotTaken() {
    Watch watch = watch(SETTLED);
    watch.close();
    feed.add(gauge(0), START, 1);
    assertThatThrownBy(() -> feed.send(watch)).hasMessageContaining("full");
    assertThatThrownBy(() -> watch.settle(START)).isInstanceOf(IllegalStateException.class);
    assertThat(watch.read(Selector.of("shop", Signal.CPU), 0, 1, 1)).isCompletedExceptionally();
  }
}
