package io.prunella.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scrape target for real senders. Each path is a target of its own; every one of its series has
 * the number of the scrape as its value, so that a lost or doubled scrape shows.
 */
final class Exporter implements AutoCloseable {
  /** The gauge that is served, with a label {@code pod}. */
  static final String METRIC = "scrape_number";

  private final int series;
  private final HttpServer server;
  private final Map<String, AtomicInteger> scrapes = new ConcurrentHashMap<>();

  Exporter(int series) throws IOException {
    this.series = series;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  static String pod(int i) {
    return "pod-" + i;
  }

  /** Scrapes of a path that have begun. */
  int scrapes(String path) {
    return counter(path).get();
  }

  private AtomicInteger counter(String path) {
    return scrapes.computeIfAbsent(path, _ -> new AtomicInteger());
  }

  private void answer(HttpExchange exchange) throws IOException {
    int number = counter(exchange.getRequestURI().getPath()).incrementAndGet();
    var text = new StringBuilder("# TYPE " + METRIC + " gauge\n");
    for (int i = 0; i < series; i++) {
      text.append(METRIC)
          .append("{pod=\"")
          .append(pod(i))
          .append("\"} ")
          .append(number)
          .append('\n');
    }
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
