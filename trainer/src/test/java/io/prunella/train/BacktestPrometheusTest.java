package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backtest of a real Prometheus, whose past promtool has written. */
class BacktestPrometheusTest {
  @TempDir Path folder;

  private static String run(String url, String... more) {
    var backtest = new PastRun("backtest");
    assertThat(backtest.twoDays(url, more)).as(backtest.err).isZero();
    return backtest.out;
  }

  @Test
  void backtest_threeDaysWithOneFault_namesItAtItsTimeAndNothingElse() throws Exception {
    PrometheusPeer.need();
    // No query may load more than a tenth of a window: all are halved, as with a large one.
    try (var prometheus =
        PrometheusPeer.start(folder, new ShopPast(4).openMetrics(), "--query.max-samples=250")) {
      Path report = folder.resolve("out.json");
      String first = run(prometheus.url(), "--report=" + report);
      var told = first.lines().filter(line -> line.startsWith("  2026-")).toList();
      assertThat(told).as(first).hasSize(6);
      for (int i = 0; i < told.size(); i += 2) {
        assertThat(told.get(i)).contains("2026-03-04T10:0", " surprise ", " cart: errors ");
        assertThat(told.get(i + 1)).contains("2026-03-04T16:0", " limit ", " mail: quota ");
      }
      String json = Files.readString(report);
      assertThat(run(prometheus.url(), "--report=" + report)).isEqualTo(first);
      assertThat(Files.readString(report)).isEqualTo(json);

      // What answers as a Prometheus does in the other tests does so indeed.
      try (var server = new PastServer(new ShopPast(4).lines())) {
        assertThat(run(server.url())).isEqualTo(first);
      }
    }
  }
}
