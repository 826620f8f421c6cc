package io.prunella.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A real receiver that checks the signature as a stranger would, from the words of the docs. */
class WebhookNotifierTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:15:30Z");
  private static final String SECRET = "a-secret-of-some-length";

  private record Got(String delivery, String body) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private volatile int status = 204;
  private HttpServer server;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hook", this::receive);
    server.start();
    Files.writeString(folder.resolve("secret"), SECRET + "\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var headers = exchange.getRequestHeaders();
    boolean genuine =
        genuine(
            headers.getFirst("X-Prunella-Timestamp"),
            headers.getFirst("X-Prunella-Signature"),
            body);
    if (genuine)
      got.add(
          new Got(
              headers.getFirst("X-Prunella-Delivery"), new String(body, StandardCharsets.UTF_8)));
    if (status == 0) return; // never answers
    exchange.sendResponseHeaders(genuine ? status : 401, -1);
    exchange.close();
  }

  private static boolean genuine(String timestamp, String signature, byte[] body) {
    try {
      if (Math.abs(Long.parseLong(timestamp) - NOW.getEpochSecond()) > 300) return false;
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(("v1:" + timestamp + ":").getBytes(StandardCharsets.UTF_8));
      byte[] wanted = mac.doFinal(body);
      return MessageDigest.isEqual(wanted, HexFormat.of().parseHex(signature.substring(3)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Notifier notifier(String secretFile, Instant now, Duration timeout) {
    var webhook =
        new NotifyConfig.Webhook(
            "ops", "http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort()), secretFile);
    var config =
        new NotifyConfig(
            "https://prunella.example", timeout, Duration.ofDays(1), List.of(webhook), List.of());
    return Notifiers.open(config, InstantSource.fixed(now)).getFirst();
  }

  private Notifier notifier() {
    return notifier(folder.resolve("secret").toString(), NOW, Duration.ofSeconds(5));
  }

  @Test
  void send_notice_signedCloudEvent() throws IOException {
    notifier().send(NoticeFixture.suggestion("APR-1", NOW, false));
    assertThat(got).hasSize(1);
    var event = JsonMapper.builder().build().readTree(got.getFirst().body());
    assertThat(event.path("specversion").asString()).isEqualTo("1.0");
    assertThat(event.path("type").asString()).isEqualTo("io.prunella.suggestion.v1");
    assertThat(event.path("id").asString()).isEqualTo("NOT-APR-1");
    assertThat(event.path("subject").asString()).isEqualTo("APR-1");
    assertThat(event.path("source").asString()).isEqualTo("https://prunella.example");
    assertThat(event.path("time").asString()).isEqualTo("2026-03-02T10:15:30Z");
    assertThat(event.path("data").path("url").asString())
        .isEqualTo("https://prunella.example/approvals/APR-1");
    assertThat(event.path("data").path("text").asString()).contains("\"cache full\".\n");
  }

  @Test
  void send_again_sameDelivery() throws IOException {
    var notice = NoticeFixture.suggestion("APR-1", NOW, false);
    status = 500;
    assertThatThrownBy(() -> notifier().send(notice))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("500");
    status = 204;
    notifier().send(notice);
    assertThat(got).extracting(Got::delivery).containsExactly("NOT-APR-1", "NOT-APR-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 429, 503})
  void send_notAccepted_isAnError(int answered) {
    status = answered;
    assertThatThrownBy(() -> notifier().send(NoticeFixture.suggestion("APR-1", NOW, false)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Integer.toString(answered));
  }

  @Test
  void send_wrongSecretOrOldTimestamp_receiverRefuses() throws IOException {
    Files.writeString(folder.resolve("other"), "another-secret-entirely");
    var wrong = notifier(folder.resolve("other").toString(), NOW, Duration.ofSeconds(5));
    var old =
        notifier(
            folder.resolve("secret").toString(), NOW.minusSeconds(3600), Duration.ofSeconds(5));
    for (var notifier : List.of(wrong, old)) {
      assertThatThrownBy(() -> notifier.send(NoticeFixture.suggestion("APR-1", NOW, false)))
          .hasMessageContaining("401");
    }
    assertThat(got).isEmpty();
  }

  @Test
  void send_noAnswer_endsInTime() {
    status = 0;
    var hasty = notifier(folder.resolve("secret").toString(), NOW, Duration.ofMillis(300));
    assertThatThrownBy(() -> hasty.send(NoticeFixture.suggestion("APR-1", NOW, false)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://x/, good, wanted http(s)://host:port",
    "http://u:p@x/, good, without a password",
    "not a url, good, wanted http(s)://host:port",
    "http://x/, short, at least 16 are wanted",
    "http://x/, gone, cannot be read from"
  })
  void open_badConfig_refusedByName(String url, String secret, String wanted) throws IOException {
    Files.writeString(folder.resolve("good"), SECRET);
    Files.writeString(folder.resolve("short"), "abc");
    var webhook = new NotifyConfig.Webhook("ops", url, folder.resolve(secret).toString());
    var config =
        new NotifyConfig(
            "http://p", Duration.ofSeconds(1), Duration.ofDays(1), List.of(webhook), List.of());
    assertThatThrownBy(() -> Notifiers.open(config, InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wanted)
        .hasMessageContaining("ops");
  }

  @Test
  void open_twoOfOneName_refused() {
    var one = new NotifyConfig.Alertmanager("am", "http://127.0.0.1:1");
    var config =
        new NotifyConfig(
            "http://p", Duration.ofSeconds(1), Duration.ofDays(1), List.of(), List.of(one, one));
    assertThatThrownBy(() -> Notifiers.open(config, InstantSource.system()))
        .hasMessageContaining("two channels are named am");
    assertThat(Notifiers.open(NotifyConfig.DEFAULTS, InstantSource.system())).isEmpty();
  }
}
