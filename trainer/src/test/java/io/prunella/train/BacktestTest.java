package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A backtest over HTTP against what answers as a Prometheus does. */
class BacktestTest {
  private static List<ShopPast.Line> shop = List.of();

  @TempDir Path folder;
  private final PastRun run = new PastRun("backtest");

  @BeforeAll
  static void draw() {
    shop = new ShopPast(1).lines();
  }

  @Test
  void backtest_oneFaultAndOneFullDisk_areNamedAtTheirTimesAndNothingElse() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--knob=0.1,1")).as(run.err).isZero();
      assertThat(run.err).isEmpty();
      assertThat(run.out)
          .contains(
              "From 2026-03-03T00:00:00Z to 2026-03-05T00:00:00Z: 138,208 samples of 40 series")
          .contains("         0.1       2     7.00            1         1         0")
          .contains("           1       2     7.00            1         1         0");
      var told = run.out.lines().filter(line -> line.startsWith("  2026-")).toList();
      assertThat(told).hasSize(4);
      for (int i = 0; i < told.size(); i += 2) {
        assertThat(told.get(i)).contains("2026-03-04T10:0", " surprise ", " cart: errors ");
        assertThat(told.get(i + 1)).contains("2026-03-04T16:0", " limit ", " mail: quota ");
      }
    }
  }

  @Test
  void backtest_sameInput_sameOutput_whateverTheSeedAndTheSizeOfAnswers() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url())).isZero();
      String first = run.out;
      server.samplesMax = 500; // so that all queries are halved, some of them again
      assertThat(run.twoDays(server.url(), "--seed=7")).as(run.err).isZero();
      assertThat(run.out).isEqualTo(first);
    }
  }

  @Test
  void backtest_onlyWhatMatches_readsNothingElse() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--match=job=\"pay\"", "--knob=1")).as(run.err).isZero();
      assertThat(run.out).contains("34,552 samples of 8 series", "nothing would have been raised");
    }
  }

  @Test
  void backtest_cutOff_goesOnWithWhatItHasReadAndTellsTheSame() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--knob=1")).isZero();
      String whole = run.out;
      int all = server.queries.getAndSet(0);
      String work = "--work=" + folder;
      server.queriesMax = 40;
      assertThat(run.twoDays(server.url(), work, "--knob=1")).isEqualTo(1);
      assertThat(run.err).contains("answered 503: shutting down");
      server.queriesMax = Integer.MAX_VALUE;
      server.queries.set(0);
      assertThat(run.twoDays(server.url(), work, "--knob=1")).as(run.err).isZero();
      assertThat(run.err).contains("windows of time came out of " + folder);
      assertThat(run.out).isEqualTo(whole);
      // Seven metrics a window: of what came before it was cut off, the whole windows.
      assertThat(server.queries.get()).isEqualTo(all - 40 / 7 * 7);
      server.queries.set(0);
      assertThat(run.twoDays(server.url(), work, "--knob=3")).as(run.err).isZero();
      assertThat(server.queries).hasValue(0);
      // Another selector is another history.
      assertThat(run.twoDays(server.url(), work, "--match=job=\"pay\"")).as(run.err).isZero();
      assertThat(server.queries.get()).isPositive();
    }
  }

  @Test
  void report_allThreeKinds_tellSettingsAndIncidents() throws IOException {
    try (var server = new PastServer(shop)) {
      String work = "--work=" + folder.resolve("work");
      for (String kind : List.of("json", "md", "html")) {
        Path file = folder.resolve("out." + kind);
        assertThat(run.twoDays(server.url(), work, "--report=" + file)).as(run.err).isZero();
        String text = Files.readString(file);
        assertThat(text)
            .contains("2026-03-04T10:0", "cart: errors", "mail: quota")
            .contains("--to=2026-03-05T00:00:00Z --warm-up=1d --knob=0.1,1,10");
        switch (kind) {
          case "json" -> {
            var read = JsonMapper.shared().readTree(text);
            assertThat(read.propertyNames())
                .containsExactly(
                    "command", "from", "to", "firstSampleAt", "samples", "series", "settings");
            assertThat(read.path("samples").asLong()).isEqualTo(138_208);
            assertThat(read.path("settings")).hasSize(3);
            var one = read.path("settings").path(1);
            assertThat(one.path("falseIncidentsPerWeek").asDouble()).isEqualTo(1);
            assertThat(one.path("opened").asLong()).isEqualTo(2);
            assertThat(one.path("perWeek").asDouble()).isEqualTo(7);
            var fault = one.path("incidents").path(0);
            assertThat(fault.path("openedAt").asString()).startsWith("2026-03-04T10:0");
            assertThat(fault.path("by").asString()).isEqualTo("surprise");
            assertThat(fault.path("services").valueStream().map(JsonNode::asString))
                .containsExactly("cart");
            assertThat(fault.path("peak").asDouble()).isGreaterThan(fault.path("level").asDouble());
            var full = one.path("incidents").path(1);
            assertThat(full.path("by").asString()).isEqualTo("limit");
            assertThat(full.path("peak").isNull()).isTrue();
          }
          case "md" -> assertThat(text).contains("## At 10 a week", "| surprise |", "| limit |");
          default ->
              assertThat(text).startsWith("<!doctype html>").contains("<h2>At 10 a week</h2>");
        }
      }
    }
  }

  @Test
  void backtest_token_isShownOrRefused() throws IOException {
    try (var server = new PastServer(shop)) {
      server.token = "secret";
      assertThat(run.twoDays(server.url())).isEqualTo(1);
      assertThat(run.err).contains("answered 401: Unauthorized").doesNotContain("\tat ");
      Path token = Files.writeString(folder.resolve("token"), "secret\n");
      String file = "--bearer-token-file=" + token;
      assertThat(run.twoDays(server.url(), file, "--match=job=\"pay\"")).as(run.err).isZero();
      assertThat(run.twoDays(server.url(), file + "s")).isEqualTo(2);
      assertThat(run.err).contains("wanted a file that can be read");
    }
  }

  @Test
  void backtest_nothingThere_isToldAsSuch() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--match=job=\"none\"")).isEqualTo(1);
      assertThat(run.err).contains("has no samples with {job=\"none\"} from 2026-03-03T00:00:00Z");
      assertThat(run.of(server.url(), "--from=2025-03-03", "--to=2025-03-04")).isEqualTo(1);
      assertThat(run.err).contains("has no samples from 2025-03-03T00:00:00Z");
      // Only the warm-up has some: names are told of whole blocks.
      server.namesAlways = true;
      assertThat(run.of(server.url(), "--from=2026-03-06", "--to=2026-03-07", "--warm-up=2d"))
          .isEqualTo(1);
      assertThat(run.err).contains("has no samples from 2026-03-06T00:00:00Z");
    }
  }

  @Test
  void backtest_noPrometheusThere_isToldInASentence() throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(run.twoDays("http://127.0.0.1:" + free)).isEqualTo(1);
    assertThat(run.err).contains("cannot reach http://127.0.0.1:" + free).doesNotContain("\tat ");
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url() + "/elsewhere")).isEqualTo(1);
      assertThat(run.err).contains("answered 404: 404 page not found").doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Welcome</html>", "{\"hello\": 1}", "", "{\"data\": ["})
  void backtest_somethingElseAnswers_isToldInASentence(String page) throws IOException {
    var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, page.isEmpty() ? -1 : page.length());
            exchange.getResponseBody().write(page.getBytes(StandardCharsets.UTF_8));
          }
        });
    http.start();
    try {
      assertThat(run.twoDays("http://127.0.0.1:" + http.getAddress().getPort())).isEqualTo(1);
      assertThat(run.err).contains("Prometheus").doesNotContain("\tat ");
    } finally {
      http.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from=2026-03-05 --to=2026-03-03 | wanted --from to be earlier",
        "--from=2026-03-05 --to=2026-03-05 | wanted --from to be earlier",
        "--from=2096-03-05 --to=2096-03-06 | wanted a time that has passed",
        "--from=yesterday | --from is \"yesterday\", wanted a time such as 2026-03-01",
        "--from=2026-13-05 | --from is \"2026-13-05\", wanted a time such as 2026-03-01",
        "--from=2d --to=soon | --to is \"soon\", wanted a time such as 2026-03-01",
        "--from=2d --knob=0 | --knob has 0.0, wanted 0.01 to 1000.0 false incidents a week",
        "--from=2d --knob=1,-3 | --knob has -3.0, wanted 0.01 to 1000.0",
        "--from=2d --knob=1,NaN | --knob has NaN, wanted 0.01 to 1000.0",
        "--from=2d --signals | Unknown option: '--signals'",
        "--from=2d --warm-up=long | --warm-up is \"long\", wanted a span such as 12h or 1d, or 0",
        "--from=2d --report=out.pdf | wanted a name that ends in .html, .json or .md",
        "--from=2d --config=none.yml | none.yml: cannot be read",
        "--knob=1 | Missing required option: '--from=TIME'",
      })
  void backtest_wrongUse_isToldBeforeAnythingIsAsked(String args, String message) {
    assertThat(run.of("http://127.0.0.1:1", args.split(" "))).isEqualTo(2);
    assertThat(run.err).contains(message);
  }

  @Test
  void backtest_tooManySettings_isWrongUse() {
    String knob = "--knob=" + String.join(",", Collections.nCopies(101, "1"));
    assertThat(run.of("http://127.0.0.1:1", "--from=2d", knob)).isEqualTo(2);
    assertThat(run.err).contains("--knob has 101 settings, wanted at most 100");
  }

  @Test
  void backtest_configuration_countsAsForTheServer() throws IOException {
    try (var server = new PastServer(shop)) {
      Path config = folder.resolve("prunella.yml");
      Files.writeString(config, "services: {rules: [{metric: '*', name: 'shop/{job}'}]}\n");
      assertThat(run.twoDays(server.url(), "--knob=1", "--config=" + config)).as(run.err).isZero();
      assertThat(run.out).contains(" shop/cart: errors ", " shop/mail: quota ");
      Files.writeString(config, "signals: {files: [none.yml]}\n");
      assertThat(run.twoDays(server.url(), "--config=" + config)).isEqualTo(1);
      assertThat(run.err).contains("none.yml: cannot be read").doesNotContain("\tat ");
      Files.writeString(config, "detection: {false-incidents-per-wek: 1}\n");
      assertThat(run.twoDays(server.url(), "--config=" + config)).isEqualTo(2);
      assertThat(run.err).contains("false-incidents-per-wek").doesNotContain("\tat ");
    }
  }

  /** The shop as two replicas of a Prometheus tell it; one of them was down for half a day. */
  private static List<ShopPast.Line> twoReplicas() {
    long downFrom = Instant.parse("2026-03-03T18:00:00Z").getEpochSecond();
    var both = new ArrayList<ShopPast.Line>();
    for (ShopPast.Line line : shop) {
      for (String replica : List.of("a", "b")) {
        var labels = new TreeMap<>(line.labels());
        labels.put("replica", replica);
        var seconds = new ArrayList<Long>();
        var values = new ArrayList<Double>();
        for (int i = 0; i < line.seconds().size(); i++) {
          long since = line.seconds().get(i) - downFrom;
          if (replica.equals("b") && since >= 0 && since < 43_200) continue;
          seconds.add(line.seconds().get(i));
          values.add(line.values().get(i));
        }
        both.add(new ShopPast.Line(labels, seconds, values));
      }
    }
    return both;
  }

  @Test
  void backtest_twoReplicas_areOneByConfigurationOrByMatch_elseTwiceTheSeries() throws IOException {
    Path config = folder.resolve("prunella.yml");
    Files.writeString(config, "ingest: {ha: {cluster-label: cluster, replica-label: replica}}\n");
    try (var one = new PastServer(shop);
        var two = new PastServer(twoReplicas())) {
      assertThat(run.twoDays(one.url(), "--knob=1")).as(run.err).isZero();
      String alone = run.out;
      assertThat(run.twoDays(two.url(), "--knob=1", "--config=" + config)).as(run.err).isZero();
      assertThat(run.out).isEqualTo(alone);
      assertThat(run.twoDays(two.url(), "--knob=1", "--match=replica=\"a\"")).isZero();
      assertThat(run.out).isEqualTo(alone);
      assertThat(run.twoDays(two.url(), "--knob=1")).as(run.err).isZero();
      // Two of each, and what comes again after the twelve hours counts anew.
      assertThat(run.out).contains(" samples of 112 series", " 8.35 of 0.83    cart: errors ");
      assertThat(alone).contains(" samples of 40 series", " 6.43 of 0.83    cart: errors ");
    }
  }

  @Test
  void backtest_noAddress_isWrongUse() {
    assertThat(run.twoDays("nowhere")).isEqualTo(2);
    assertThat(run.err).contains("--prometheus is \"nowhere\", wanted http://HOST:PORT");
  }
}
