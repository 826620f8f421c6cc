package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Anomaly;
import io.prunella.series.Labels;
import io.prunella.series.StaleMarker;
import io.prunella.signal.Signal;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Latency is what a request took, not how much time all of them took together. */
class MeansTest extends WatchFixture {
  private static final Selector LATENCY = Selector.of("shop", Signal.LATENCY);

  private double sum;
  private double count;

  private static Labels part(String suffix) {
    return Labels.of(
        "__name__",
        "http_request_duration_seconds" + suffix,
        "job",
        "shop",
        "instance",
        "host-1:80",
        "path",
        "/pay");
  }

  /** A scrape in which some requests came, each of which took so long. */
  private void scrape(Watch watch, int step, double requests, double seconds) {
    count += requests;
    sum += requests * seconds;
    long at = START + step * STEP;
    feed.add(part("_sum"), at, sum).add(part("_count"), at, count).send(watch);
    watch.settle(at);
  }

  @Test
  void settle_sumAndCountOfAnyShard_becomeTheMean() {
    for (int shards = 1; shards <= 5; shards++) {
      sum = 0;
      count = 0;
      Watch watch = watch(SETTLED.withShards(shards));
      scrape(watch, 0, 100, 0.5);
      scrape(watch, 1, 10, 0.2);
      scrape(watch, 2, 1000, 0.3);
      scrape(watch, 3, 0, 0);
      Window mean = only(watch, LATENCY);
      assertThat(mean.labels()).isEqualTo(part("_mean"));
      assertThat(mean.meaning().unit()).isEqualTo("seconds");
      // No request in the last scrape: no mean, and no value that a chart could show.
      assertThat(mean.timesMs()).containsExactly(START + STEP, START + 2 * STEP);
      assertThat(mean.values()[0]).isBetween(0.1999, 0.2001);
      assertThat(mean.values()[1]).isBetween(0.2999, 0.3001);
    }
  }

  @Test
  void settle_trafficTenfold_isNoAnomalyOfLatencyButSlowRequestsAre() {
    Watch watch = watch(SETTLED.withShards(2));
    var random = new Random(3);
    int step = 0;
    for (; step < 200; step++) scrape(watch, step, 1000 + random.nextInt(20), 0.1 + noise(random));
    for (; step < 240; step++) scrape(watch, step, 9000 + random.nextInt(200), 0.1 + noise(random));
    assertThat(anomalies).noneMatch(of -> of.meaning().signal() == Signal.LATENCY);
    for (; step < 260; step++) scrape(watch, step, 9000 + random.nextInt(200), 0.4 + noise(random));
    assertThat(anomalies)
        .filteredOn(of -> of.meaning().signal() == Signal.LATENCY)
        .isNotEmpty()
        .allMatch(of -> of.labels().equals(part("_mean")));
  }

  @Test
  void settle_requestsStop_whatWasSlowIsOverWithinAMinute() {
    Watch watch = watch(SETTLED.withShards(2));
    var random = new Random(3);
    int step = 0;
    for (; step < 200; step++) scrape(watch, step, 20, 0.1 + noise(random));
    for (; step < 220; step++) scrape(watch, step, 20, 0.9 + noise(random));
    assertThat(ofTheMean().getLast().isOpen()).isTrue();
    for (; step < 220 + 60_000 / STEP + 2; step++) scrape(watch, step, 0, 0);
    assertThat(ofTheMean().getLast().isOpen()).isFalse();
    int told = ofTheMean().size();
    for (; step < 300; step++) scrape(watch, step, 20, 0.1 + noise(random));
    assertThat(ofTheMean()).hasSize(told);
  }

  private List<Anomaly> ofTheMean() {
    return anomalies.stream().filter(of -> of.labels().equals(part("_mean"))).toList();
  }

  private static double noise(Random random) {
    return 0.002 * random.nextGaussian();
  }

