package io.prunella.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fleet as a real child process that writes to a server of the test's own. */
@Timeout(90)
class FleetProcessTest {
  private static final Target TARIFFS =
      new Target("tariffs", "simulated", "stateless", "demo", false, "", Map.of());

  @TempDir Path storage;
  private final BlockingQueue<Long> settled = new LinkedBlockingQueue<>();
  private final List<WriteBodies.Sample> lastSamples = new ArrayList<>();
  private volatile LongConsumer onSettle = now -> {};
  private HttpServer server;
  private FleetProcess fleet;

  @BeforeEach
  void start() throws IOException {
    server = receiver();
    fleet = FleetProcess.start(storage, 7, "cache-full", 0);
  }

  @AfterEach
  void end() {
    fleet.end();
    server.stop(0);
  }

  private HttpServer receiver() throws IOException {
    var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(
        "/api/v1/write",
        exchange -> {
          try (exchange) {
            var samples = WriteBodies.read(exchange.getRequestBody().readAllBytes());
            synchronized (lastSamples) {
              if (!lastSamples.isEmpty()
                  && lastSamples.getFirst().timeMs() < samples.getFirst().timeMs()) {
                lastSamples.clear();
              }
              lastSamples.addAll(samples);
            }
            exchange.sendResponseHeaders(204, -1);
          }
        });
    http.createContext(
        "/demo/settle",
        exchange -> {
          try (exchange) {
            long now = Long.parseLong(new String(exchange.getRequestBody().readAllBytes()));
            onSettle.accept(now);
            settled.add(now);
            exchange.sendResponseHeaders(204, -1);
          }
        });
    http.start();
    return http;
  }

  private Outbox.Peer peer() {
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    return new Outbox.Peer(base + "/api/v1/write", base + "/demo/settle");
  }

  private long awaitSettled(long notBefore) throws InterruptedException {
    while (true) {
      Long now = settled.poll(60, TimeUnit.SECONDS);
      assertThat(now).as("a settle call within a minute").isNotNull();
      if (now != null && now >= notBefore) return now;
    }
  }

  private static Action.Call call(String action, String key, Map<String, String> arguments) {
    var step =
        new PlannedStep(
            "s", action, arguments, Duration.ofSeconds(5), PlannedStep.Idempotency.D, true);
    return new Action.Call(TARIFFS, step, key, Map.of());
  }

  private Action action(String name) {
    return SimulatedAction.all(fleet.client()).stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void attach_toAServer_tellsHistoryThenGoesOnInSteps() throws Exception {
    assertThat(fleet.client().status().phase()).isEqualTo("waiting");
    fleet.client().attach(peer());
    long live = awaitSettled(Stepper.BEGIN.toEpochMilli() + 60_000);
    assertThat(fleet.client().status().phase()).isEqualTo("live");
    assertThat(awaitSettled(live + 1) - live).isEqualTo(15_000);
    synchronized (lastSamples) {
      assertThat(lastSamples).isNotEmpty().allMatch(s -> !s.labels().isEmpty());
    }
  }

  @Test
  void scenario_afterItsTime_beginsByItself() throws Exception {
    fleet.client().attach(peer());
    awaitSettled(Stepper.BEGIN.toEpochMilli() + 5 * 60_000);
    assertThat(fleet.client().faults())
        .extracting(FleetApi.CausedFault::name)
        .containsExactly("cache-full");
    assertThatThrownBy(() -> fleet.client().cause("cache-full"))
        .isInstanceOf(FleetClient.RefusedException.class)
        .hasMessageContaining("still at work on lantern-cache");
    fleet.client().cause("load-surge");
    assertThat(fleet.client().faults()).hasSize(2);
  }

  @Test
  void action_duringASettleCall_isCarriedOutOnceAndSeenInTheNextStep() throws Exception {
    var scale = action("simulated.scale");
    var outcomes = new LinkedBlockingQueue<Outcome>();
    onSettle =
        now -> {
          if (now == Stepper.BEGIN.toEpochMilli() + 30_000) {
            outcomes.add(scale.run(call("simulated.scale", "key-1", Map.of("replicas", "10"))));
            outcomes.add(scale.run(call("simulated.scale", "key-1", Map.of("replicas", "3"))));
          }
        };
    fleet.client().attach(peer());
    awaitSettled(Stepper.BEGIN.toEpochMilli() + 120_000);
    assertThat(outcomes.poll(5, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done("replicas 8 -> 10"));
    assertThat(outcomes.poll(5, TimeUnit.SECONDS))
        .as("the same key again gets the first answer")
        .isEqualTo(new Outcome.Done("replicas 8 -> 10"));
    assertThat(scale.snapshot(TARIFFS, Duration.ofSeconds(5)))
        .containsEntry("replicas", "10")
        .containsEntry("ready", "10");
    assertThat(scale.probe(call("simulated.scale", "key-1", Map.of())))
        .isEqualTo(Action.Probe.APPLIED);
    assertThat(scale.probe(call("simulated.scale", "key-2", Map.of())))
        .isEqualTo(Action.Probe.NOT_APPLIED);
  }

  @Test
  void action_thatTheServiceCannot_isRefusedInWords() {
    var outcome = action("simulated.trim").run(call("simulated.trim", "key-3", Map.of()));
    assertThat(outcome).isEqualTo(new Outcome.Failed("tariffs holds no keys to trim"));
    var rollback =
        action("simulated.rollback")
            .run(call("simulated.rollback", "key-4", Map.of("version", "9.9")));
    assertThat(rollback)
        .isEqualTo(new Outcome.Failed("tariffs knows versions 11.0.8 and 11.0.8, not '9.9'"));
  }

  @Test
  void action_whenTheFleetIsGone_saysThatNothingWasSent() {
    fleet.end();
    assertThat(action("simulated.restart").run(call("simulated.restart", "key-5", Map.of())))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(action("simulated.restart").probe(call("simulated.restart", "key-5", Map.of())))
        .isEqualTo(Action.Probe.UNKNOWN);
    assertThatThrownBy(() -> FleetProcess.find(storage))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not answer any more");
  }

  @Test
  void fleet_whenItsServerDies_goesOnAndDeliversInOrderToTheNext() throws Exception {
    fleet.client().attach(peer());
    long before = awaitSettled(Stepper.BEGIN.toEpochMilli() + 60_000);
    server.stop(0);
    long died = fleet.client().status().nowMs();
    while (fleet.client().status().nowMs() < died + 45_000) Thread.onSpinWait();
    settled.clear();
    server = receiver();
    var found = FleetProcess.find(storage);
    assertThat(found).isPresent();
    found.orElseThrow().client().attach(peer());
    long first = awaitSettled(before + 1);
    assertThat(first).isLessThanOrEqualTo(died + 30_000);
    assertThat(awaitSettled(first + 1)).isEqualTo(first + 15_000);
    assertThat(fleet.client().status().dropped()).isZero();
  }

  @Test
  void api_withoutTheSecret_is401() throws Exception {
    var http = HttpClient.newHttpClient();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fleet.file().port() + "/status"));
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
    request.header(Outbox.SECRET_HEADER, "guess");
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void fleetFile_onDisk_isReadableByItsOwnerOnly() throws IOException {
    var permissions = Files.getPosixFilePermissions(storage.resolve(FleetFile.NAME));
    assertThat(java.nio.file.attribute.PosixFilePermissions.toString(permissions))
        .isEqualTo("rw-------");
  }

  @Test
  void stop_whenAsked_endsTheProcess() {
    fleet.end();
    assertThat(ProcessHandle.of(fleet.file().pid()).filter(ProcessHandle::isAlive)).isEmpty();
  }
}
