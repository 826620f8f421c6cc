package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.prunella.signal.Meaning;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Stage 1 over many made series: what it raises when nothing is wrong, and what it costs. */
class Stage1FleetTest {
  @Test
  void observe_dayOfQuietSeries_raisesAtMostTwoAnomaliesInAThousandSeriesHours() {
    var opened = Fleet.opened(20, 24, 15, 1);
    double hours = 20 * 24;
    opened.remove(Made.Noise.CRON); // an hourly job is news the first time
    int all = opened.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(all / (hours * opened.size()) * 1000).as("%s", opened).isLessThanOrEqualTo(2);
  }

  @Test
  void observe_hourlyJob_isNewsOnceAndThenExpected() {
    int series = 20;
    assertThat(Fleet.opened(series, 24, 15, 1).get(Made.Noise.CRON)).isLessThanOrEqualTo(series);
  }

  @Test
  void observe_warmRow_allocatesNothing() {
    var stage = new Stage1(DetectConfig.DEFAULTS);
    var row = new double[stage.rowDoubles()];
    int traits = Stage1.traits(Fleet.meaning(Meaning.Type.GAUGE, ""));
    stage.begin(row, 0, traits);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    feed(stage, row, traits, 0, 20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    feed(stage, row, traits, 20_000, 120_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes for 100,000 samples").isLessThan(4096);
  }

  private static void feed(Stage1 stage, double[] row, int traits, int from, int to) {
    for (int i = from; i < to; i++) {
      stage.observe(row, 0, traits, Fleet.START_MS + i * 15_000L, 100 + i * 31 % 7);
    }
  }
}
