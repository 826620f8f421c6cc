package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.signal.Direction;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people complain about in other detectors and is not in the other tests here: see {@link
 * DailyTest} for the job at six, {@link Stage1Test} for tiny wiggles, near anomalies, values below
 * 0.
 */
class ComplaintsTest {
  private static final long HOUR_MS = 3_600_000;
  private static final int DAY = 5760; // samples at 15 s

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 8", "8, 8", "20, 28", "24, 24", "72, 72", "1, 40"})
  void observe_samplesThatComeSeldom_areLearntAndWatched(int fromHours, int toHours) {
    var random = new Random(3);
    var watched = Watched.gauge("");
    for (int i = 0; i < 120; i++) {
      watched.at(watched.timeMs, 100 + 2 * random.nextGaussian());
      watched.timeMs += HOUR_MS * (fromHours + random.nextInt(toHours - fromHours + 1));
    }
    assertThat(watched.stage.isScored(watched.row, 0)).as("not stuck").isTrue();
    assertThat(watched.told).isEmpty();
    int until = 0;
    while (until < 6 && !watched.isOpen()) {
      watched.at(watched.timeMs, 130 + 2 * random.nextGaussian());
      watched.timeMs += HOUR_MS * toHours;
      until++;
    }
    assertThat(watched.isOpen()).isTrue();
    assertThat(until).as("a young series claims little").isLessThanOrEqualTo(4);
  }

  @Test
  void observe_longSilenceOfAQuickSeries_isStillForgotten() {
    var watched = Watched.gauge("").feed(500, i -> 100 + i % 3);
    watched.timeMs += 7 * HOUR_MS;
    watched.see(5000);
    assertThat(watched.stage.isScored(watched.row, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 20, 1e6, 1e-6})
  void observe_gaugeDropsToZero_isSeenAtOnceNotAtRecovery(double unit) {
    var random = new Random(3);
    var watched = Watched.gauge("").feed(2000, _ -> unit * (1000.5 + 40 * random.nextGaussian()));
    assertThat(watched.see(0) & Stage1.OPENED).isNotZero();
    assertThat(watched.told.getLast().direction()).isEqualTo(Direction.DOWN);
    watched.feed(40, _ -> 0);
    watched.feed(40, _ -> unit * (1000.5 + 40 * random.nextGaussian()));
    assertThat(watched.opened()).as("the way back is no news").isEqualTo(1);
    assertThat(watched.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, -0.5, 1.5})
  void observe_growthThatGrows_isFollowed(double aDay) {
    var random = new Random(3);
    var watched = Watched.gauge("");
    watched.feed(
        3 * DAY, i -> 1000 * Math.exp(aDay * i / DAY) * (1 + 0.01 * random.nextGaussian()));
    assertThat(watched.told).isEmpty();
    double now = 1000 * Math.exp(aDay * 3);
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[0]).isBetween(0.95 * now, 1.05 * now);
    assertThat(watched.delay(5, _ -> 1.5 * now)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3, 0, 1e-3, -1e12})
  void observe_twoStepsOfAnyLevel_areBothSeen(double level) {
    var random = new Random(3);
    double spread = 1 + Math.abs(level) / 20;
    var watched = Watched.gauge("").feed(2000, _ -> level + spread * random.nextGaussian());
    for (int i = 1; i <= 2; i++) {
      assertThat(watched.delay(4, _ -> level + 15 * spread)).isPositive();
      watched.feed(12, _ -> level + spread * random.nextGaussian());
      assertThat(watched.opened()).isEqualTo(i);
      assertThat(watched.isOpen()).isFalse();
    }
  }
}
