package io.prunella.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastingTest {
  @Test
  void held_dropInBetween_isAsHighAsTheLowestSince() {
    var lasting = Lasting.NONE.then(0, 2, 60).then(10, 5, 60).then(20, 3, 60);
    assertThat(lasting.held(20, 0)).isEqualTo(3);
    assertThat(lasting.held(59, 60)).isZero();
    assertThat(lasting.held(60, 60)).isEqualTo(2);
    assertThat(lasting.held(70, 60)).isEqualTo(3);
    assertThat(lasting.then(70, 1, 60).held(70, 60)).isEqualTo(1);
  }

  @Test
  void then_nothing_beginsAnew() {
    assertThat(Lasting.NONE.then(0, 2, 60).then(50, 0, 60)).isSameAs(Lasting.NONE);
    assertThat(Lasting.NONE.then(0, Double.NaN, 60)).isSameAs(Lasting.NONE);
  }

  /** Against the plain definition: the lowest height of the span. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void held_drawnHeights_neverMoreThanTheLowestOfTheSpan(long seed) {
    var random = new SplittableRandom(seed);
    var heights = new double[500];
    var lasting = Lasting.NONE;
    for (int t = 0; t < heights.length; t++) {
      heights[t] = random.nextInt(8) == 0 ? 1 + random.nextInt(6) : t == 0 ? 1 : heights[t - 1];
      lasting = lasting.then(t, heights[t], 20);
      double lowest = Double.MAX_VALUE;
      for (int i = Math.max(0, t - 20); i <= t; i++) lowest = Math.min(lowest, heights[i]);
      double held = lasting.held(t, 20);
      if (t >= 20) assertThat(held).as("seed %d at %d", seed, t).isEqualTo(lowest);
      if (t < 20) assertThat(held).isZero();
    }
  }

  @Test
  void then_veryManySteps_saysLessThanIsTrueAndNotMore() {
    var lasting = Lasting.NONE;
    for (int t = 0; t < 100; t++) lasting = lasting.then(t, 1 + t, 1_000);
    assertThat(lasting.held(1_000, 1_000)).isEqualTo(1);
    assertThat(lasting.held(100, 50)).isBetween(1.0, 51.0);
    assertThat(lasting.held(99, 0)).isBetween(80.0, 100.0);
  }
}
