package io.prunella;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.cli.Prunella;
import io.prunella.console.Role;
import io.prunella.console.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main job on real peers: a Prometheus scrapes node_exporter and two redis_exporters and writes
 * to {@code prunella serve}; two Redis are filled past 90 % of their memory. The one declared
 * cacheOnly is freed without a person, the other only after its exact plan was approved.
 */
class RedisRepairTest {
  private static final int MAX_MIB = 64;
  private static final Duration STARTS = Duration.ofSeconds(60);
  private static final Duration NOTICED = Duration.ofMinutes(3);
  private static final Duration REPAIRED = Duration.ofMinutes(8);
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private String base = "";
  private String token = "";

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void fullCaches_oneFreedByItself_oneAfterApproval(@TempDir Path folder) throws Exception {
    Peers.need(
        "redis-server", "prometheus", "prometheus-node-exporter", "prometheus-redis-exporter");
    try (var peers = new Peers(folder)) {
      try {
        repairBoth(peers, folder);
      } catch (AssertionError e) {
        tell(e);
        throw peers.told(e, "prunella", "prometheus");
      }
    }
  }

  /** What the server says of each incident, its anomalies above all, and of its remediations. */
  private void tell(AssertionError e) {
    var asked = new ArrayList<>(List.of("/remediations"));
    get("/incidents?state=all")
        .ifPresent(
            page -> page.get("incidents").forEach(i -> asked.add("/incidents/" + text(i, "id"))));
    for (String path : asked) {
      get(path)
          .ifPresent(r -> e.addSuppressed(new AssertionError(path + ": " + r.toPrettyString())));
    }
  }

  private void repairBoth(Peers peers, Path folder) throws Exception {
    int auto = redis(peers, "auto");
    int asks = redis(peers, "asks");
    serve(peers, folder, auto, asks);
    prometheus(peers, folder, exporter(peers, "auto", auto), exporter(peers, "asks", asks));
    Peers.eventually("samples of both caches", STARTS, () -> bothSeen());

    long kept = fill(asks);
    fill(auto);

    freedByItself(auto);
    freedAfterApproval(asks, kept);
    trailIsWhole(folder);
  }

  private void freedByItself(int port) throws Exception {
    JsonNode incident =
        Peers.eventually("incident of session-cache", NOTICED, () -> incident("session-cache"));
    assertThat(incident.get("culprit").asString()).isEqualTo("session-cache");
    assertThat(incident.get("pattern").asString()).isEqualTo("cache-full");
    JsonNode done =
        Peers.eventually(
            "repair of session-cache", REPAIRED, () -> remediation("session-cache", "SUCCEEDED"));
    assertThat(done.get("reviewWanted").asBoolean()).as("tier 3 wants a review").isTrue();
    assertThat(done.get("checks").size()).isGreaterThanOrEqualTo(3);
    assertThat(usedShare(port)).isLessThan(0.8);
    String id = incident.get("id").asString();
    Peers.eventually(
        "end of " + id,
        REPAIRED,
        () -> get("/incidents/" + id).filter(i -> text(i, "status").equals("RESOLVED")));
  }

  private void freedAfterApproval(int port, long kept) throws Exception {
    JsonNode approval = Peers.eventually("suggestion for basket-cache", NOTICED, this::pending);
    assertThat(text(approval.get("remediation").get("plan").get("target"), "service"))
        .isEqualTo("basket-cache");
    assertThat(keys(port)).as("nothing runs before the approval").isEqualTo(kept);
    String id = approval.get("id").asString();
    String digest = approval.get("planDigest").asString();

    assertThat(decide(id, "0".repeat(64), "wrong")).isEqualTo(409);
    assertThat(keys(port)).isEqualTo(kept);
    assertThat(decide(id, digest, "right")).isEqualTo(201);

    Peers.eventually(
        "repair of basket-cache", REPAIRED, () -> remediation("basket-cache", "SUCCEEDED"));
    assertThat(usedShare(port)).isLessThan(0.8);
  }

  private void trailIsWhole(Path folder) {
    var out = new StringWriter();
    int exit =
        Prunella.run(
            new PrintWriter(out),
            new PrintWriter(out),
            "audit",
            "verify",
            "--storage.path=" + folder.resolve("data"));
    assertThat(exit).as(out.toString()).isZero();
    String facts = get("/audit?limit=500").orElseThrow().get("entries").toString();
    assertThat(facts)
        .contains(
            "incident.opened",
            "incident.diagnosed",
            "incident.resolved",
            "remediation.proposed",
            "remediation.step-intended");
  }

  // --- peers
  // -------------------------------------------------------------------------------------------------------

  private static int redis(Peers peers, String name) throws IOException {
    int port = Peers.freePort();
    peers.start(
        "redis-" + name,
        List.of(
            "redis-server",
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory",
            MAX_MIB + "mb",
            "--maxmemory-policy",
            "noeviction"));
    return port;
  }

