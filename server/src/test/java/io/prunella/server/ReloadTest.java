package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.runbook.Runbook;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server reads its runbooks again without a restart, and a bad file takes nothing away. */
class ReloadTest {
  private static final String RUNBOOK =
      """
      apiVersion: prunella.io/v1
      kind: Runbook
      metadata: {name: drop-pages, version: 1.0.0, mode: auto}
      spec:
        tier: 3
        description: {what: Drops pages., whenToUse: It is full., whenNotToUse: Never.}
        match: {pattern: cache-full, for: 2m}
        target: {kinds: [redis], cacheOnly: true}
        preconditions: [{name: full, check: 'share("memory") > 0.9'}]
        steps: [{id: drop, action: redis.free, with: {prefixes: 'page:'}}]
        verify: {checks: [{name: freed, check: 'share("memory") < 0.8'}]}
        tests:
          - name: refuses without data
            given: {signals: {}}
            expect: {preconditions: inconclusive, because: full}
      """;

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-03-02T10:00:00Z");

  private Server server(Map<String, String> modes) {
    var defaults = Config.DEFAULTS.withListenAddress("127.0.0.1:0");
    var config =
        new Config(
            defaults.web(),
            defaults.ingest(),
            defaults.services(),
            defaults.signals(),
            defaults.watch(),
            defaults.detection(),
            defaults.models(),
            defaults.incidents(),
            defaults.patterns(),
            new Config.Runbooks(List.of("own.yaml"), /* shipped= */ true, modes),
            defaults.targets(),
            defaults.guardrails(),
            defaults.actions(),
            defaults.notifications(),
            defaults.console());
    return new Server(
        new Server.Setting(
            folder,
            new ConfigFile(config, folder),
            () -> now,
            List.of(),
            Map.of(),
            List.of(),
            Optional.empty()));
  }

  private static HttpResponse<String> ask(Server server, String method, String path, String token)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody());
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void reload_changedThenBrokenThenMended_keepsTheLastGoodOneAndSaysSo() throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(file, RUNBOOK);
    try (var server = server(Map.of())) {
      String token = server.firstToken().orElseThrow();
      assertThat(ask(server, "POST", "/-/reload", "").statusCode()).isEqualTo(401);

      Files.writeString(file, RUNBOOK.replace("1.0.0", "1.1.0"));
      assertThat(ask(server, "POST", "/-/reload", token).statusCode()).isEqualTo(200);
      assertThat(own(server).version()).isEqualTo("1.1.0");
      assertThat(own(server).mode())
          .as("its file says auto, the configuration does not")
          .isEqualTo(Runbook.Mode.SUGGEST);

      now = now.plusSeconds(60);
      Files.writeString(file, RUNBOOK.replace("tier: 3", "tier: 9"));
      var refused = ask(server, "POST", "/-/reload", token);
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("own.yaml:5: spec.tier");
      assertThat(own(server).version()).isEqualTo("1.1.0");
      assertThat(ask(server, "GET", "/metrics", "").body())
          .contains("prunella_runbooks_last_reload_successful 0.0")
          .contains("prunella_runbooks_last_reload_success_timestamp_seconds 1.7724456E9");

      Files.delete(file);
      assertThat(server.reload()).singleElement().asString().contains("cannot be read");
      assertThat(own(server).version()).isEqualTo("1.1.0");

      Files.writeString(file, RUNBOOK.replace("1.0.0", "1.2.0"));
      assertThat(server.reload()).isEmpty();
      assertThat(own(server).version()).isEqualTo("1.2.0");

      Files.writeString(file, RUNBOOK.replace("drop-pages", "free-cache-memory"));
      assertThat(server.reload()).singleElement().asString().contains("free-cache-memory");
      assertThat(own(server).version()).isEqualTo("1.2.0");
    }
  }

  @Test
  void modes_theConfigurationSaysAuto_aChangedFileActsByItself() throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(file, RUNBOOK.replace("mode: auto", "mode: observe"));
    try (var server = server(Map.of("drop-pages", "auto"))) {
      assertThat(own(server).mode()).isEqualTo(Runbook.Mode.AUTO);
      Files.writeString(file, RUNBOOK.replace("1.0.0", "2.0.0"));
      server.reload();
      assertThat(own(server).mode()).isEqualTo(Runbook.Mode.AUTO);
      assertThat(own(server).version()).isEqualTo("2.0.0");
    }
  }

  private static Runbook own(Server server) {
    return server.runbooks().byName("drop-pages").orElseThrow();
  }
}
