package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Time to exhaustion against series of which the truth is known. */
class RunwayTest {
  private static final double LIMIT = 100;
  private static final int SEEDS = 40;

  /** What lies on top of a trend; none of it is one. */
  private enum Cover {
    NOISE,
    HEAVY_NOISE,
    SAWTOOTH,
    SPIKES,
    STEP_BACK;

    double at(int i, Random random) {
      return switch (this) {
        case NOISE -> 0.5 * random.nextGaussian();
        case HEAVY_NOISE -> 0.3 * random.nextGaussian() / (0.1 + random.nextDouble());
        case SAWTOOTH -> 0.4 * (i % 10); // a collection every ten samples
        case SPIKES -> random.nextInt(25) == 0 ? 20 : 0.2 * random.nextGaussian();
        case STEP_BACK -> i < 60 ? 4 : 0; // something was tidied up once
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Cover.class)
  void ask_leakUnderACover_isForeseenWithinItsInterval(Cover cover) {
    int asked = 0;
    int near = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var runway = new Runway(60);
      double rise = 0.05 + 0.1 * random.nextDouble(); // a sample, 15 s
      for (int i = 0; i < 200; i++) {
        runway.take(i * 15.0, 50 + rise * i + cover.at(i, random), LIMIT);
      }
      double left = (LIMIT - 50 - rise * 200) / rise * 15;
      if (Double.isInfinite(runway.likelySeconds())) continue;
      asked++;
      assertThat(runway.soonestSeconds()).isLessThanOrEqualTo(runway.likelySeconds());
      assertThat(runway.latestSeconds()).isGreaterThanOrEqualTo(runway.likelySeconds());
      boolean in = left >= 0.8 * runway.soonestSeconds() && left <= 1.25 * runway.latestSeconds();
      if (in) near++;
    }
    assertThat(asked).as("leaks seen of %d", SEEDS).isGreaterThanOrEqualTo(SEEDS * 3 / 4);
    assertThat(near).as("of %d", asked).isGreaterThanOrEqualTo(asked * 9 / 10);
  }

  @ParameterizedTest
  @CsvSource({"100, 0.5", "240, 0.2", "33, 1.2"})
  void ask_rotatedLog_isNoTrendOnceAToothWasSeen(int period, double rise) {
    var random = new Random(3);
    var runway = new Runway(60);
    int soon = 0;
    for (int i = 0; i < 20 * period; i++) {
      runway.take(i * 15.0, 20 + rise * (i % period) + random.nextDouble(), LIMIT);
      if (i > 2 * period && runway.likelySeconds() < 3600) soon++;
    }
    assertThat(soon).isZero();
  }

  @Test
  void ask_stepsUpAndRest_areNoTrend() {
    var random = new Random(4);
    var runway = new Runway(60);
    for (int i = 0; i < 1200; i++) {
      runway.take(i * 15.0, 40 + 10 * (i / 300) + 0.3 * random.nextGaussian(), LIMIT);
      assertThat(runway.likelySeconds()).as("sample %d", i).isInfinite();
    }
  }
}
