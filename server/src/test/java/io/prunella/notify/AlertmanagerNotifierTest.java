package io.prunella.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prunella.remediation.Notifier;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against the real Alertmanager. */
class AlertmanagerNotifierTest {
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  @TempDir static Path folder;
  private static Process server;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    boolean installed = Files.isExecutable(PROGRAM);
    if (!installed && "required".equals(System.getenv("PRUNELLA_PEERS"))) {
      throw new AssertionError(PROGRAM + " is not installed, but PRUNELLA_PEERS=required");
    }
    assumeTrue(installed, PROGRAM + " is not installed");
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.writeString(
        folder.resolve("am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
    server =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--config.file=" + folder.resolve("am.yml"),
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("am.log").toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < deadline) {
      try {
        if (get("/-/ready").statusCode() == 200) return;
      } catch (IOException e) {
        LockSupport.parkNanos(20_000_000); // not up yet
      }
    }
    throw new AssertionError(
        "alertmanager did not start: " + Files.readString(folder.resolve("am.log")));
  }

  @AfterAll
  static void stop() throws Exception {
    if (server == null) return;
    server.destroy();
    server.waitFor(10, TimeUnit.SECONDS);
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Notifier notifier(String externalUrl) {
    var alertmanager = new NotifyConfig.Alertmanager("am", "http://127.0.0.1:%d/".formatted(port));
    var config =
        new NotifyConfig(
            externalUrl,
            Duration.ofSeconds(5),
            Duration.ofDays(1),
            List.of(),
            List.of(alertmanager));
    return Notifiers.open(config, InstantSource.system()).getFirst();
  }

  private static List<JsonNode> open(String about) throws Exception {
    var open = new ArrayList<JsonNode>();
    for (JsonNode alert : JsonMapper.builder().build().readTree(get("/api/v2/alerts").body())) {
      if (alert.path("labels").path("about").asString().equals(about)) open.add(alert);
    }
    return open;
  }

  @Test
  void send_suggestion_isAnAlertWithLink() throws Exception {
    notifier("https://p.example").send(NoticeFixture.suggestion("APR-1", Instant.now(), false));
    assertThat(open("APR-1")).hasSize(1);
    var alert = open("APR-1").getFirst();
    assertThat(alert.path("labels").path("alertname").asString()).isEqualTo("PrunellaSuggestion");
    assertThat(alert.path("labels").path("service").asString()).isEqualTo("cart-cache");
    assertThat(alert.path("labels").path("severity").asString()).isEqualTo("warning");
    assertThat(alert.path("labels").path("run_book").asString()).isEqualTo("free-cache-memory");
    assertThat(alert.path("annotations").path("summary").asString())
        .isEqualTo("Free memory of cart-cache?");
    assertThat(alert.path("generatorURL").asString())
        .isEqualTo("https://p.example/approvals/APR-1");
    assertThat(Instant.parse(alert.path("endsAt").asString()))
        .isAfter(Instant.now().plus(Duration.ofHours(20)));
  }

  @Test
  void send_again_stillOneAlert() throws Exception {
    var notice = NoticeFixture.suggestion("APR-2", Instant.now(), false);
    notifier("https://p.example").send(notice);
    notifier("https://p.example").send(notice);
    assertThat(open("APR-2")).hasSize(1);
  }

  /** The notice that ends it has another kind and severity: it ends it all the same. */
  @Test
  void send_ended_resolvesWhatIsAboutTheSame_andNothingElse() throws Exception {
    var ours = notifier("https://p.example");
    var theirs = notifier("https://other.example");
    ours.send(NoticeFixture.suggestion("APR-3", Instant.now(), false));
    ours.send(NoticeFixture.suggestion("APR-4", Instant.now(), false));
    theirs.send(NoticeFixture.suggestion("APR-4", Instant.now(), false));
    ours.send(NoticeFixture.suggestion("APR-3", Instant.now(), true));
    awaitClosed("APR-3");
    assertThat(open("APR-4")).hasSize(2);
    ours.send(NoticeFixture.suggestion("APR-3", Instant.now(), true)); // again: nothing to end
  }

  private static void awaitClosed(String about) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!open(about).isEmpty()) {
      assertThat(System.nanoTime()).as("%s is still open", about).isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void send_futureTime_isShownAtOnce() throws Exception {
    var later = Instant.now().plus(Duration.ofHours(3));
    notifier("https://p.example").send(NoticeFixture.suggestion("APR-5", later, false));
    assertThat(open("APR-5")).hasSize(1);
  }
}
