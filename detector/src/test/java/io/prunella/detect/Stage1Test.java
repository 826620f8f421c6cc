package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Stage1Test {
  private static final int DAY = 5760; // samples at 15 s

  private static Watched noisy(int samples) {
    var random = new Random(7);
    return Watched.gauge("").feed(samples, _ -> 100 + 2 * random.nextGaussian());
  }

  @Test
  void observe_firstThirtySamples_areSilent() {
    var watched = Watched.gauge("");
    for (int i = 0; i < 30; i++) {
      assertThat(watched.see(i % 10 == 9 ? 1e6 : i)).isEqualTo(Stage1.QUIET);
      assertThat(watched.stage.isScored(watched.row, 0)).isFalse();
    }
    watched.see(5);
    assertThat(watched.stage.isScored(watched.row, 0)).isTrue();
  }

  @Test
  void surprise_young_isCappedByWhatWasSeen() {
    var watched = noisy(50);
    watched.see(1e9);
    assertThat(watched.stage.surprise(watched.row, 0))
        .isBetween(5.0, Math.log(51) + Math.log(10) + 1e-9);
  }

  /** What is usual is as likely as p says, not only what is rare. */
  @ParameterizedTest
  @CsvSource({"0.001, 0.0007", "0.01, 0.003", "0.1, 0.015", "0.2, 0.02", "0.5, 0.03", "0.8, 0.03"})
  void surprise_noiseOfANormal_isAsOftenAsPSays(double p, double within) {
    var random = new Random(11);
    var watched = noisy(5_000);
    int samples = 100_000;
    int below = 0;
    for (int i = 0; i < samples; i++) {
      watched.see(100 + 2 * random.nextGaussian());
      if (watched.stage.surprise(watched.row, 0) >= -Math.log(p)) below++;
    }
    assertThat(below / (double) samples).isBetween(p - within, p + within);
  }

  @ParameterizedTest
  @CsvSource({"UP, 12", "DOWN, -12"})
  void observe_shiftOfSixSpreads_opensWithinFourSamples(Direction direction, double by) {
    var random = new Random(3);
    var watched = noisy(1000);
    long before = watched.timeMs;
    assertThat(watched.delay(4, _ -> 100 + by + 2 * random.nextGaussian())).isBetween(1, 4);
    Anomaly anomaly = watched.told.getLast();
    assertThat(anomaly.isOpen()).isTrue();
    assertThat(anomaly.direction()).isEqualTo(direction);
    assertThat(anomaly.fromMs()).isBetween(before + 15_000, before + 60_000);
    assertThat(anomaly.expected()).isBetween(97.0, 103.0);
    assertThat(anomaly.lower()).isLessThan(97);
    assertThat(anomaly.upper()).isGreaterThan(103).isLessThan(115);
    assertThat(anomaly.surprise()).isGreaterThan(5);
    assertThat(anomaly.reason())
        .contains("× the usual spread")
        .contains(by > 0 ? "above" : "below");
  }

  @Test
  void observe_oneWobble_opensNothing() {
    var watched = noisy(2000);
    watched.see(112);
    watched.feed(20, i -> 100 + (i % 3) - 1);
    assertThat(watched.told).isEmpty();
  }

  @Test
  void observe_extremeSample_opensAtOnceAndClosesAsSpike() {
    var random = new Random(5);
    var watched = noisy(2000);
    assertThat(watched.see(10_000) & Stage1.OPENED).isNotZero();
    watched.feed(10, _ -> 100 + 2 * random.nextGaussian());
    Anomaly closed = watched.told.getLast();
    assertThat(closed.isOpen()).isFalse();
    assertThat(closed.shape()).isEqualTo(Shape.SPIKE);
    assertThat(closed.toMs() - closed.fromMs()).isLessThanOrEqualTo(60_000);
  }

  @Test
  void observe_shiftThatStays_isToldThenTakenAsTheNewNormal() {
    var random = new Random(5);
    var watched = noisy(2000);
    long shifted = watched.timeMs;
    watched.feed(400, _ -> 150 + 2 * random.nextGaussian());
    assertThat(watched.told).anyMatch(a -> a.isOpen() && a.shape() == Shape.SHIFT);
    Anomaly closed = watched.told.getLast();
    assertThat(closed.isOpen()).isFalse();
    assertThat(closed.reason()).contains("new normal");
    assertThat(closed.toMs() - shifted).isBetween(3_600_000L, 4_500_000L);
    int told = watched.told.size();
    watched.feed(400, _ -> 150 + 2 * random.nextGaussian());
    assertThat(watched.told).hasSize(told);
    assertThat(watched.delay(4, _ -> 190)).as("still sensitive").isPositive();
  }

  @Test
  void observe_duringAnAnomaly_nothingIsLearntAsNormal() {
    var random = new Random(5);
    var watched = noisy(2000);
    watched.feed(100, _ -> 150 + 2 * random.nextGaussian()); // 25 minutes
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[0]).isBetween(97.0, 103.0);
    watched.feed(10, _ -> 100 + 2 * random.nextGaussian());
    assertThat(watched.isOpen()).isFalse();
    assertThat(watched.delay(5, _ -> 150)).as("the next one is seen as well").isPositive();
  }

  @Test
  void observe_steadyGrowthFromNowOn_isATrend() {
    var random = new Random(5);
    var watched = noisy(2000);
    watched.feed(120, i -> 100 + i + 2 * random.nextGaussian());
    assertThat(watched.told).isNotEmpty();
    assertThat(watched.told).anyMatch(a -> a.shape() == Shape.TREND);
    assertThat(watched.told.getLast().direction()).isEqualTo(Direction.UP);
  }

  @Test
  void observe_twoAnomaliesCloseTogether_areBothSeen() {
    var random = new Random(5);
    var watched = noisy(2000);
    watched.feed(6, _ -> 160);
    watched.feed(20, _ -> 100 + 2 * random.nextGaussian());
    watched.feed(6, _ -> 160);
    watched.feed(20, _ -> 100 + 2 * random.nextGaussian());
    assertThat(watched.opened()).isEqualTo(2);
    assertThat(watched.isOpen()).isFalse();
  }

  @Test
  void observe_trafficDropsToZero_isSeenAtOnce() {
    var random = new Random(5);
    var watched = Watched.of(Signal.TRAFFIC, Meaning.Type.COUNTER, null);
    double[] total = {0};
    watched.feed(1000, _ -> total[0] += 3000 + Math.rint(100 * random.nextGaussian()));
    assertThat(watched.see(total[0]) & Stage1.OPENED).isNotZero();
    assertThat(watched.told.getLast().direction()).isEqualTo(Direction.DOWN);
    assertThat(watched.told.getLast().reason()).matches("dropped to 0 from (19|20)\\d/s");
  }

  @Test
  void observe_errorsOnASeriesAlwaysZero_oneIsNothingABurstIsSeen() {
    var watched = Watched.of(Signal.ERRORS, Meaning.Type.COUNTER, Direction.UP);
    watched.feed(1000, _ -> 0);
    watched.feed(200, _ -> 1);
    assertThat(watched.told).as("one lone error").isEmpty();
    assertThat(watched.delay(3, i -> 1 + 20 * (i + 1))).isBetween(1, 3);
    assertThat(watched.told.getLast().reason()).contains("0 all along");
  }

  @Test
  void observe_restartsOfACrashLoop_addUp() {
    var watched = Watched.of(Signal.RESTARTS, Meaning.Type.COUNTER, Direction.UP);
    watched.feed(DAY, _ -> 0);
    watched.feed(200, _ -> 1);
    assertThat(watched.told).as("one restart").isEmpty();
    assertThat(watched.delay(16, i -> 1 + Math.floor(i / 4))).as("one a minute").isBetween(4, 13);
    watched.feed(30, i -> 5 + Math.floor(i / 4));
    assertThat(watched.isOpen()).as("goes on").isTrue();
    assertThat(watched.opened()).isEqualTo(1);
  }

  @Test
  void observe_flatSeriesWithTinyWiggles_staysSilent() {
    var random = new Random(5);
    var watched = Watched.gauge("bytes");
    double level = 4L << 30;
    watched.feed(2000, _ -> level);
    watched.feed(500, _ -> level * (1 + 0.005 * random.nextGaussian()));
    assertThat(watched.told).isEmpty();
    assertThat(watched.delay(5, _ -> level * 1.5)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"seconds, 1", "ms, 1e3", "µs, 1e6"})
  void observe_stepOfMicroseconds_staysSilentInEachUnit(String unit, double inSeconds) {
    var watched = Watched.gauge(unit);
    watched.feed(200, _ -> 2.007e-6 * inSeconds);
    watched.feed(500, _ -> 16.1e-6 * inSeconds);
    assertThat(watched.told).isEmpty();
    assertThat(watched.delay(5, _ -> 0.25 * inSeconds)).isPositive();
  }

  @Test
  void observe_valuesBelowZero_areScoredAsAnyOther() {
    var random = new Random(5);
    var watched = Watched.gauge("");
    watched.feed(1000, _ -> -50 + random.nextGaussian());
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[1]).isLessThan(-51);
    assertThat(watched.delay(5, _ -> 0)).isPositive();
  }

  @Test
  void observe_growthOfDays_isFollowed() {
    var random = new Random(5);
    var watched = Watched.gauge("");
    watched.feed(2 * DAY, i -> 100 + i * 0.02 + random.nextGaussian());
    assertThat(watched.told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5, 1", "5, 2", "5, 5", "15, 1", "15, 3", "15, 20", "60, 1", "60, 4", "60, 30"})
  void observe_youngSteadyCounter_opensNothing(long seconds, int each) {
    for (Signal signal : new Signal[] {Signal.TRAFFIC, Signal.ERRORS}) {
      var watched = Watched.of(signal, Meaning.Type.COUNTER, null);
      for (int i = 1; i <= 7200 / seconds; i++) {
        watched.at(watched.timeMs + i * seconds * 1000, 40 + (double) i * each);
      }
      assertThat(watched.told).as(signal.name()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.1, 1, 5})
  void observe_gapInASteadyCounter_opensNothing(double each) {
    var watched = Watched.of(Signal.ERRORS, Meaning.Type.COUNTER, Direction.UP);
    for (int gap : new int[] {600, 1800, 7200, 36_000}) {
      for (int i = 0; i < DAY; i++) {
        watched.see(Math.floor((watched.timeMs - Fleet.START_MS) / 15_000.0 * each));
      }
      watched.timeMs += gap * 1000L;
    }
    assertThat(watched.told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5, 0.2", "15, 0.5", "15, 3", "60, 2"})
  void observe_youngRandomCounter_opensNextToNothing(long seconds, double each) {
    int opened = 0;
    for (int series = 0; series < 100; series++) {
      var random = new Random(series);
      var watched = Watched.of(Signal.TRAFFIC, Meaning.Type.COUNTER, null);
      double count = 0;
      for (int i = 1; i <= 3600 / seconds; i++) {
        count += poisson(random, each);
        watched.at(watched.timeMs + i * seconds * 1000, count);
      }
      opened += (int) watched.opened();
    }
    assertThat(opened).as("openings in 100 first hours").isLessThanOrEqualTo(3);
  }

  private static int poisson(Random random, double mean) {
    int count = -1;
    double left = 1;
    for (double stop = Math.exp(-mean); left > stop; count++) left *= random.nextDouble();
    return count;
  }

  @Test
  void observe_counterReset_isNoAnomaly() {
    var random = new Random(5);
    var watched = Watched.of(Signal.TRAFFIC, Meaning.Type.COUNTER, null);
    double[] total = {0};
    watched.feed(1000, _ -> total[0] += 3000 + Math.rint(100 * random.nextGaussian()));
    total[0] = 0;
    watched.feed(100, _ -> total[0] += 3000 + Math.rint(100 * random.nextGaussian()));
    assertThat(watched.told).isEmpty();
    assertThat(watched.stage.scored(watched.row, 0)).isBetween(180.0, 220.0);
  }

  @Test
  void silence_samplesStop_isSeenAndOverWhenTheyAreBack() {
    var watched = noisy(500);
    watched.timeMs += 60_000;
    assertThat(watched.tick()).isEqualTo(Stage1.QUIET);
    watched.timeMs += 300_000;
    assertThat(watched.tick()).isEqualTo(Stage1.OPENED);
    assertThat(watched.told.getLast().shape()).isEqualTo(Shape.SILENCE);
    assertThat(watched.told.getLast().reason())
        .isEqualTo("no sample for 6 min, usually one every 15 s");
    assertThat(watched.tick()).as("told once").isEqualTo(Stage1.QUIET);
    assertThat(watched.see(100) & Stage1.CLOSED).isNotZero();
    assertThat(watched.told.getLast().isOpen()).isFalse();
  }

  @Test
  void pause_staleMarker_isNoSilenceAndEndsWhatWasOpen() {
    var watched = noisy(500);
    watched.stage.pause(watched.row, 0);
    watched.timeMs += 3_600_000;
    assertThat(watched.tick()).isEqualTo(Stage1.QUIET);
    watched.feed(50, i -> 100 + i % 3);
    watched.feed(5, _ -> 200);
    assertThat(watched.isOpen()).isTrue();
    watched.stage.pause(watched.row, 0);
    assertThat(watched.tick()).isEqualTo(Stage1.CLOSED);
    assertThat(watched.told.getLast().isOpen()).isFalse();
  }

  @Test
  void observe_timeThatDoesNotGoOn_changesNothing() {
    var watched = noisy(500);
    var before = watched.row.clone();
    assertThat(watched.at(watched.timeMs, 1e9)).isEqualTo(Stage1.QUIET);
    assertThat(watched.at(watched.timeMs - 1, 1e9)).isEqualTo(Stage1.QUIET);
    assertThat(watched.at(Long.MIN_VALUE, 1e9)).isEqualTo(Stage1.QUIET);
    assertThat(watched.row).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 1.0 / 0, -1.0 / 0, 1e308, -1e308, 4.9e-324, 1.8e19, 0})
  void observe_nastyValues_neverPoison(double nasty) {
    var random = new Random(5);
    var watched = Watched.gauge("");
    watched.see(nasty); // the first of all
    watched.feed(500, i -> i == 3 ? nasty : 100 + 2 * random.nextGaussian());
    for (int i = 0; i < 3; i++) watched.see(nasty);
    watched.feed(100, _ -> 100 + 2 * random.nextGaussian());
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[0]).isBetween(90.0, 110.0);
    assertThat(band[1]).isBetween(70.0, 100.0);
    assertThat(band[2]).isBetween(100.0, 130.0);
    assertThat(watched.isOpen()).isFalse();
    assertThat(watched.delay(5, _ -> 300)).as("still sees").isPositive();
  }

  @Test
  void observe_gapOfTenYears_startsAfresh() {
    var watched = noisy(500);
    watched.timeMs += 10L * 365 * 86_400_000;
    assertThat(watched.see(7)).isEqualTo(Stage1.QUIET);
    assertThat(watched.stage.isScored(watched.row, 0)).isFalse();
    watched.feed(200, i -> 7 + i % 2);
    assertThat(watched.told).isEmpty();
  }

  @Test
  void observe_prefix_scoresTheSame() {
    var all = new Watched(Fleet.meaning(Meaning.Type.GAUGE, ""));
    var part = new Watched(Fleet.meaning(Meaning.Type.GAUGE, ""));
    var one = new Made(Made.Noise.HEAVY, 11);
    var two = new Made(Made.Noise.HEAVY, 11);
    for (int i = 0; i < 3000; i++) {
      all.see(one.next(i * 15.0, 15) + (i > 2000 && i < 2020 ? 1e5 : 0));
      if (i >= 2010) continue;
      part.see(two.next(i * 15.0, 15) + (i > 2000 && i < 2020 ? 1e5 : 0));
      assertThat(part.row).isEqualTo(all.row);
    }
    assertThat(all.told.subList(0, part.told.size())).isEqualTo(part.told);
  }

  @Test
  void traits_infoAndChecks_areNeverScored() {
    for (var type : new Meaning.Type[] {Meaning.Type.INFO, Meaning.Type.CHECK}) {
      var watched = Watched.of(Signal.HEALTH, type, null);
      watched.feed(200, i -> i < 100 ? 1 : 1e6);
      assertThat(watched.told).isEmpty();
      assertThat(watched.stage.isScored(watched.row, 0)).isFalse();
    }
  }

  @Test
  void describe_seriesWithoutAnomaly_isOurFault() {
    var watched = noisy(100);
    assertThatThrownBy(
            () -> watched.stage.describe(watched.row, 0, Watched.LABELS, watched.meaning, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has had no anomaly");
  }

  @Test
  void rowDoubles_isWithin700Bytes_andAKilobyteWhereItRanks() {
    assertThat(8 * new Stage1(DetectConfig.DEFAULTS).rowDoubles()).isLessThanOrEqualTo(576);
    assertThat(8 * Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS).rowDoubles())
        .isLessThanOrEqualTo(864);
  }

  @Test
  void score_ofAStageThatDoesNotRank_isOurFault() {
    var watched = noisy(100);
    assertThatThrownBy(() -> watched.stage.score(watched.row, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wanted Stage1.ranking");
  }
}