  private static int exporter(Peers peers, String name, int redis) throws IOException {
    int port = Peers.freePort();
    peers.start(
        "exporter-" + name,
        List.of(
            "prometheus-redis-exporter",
            "-redis.addr=redis://127.0.0.1:" + redis,
            "-web.listen-address=127.0.0.1:" + port));
    return port;
  }

  private void serve(Peers peers, Path folder, int auto, int asks) throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    token =
        Tokens.open(data.resolve("tokens.yml")).add("oncall", Role.APPROVER, new SecureRandom());
    int port = Peers.freePort();
    base = "http://127.0.0.1:" + port;
    String target =
        """
          - service: %s
            kind: redis
            role: cache
            cache-only: %s
            address: redis://127.0.0.1:%d
        """;
    Files.writeString(
        folder.resolve("prunella.yml"),
        "targets:\n"
            + target.formatted("session-cache", true, auto)
            + target.formatted("basket-cache", false, asks)
            + "runbooks:\n  modes: {free-cache-memory: auto}\n");
    peers.start(
        "prunella",
        Peers.java(
            "io.prunella.cli.Prunella",
            "serve",
            "--config.file=" + folder.resolve("prunella.yml"),
            "--storage.path=" + data,
            "--web.listen-address=127.0.0.1:" + port));
    Peers.eventually("prunella", STARTS, () -> get("/status"));
  }

  private void prometheus(Peers peers, Path folder, int auto, int asks) throws IOException {
    int node = Peers.freePort();
    peers.start(
        "node", List.of("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + node));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 5s}
        scrape_configs:
          - {job_name: node, static_configs: [{targets: ['127.0.0.1:%d']}]}
          - {job_name: session-cache, static_configs: [{targets: ['127.0.0.1:%d']}]}
          - {job_name: basket-cache, static_configs: [{targets: ['127.0.0.1:%d']}]}
        remote_write:
          - {url: '%s/api/v1/write', queue_config: {batch_send_deadline: 1s}}
        """
            .formatted(node, auto, asks, base));
    peers.start(
        "prometheus",
        List.of(
            "prometheus",
            "--config.file=" + folder.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + Peers.freePort()));
  }

  // --- Redis
  // -------------------------------------------------------------------------------------------------------

  /** Fills it to about 94 % of its memory, and says how many keys that took. */
  private static long fill(int port) throws IOException {
    String value = "x".repeat(256 << 10);
    try (var redis = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; usedShare(port) < 0.94; i++) {
        String key = "session:" + i;
        String set =
            "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
                .formatted(key.length(), key, value.length(), value);
        redis.getOutputStream().write(set.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(redis.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
            .isEqualTo("+OK\r\n");
      }
    }
    return keys(port);
  }

  private static double usedShare(int port) throws IOException {
    String info = ask(port, "INFO memory");
    return number(info, "used_memory:") / number(info, "maxmemory:");
  }

  private static long keys(int port) throws IOException {
    return Long.parseLong(ask(port, "DBSIZE").replaceAll("\\D", ""));
  }

  private static double number(String info, String key) {
    int at = info.indexOf("\n" + key) + 1 + key.length();
    return Double.parseDouble(info.substring(at, info.indexOf('\r', at)));
  }

  private static String ask(int port, String command) throws IOException {
    try (var redis = new Socket(InetAddress.getLoopbackAddress(), port)) {
      redis.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(redis.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  // --- the API
  // -----------------------------------------------------------------------------------------------------

  private Optional<Boolean> bothSeen() {
    boolean both =
        get("/series?service=session-cache").filter(s -> !s.get("series").isEmpty()).isPresent()
            && get("/series?service=basket-cache")
                .filter(s -> !s.get("series").isEmpty())
                .isPresent();
    return both ? Optional.of(true) : Optional.empty();
  }

  private Optional<JsonNode> incident(String service) {
    return get("/incidents?state=all&service=" + service)
        .flatMap(page ->
            page.get("incidents")
                .valueStream()
                .filter(i -> !i.get("pattern").isNull())
                .findFirst());
  }

  private Optional<JsonNode> remediation(String service, String status) {
    return get("/remediations")
        .flatMap(page ->
            page.get("remediations")
                .valueStream()
                .filter(r ->
                    text(r.get("plan").get("target"), "service").equals(service)
                        && text(r, "status").equals(status))
                .findFirst());
  }

  private Optional<JsonNode> pending() {
    return get("/approvals?status=PENDING")
        .flatMap(page -> page.get("approvals").valueStream().findFirst());
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  private int decide(String approval, String digest, String key)
      throws IOException, InterruptedException {
    var body =
        Map.of(
            "decision",
            "approve",
            "planDigest",
            digest,
            "reason",
            "checked",
            "idempotencyKey",
            key);
    var request =
        request("/approvals/%s/decisions".formatted(approval))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private Optional<JsonNode> get(String path) {
    try {
      var answer = HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not up yet
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while asking for " + path, e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token);
  }
}
