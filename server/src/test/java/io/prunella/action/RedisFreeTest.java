package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.remediation.Action;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a real redis-server with a password, and a proxy that loses what it is told to lose. */
class RedisFreeTest {
  private static final Duration FIVE = Duration.ofSeconds(5);
  @TempDir static Path folder;
  private static Process server;
  private static int port;
  private final RedisFree action = new RedisFree();

  @BeforeAll
  static void start() throws Exception {
    String program = Peers.wanted("redis-server");
    port = Peers.freePort();
    server =
        Peers.start(
            folder.resolve("redis.log"),
            List.of(
                program,
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "40mb",
                "--maxmemory-policy",
                "noeviction",
                "--requirepass",
                "s3cret",
                "--dir",
                folder.toString()));
    Files.writeString(folder.resolve("password"), "s3cret\n");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      try (var redis = Resp.open(target(port).address(), password(), FIVE)) {
        assertThat(redis.call("PING")).isEqualTo("PONG");
        return;
      } catch (IOException e) {
        Thread.onSpinWait(); // not up yet
      }
    }
    throw new AssertionError("redis-server did not start: " + folder.resolve("redis.log"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (server == null) return;
    server.destroy();
    server.waitFor(10, TimeUnit.SECONDS);
  }

  private static String password() {
    return folder.resolve("password").toString();
  }

  private static Target target(int at) {
    return new Target(
        "cart-cache",
        "redis",
        "cache",
        "production",
        true,
        "redis://127.0.0.1:%d/0".formatted(at),
        Map.of("prefixes", "page:,frag[1]:", "passwordFile", password()));
  }

  @BeforeEach
  void fill() throws IOException {
    try (var redis = Resp.open(target(port).address(), password(), Duration.ofSeconds(20))) {
      redis.call("FLUSHALL");
      fill(redis, "page:", 400);
      fill(redis, "session:", 350);
      fill(redis, "frag[1]:", 10);
      fill(redis, "frag1:", 10);
    }
  }

  private static void fill(Resp redis, String prefix, int count) throws IOException {
    String value = "x".repeat(45_000);
    for (int i = 0; i < count; i++) redis.call("SET", prefix + i, value);
  }

  private Action.Call call(Target target, Map<String, String> arguments) {
    var step =
        new PlannedStep(
            "free", action.name(), arguments, FIVE, action.idempotency(), action.reversible());
    return new Action.Call(target, step, "key-1", action.snapshot(target(port), FIVE));
  }

  private static long keys(String pattern) throws IOException {
    try (var redis = Resp.open(target(port).address(), password(), FIVE)) {
      return redis.call("KEYS", pattern) instanceof List<?> keys ? keys.size() : -1;
    }
  }

  @Test
  void run_prefixThatIsEnough_leavesTheRest() throws IOException {
    var call = call(target(port), Map.of("prefixes", "page:", "flush", "async", "until", "0.7"));
    assertThat(action.run(call))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            d ->
                assertThat(d.output())
                    .contains("unlinked 400 keys of page:")
                    .doesNotContain("flush"));
    assertThat(keys("page:*")).isZero();
    assertThat(keys("session:*")).isEqualTo(350);
  }

