package io.prunella.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The fleet's HTTP API on the loopback interface, for its server alone: each request must show the
 * secret. Answers while a settle call is under way, since that is when actions come.
 */
final class FleetApi implements AutoCloseable {
  static final int BODY_BYTES_MAX = 64 << 10;

  private final HttpServer server;
  private final Stepper stepper;
  private final byte[] secret;

  /** Listens on a port of its own. */
  FleetApi(Stepper stepper, String secret) throws IOException {
    this.stepper = stepper;
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /**
   * @param nowMs simulated time
   * @param phase {@code waiting}, {@code history} or {@code live}
   * @param settledMs the last moment that a server has settled, 0 before the first
   * @param liveMs simulated time when the demo proper begins
   * @param waiting batches that wait to be sent; {@code dropped}: those that had to go
   * @param trouble why the last delivery failed, or empty
   */
  record Status(
      long nowMs,
      long settledMs,
      String phase,
      long liveMs,
      int series,
      int waiting,
      long dropped,
      String trouble) {}

  /**
   * @param overMs 0 while it lasts
   */
  record CausedFault(String name, String culprit, long begunMs, long overMs) {}

  /** A refusal. */
  record Refusal(String error) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      String shown = exchange.getRequestHeaders().getFirst(Outbox.SECRET_HEADER);
      if (shown == null || !MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8))) {
        answer = refuse(401, "header " + Outbox.SECRET_HEADER + " is missing or wrong");
      } else {
        stepper.spoken();
        answer = answer(exchange);
      }
      byte[] body = FleetFile.JSON.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private record Answer(int status, Object body) {}

  private static Answer refuse(int status, String why) {
    return new Answer(status, new Refusal(why));
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      return refuse(413, "body is larger than " + BODY_BYTES_MAX + " bytes");
    }
    String path = exchange.getRequestURI().getPath();
    stepper.lock.lock();
    try {
      return switch (exchange.getRequestMethod()) {
        case "GET" -> get(path);
        case "POST" -> post(path, new String(body, StandardCharsets.UTF_8));
        default -> refuse(405, "method " + exchange.getRequestMethod() + ", wanted GET or POST");
      };
    } catch (JacksonException e) {
      return refuse(400, "body is not as wanted: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return refuse(404, String.valueOf(e.getMessage()));
    } finally {
      stepper.lock.unlock();
    }
  }

  private Answer get(String path) {
    if (path.equals("/status")) return new Answer(200, status());
    if (path.equals("/faults")) return new Answer(200, faults());
    if (path.equals("/services")) {
      return new Answer(200, List.copyOf(stepper.world.services().keySet()));
    }
    String name = after(path, "/services/");
    if (name != null) return new Answer(200, stepper.actions.snapshot(name));
    String key = after(path, "/actions/");
    if (key != null) {
      var result = stepper.actions.of(key);
      return result == null
          ? refuse(404, "key %s was never seen".formatted(key))
          : new Answer(200, result);
    }
    return refuse(404, "there is nothing at " + path);
  }

  private Answer post(String path, String body) {
    if (path.equals("/attach")) {
      stepper.outbox.attach(FleetFile.JSON.readValue(body, Outbox.Peer.class));
      stepper.wake();
      return new Answer(200, status());
    }
    if (path.equals("/stop")) {
      stepper.stop();
      return new Answer(200, status());
    }
    if (path.equals("/actions")) {
      var request = FleetFile.JSON.readValue(body, FleetActions.Request.class);
      if (request.key() == null || request.service() == null || request.action() == null) {
        return refuse(400, "an action wants key, service, action and arguments");
      }
      Map<String, String> arguments = request.arguments() == null ? Map.of() : request.arguments();
      var whole =
          new FleetActions.Request(request.key(), request.service(), request.action(), arguments);
      var result = stepper.actions.run(whole);
      return new Answer(result.done() ? 200 : 422, result);
    }
    String name = after(path, "/faults/");
    if (name != null) return cause(name);
    return refuse(404, "there is nothing at " + path);
  }

  private Answer cause(String name) {
    var scenario = Scenario.named(name);
    if (scenario.isEmpty()) {
      return refuse(404, "no fault is called %s, there are %s".formatted(name, Scenario.names()));
    }
    if (stepper.phase() != Stepper.Phase.LIVE)
      return refuse(409, "the history is still being told");
    String why = stepper.schedule.cause(scenario.get());
    return why == null ? new Answer(200, faults()) : refuse(409, why);
  }

  private Status status() {
    return new Status(
        stepper.world.nowMs(),
        stepper.outbox.settledMs(),
        stepper.phase().name().toLowerCase(java.util.Locale.ROOT),
        Stepper.BEGIN.toEpochMilli(),
        stepper.world.seriesCount(),
        stepper.outbox.waiting(),
        stepper.outbox.dropped(),
        stepper.outbox.trouble());
  }

  private List<CausedFault> faults() {
    return stepper.schedule.caused().stream()
        .map(c -> new CausedFault(c.scenario.name(), c.scenario.culprit(), c.begunMs, c.overMs))
        .toList();
  }

  private static @Nullable String after(String path, String prefix) {
    return path.startsWith(prefix) && path.length() > prefix.length()
        ? path.substring(prefix.length())
        : null;
  }
}
