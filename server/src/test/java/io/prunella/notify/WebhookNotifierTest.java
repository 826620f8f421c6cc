package io.prunella.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.Notice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WebhookNotifierTest {
  private static final byte[] SECRET = "0123456789abcdef-key".getBytes(StandardCharsets.US_ASCII);
  private static final Instant WALL = Instant.parse("2026-02-03T04:05:06Z");
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 204;

  record Received(Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  WebhookNotifierTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
  }

  @BeforeEach
  void listen() {
    server.createContext(
        "/hook",
        exchange -> {
          received.add(
              new Received(
                  Map.copyOf(exchange.getRequestHeaders()),
                  exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private WebhookNotifier notifier() {
    return new WebhookNotifier(
        "ops",
        "http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort()),
        SECRET,
        "https://prunella.example",
        Duration.ofSeconds(5),
        InstantSource.fixed(WALL));
  }

  static Notice notice(boolean ended) {
    return new Notice(
        "N-7",
        "suggestion",
        "critical",
        Instant.parse("2026-02-03T04:05:00Z"),
        "APR-3",
        "waybill",
        "Roll back waybill",
        "Needs one signature.",
        "/approvals/APR-3",
        ended,
        Map.of("incident", "INC-2"));
  }

  @Test
  void send_signedWithTheKey_receiverCanCheckIt() throws IOException {
    notifier().send(notice(/* ended= */ false));
    var one = received.getFirst();
    String signature =
        WebhookNotifier.signature(SECRET, one.header("X-prunella-timestamp"), one.body());
    assertThat(one.header("X-prunella-signature")).isEqualTo("v1=" + signature);
    assertThat(one.header("X-prunella-timestamp")).isEqualTo(Long.toString(WALL.getEpochSecond()));
    byte[] other = "another-key-of-20-by".getBytes(StandardCharsets.US_ASCII);
    assertThat(WebhookNotifier.signature(other, one.header("X-prunella-timestamp"), one.body()))
        .isNotEqualTo(signature);
  }

  @Test
  void send_body_isACloudEventWithTheLink() throws IOException {
    notifier().send(notice(/* ended= */ true));
    var event = new JsonMapper().readTree(received.getFirst().body());
    assertThat(event.get("specversion").asString()).isEqualTo("1.0");
    assertThat(event.get("type").asString()).isEqualTo("io.prunella.suggestion.ended");
    assertThat(event.get("id").asString()).isEqualTo("N-7");
    assertThat(event.get("data").get("link").asString())
        .isEqualTo("https://prunella.example/approvals/APR-3");
    assertThat(event.get("data").get("labels").get("incident").asString()).isEqualTo("INC-2");
  }

  @Test
  void send_again_sameDelivery() throws IOException {
    var notifier = notifier();
    notifier.send(notice(/* ended= */ false));
    notifier.send(notice(/* ended= */ false));
    assertThat(received)
        .extracting(r -> r.header("X-prunella-delivery"))
        .containsExactly("N-7", "N-7");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 500, 503})
  void send_notTaken_throwsWithTheStatus(int answer) {
    status = answer;
    assertThatThrownBy(() -> notifier().send(notice(/* ended= */ false)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered " + answer);
    assertThat(received).hasSize(1);
  }

  @Test
  void send_noAnswer_endsInTime() throws IOException {
    // Nobody answers on a listening socket that is never accepted from.
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var hasty =
          new WebhookNotifier(
              "ops",
              "http://127.0.0.1:%d/".formatted(silent.getLocalPort()),
              SECRET,
              "https://prunella.example",
              Duration.ofMillis(300),
              InstantSource.fixed(WALL));
      assertThatThrownBy(() -> hasty.send(notice(/* ended= */ false)))
          .isInstanceOf(IOException.class);
    }
  }

  /** As a stranger would check it, from the words of the documentation alone. */
  @Test
  void signature_byHand_same() throws Exception {
    notifier().send(notice(/* ended= */ false));
    var one = received.getFirst();
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
    mac.update((one.header("X-prunella-timestamp") + ".").getBytes(StandardCharsets.US_ASCII));
    assertThat(one.header("X-prunella-signature"))
        .isEqualTo("v1=" + HexFormat.of().formatHex(mac.doFinal(one.body())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://a/b", "http:///x", "not a url", "/hook"})
  void new_notAWebAddress_isRefused(String url) {
    assertThatThrownBy(() ->
            new WebhookNotifier(
                "ops", url, SECRET, "", Duration.ofSeconds(1), InstantSource.fixed(WALL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("notify ops: url is \"" + url + "\"");
  }
}
