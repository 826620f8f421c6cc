package io.prunella.bench;

import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server under test: its process, what the system counts of it, and what it says itself. */
final class Target implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  final Process process;
  final double readySeconds;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * Starts {@code bin/prunella serve} on core 0 (where there is a second one) and waits until it is
   * ready.
   */
  Target(Path home, Path work, int port) throws Exception {
    this.port = port;
    Path config = work.resolve("prunella.yml");
    // A fast sender's clock runs ahead of ours.
    Files.writeString(
        config, "ingest:\n  ahead-ms-max: 31536000000\nwatch:\n  series-max: 1200000\n");
    var command = new ArrayList<>(pinnedTo(0));
    command.addAll(
        List.of(
            home.resolve("bin/prunella").toString(),
            "serve",
            "--config.file=" + config,
            "--storage.path=" + work.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port));
    long begin = System.nanoTime();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("server.log").toFile()))
            .start();
    while (true) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException("the server is not ready; see " + work + "/server.log");
      }
      try {
        if (get("/-/ready").statusCode() == 200) break;
      } catch (IOException e) {
        LockSupport.parkNanos(20_000_000); // it does not listen yet
      }
    }
    readySeconds = (System.nanoTime() - begin) / 1e9;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What to put before a command so that it keeps to one core; nothing where that cannot be. */
  static List<String> pinnedTo(int core) {
    boolean can =
        Runtime.getRuntime().availableProcessors() > 1
            && Files.isExecutable(Path.of("/usr/bin/taskset"));
    return can ? List.of("/usr/bin/taskset", "-c", Integer.toString(core)) : List.of();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String type, String body, String... headers)
      throws IOException, InterruptedException {
    var request = request(path).header("Content-Type", type);
    if (headers.length > 0) request.headers(headers);
    return http.send(
        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  /** Resident memory in MiB. */
  double residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }
    throw new IllegalStateException("no VmRSS");
  }

  /**
   * Sum of what {@code /metrics} has under a name, of the samples whose labels hold {@code part}.
   */
  double metric(String name, String part) throws IOException, InterruptedException {
    double sum = 0;
    for (String line : get("/metrics").body().split("\n")) {
      if (!line.startsWith(name + " ") && !line.startsWith(name + "{")) continue;
      if (line.contains(part)) sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
    return sum;
  }

  /** The admin's token, from the log of the first start. */
  static String token(Path work) throws IOException {
    Matcher found =
        Pattern.compile("token is (pru_\\S+)")
            .matcher(Files.readString(work.resolve("server.log")));
    if (!found.find()) throw new IllegalStateException("no token in " + work + "/server.log");
    return found.group(1);
  }

  /** Something a person does, to be timed. */
  interface Deed {
    int status() throws IOException, InterruptedException;
  }

  /** Does it over and over for a time and tells the 99th percentile in milliseconds. */
  static double p99(int seconds, int pauseMs, int wanted, Deed deed) throws Exception {
    var latencies = new long[100_000];
    int count = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long begin;
        (begin = System.nanoTime()) < end;
        LockSupport.parkNanos(pauseMs * 1_000_000L)) {
      int status = deed.status();
      if (status != wanted) throw new IOException("answer " + status + ", wanted " + wanted);
      latencies[count++] = System.nanoTime() - begin;
    }
    long[] all = Arrays.copyOf(latencies, count);
    Arrays.sort(all);
    return Generator.quantile(all, 0.99);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly();
  }
}
