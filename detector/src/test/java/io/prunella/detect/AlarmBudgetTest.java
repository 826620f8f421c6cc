package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmBudgetTest {
  private static final long START_MS = 1_772_442_000_000L;
  private static final double WEEK_MS = 7 * 86_400_000.0;
  private static final long STEP_MS = 600_000;

  @ParameterizedTest
  @CsvSource({"1, 1.0", "0.1, 2.24", "3, 0.681", "10, 0.5", "1000, 0.5"})
  void level_nothingSeen_isTheLinesOwnAtOneAWeek(double perWeek, double level) {
    assertThat(AlarmBudget.of(perWeek).level()).isCloseTo(level, within(0.03 * level));
  }

  /** Peaks of one shape, candidates and asked in a week. Seed by seed, warm-up and all. */
  @ParameterizedTest
  @CsvSource({
    "PARETO_THIN, 20, 0.1", "PARETO_THIN, 500, 1", "PARETO_THIN, 20000, 10",
    "PARETO_HEAVY, 20, 0.1", "PARETO_HEAVY, 500, 1", "PARETO_HEAVY, 20000, 0.1",
    "LOGNORMAL, 20, 1", "LOGNORMAL, 2000, 1", "LOGNORMAL, 20000, 10",
    "BOUNDED, 50, 1", "BOUNDED, 2000, 1", "BOUNDED, 20000, 10",
    "TWO_HEAPS, 32, 1", "TWO_HEAPS, 320, 10", "TWO_HEAPS, 3200, 10",
  })
  void level_drawnCandidates_asManyAsAskedForAreRaised(Peaks peaks, double rate, double perWeek) {
    for (long seed = 1; seed <= 2; seed++) {
      double asked = 40;
      double raised = raised(AlarmBudget.of(perWeek), peaks, rate, asked / perWeek, seed);
      assertThat(raised / asked)
          .as("%s, seed %d: %s raised of %s", peaks, seed, raised, asked)
          .isBetween(0.5, 2.0);
    }
  }

  /** Ways in which peaks are drawn, all from the floor on. */
  enum Peaks {
    PARETO_THIN(random -> 0.5 * Math.pow(1 - random.nextDouble(), -0.2)),
    PARETO_HEAVY(random -> 0.5 * Math.pow(1 - random.nextDouble(), -0.6)),
    LOGNORMAL(random -> 0.5 + 0.4 * Math.exp(0.8 * random.nextGaussian())),
    BOUNDED(random -> 0.5 + 2 * random.nextDouble()),
    TWO_HEAPS(random -> (random.nextInt(10) == 0 ? 3.2 : 0.5) * (1 + 0.2 * random.nextDouble()));

    private final ToDoubleFunction<SplittableRandom> draw;

    Peaks(ToDoubleFunction<SplittableRandom> draw) {
      this.draw = draw;
    }
  }

  private static double raised(
      AlarmBudget begin, Peaks peaks, double perWeek, double weeks, long seed) {
    var random = new SplittableRandom(seed);
    var budget = begin;
    double raised = 0;
    double next = 0;
    for (double ms = 0; ms < weeks * WEEK_MS; ms += STEP_MS) {
      budget = budget.at(START_MS + (long) ms);
      for (; next <= ms; next -= Math.log(1 - random.nextDouble()) * WEEK_MS / perWeek) {
        double peak = peaks.draw.applyAsDouble(random);
        if (peak >= budget.level()) raised++;
        budget = budget.with(0, peak);
      }
    }
    return raised;
  }

  @Test
  void level_tenTimesAsManyServices_follows() {
    var random = new SplittableRandom(5);
    var few = stream(AlarmBudget.of(1), random, 0, 8, 30, 0);
    var many = stream(few, random, 8, 16, 300, 0);
    assertThat(many.level()).isGreaterThan(1.5 * few.level());
    assertThat(stream(many, random, 24, 60, 30, 0).level())
        .isCloseTo(few.level(), within(0.25 * few.level()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 2})
  void level_realIncidentsEveryWeek_doNotShutOutTheNext(double realPerWeek) {
    var calm = stream(AlarmBudget.of(1), new SplittableRandom(6), 0, 30, 30, 0);
    var busy = stream(AlarmBudget.of(1), new SplittableRandom(6), 0, 30, 30, realPerWeek);
    assertThat(calm.level()).isLessThan(2);
    assertThat(busy.level()).isBetween(calm.level(), 9.0); // real ones reach 10
  }

  /** Candidates with heavy tails, and real incidents ten times over the line. */
  private static AlarmBudget stream(
      AlarmBudget begin,
      SplittableRandom random,
      double fromWeek,
      double weeks,
      double perWeek,
      double real) {
    var budget = begin;
    double share = STEP_MS / WEEK_MS;
    for (double ms = fromWeek * WEEK_MS; ms < (fromWeek + weeks) * WEEK_MS; ms += STEP_MS) {
      budget = budget.at(START_MS + (long) ms);
      if (random.nextDouble() < perWeek * share)
        budget = budget.with(0, Peaks.PARETO_THIN.draw.applyAsDouble(random));
      if (random.nextDouble() < real * share) budget = budget.with(0, 10);
    }
    return budget;
  }

  @Test
  void with_peakThatGrows_countsOnceWithItsLast() {
    var once = AlarmBudget.of(1).with(0, 4);
    var grown = AlarmBudget.of(1).with(0, 0.6).with(0.6, 2).with(2, 4);
    assertThat(grown.learnt()).containsExactly(once.learnt(), within(1e-12));
    assertThat(grown.with(4, 0).learnt())
        .containsExactly(AlarmBudget.of(1).learnt(), within(1e-12));
    assertThat(once.level()).isGreaterThan(AlarmBudget.of(1).level());
  }

  @Test
  void with_belowTheFloor_changesNothing() {
    var budget = AlarmBudget.of(1);
    assertThat(budget.with(0, 0.49)).isSameAs(budget);
    assertThat(budget.with(0, Double.MAX_VALUE).level()).isFinite();
  }

  @Test
  void levelWithout_ownPeak_isAsIfItWereNotCounted() {
    var others = AlarmBudget.of(1).with(0, 0.7).with(0, 1.6);
    assertThat(others.with(0, 3).levelWithout(3)).isEqualTo(others.level());
  }

  @Test
  void at_gapOrStepBack_wasNotWatched() {
    var budget = AlarmBudget.of(1).at(START_MS);
    var weekLater = budget.at(START_MS + (long) WEEK_MS);
    assertThat(weekLater.learnt()).isEqualTo(budget.learnt());
    assertThat(budget.at(START_MS - 5_000).learnt()).isEqualTo(budget.learnt());
    assertThat(budget.at(START_MS + 300_000).candidatesPerWeek())
        .isLessThan(budget.candidatesPerWeek());
  }

  @Test
  void figures_nothingSeen_areThoseAssumed() {
    var budget = AlarmBudget.of(1);
    assertThat(budget.weeks()).isEqualTo(0.5);
    assertThat(budget.allowed()).isEqualTo(0.5);
    assertThat(budget.reached()).isZero();
    assertThat(AlarmBudget.of(10).allowed()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void reached_countsPeaksAtTheLevelOfNow() {
    var budget = AlarmBudget.of(1);
    double more = budget.candidates() + 3;
    budget = budget.with(0, 0.6).with(0, 50).with(0, 60);
    assertThat(budget.level()).isBetween(0.6, 50.0);
    assertThat(budget.reached()).isEqualTo(2);
    assertThat(budget.candidates()).isCloseTo(more, within(1e-9));
    assertThat(budget.with(60, 0).reached()).isEqualTo(1);
  }

  @Test
  void reached_moreThanAreKeptExactly_isCountedInBins() {
    var budget = AlarmBudget.of(1_000); // of which more are allowed than there will be
    for (int step = 0; step < 1_000; step++) budget = budget.at(START_MS + step * 600_000L);
    for (int i = 0; i < 3 * Largest.MAX; i++) budget = budget.with(0, 5);
    assertThat(budget.level()).isLessThan(4);
    assertThat(budget.reached()).isBetween(3.0 * Largest.MAX, 3.0 * Largest.MAX + 1);
  }

  @Test
  void reached_weeksOfCandidates_isNearWhatWasAllowed() {
    var learnt = stream(AlarmBudget.of(1), new SplittableRandom(7), 0, 24, 40, 0);
    assertThat(learnt.weeks()).isBetween(6.0, 8.0); // of eight, since the older ones fade
    assertThat(learnt.reached()).isCloseTo(learnt.allowed(), within(1.5));
  }

  @Test
  void restored_goesOnWithAnyNumberAskedFor() {
    var learnt = stream(AlarmBudget.of(1), new SplittableRandom(7), 0, 5, 40, 0);
    var same = AlarmBudget.of(1).restored(learnt.learnt());
    assertThat(same.level()).isCloseTo(learnt.level(), within(1e-3));
    assertThat(AlarmBudget.of(0.1).restored(learnt.learnt()).level()).isGreaterThan(same.level());
    assertThat(AlarmBudget.of(5).restored(learnt.learnt()).level()).isLessThan(same.level());
  }

  @Test
  void restored_whatIsNoBudget_isRefused() {
    var budget = AlarmBudget.of(1);
    var learnt = budget.learnt();
    assertThatThrownBy(() -> budget.restored(new double[3])).hasMessageContaining("wanted 257");
    learnt[5] = Double.NaN;
    assertThatThrownBy(() -> budget.restored(learnt)).hasMessageContaining("learnt NaN");
    assertThatThrownBy(() -> budget.restored(new double[257])).hasMessageContaining("0 weeks");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1001, Double.NaN})
  void of_outsideItsRange_isRefused(double perWeek) {
    assertThatThrownBy(() -> AlarmBudget.of(perWeek)).hasMessageContaining("wanted 0.01 to 1000");
  }
}
