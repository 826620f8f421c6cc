package io.prunella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import io.prunella.demo.WriteEncoder;
import io.prunella.series.Labels;
import io.prunella.server.Config;
import io.prunella.server.ConfigFile;
import io.prunella.server.Server;
import io.prunella.watch.Windows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with a generated past, and a server that starts warm from it. */
class ImportCommandTest {
  private static final int STEP_SECONDS = 15;
  private static final int STEPS = 2 * 3600 / STEP_SECONDS;

  @TempDir Path folder;
  private String err = "";

  private int run(String... args) {
    var messages = new StringWriter();
    int exit = Prunella.run(new PrintWriter(new StringWriter()), new PrintWriter(messages), args);
    err = messages.toString();
    return exit;
  }

  /** Two hours of a gauge and a counter for three copies of a service, up to twenty minutes ago. */
  private void writePast(Path file) throws IOException {
    long end = Instant.now().getEpochSecond() - 1200;
    var text = new StringBuilder("# TYPE queue_depth gauge\n");
    for (int copy = 0; copy < 3; copy++) {
      for (int i = 0; i < STEPS; i++) {
        // In the middle a burst that would be an incident, were it now.
        double value = 20 + 5 * Math.sin(i * 0.7 + copy) + (i / 20 == 12 ? 5000 : 0);
        sample(text, "queue_depth", copy, value, end - (long) (STEPS - i) * STEP_SECONDS);
      }
    }
    text.append("# TYPE jobs counter\n");
    for (int copy = 0; copy < 3; copy++) {
      for (int i = 0; i < STEPS; i++) {
        sample(text, "jobs_total", copy, 30.0 * i, end - (long) (STEPS - i) * STEP_SECONDS);
      }
    }
    Files.writeString(file, text.append("# EOF\n"));
  }

  private static void sample(
      StringBuilder text, String metric, int copy, double value, long seconds) {
    text.append(
        "%s{job=\"shop\",instance=\"host-%d\"} %s %d\n".formatted(metric, copy, value, seconds));
  }

  private String prometheus(Peers peers) throws Exception {
    Path past = folder.resolve("past.txt");
    writePast(past);
    Path blocks = Files.createDirectories(folder.resolve("tsdb"));
    Process made =
        peers.start(
            "promtool",
            List.of(
                "promtool",
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                past.toString(),
                blocks.toString()));
    assertThat(made.waitFor()).as("promtool: %s", Files.readString(peers.log("promtool"))).isZero();
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(config, "global: {external_labels: {cluster: eu}}\n");
    int port = Peers.freePort();
    peers.start(
        "prometheus",
        List.of(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + blocks,
            "--web.listen-address=127.0.0.1:" + port,
            // Three series of half an hour are 360 samples: queries must be halved.
            "--query.max-samples=300"));
    String url = "http://127.0.0.1:" + port;
    try (var client = HttpClient.newHttpClient()) {
      var ready = HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
      Peers.eventually("a ready Prometheus", Duration.ofSeconds(60), () -> status(client, ready));
    }
    return url;
  }

  private static Optional<Integer> status(HttpClient client, HttpRequest request) {
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return Optional.of(status).filter(s -> s == 200);
    } catch (IOException e) {
      return Optional.empty(); // not listening yet
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void import_ofARealPrometheus_warmsTheDetectorsAndOpensNothing() throws Exception {
    Peers.need("prometheus", "promtool");
    Path storage = Files.createDirectories(folder.resolve("data"));
    try (var peers = new Peers(folder)) {
      String url = prometheus(peers);
      assertThat(run("import", "--from", url, "--since", "3h", "--storage.path", storage + ""))
          .as(err)
          .isZero();
      assertThat(err).contains("%,d samples of 6 series; 0 requests".formatted(6 * STEPS));
      // Again: there is nothing before what is known.
      assertThat(run("import", "--from", url, "--since", "3h", "--storage.path", storage + ""))
          .isZero();
      assertThat(err).contains("going on from there", "0 samples of 6 series");
    }
    var config = new ConfigFile(Config.DEFAULTS.withListenAddress("127.0.0.1:0"), folder);
    try (var server = new Server(Server.Setting.of(storage, config))) {
      server.settle(Instant.now());
      var any = new Windows.Selector(null, null, Map.of(), null);
      var windows = server.windows().read(any, 0, Long.MAX_VALUE, 100).get();
      assertThat(windows).hasSize(6);
      var cold = new ArrayList<String>();
      for (Windows.Window window : windows) {
        assertThat(window.labels().get("cluster")).isEqualTo("eu");
        int last = window.timesMs().length - 1;
        assertThat(last).isGreaterThan(100);
        if (Double.isNaN(window.lower()[last])) cold.add(window.labels().toString());
        // What it learnt: 15 to 25 waiting, two jobs a second, whatever happened in the middle.
        boolean isRate = window.labels().metric().equals("jobs_total");
        assertThat(window.lower()[last]).isLessThanOrEqualTo(isRate ? 2.01 : 25);
        assertThat(window.upper()[last]).isBetween(isRate ? 1.99 : 15, isRate ? 10.0 : 60);
      }
      assertThat(cold).isEmpty();
      // One series comes again; those that do not yet are not silent: nobody has listened.
      write(server, "queue_depth", 20);
      server.settle(Instant.now().plusSeconds(2));
      assertThat(server.desk().state().incidents()).isEmpty();
      assertThat(
              run(
                  "import",
                  "--from",
                  "http://127.0.0.1:1",
                  "--label",
                  "a=b",
                  "--storage.path",
                  storage + ""))
          .as("the folder is in use")
          .isEqualTo(Exit.FAILED);
      assertThat(err).contains("is in use by process");
    }
  }

  private static void write(Server server, String metric, double value) throws Exception {
    var encoder = new WriteEncoder();
    var labels =
        Labels.of("__name__", metric, "cluster", "eu", "instance", "host-1", "job", "shop");
    encoder.add(WriteEncoder.labels(labels), System.currentTimeMillis(), value);
    var uri = URI.create("http://127.0.0.1:%d/api/v1/write".formatted(server.port()));
    var body = HttpRequest.BodyPublishers.ofByteArray(encoder.take().getFirst());
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(uri).POST(body).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
  }

  @Test
  void import_wrongUse_isToldBeforeAnythingIsTouched() {
    assertThat(run("import", "--from", "nowhere")).isEqualTo(Exit.WRONG_USE);
    assertThat(err).contains("--from is \"nowhere\", wanted http://HOST:PORT");
    assertThat(run("import", "--from", "http://127.0.0.1:1", "--since", "soon"))
        .isEqualTo(Exit.WRONG_USE);
    assertThat(err).contains("--since is \"soon\", wanted a span such as 30m or 24h");
    assertThat(run("import", "--from", "http://127.0.0.1:1", "--storage.path", folder + ""))
        .isEqualTo(Exit.NOT_REACHED);
    assertThat(folder).isEmptyDirectory();
  }
}
