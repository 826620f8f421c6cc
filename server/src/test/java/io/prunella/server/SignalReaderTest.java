package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.detect.DetectConfig;
import io.prunella.runbook.Readings;
import io.prunella.series.Fingerprint;
import io.prunella.series.Labels;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchConfig;
import io.prunella.watch.Windows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SignalReaderTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  /** Windows that know alerts only. */
  private record Alerts(CompletableFuture<List<Alert>> known) implements Windows {
    @Override
    public CompletableFuture<List<Window>> read(
        Selector selector, long fromMs, long toMs, int seriesMax) {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletableFuture<List<Alert>> alerts(int alertsMax) {
      return known;
    }

    @Override
    public CompletableFuture<Map<String, ServiceSummary>> services() {
      return CompletableFuture.completedFuture(Map.of());
    }
  }

  @Test
  void read_alertsOfAnyService_areTold() {
    var labels = Labels.of("__name__", "ALERTS", "alertname", "High", "alertstate", "firing");
    var windows =
        new Alerts(CompletableFuture.completedFuture(List.of(new Windows.Alert(labels, 1_000, 1))));
    assertThat(new SignalReader(windows).read("shop", AT, AT).alerts())
        .containsExactly(new Readings.Alert(labels.toMap(), 1_000, 1));
  }

  /** A veto that cannot be read must not look like none. */
  @Test
  void read_alertsCannotBeHad_nothingIsRead() {
    var windows =
        new Alerts(CompletableFuture.failedFuture(new IllegalStateException("too many wait")));
    assertThatThrownBy(() -> new SignalReader(windows).read("shop", AT, AT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the alerts cannot be read")
        .hasRootCauseMessage("too many wait");
  }

  @Test
  void read_watchThatIsClosed_nothingIsRead() {
    var watch =
        new Watch(
            WatchConfig.DEFAULTS,
            DetectConfig.DEFAULTS,
            new Fingerprint(7),
            Catalogue.shipped(ServiceRules.DEFAULTS),
            _ -> null,
            _ -> {},
            _ -> {});
    watch.close();
    assertThatThrownBy(() -> new SignalReader(watch).read("shop", AT, AT))
        .isInstanceOf(IllegalStateException.class);
  }
}
