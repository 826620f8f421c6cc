package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.train.Hits.Count;
import io.prunella.train.Labelled.Segment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitsTest {
  private static final List<Segment> TWO = List.of(new Segment(10, 19), new Segment(30, 34));

  private static double[] alarms(int... rows) {
    var scores = new double[50];
    for (int row : rows) scores[row] = 1;
    return scores;
  }

  @ParameterizedTest
  @CsvSource({
    "found at the last row in time, 17, EVENT, 1, 0, 1",
    "found one row too late, 18, EVENT, 0, 0, 2",
    "outside, 5, EVENT, 0, 1, 2",
    "all points of a segment found, 17, ADJUSTED_POINT, 10, 0, 5",
    "none of one found late, 18, ADJUSTED_POINT, 0, 0, 15",
  })
  void at_oneAlarm_counts(String what, int row, Count count, long right, long wrong, long missed) {
    assertThat(Hits.at(alarms(row), TWO, 7, count, 0.5))
        .as(what)
        .isEqualTo(new Hits(right, wrong, missed));
  }

  @Test
  void f1_twoOfThreeRight_isTheHarmonicMean() {
    var hits = new Hits(2, 2, 1);
    assertThat(hits.precision()).isEqualTo(0.5);
    assertThat(hits.recall()).isEqualTo(2 / 3.0);
    assertThat(hits.f1()).isEqualTo(2 * 0.5 * (2 / 3.0) / (0.5 + 2 / 3.0), within(1e-12));
    assertThat(Hits.NONE.f1()).isZero();
  }

  @Test
  void best_oneWrongRowBetween_takesTheThresholdThatPays() {
    double[] scores = alarms();
    scores[10] = 5;
    scores[40] = 4;
    scores[31] = 3;
    scores[41] = 1;
    var best = Hits.best(scores, TWO, 7, Count.EVENT);
    assertThat(best.hits()).isEqualTo(new Hits(2, 1, 0));
    assertThat(best.threshold()).as("midway to the next score").isEqualTo(2);
    assertThat(Hits.at(scores, TWO, 7, Count.EVENT, best.threshold())).isEqualTo(best.hits());
  }

  @Test
  void best_nothingToBeFound_isSilence() {
    var best = Hits.best(alarms(3), List.of(), 7, Count.EVENT);
    assertThat(best.hits()).isEqualTo(Hits.NONE);
    assertThat(best.threshold()).isGreaterThan(1);
  }

  @Test
  void random_longSegments_flattersAdjustedPoints() {
    var segments = List.of(new Segment(100, 399), new Segment(500, 899));
    double points = Hits.random(1000, segments, 1000, Count.ADJUSTED_POINT, new Random(1));
    double events = Hits.random(1000, segments, 1000, Count.EVENT, new Random(1));
    assertThat(points).as("why nobody should believe it alone").isGreaterThan(0.9);
    assertThat(events).isLessThanOrEqualTo(1);
  }
}
