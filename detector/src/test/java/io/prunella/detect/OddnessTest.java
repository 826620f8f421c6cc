package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OddnessTest {
  private static final double[] NASTY = {
    Double.NaN, 1.0 / 0, -1.0 / 0, 1e308, -1e308, 4.9e-324, -4.9e-324, 0, -0.0, 1e-300
  };

  /** Scores of a series of samples a minute apart. */
  private static double[] scores(int samples, DoubleUnaryOperator value) {
    return scores(samples, 60, value);
  }

  private static double[] scores(int samples, int seconds, DoubleUnaryOperator value) {
    var watched = Watched.ranked();
    var scores = new double[samples];
    for (int i = 0; i < samples; i++) {
      watched.at(Fleet.START_MS + i * 1000L * seconds, value.applyAsDouble(i));
      scores[i] = watched.stage.score(watched.row, 0);
    }
    return scores;
  }

  private static int highest(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
    return best;
  }

  /** Of the rows that reach no floor. */
  private static double highestOfTheRest(double[] scores, int from, int to) {
    double most = 0;
    for (int i = from; i < to; i++) if (scores[i] < 0.8) most = Math.max(most, scores[i]);
    return most;
  }

  @ParameterizedTest
  @CsvSource({
    "30, 1", "30, 2", "30, 3", "30, 4", "30, 5", "30, 6", "60, 7", "60, 8", "100, 1", "100, 2",
    "150, 3", "1000, 4"
  })
  void score_stepOfTenSpreads_ranksFirstInItsSeries(int at, long seed) {
    var random = new Random(seed);
    var scores = scores(at + 150, i -> 50 + random.nextGaussian() + (i >= at ? 10 : 0));
    assertThat(highest(scores)).isEqualTo(at);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 60, 300})
  void score_newDistributionWithinTheRange_isAnEventAtAnyPace(int seconds) {
    var random = new Random(5);
    double each = 300.0 / seconds; // the series is the same, only looked at more often
    var scores =
        scores(
            (int) (3000 * each),
            seconds,
            i -> {
              double calm = i >= 2500 * each ? 0.2 : 1;
              return 10 * Math.sin(i / each / 3) * calm + random.nextGaussian();
            });
    int before = 0;
    int within = 0;
    for (int i = 0; i < 2560 * each; i++) {
      if (scores[i] < 1 || scores[i] >= 2) continue; // unheard of is another thing
      if (i < 2500 * each) before++;
      else within++;
    }
    assertThat(within).isPositive();
    assertThat(before).as("of ten days").isLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"300, 300, 7, 10", "3600, 300, 0, 3", "3600, 2000, 7, 10"})
  void score_newDistribution_isSeldomAnEventWhileAnHourlySeriesIsYoung(
      int seconds, int from, int least, int most) {
    int found = 0;
    for (long seed = 1; seed <= 10; seed++) {
      var random = new Random(seed);
      var scores =
          scores(
              from + 60,
              seconds,
              i -> (i >= from ? 6 : 0) * Math.sin(i) + 3 * random.nextGaussian());
      int events = 0;
      for (int i = from; i < scores.length; i++) if (scores[i] >= 1 && scores[i] < 2) events++;
      if (events > 0) found++;
    }
    assertThat(found).as("of ten").isBetween(least, most);
  }

  @Test
  void score_distributionThatComesBack_isNoNews() {
    var random = new Random(4);
    // Every thousand samples a busy time of 60; a dozen of them, then it is known.
    var scores = scores(20_000, 300, i -> (i % 1000 < 60 ? 8 : 2) + 0.5 * random.nextGaussian());
    int early = 0;
    int late = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < 1) continue;
      if (i < 10_000) early++;
      else late++;
    }
    assertThat(late).as("early %d", early).isLessThanOrEqualTo(early).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "12, 1", "144, 2"})
  void score_strongerEvent_isSaidAgainOnlyWhenHoursHavePassed(int later, int events) {
    // Five minutes, an hour and twelve hours later it is a fifth stronger.
    var random = new Random(8);
    var scores =
        scores(
            1200,
            300,
            i ->
                i == 1000
                    ? 34
                    : i == 1000 + later ? 240 : (i % 2 * 20 - 10) + random.nextGaussian());
    int said = 0;
    for (int i = 990; i < 1200; i++) if (scores[i] >= 1) said++;
    assertThat(said).isEqualTo(events);
  }

  @Test
  void score_unheardOf_countsAmongTheEvents() {
    // Far from the last value, not from the slowest mean: unheard of, and no event by itself.
    var random = new Random(9);
    var watched = Watched.ranked();
    double before = 0;
    for (int i = 0; i <= 9000; i++) {
      before = of(watched, "load");
      double value = 10 * Math.sin(i / 60.0) + 0.1 * random.nextGaussian() + (i == 9000 ? 6 : 0);
      watched.at(Fleet.START_MS + i * 60_000L, value);
    }
    assertThat(watched.stage.score(watched.row, 0)).isGreaterThan(2);
    assertThat(of(watched, "load") - before).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 60})
  void score_longAnomaly_raisesWhatIsFarNoMoreThanAFewShortOnes(int rows) {
    var random = new Random(10);
    var watched = Watched.ranked();
    double before = 0;
    for (int i = 0; i < 5000 + rows; i++) {
      if (i == 5000) before = of(watched, "far");
      double value = 50 + random.nextGaussian() + (i >= 5000 ? 40 * (1 - i % 2) : 0);
      watched.at(Fleet.START_MS + i * 60_000L, value);
    }
    double each = 0.4; // and the border falls a little between; what is told is coarse
    assertThat(of(watched, "far") - before).isBetween(each / 2, each * (rows / 15.0 + 1));
  }

  private static double of(Watched watched, String name) {
    var candidate = new double[Candidate.count(watched.stage)];
    Candidate.read(watched.stage, watched.row, 0, watched.traits, candidate);
    return candidate[Candidate.NAMES.indexOf(name)];
  }

  @Test
  void score_anomalyIsOver_fadesUntilNothingIsLeft() {
    var scores = scores(1500, i -> i == 1000 ? 90 : 50);
    assertThat(scores[1050]).as("high for a while").isGreaterThan(0.4);
    assertThat(scores[1400]).isLessThan(0.01);
  }

  @ParameterizedTest
  @CsvSource({"15", "60", "300", "3600"})
  void score_oneSampleFarAway_ranksFirst(int seconds) {
    var random = new Random(5);
    var scores = scores(12_000, seconds, i -> 50 + random.nextGaussian() + (i == 9000 ? 60 : 0));
    assertThat(highest(scores)).isEqualTo(9000);
    assertThat(scores[9000]).as("nine thousand rows prove it").isGreaterThan(1);
  }

  @Test
  void score_farAwayAmongFewRows_isNotProvedRare() {
    var random = new Random(6);
    var scores = scores(151, i -> 50 + random.nextGaussian() + (i == 150 ? 60 : 0));
    assertThat(highest(scores)).isEqualTo(150);
    assertThat(scores[150]).isBetween(0.8, 1.0);
  }

  @Test
  void score_hourlySeriesAwayForHalfADay_isFarOnceAndStandsThen() {
    var random = new Random(7);
    var scores =
        scores(700, 3600, i -> 50 + random.nextGaussian() + (i >= 600 && i < 612 ? 12 : 0));
    assertThat(highest(scores)).isBetween(600, 603);
    for (int i = 600; i < 612; i++) assertThat(scores[i]).as("row %d", i).isGreaterThan(0.3);
    int far = 0;
    for (int i = 0; i < 600; i++) if (scores[i] >= 0.8) far++;
    assertThat(far).as("of 600 calm hours").isLessThanOrEqualTo(24);
  }

  @Test
  void score_mostlyOneValue_whatIsFartherRanksHigher() {
    var random = new Random(12);
    // All but one in twenty are 0, so that a robust spread is 0 too; the others reach 1, and a few
    // stand at 5.
    var scores =
        scores(
            9000,
            i -> i >= 6000 && i < 6005 ? 5 : random.nextInt(20) == 0 ? random.nextDouble() : 0);
    double within = 1;
    for (int i = 6000; i < 6005; i++) within = Math.min(within, scores[i]);
    assertThat(within).isGreaterThan(highestOfTheRest(scores, 1000, 6000));
  }

  @Test
  void score_evenNoise_hasRarestRowsButNoneIsFar() {
    var random = new Random(13);
    var scores = scores(20_000, _ -> random.nextDouble());
    assertThat(highest(scores)).isPositive();
    int far = 0;
    for (double score : scores) if (score >= 0.8 && score < 1) far++;
    assertThat(far).isZero();
  }

  @Test
  void score_afterAnAnomaly_fadesWithinTwoHundredSamples() {
    var random = new Random(14);
    var scores = scores(6000, i -> 50 + random.nextGaussian() + (i >= 4000 && i < 4010 ? 60 : 0));
    double calm = highestOfTheRest(scores, 1000, 4000);
    for (int i = 4020; i < 4070; i++) assertThat(scores[i]).as("row %d", i).isBetween(calm, 0.8);
    for (int i = 4021; i < 4070; i++) assertThat(scores[i]).isLessThanOrEqualTo(scores[i - 1]);
    assertThat(highestOfTheRest(scores, 4210, 6000)).isLessThan(scores[4069]);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 5, -1e9, 1e-9, 1e99})
  void score_constantSeries_isNeverAnEvent(double value) {
    for (double score : scores(1000, _ -> value)) assertThat(score).isBetween(0.0, 0.01);
  }

  @ParameterizedTest
  @EnumSource(Made.Noise.class)
  void score_anySeries_isFiniteAndMostlyNoEvent(Made.Noise noise) {
    var made = new Made(noise, 5);
    int events = 0;
    for (double score : scores(10_000, i -> made.next(i * 60, 60))) {
      assertThat(score).isGreaterThanOrEqualTo(0).isFinite();
      if (score >= 1) events++;
    }
    assertThat(events).as("a week").isLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void score_prefixOfAnything_isTheSame(long seed) {
    int samples = 900;
    var all = new double[samples];
    var random = new Random(seed);
    double level = 0;
    for (int i = 0; i < samples; i++) {
      level += random.nextInt(50) == 0 ? 30 * random.nextGaussian() : 0;
      all[i] = level + random.nextGaussian();
      if (random.nextInt(40) == 0) all[i] = NASTY[random.nextInt(NASTY.length)];
    }
    var whole = scores(samples, i -> all[(int) i]);
    for (int end : new int[] {1, 12, 149, 201, 227, 500, 899}) {
      var part = scores(end, i -> all[(int) i]);
      for (int i = 0; i < end; i++) assertThat(part[i]).isEqualTo(whole[i]);
    }
  }

  @Test
  void observe_nastyValues_leaveEveryDoubleOfTheRowFinite() {
    var random = new Random(9);
    var page = new double[Oddness.DOUBLES];
    Oddness.begin(page, 0);
    double before = Double.NaN;
    for (int i = 0; i < 5000; i++) {
      double x = random.nextGaussian() * Math.pow(10, random.nextInt(200) - 100);
      int gap = random.nextInt(4000);
      Oddness.observe(RankConfig.DEFAULTS, page, 0, random.nextLong() >> 12, x, before, gap);
      before = x;
      for (double cell : page) assertThat(cell).isFinite();
      assertThat(Oddness.score(page, 0)).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void observe_wideningRange_forgetsAndGoesOn() {
    var random = new Random(11);
    var page = new double[Novelty.DOUBLES];
    double most = 0;
    for (int n = 1; n <= 400; n++)
      most = Math.max(most, Novelty.observe(page, 0, n, random.nextGaussian(), 1));
    assertThat(Novelty.observe(page, 0, 401, 100, 100)).as("beyond the range").isEqualTo(2);
    assertThat(Novelty.high(page, 0) - Novelty.low(page, 0)).isPositive();
    for (int n = 402; n < 2000; n++) {
      assertThat(Novelty.observe(page, 0, n, random.nextGaussian(), 1)).isBetween(0.0, 2.0);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.5, -2.25", "0, 1e30", "-1e-20, 3", "1e300, -1e300"})
  void pairs_twoNumbers_comeBackAsFloats(double first, double second) {
    double pair = Pairs.of(first, second);
    assertThat(pair).isFinite();
    double most = 1e38;
    assertThat(Pairs.first(pair)).isEqualTo(Math.clamp(first, -most, most), near(first));
    assertThat(Pairs.second(pair)).isEqualTo(Math.clamp(second, -most, most), near(second));
  }

  private static org.assertj.core.data.Offset<Double> near(double value) {
    return within(Math.min(1e38, Math.abs(value)) * 3e-7 + 1e-40);
  }

  @Test
  void pairs_unknown_staysUnknownAndTheDoubleFinite() {
    double pair = Pairs.of(Double.NaN, 7);
    assertThat(pair).isFinite();
    assertThat(Pairs.first(pair)).isNaN();
    assertThat(Pairs.second(pair)).isEqualTo(7);
    double whole = Pairs.ofWhole(2_000_000_000, 12);
    assertThat(whole).isFinite();
    assertThat(Pairs.firstWhole(whole)).isEqualTo(2_000_000_000);
    assertThat(Pairs.secondWhole(whole)).isEqualTo(12);
    double mixed = Pairs.withSecond(Pairs.of(2.5, 1), 77);
    assertThat(mixed).isFinite();
    assertThat(Pairs.first(mixed)).isEqualTo(2.5);
    assertThat(Pairs.secondWhole(mixed)).isEqualTo(77);
  }
}
