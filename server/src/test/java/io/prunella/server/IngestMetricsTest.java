package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server says how its door is doing. */
class IngestMetricsTest {
  private volatile Instant now = Instant.ofEpochMilli(1_700_000_000_000L);

  @Test
  void metrics_ofASilentServer_sayItAndNameEveryFamily(@TempDir Path folder) throws Exception {
    var config = new ConfigFile(Config.DEFAULTS.withListenAddress("127.0.0.1:0"), folder);
    var setting =
        new Server.Setting(
            folder, config, () -> now, List.of(), Map.of(), List.of(), Optional.empty());
    try (var server = new Server(setting)) {
      String fresh = scrape(server);
      assertThat(fresh).contains("prunella_ingest_silent 0.0");
      now = now.plusSeconds(300);
      String later = scrape(server);
      assertThat(later)
          .contains("prunella_ingest_silent 1.0", "prunella_ingest_scoring_seconds_count 0")
          .contains("prunella_ingest_refused_samples_total{reason=\"sender_full\"} 0.0");
      // The operator's table names each family that is there, and those that come with the first
      // request, refusal or replica.
      String page = Files.readString(ConfigText.root().resolve("server/docs/operating.md"));
      var told =
          Pattern.compile("`(prunella_[a-z0-9_]+)").matcher(page).results().map(m -> m.group(1));
      var there =
          Pattern.compile("(?m)^# TYPE (prunella_[a-z0-9_]+) ")
              .matcher(later)
              .results()
              .map(m -> m.group(1))
              .distinct()
              .toList();
      var wanted = new ArrayList<>(there);
      wanted.addAll(
          List.of(
              "prunella_ingest_answers_total",
              "prunella_ingest_biggest_sender_series",
              "prunella_ingest_worst_sender_excesses",
              "prunella_ingest_ha_heard_timestamp_seconds",
              "prunella_ingest_ha_failovers_total",
              "prunella_watch_refused_worst_samples"));
      assertThat(told.distinct()).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  private static String scrape(Server server) throws Exception {
    var uri = URI.create("http://127.0.0.1:%d/metrics".formatted(server.port()));
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
