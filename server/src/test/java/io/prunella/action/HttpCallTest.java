package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.Action;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real HTTP server that carries out each key once, and a proxy that loses what it is told to. */
class HttpCallTest {
  private final Set<String> carriedOut = ConcurrentHashMap.newKeySet();
  private final Map<String, String> seen = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> halfSeen = new CompletableFuture<>();
  private HttpServer server;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    halfSeen.complete(null);
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    if (exchange.getRequestMethod().equals("GET")) {
      reply(
          exchange, carriedOut.contains(path.substring(path.lastIndexOf('/') + 1)) ? 200 : 404, "");
      return;
    }
    seen.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    seen.put("method", exchange.getRequestMethod());
    seen.put("token", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (path.startsWith("/status/")) {
      int status = Integer.parseInt(path.substring(8));
      reply(exchange, status, status == 204 ? "" : "because");
    } else if (path.equals("/redirect")) {
      exchange.getResponseHeaders().add("Location", "/do");
      reply(exchange, 302, "");
    } else if (path.equals("/slow")) {
      exchange.sendResponseHeaders(200, 0);
      try (var out = exchange.getResponseBody()) {
        out.write("half, your t0ken".getBytes(StandardCharsets.UTF_8));
        out.flush();
        halfSeen.join();
        out.write(" was right".getBytes(StandardCharsets.UTF_8));
      }
    } else if (path.equals("/huge")) {
      exchange.sendResponseHeaders(200, 0);
      try (var out = exchange.getResponseBody()) {
        for (int i = 0; i < 100_000; i++) out.write(new byte[10_000]);
      } catch (IOException e) {
        seen.put("huge", "given up"); // the caller has read enough
      }
    } else {
      boolean first = carriedOut.add(key);
      reply(exchange, 200, first ? "done" : "done before");
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private HttpConfig config(int... ports) {
    var hosts = java.util.Arrays.stream(ports).mapToObj(p -> "127.0.0.1:" + p).toList();
    return new HttpConfig(hosts, Map.of(), 1_000);
  }

  private Action.Call call(Action action, int port, Map<String, String> arguments) {
    return call(action, port, arguments, Duration.ofSeconds(2));
  }

  private Action.Call call(
      Action action, int port, Map<String, String> arguments, Duration timeout) {
    var all = new HashMap<>(arguments);
    all.putIfAbsent("path", "/do");
    var target =
        new Target(
            "checkout",
            "http",
            "stateless",
            "",
            false,
            "http://127.0.0.1:" + port,
            Map.of("idempotency", "keyed"));
    var step = new PlannedStep("s", action.name(), all, timeout, action.idempotency(), false);
    return new Action.Call(target, step, "key-9", Map.of());
  }

  @Test
  void run_call_sendsMethodBodyKeyAndToken() throws IOException {
    var token = Files.writeString(folder.resolve("token"), "t0ken\n");
    var host = "127.0.0.1:" + port();
    var action =
        HttpCall.once(new HttpConfig(List.of(host), Map.of(host, token.toString()), 1_000));
    assertThat(action.run(call(action, port(), Map.of("method", "PUT", "body", "{\"a\":1}"))))
        .isEqualTo(new Outcome.Done("200 done"));
    assertThat(seen)
        .containsEntry("method", "PUT")
        .containsEntry("body", "{\"a\":1}")
        .containsEntry("token", "Bearer t0ken");
    assertThat(carriedOut).containsExactly("key-9");
  }

  @ParameterizedTest
  @CsvSource({
    "204, Done",
    "400, Failed",
    "404, Failed",
    "409, Failed",
    "429, Failed",
    "501, Failed",
    "503, Failed",
    "500, Unknown",
    "502, Unknown",
    "504, Unknown"
  })
  void run_status_outcome(int status, String wanted) {
    var action = HttpCall.once(config(port()));
    assertThat(action.run(call(action, port(), Map.of("path", "/status/" + status))))
        .satisfies(o -> assertThat(o.getClass().getSimpleName()).isEqualTo(wanted));
  }

  @Test
  void run_declaredStatus_isDone() {
    var action = HttpCall.once(config(port()));
    assertThat(action.run(call(action, port(), Map.of("path", "/status/409", "ok", "200,409"))))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void run_redirect_notFollowed() {
    var action = HttpCall.once(config(port()));
    assertThat(action.run(call(action, port(), Map.of("path", "/redirect"))))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(carriedOut).isEmpty();
  }

  @Test
  void run_answerOfAGigabyte_onlyItsBeginningIsRead() {
    var action = HttpCall.once(config(port()));
    assertThat(action.run(call(action, port(), Map.of("path", "/huge"))))
        .isInstanceOfSatisfying(
            Outcome.Done.class, d -> assertThat(d.output()).hasSizeLessThan(1_100));
  }

  /** The target goes on only when the first half of its answer has been seen. */
  @Test
  @Timeout(60)
  void run_onItsWay_showsWhatHasComeWithoutTheToken() throws Exception {
    var token = Files.writeString(folder.resolve("token"), "t0ken\n");
    var host = "127.0.0.1:" + port();
    var action =
        HttpCall.once(new HttpConfig(List.of(host), Map.of(host, token.toString()), 1_000));
    var call = call(action, port(), Map.of("path", "/slow"), Duration.ofSeconds(50));
    var told = new CompletableFuture<Supplier<String>>();
    var ended = CompletableFuture.supplyAsync(() -> action.run(call, told::complete));
    Supplier<String> soFar = told.get();
    while (!soFar.get().contains("****")) Thread.onSpinWait();
    assertThat(soFar.get()).isEqualTo("half, your ****");
    halfSeen.complete(null);
    assertThat(ended.get()).isEqualTo(new Outcome.Done("200 half, your **** was right"));
  }

  @Test
  void run_nobodyListens_failed() throws IOException {
    int free = Peers.freePort();
    var action = HttpCall.once(config(free));
    assertThat(action.run(call(action, free, Map.of())))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.why()).contains("cannot be reached"));
  }

  @ParameterizedTest
  @CsvSource({"LOSE_ANSWER, APPLIED", "LOSE_REQUEST, NOT_APPLIED", "HANG, APPLIED"})
  void run_lostOnTheWay_unknown_thenProbeTellsTheTruth(FaultProxy.Kind fault, Probe wanted)
      throws Exception {
    try (var proxy = new FaultProxy(port())) {
      proxy.fail(fault, "POST /do");
      var action = HttpCall.keyed(config(proxy.port()));
      var call = call(action, proxy.port(), Map.of("probePath", "/done/key-9"));
      assertThat(action.run(call)).isInstanceOf(Outcome.Unknown.class);
      assertThat(proxy.struck()).isTrue();
      assertThat(action.probe(call)).isEqualTo(wanted);
      proxy.fail(FaultProxy.Kind.NONE, "");
      // Class K: sent again with the same key, it is carried out once.
      assertThat(action.run(call)).isInstanceOf(Outcome.Done.class);
      assertThat(carriedOut).containsExactly("key-9");
    }
  }

  @Test
  void run_hostNotDeclaredOrNotKeyed_refusedUnsent() {
    var none = HttpCall.once(HttpConfig.DEFAULTS);
    assertThat(none.run(call(none, port(), Map.of())))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.why()).contains("not declared"));
    var keyed = HttpCall.keyed(config(port()));
    var call = call(keyed, port(), Map.of());
    var unkeyed = new Target("c", "http", "", "", false, call.target().address(), Map.of());
    assertThat(keyed.run(new Action.Call(unkeyed, call.step(), "k", Map.of())))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.why()).contains("idempotency: keyed"));
    assertThat(carriedOut).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "do",
        "//evil.example/do",
        "/../admin",
        "/a/../../b",
        "/a b",
        "/a\r\nX: y",
        "http://evil/",
        "/a?x=../.."
      })
  void problems_pathThatLeadsAway_refused(String path) {
    assertThat(HttpCall.once(HttpConfig.DEFAULTS).problems(Map.of("path", path)))
        .as(path)
        .isNotEmpty();
  }

  @Test
  void problems_goodArguments_none() {
    var action = HttpCall.once(HttpConfig.DEFAULTS);
    assertThat(action.problems(Map.of("path", "/a/b?x=1", "method", "DELETE", "ok", "200")))
        .isEmpty();
    assertThat(action.problems(Map.of("path", "/a", "method", "GET"))).isNotEmpty();
    assertThat(action.problems(Map.of("path", "/a", "header", "x"))).isNotEmpty();
  }
}
