package io.prunella.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import io.prunella.remediation.Notice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real Alertmanager. */
class AlertmanagerNotifierTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  // Long because: one real Alertmanager sees the whole life of an alert.
  @Test
  void send_suggestionThenEnded_alertStandsThenIsResolved(@TempDir Path folder)
      throws IOException, InterruptedException {
    Peers.need("prometheus-alertmanager");
    int port = Peers.freePort();
    Path config = folder.resolve("alertmanager.yml");
    Files.writeString(config, "route: {receiver: none}\nreceivers: [{name: none}]\n");
    try (var peers = new Peers(folder)) {
      peers.start(
          "alertmanager",
          List.of(
              "prometheus-alertmanager",
              "--config.file=" + config,
              "--storage.path=" + folder.resolve("am"),
              "--cluster.listen-address=",
              "--web.listen-address=127.0.0.1:" + port));
      String base = "http://127.0.0.1:" + port;
      Peers.eventually("Alertmanager", Duration.ofSeconds(20), () -> read(base + "/-/ready"));
      var notifier =
          new AlertmanagerNotifier(
              "am", base + "/", "https://prunella.example", Duration.ofSeconds(5));

      notifier.send(notice(Instant.now(), /* ended= */ false));
      JsonNode alert =
          Peers.eventually("the alert", Duration.ofSeconds(10), () -> first(alerts(base)));
      assertThat(alert.get("labels").get("alertname").asString()).isEqualTo("PrunellaSuggestion");
      assertThat(alert.get("labels").get("service").asString()).isEqualTo("waybill");
      assertThat(alert.get("labels").get("about").asString()).isEqualTo("APR-3");
      assertThat(alert.get("generatorURL").asString())
          .isEqualTo("https://prunella.example/approvals/APR-3");

      var another =
          new AlertmanagerNotifier("am", base, "https://another.example", Duration.ofSeconds(5));
      another.send(notice(Instant.now(), /* ended= */ false));
      assertThat(alerts(base)).as("each console has its own").hasSize(2);

      // The notice that ends it has another kind and severity: it ends it all the same.
      Notice like = notice(Instant.now(), /* ended= */ true);
      var end =
          new Notice(
              "N-8",
              "incident",
              "info",
              like.at(),
              like.about(),
              like.service(),
              "Over",
              "",
              "/",
              true,
              Map.of("odd-name", "x"));
      notifier.send(end);
      notifier.send(end); // on a retry there is nothing left to end
      boolean gone =
          Peers.eventually(
              "the alert's end",
              Duration.ofSeconds(10),
              () -> alerts(base).size() == 1 ? Optional.of(true) : Optional.empty());
      assertThat(gone).isTrue();
      assertThat(alerts(base).getFirst().get("generatorURL").asString())
          .startsWith("https://another.example/");
    }
  }

  private static Notice notice(Instant at, boolean ended) {
    Notice like = WebhookNotifierTest.notice(ended);
    return new Notice(
        like.id(),
        like.kind(),
        like.severity(),
        at,
        like.about(),
        like.service(),
        like.title(),
        like.text(),
        like.path(),
        ended,
        Map.of("run-book", "free-cache-memory", "empty", ""));
  }

  private static List<JsonNode> alerts(String base) {
    return read(base + "/api/v2/alerts")
        .map(body -> new JsonMapper().readTree(body).valueStream().toList())
        .orElse(List.of());
  }

  private static Optional<JsonNode> first(List<JsonNode> alerts) {
    return alerts.stream().findFirst();
  }

  private static Optional<String> read(String url) {
    try {
      var answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not up yet
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while reading " + url, e);
    }
  }
}