  @Test
  void settle_moreThanMeansMax_sumsAreRatesAsWithout() {
    Watch watch = watch(SETTLED.withMeansMax(0));
    scrape(watch, 0, 100, 0.5);
    scrape(watch, 1, 150, 0.2);
    Window sums = only(watch, LATENCY);
    assertThat(sums.labels()).isEqualTo(part("_sum"));
    assertThat(sums.values()[0]).isBetween(1.999, 2.001);
  }

  /** What a chart shows of a sum is its rate, as of any counter, and not what it has come to. */
  @Test
  void windows_ofASumThatHasAMean_areItsRate() throws Exception {
    Watch watch = watch(SETTLED.withShards(2));
    scrape(watch, 0, 100, 0.5);
    scrape(watch, 1, 150, 0.2);
    count = 0; // began anew
    sum = 0;
    scrape(watch, 2, 10, 0.1);
    scrape(watch, 3, 60, 0.5);
    var selector = new Windows.Selector(null, null, part("_sum").toMap(), null);
    Window sums = watch.read(selector, 0, Long.MAX_VALUE, 10).get().getFirst();
    assertThat(sums.labels()).isEqualTo(part("_sum"));
    assertThat(sums.meaning().scoredUnit()).isEqualTo("s/s");
    assertThat(sums.timesMs()).containsExactly(START + STEP, START + 3 * STEP);
    assertThat(sums.values()[0]).isBetween(1.999, 2.001);
    assertThat(sums.values()[1]).isBetween(1.999, 2.001);
  }

  @Test
  void settle_theSeriesEnd_theMeanEndsWithThem() {
    Watch watch = watch(SETTLED.withShards(2));
    for (int step = 0; step < 3; step++) scrape(watch, step, 10, 0.1);
    long at = START + 3 * STEP;
    feed.addBits(part("_sum"), at, StaleMarker.BITS).addBits(part("_count"), at, StaleMarker.BITS);
    feed.send(watch);
    watch.settle(at);
    assertThat(watch.figures().series()).isEqualTo(3);
    watch.settle(at + WatchConfig.DEFAULTS.forgetEndedMs() + STEP);
    watch.settle(at + 2 * WatchConfig.DEFAULTS.forgetEndedMs());
    assertThat(watch.figures().series()).isZero();
  }

  private static Mean mean() {
    return new Mean(part("_mean"), 1);
  }

  private static List<Double> drained(Mean mean) {
    var all = new ArrayList<Double>();
    mean.drain((timeMs, bits) -> {
      all.add((double) timeMs);
      all.add(Double.longBitsToDouble(bits));
    });
    return all;
  }

  @Test
  void take_oneCounterFarAhead_waitsForTheOther() {
    Mean mean = mean();
    for (int i = 1; i <= 5; i++) assertThat(mean.take(/* isSum= */ true, i, 2 * i)).isFalse();
    for (int i = 1; i <= 5; i++) {
      // The scrape of 3 has lost its count; each further one has two more seconds and one more.
      if (i != 3) mean.take(/* isSum= */ false, i, i);
    }
    assertThat(drained(mean)).containsExactly(2.0, 2.0, 4.0, 2.0, 5.0, 2.0);
  }

  @Test
  void take_aReset_saysNothingOnce() {
    Mean mean = mean();
    double[] sums = {10, 20, 1, 3};
    double[] counts = {10, 15, 1, 2};
    for (int i = 0; i < sums.length; i++) {
      mean.take(/* isSum= */ false, i + 1, counts[i]);
      mean.take(/* isSum= */ true, i + 1, sums[i]);
    }
    assertThat(drained(mean)).containsExactly(2.0, 2.0, 3.0, Double.NaN, 4.0, 2.0);
  }

  @Test
  void take_theOtherNeverComes_isBounded() {
    Mean mean = mean();
    for (int i = 1; i <= 10_000; i++) mean.take(/* isSum= */ true, i, i);
    for (int i = 1; i <= 10_000; i++) mean.take(/* isSum= */ false, i, i);
    assertThat(drained(mean)).hasSize(2 * (Mean.WAITING_MAX - 1));
  }
}
