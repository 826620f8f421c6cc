package io.prunella.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Speaks to a running {@link Fleet}. Any thread; blocks up to the timeout. */
final class FleetClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String base;
  private final String secret;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  FleetClient(int port, String secret) {
    base = "http://127.0.0.1:" + port;
    this.secret = secret;
  }

  /** The fleet's refusal of a request that it has understood. */
  static final class RefusedException extends IOException {
    final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  FleetApi.Status status() throws IOException {
    return read(get("/status", TIMEOUT), new TypeReference<>() {});
  }

  List<FleetApi.CausedFault> faults() throws IOException {
    return read(get("/faults", TIMEOUT), new TypeReference<>() {});
  }

  List<String> services() throws IOException {
    return read(get("/services", TIMEOUT), new TypeReference<>() {});
  }

  Map<String, String> snapshot(String service, Duration timeout) throws IOException {
    return read(get("/services/" + service, timeout), new TypeReference<>() {});
  }

  void attach(Outbox.Peer peer) throws IOException {
    var unused = send("/attach", FleetFile.JSON.writeValueAsString(peer), TIMEOUT);
  }

  void cause(String fault) throws IOException {
    var unused = send("/faults/" + fault, "", TIMEOUT);
  }

  void stop() throws IOException {
    var unused = send("/stop", "", TIMEOUT);
  }

  FleetActions.Result act(FleetActions.Request request, Duration timeout) throws IOException {
    return read(
        send("/actions", FleetFile.JSON.writeValueAsString(request), timeout),
        new TypeReference<>() {});
  }

  /** What came of a key; empty when the fleet has never seen it. */
  Optional<FleetActions.Result> probe(String key, Duration timeout) throws IOException {
    try {
      return Optional.of(read(get("/actions/" + key, timeout), new TypeReference<>() {}));
    } catch (RefusedException e) {
      if (e.status == 404) return Optional.empty();
      throw e;
    }
  }

  private String get(String path, Duration timeout) throws IOException {
    return send(path, null, timeout);
  }

  private String send(String path, @Nullable String body, Duration timeout) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header(Outbox.SECRET_HEADER, secret);
    if (body != null) request.POST(HttpRequest.BodyPublishers.ofString(body));
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() == 200) return response.body();
      throw new RefusedException(response.statusCode(), words(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the fleet for " + path, e);
    }
  }

  private static String words(String body) {
    try {
      var tree = FleetFile.JSON.readTree(body);
      return tree.path("error").asString(tree.path("output").asString(body));
    } catch (JacksonException e) {
      return body;
    }
  }

  private static <T> T read(String body, TypeReference<T> type) throws IOException {
    try {
      return FleetFile.JSON.readValue(body, type);
    } catch (JacksonException e) {
      throw new IOException("the fleet's answer is not as wanted: " + e.getOriginalMessage(), e);
    }
  }
}
