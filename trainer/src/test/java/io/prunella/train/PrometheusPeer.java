package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A real Prometheus with a past that was written by promtool, ended with it. Where they are not
 * installed the test is skipped and says so; with {@code PRUNELLA_PEERS=required} it fails.
 */
final class PrometheusPeer implements AutoCloseable {
  private static final int TRIES_MAX = 600;
  private static final long TRY_MS = 100;

  private final Process process;
  private final int port;

  private PrometheusPeer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test, or fails it in CI, unless Prometheus and its tool are installed. */
  static void need() {
    for (String program : List.of("prometheus", "promtool")) {
      boolean isThere =
          List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
      if (!isThere && "required".equals(System.getenv("PRUNELLA_PEERS"))) {
        throw new AssertionError(program + " is not installed, and PRUNELLA_PEERS=required");
      }
      assumeTrue(isThere, program + " is not installed: this test needs the real one");
    }
  }

  /**
   * Fills one and starts it.
   *
   * @param folder for its files
   * @param openMetrics the past
   * @param more arguments
   */
  static PrometheusPeer start(Path folder, String openMetrics, String... more) throws Exception {
    Path past = Files.writeString(folder.resolve("past.txt"), openMetrics);
    Path blocks = Files.createDirectories(folder.resolve("tsdb"));
    Process made =
        process(
            folder.resolve("promtool.log"),
            List.of(
                "promtool", "tsdb", "create-blocks-from", "openmetrics", past + "", blocks + ""));
    assertThat(made.waitFor())
        .as(() -> "promtool: " + read(folder.resolve("promtool.log")))
        .isZero();
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"), "global: {external_labels: {cluster: eu}}\n");
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<String>();
    command.add("prometheus");
    command.add("--config.file=" + config);
    command.add("--storage.tsdb.path=" + blocks);
    command.add("--storage.tsdb.retention.time=100y");
    command.add("--web.listen-address=127.0.0.1:" + port);
    command.addAll(List.of(more));
    Path log = folder.resolve("prometheus.log");
    var peer = new PrometheusPeer(process(log, command), port);
    try {
      peer.awaitReady(log);
      return peer;
    } catch (Throwable e) {
      peer.close();
      throw e;
    }
  }

  private static Process process(Path log, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(log.toAbsolutePath().getParent().toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  private void awaitReady(Path log) throws InterruptedException {
    var never = new CountDownLatch(1);
    var request = HttpRequest.newBuilder(URI.create(url() + "/-/ready")).build();
    try (var http = HttpClient.newHttpClient()) {
      for (int i = 0; i < TRIES_MAX && process.isAlive(); i++) {
        try {
          var answer = http.send(request, HttpResponse.BodyHandlers.discarding());
          if (answer.statusCode() == 200) return;
        } catch (IOException e) {
          // Not listening yet.
        }
        assertThat(never.await(TRY_MS, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    throw new AssertionError("Prometheus has not become ready: " + read(log));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
  }
}
