package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.State;
import io.prunella.demo.WriteEncoder;
import io.prunella.remediation.Action;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole server whose time is the test's: samples reach it over HTTP, and before time goes on it
 * is at rest. One thread.
 */
final class ServedWorld implements AutoCloseable {
  private static final String TOKEN = "w";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Server server;
  private Instant now;

  /**
   * @param folder for its files
   * @param config in YAML; each sample is scored before the next request when it says {@code watch:
   *     {delivery: settled}}
   * @param begin its time until the first samples come
   */
  ServedWorld(
      Path folder,
      String config,
      Instant begin,
      List<Action> actions,
      Map<String, String> runbooks) {
    now = begin;
    var file =
        new ConfigFile(ConfigFile.parse("c", config).withListenAddress("127.0.0.1:0"), folder);
    server =
        new Server(
            new Server.Setting(
                folder.resolve("data"),
                file,
                () -> now,
                actions,
                runbooks,
                List.of(),
                Optional.of(TOKEN)));
  }

  /** Lets these samples come at this time, and all that follows from them. */
  void at(Instant time, WriteEncoder samples) throws IOException, InterruptedException {
    now = time;
    var uri = URI.create("http://127.0.0.1:%d/api/v1/write".formatted(server.port()));
    for (byte[] body : samples.take()) {
      var request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + TOKEN)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(204);
    }
    server.settle(now);
  }

  State state() {
    return server.desk().state();
  }

  @Override
  public void close() {
    server.close();
    http.close();
  }
}
