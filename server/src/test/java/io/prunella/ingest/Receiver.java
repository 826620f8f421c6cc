package io.prunella.ingest;

import io.prunella.Peers;
import io.prunella.console.Role;
import io.prunella.console.Tokens;
import io.prunella.series.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code prunella serve} as a process of its own on a port and a data folder that outlive it, so
 * that it can be killed and started again.
 */
final class Receiver {
  static final Duration STARTS = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  /** What it writes its checkpoints to. */
  final Path checkpoint;

  final int port;
  private final Peers peers;
  private final Path folder;
  private final Path data;
  private final String token;
  private Process process;

  /**
   * Starts it and waits until it answers.
   *
   * @param config its configuration
   */
  Receiver(Peers peers, Path folder, String config, String... jvmOptions) throws Exception {
    this.peers = peers;
    this.folder = folder;
    data = Files.createDirectories(folder.resolve("data"));
    checkpoint = data.resolve("watch.checkpoint");
    token = Tokens.open(data.resolve("tokens.yml")).add("oncall", Role.VIEWER, new SecureRandom());
    port = Peers.freePort();
    Files.writeString(folder.resolve("prunella.yml"), config);
    process = start(jvmOptions);
  }

  String writeUrl() {
    return "http://127.0.0.1:" + port + RemoteWrite.PATH;
  }

  /** Starts it again where it was, after {@link #kill} or {@link #stop}. */
  void startAgain() throws Exception {
    process = start();
  }

  private Process start(String... jvmOptions) throws Exception {
    var command =
        new ArrayList<>(
            Peers.java(
                "io.prunella.cli.Prunella",
                "serve",
                "--config.file=" + folder.resolve("prunella.yml"),
                "--storage.path=" + data,
                "--web.listen-address=127.0.0.1:" + port));
    command.addAll(command.indexOf("-cp"), List.of(jvmOptions));
    Process started = peers.start("prunella", command);
    Peers.eventually(
        "prunella on port " + port,
        STARTS,
        () -> get("/-/ready", false).filter(_ -> started.isAlive()));
    return started;
  }

  long pid() {
    return process.pid();
  }

  /** Whether it runs, or with which status it ended. */
  String state() {
    return process.isAlive() ? "it runs" : "it has ended with status " + process.exitValue();
  }

  /** Ends it as the kernel does when memory is short: at once. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, and waits. */
  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  String log() throws IOException {
    return Files.readString(peers.log("prunella"));
  }

  /** Its own metrics: name with labels to value. */
  Map<String, Double> metrics() {
    return get("/metrics", false).map(Receiver::parsed).orElse(Map.of());
  }

  /** One of {@link #metrics}; 0 when it is not there. */
  double metric(String name) {
    return metrics().getOrDefault(name, 0.0);
  }

  /**
   * What is kept of a series of the last hour, by time; empty when it is not watched.
   *
   * @throws AssertionError when a time is there twice
   */
  TreeMap<Long, Double> window(Labels labels) {
    Instant now = Instant.now();
    String query =
        "/api/v1/series/window?from=%s&to=%s&series=%s"
            .formatted(
                now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofMinutes(1)),
                URLEncoder.encode(labels.toString(), StandardCharsets.UTF_8));
    var samples = new TreeMap<Long, Double>();
    get(query, true)
        .map(JSON::readTree)
        .ifPresent(window ->
            window
                .get("samples")
                .valueStream()
                .filter(sample -> !sample.get(1).isNull())
                .forEach(s -> {
                  Double before = samples.put(s.get(0).asLong(), s.get(1).asDouble());
                  if (before != null) throw new AssertionError("twice in " + labels + ": " + s);
                }));
    return samples;
  }

  /** Series with a text in their labels that had samples in the last minutes. */
  int found(String text) {
    return get("/api/v1/series?search=" + text, true)
        .map(page -> JSON.readTree(page).get("series").size())
        .orElse(0);
  }

  private Optional<String> get(String path, boolean withToken) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30));
    if (withToken) request.header("Authorization", "Bearer " + token);
    return body(request.build());
  }

  /** Metrics of any process that has them at {@code /metrics}. */
  static Map<String, Double> metricsAt(int port) {
    return body(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build())
        .map(Receiver::parsed)
        .orElse(Map.of());
  }

  /** The sum of all series of a metric. */
  static double sum(Map<String, Double> metrics, String name) {
    return metrics.entrySet().stream()
        .filter(e -> e.getKey().equals(name) || e.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static Map<String, Double> parsed(String exposition) {
    var all = new HashMap<String, Double>();
    exposition
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(line -> {
          int blank = line.lastIndexOf(' ');
          all.put(line.substring(0, blank), number(line.substring(blank + 1)));
        });
    return all;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Optional<String> body(HttpRequest request) {
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not up
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while asking " + request.uri(), e);
    }
  }
}
