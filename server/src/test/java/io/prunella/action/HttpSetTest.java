package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.Action;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSetTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private HttpServer server;
  private volatile int replicas = 8;
  private volatile int etag = 1;
  private volatile int patches;
  private volatile String state = "";
  private volatile int status = 200;
  private volatile boolean changedBetween;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body =
          new String(exchange.getRequestBody().readNBytes(10_000), StandardCharsets.UTF_8);
      int answered = status;
      if (exchange.getRequestMethod().equals("PATCH") && status == 200) {
        patches++;
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        if (match.equals("\"" + etag + "\"")) {
          replicas = Integer.parseInt(body.replaceAll("\\D", ""));
          etag++;
        } else {
          answered = 412;
        }
      }
      String told =
          state.isEmpty()
              ? "{\"replicas\":%d,\"ready\":8,\"controller\":\"none\",\"secret\":\"x\",\"list\":[1]}"
                  .formatted(replicas)
              : state;
      exchange.getResponseHeaders().set("ETag", "\"" + etag + "\"");
      if (changedBetween) etag++;
      byte[] bytes = told.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answered, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static Target target(int port) {
    return new Target(
        "shop",
        "http",
        "stateless",
        "staging",
        false,
        "http://127.0.0.1:" + port,
        Map.of("statePath", "/state"));
  }

  private static HttpSet action(int port) {
    return new HttpSet(new HttpConfig(List.of("127.0.0.1:" + port), Map.of(), 4_096));
  }

  private static Action.Call call(int port, Map<String, String> wanted, Map<String, String> was) {
    var step = new PlannedStep("s", "http.set", wanted, TIMEOUT, Idempotency.D, true);
    return new Action.Call(target(port), step, "key", was);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private Outcome run(String wanted, Map<String, String> was) {
    return action(port()).run(call(port(), Map.of("replicas", wanted), was));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "replicas; 10; -",
        "replicas; 0; replicas is \"0\", wanted a whole number from 1 to 10000",
        "replicas; 10; -",
        "replicas; -3; replicas is \"-3\", wanted a whole number from 1 to 10000",
        "replicas; 99999999999; replicas is \"99999999999\", wanted a whole number from 1 to 10000",
        "shedPercent; 91; shedPercent is \"91\", wanted a whole number from 0 to 90",
        "readReplicas; 0; -",
        "suspended; yes; suspended is \"yes\", wanted true or false",
        "suspended; true; -",
        "size; 4; argument size is not known, wanted readReplicas, replicas, shedPercent,"
            + " suspended",
      })
  void problems_typedAndInRange(String name, String value, String problem) {
    var problems = action(1).problems(Map.of(name, value));
    if (problem == null) assertThat(problems).isEmpty();
    else assertThat(problems).containsExactly(problem);
    assertThat(action(1).problems(Map.of())).hasSize(1);
  }

  @Test
  void snapshot_takesWhatItKnows_leavesTheRest() {
    assertThat(action(port()).snapshot(target(port()), TIMEOUT))
        .isEqualTo(Map.of("replicas", "8", "ready", "8", "controller", "none", "etag", "\"1\""));
    assertThat(
            action(port())
                .dryRun(target(port()), Map.of("replicas", "10"), Map.of("replicas", "8")))
        .containsExactly("- replicas: 8", "+ replicas: 10");
  }

  @Test
  void run_changesOnce_andIsDoneWhenItIsSoAlready() {
    assertThat(run("10", Map.of("replicas", "8"))).isInstanceOf(Outcome.Done.class);
    assertThat(run("10", Map.of("replicas", "8"))).isInstanceOf(Outcome.Done.class);
    assertThat(patches).isEqualTo(1);
    assertThat(replicas).isEqualTo(10);
    var call = call(port(), Map.of("replicas", "10"), Map.of());
    assertThat(action(port()).probe(call)).isEqualTo(Probe.APPLIED);
    replicas = 8;
    assertThat(action(port()).probe(call)).isEqualTo(Probe.NOT_APPLIED);
  }

  @Test
  void run_somebodyElseWasThere_isNotOverruled() {
    replicas = 12;
    assertThat(run("10", Map.of("replicas", "8")))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.why()).contains("somebody else"));
    assertThat(patches).isZero();
    replicas = 8;
    changedBetween = true;
    assertThat(run("10", Map.of("replicas", "8")))
        .isInstanceOfSatisfying(Outcome.Failed.class, f -> assertThat(f.why()).contains("412"));
    assertThat(replicas).isEqualTo(8);
  }

  @Test
  void run_theWayBack_fromWhateverIsThere() {
    replicas = 11;
    assertThat(run("8", Map.of("replicas", "8"))).isInstanceOf(Outcome.Done.class);
    assertThat(replicas).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"not json", "[1]", "{\"replicas\": 8", "''"})
  void state_thatIsNone_cannotBeReadAndNothingIsSent(String body) {
    state = body.isEmpty() ? " " : body;
    assertThatThrownBy(() -> action(port()).snapshot(target(port()), TIMEOUT))
        .isInstanceOf(Action.UnreachableException.class)
        .hasMessageContaining("its state");
    assertThat(run("10", Map.of())).isInstanceOf(Outcome.Failed.class);
    assertThat(patches).isZero();
  }

  @Test
  void state_ofAMegabyte_isRefusedWithoutReadingItWhole() {
    state = "{\"replicas\": 8, \"more\": \"" + "x".repeat(1 << 20) + "\"}";
    assertThatThrownBy(() -> action(port()).snapshot(target(port()), TIMEOUT))
        .hasMessageContaining("longer than is read");
  }

  @Test
  void statePath_missingOrLeadingOut_failedAndNothingSent() {
    for (Map<String, String> labels :
        List.of(Map.<String, String>of(), Map.of("statePath", "/../admin"))) {
      var target = new Target("s", "http", "", "", false, "http://127.0.0.1:" + port(), labels);
      var step =
          new PlannedStep("s", "http.set", Map.of("replicas", "9"), TIMEOUT, Idempotency.D, true);
      assertThat(action(port()).run(new Action.Call(target, step, "k", Map.of())))
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(patches).isZero();
  }

  @ParameterizedTest
  @CsvSource({"LOSE_REQUEST, NOT_APPLIED, 8", "LOSE_ANSWER, APPLIED, 10", "HANG, APPLIED, 10"})
  void run_overABadLine_isUnknownAndTheProbeTellsTheTruth(
      FaultProxy.Kind kind, Probe found, int then) throws IOException {
    try (var proxy = new FaultProxy(port())) {
      proxy.fail(kind, "PATCH ");
      var call = call(proxy.port(), Map.of("replicas", "10"), Map.of("replicas", "8"));
      assertThat(action(proxy.port()).run(call)).isInstanceOf(Outcome.Unknown.class);
      proxy.fail(FaultProxy.Kind.NONE, "");
      assertThat(action(proxy.port()).probe(call)).isEqualTo(found);
      assertThat(replicas).isEqualTo(then);
      // Class D: sent again, it does no more than once.
      assertThat(action(proxy.port()).run(call)).isInstanceOf(Outcome.Done.class);
      assertThat(replicas).isEqualTo(10);
      assertThat(patches).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"404, Failed", "500, Failed", "503, Failed"})
  void run_stateNotAnswered_failedBeforeAnythingIsSent(int answered, String outcome) {
    status = answered;
    assertThat(run("10", Map.of()).getClass().getSimpleName()).isEqualTo(outcome);
    assertThat(patches).isZero();
  }
}
