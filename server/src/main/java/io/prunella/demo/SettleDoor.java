package io.prunella.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Where the fleet tells the demo's server what time it is: {@code POST /demo/settle} with the
 * simulated milliseconds. Answers when everything up to then has been scored, decided and acted on.
 * Time never goes back: an earlier time than the last is settled as the last.
 */
final class SettleDoor implements AutoCloseable {
  private final HttpServer server;
  private final byte[] secret;
  private final Consumer<Instant> settle;

  /**
   * @param settle called on one thread, with times that do not go back
   */
  SettleDoor(String secret, Consumer<Instant> settle) throws IOException {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.settle = settle;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("settle").factory()));
    server.createContext("/demo/settle", this::handle);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/demo/settle";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String problem = "";
      int status = 204;
      String shown = exchange.getRequestHeaders().getFirst(Outbox.SECRET_HEADER);
      if (shown == null || !MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8))) {
        status = 401;
        problem = "header " + Outbox.SECRET_HEADER + " is missing or wrong";
      } else {
        String body = new String(exchange.getRequestBody().readNBytes(32), StandardCharsets.UTF_8);
        try {
          settle.accept(Instant.ofEpochMilli(Long.parseLong(body.strip())));
        } catch (NumberFormatException e) {
          status = 400;
          problem = "body is '%s', wanted milliseconds since the epoch".formatted(body);
        } catch (RuntimeException e) {
          status = 500;
          problem = String.valueOf(e);
        }
      }
      byte[] bytes = problem.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }
  }
}