  @Test
  void run_prefixNotEnough_flushes() throws IOException {
    var call = call(target(port), Map.of("prefixes", "page:", "flush", "async", "until", "0.2"));
    assertThat(action.run(call))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            d -> assertThat(d.output()).contains("flushed").contains("memory at"));
    assertThat(keys("*")).isZero();
    assertThat(action.probe(call)).isEqualTo(Probe.APPLIED);
  }

  @Test
  void run_flushNotAsked_neverFlushes() throws IOException {
    var call = call(target(port), Map.of("prefixes", "page:", "flush", "none", "until", "0.1"));
    assertThat(action.run(call)).isInstanceOf(Outcome.Done.class);
    assertThat(keys("session:*")).isEqualTo(350);
  }

  @Test
  void run_globCharactersInPrefix_meanThemselves() throws IOException {
    assertThat(action.run(call(target(port), Map.of("prefixes", "frag[1]:"))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(keys("frag1:*")).isEqualTo(10);
    assertThat(keys("frag\\[1\\]:*")).isZero();
  }

  @Test
  void run_prefixNotDeclared_failsAndTouchesNothing() throws IOException {
    assertThat(action.run(call(target(port), Map.of("prefixes", "session:"))))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f -> assertThat(f.why()).contains("session: is not in the target's label"));
    assertThat(keys("session:*")).isEqualTo(350);
  }

  @Test
  void run_replica_refused() throws IOException {
    try (var redis = Resp.open(target(port).address(), password(), FIVE)) {
      redis.call("REPLICAOF", "127.0.0.1", "1");
      try {
        assertThat(action.run(call(target(port), Map.of("flush", "async"))))
            .isInstanceOfSatisfying(
                Outcome.Failed.class, f -> assertThat(f.why()).contains("it is a slave"));
      } finally {
        redis.call("REPLICAOF", "NO", "ONE");
      }
    }
    assertThat(keys("session:*")).isEqualTo(350);
  }

  @ParameterizedTest
  @CsvSource({"LOSE_ANSWER, APPLIED, 0", "LOSE_REQUEST, NOT_APPLIED, 770", "HANG, APPLIED, 0"})
  void run_lostOnTheWay_unknown_thenProbeTellsTheTruth(
      FaultProxy.Kind fault, Probe wanted, long keysLeft) throws Exception {
    try (var proxy = new FaultProxy(port)) {
      proxy.fail(fault, "FLUSHDB");
      var step =
          new PlannedStep(
              "free",
              action.name(),
              Map.of("flush", "async"),
              Duration.ofSeconds(fault == FaultProxy.Kind.HANG ? 1 : 5),
              action.idempotency(),
              false);
      var call =
          new Action.Call(target(proxy.port()), step, "k", action.snapshot(target(port), FIVE));
      assertThat(action.run(call)).isInstanceOf(Outcome.Unknown.class);
      assertThat(proxy.struck()).isTrue();
      assertThat(keys("*")).isEqualTo(keysLeft);
      proxy.fail(FaultProxy.Kind.NONE, "");
      assertThat(action.probe(call)).isEqualTo(wanted);
    }
  }

  @Test
  void run_lostBeforeAnythingWasChanged_failed() throws Exception {
    try (var proxy = new FaultProxy(port)) {
      proxy.fail(FaultProxy.Kind.LOSE_ANSWER, "INFO");
      assertThat(action.run(call(target(proxy.port()), Map.of("flush", "async"))))
          .isInstanceOf(Outcome.Failed.class);
      assertThat(keys("*")).isEqualTo(770);
    }
  }

  @Test
  void probe_targetGoneOrAnotherProcess_unknown() throws IOException {
    var call = call(target(port), Map.of("flush", "async"));
    var away = new Action.Call(target(Peers.freePort()), call.step(), "k", call.snapshot());
    assertThat(action.probe(away)).isEqualTo(Probe.UNKNOWN);
    var other = new Action.Call(target(port), call.step(), "k", Map.of("run_id", "another"));
    assertThat(action.probe(other)).isEqualTo(Probe.UNKNOWN);
  }

  @Test
  void snapshot_sameWhileOnlyDataChanges_soAPlanKeepsItsDigest() throws IOException {
    var first = action.snapshot(target(port), FIVE);
    try (var redis = Resp.open(target(port).address(), password(), FIVE)) {
      fill(redis, "more:", 5);
    }
    assertThat(action.snapshot(target(port), FIVE))
        .isEqualTo(first)
        .containsEntry("role", "master");
    assertThat(action.dryRun(target(port), Map.of("prefixes", "page:", "flush", "async"), first))
        .hasSize(3)
        .allMatch(line -> line.startsWith("- "));
  }

  @Test
  void snapshot_unreachableOrWrongPassword_saysWhereWithoutSecret() throws IOException {
    assertThatThrownBy(() -> action.snapshot(target(1), FIVE))
        .isInstanceOf(Action.UnreachableException.class)
        .hasMessageContaining("127.0.0.1:1");
    var wrong =
        new Target("c", "redis", "cache", "", true, "redis://:hunter2@127.0.0.1:" + port, Map.of());
    assertThatThrownBy(() -> action.snapshot(wrong, FIVE))
        .isInstanceOf(Action.UnreachableException.class)
        .hasMessageContaining("login refused")
        .message()
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "flush, everything, wanted none or async",
    "until, 7, wanted a share from 0 to 1",
    "prefix, page:, argument prefix is not known"
  })
  void problems_wrongArgument_saysWhatIsWanted(String name, String value, String wanted) {
    assertThat(action.problems(Map.of(name, value)).toString()).contains(wanted);
    assertThat(action.problems(Map.of("flush", "none", "until", "0.7"))).isEmpty();
  }
}
