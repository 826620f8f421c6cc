package io.prunella.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays the shards of a sender: some connections, each with its own series in an order that never
 * changes. A process of its own, told what to do by lines on its standard input; answers each with
 * one line: {@code passes N} and {@code seconds N} send as fast as answers come, {@code rate N
 * SECONDS} sends N samples a second and counts latency from when a request should have left.
 *
 * <p>{@code java Generator.java PORT SERIES WIRE CONNECTIONS}
 */
public final class Generator {
  static final int SAMPLES_A_REQUEST = 2000;
  private static final long STEP_MS = 15_000;

  private final String head;
  private final int port;
  private final int seriesCount;
  private final long startMs;
  private final List<Connection> connections = new ArrayList<>();

  private Generator(int port, int seriesCount, int wire, int connectionCount) {
    this.port = port;
    this.seriesCount = seriesCount;
    // So many passes of 15 s fit before the time that the clock shows; later ones lie ahead of it.
    startMs = System.currentTimeMillis() - 480 * STEP_MS;
    String type = wire == 2 ? ";proto=io.prometheus.write.v2.Request" : "";
    head =
        """
        POST /api/v1/write HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        User-Agent: prunella-bench\r
        Content-Encoding: snappy\r
        Content-Type: application/x-protobuf%s\r
        X-Prometheus-Remote-Write-Version: %s\r
        """
            .formatted(port, type, wire == 2 ? "2.0.0" : "0.1.0");
    for (int i = 0; i < connectionCount; i++) connections.add(new Connection());
    List<Fleet.Series> fleet = Fleet.of(seriesCount, 1);
    long raw = 0;
    long labels = 0;
    for (Fleet.Series one : fleet) labels += one.labels().length / 2;
    for (int from = 0, i = 0; from < seriesCount; from += SAMPLES_A_REQUEST, i++) {
      var part = fleet.subList(from, Math.min(seriesCount, from + SAMPLES_A_REQUEST));
      Stencil stencil = wire == 2 ? Stencil.v2(part) : Stencil.v1(part);
      raw += stencil.rawBytes;
      connections.get(i % connectionCount).requests.add(stencil);
    }
    say("labels=%.1f rawBytes=%.0f", (double) labels / seriesCount, (double) raw / seriesCount);
  }

  public static void main(String[] args) throws Exception {
    var generator =
        new Generator(
            Integer.parseInt(args[0]),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "passes" -> generator.run(Integer.parseInt(words[1]), 0, 0);
        case "seconds" -> generator.run(0, Integer.parseInt(words[1]), 0);
        case "rate" -> generator.run(0, Integer.parseInt(words[2]), Double.parseDouble(words[1]));
        default -> throw new IllegalArgumentException("unknown: " + line);
      }
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(java.util.Locale.ROOT, format, values));
    System.out.flush();
  }

  private void run(int passes, int seconds, double rate) throws InterruptedException {
    long begin = System.nanoTime();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < connections.size(); i++) {
      Connection one = connections.get(i);
      one.until = seconds == 0 ? Long.MAX_VALUE : begin + TimeUnit.SECONDS.toNanos(seconds);
      one.requestsLeft = passes == 0 ? Long.MAX_VALUE : (long) passes * one.requests.size();
      // All take the same time over a pass, however many requests it has for them.
      one.everyNanos = rate == 0 ? 0 : 1e9 * seriesCount / rate / Math.max(1, one.requests.size());
      one.firstNanos = begin + (long) (one.everyNanos * i / connections.size());
      threads.add(Thread.ofPlatform().start(one));
    }
    for (Thread thread : threads) thread.join();
    double took = (System.nanoTime() - begin) / 1e9;
    long samples = 0;
    long retries = 0;
    int count = 0;
    for (Connection one : connections) {
      if (one.fault != null) throw new IllegalStateException("a connection failed", one.fault);
      samples += one.samples;
      retries += one.retries;
      count += one.latencyCount;
    }
    var latencies = new long[count];
    int at = 0;
    for (Connection one : connections) {
      System.arraycopy(one.latencies, 0, latencies, at, one.latencyCount);
      at += one.latencyCount;
    }
    Arrays.sort(latencies);
    say(
        "samples=%d seconds=%.3f p50=%.2f p99=%.2f max=%.2f retries=%d",
        samples,
        took,
        quantile(latencies, 0.5),
        quantile(latencies, 0.99),
        quantile(latencies, 1),
        retries);
  }

  /** Of sorted nanoseconds, in milliseconds. */
  static double quantile(long[] sorted, double share) {
    if (sorted.length == 0) return Double.NaN;
    return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
  }

  /** One connection and the requests that go over it. */
  private final class Connection implements Runnable {
    final List<Stencil> requests = new ArrayList<>();
    long until;
    long requestsLeft;
    double everyNanos;
    long firstNanos;
    long samples;
    long retries;
    long[] latencies = new long[1024];
    int latencyCount;
    volatile Exception fault;
    private Socket socket;
    private int next;
    private volatile long pass; // written by this connection only
    private final byte[] answer = new byte[8192];

    @Override
    public void run() {
      samples = 0;
      retries = 0;
      latencyCount = 0;
      try {
        if (socket == null) {
          socket = new Socket("127.0.0.1", port);
          socket.setTcpNoDelay(true);
        }
        for (long sent = 0; sent < requestsLeft && !requests.isEmpty(); sent++) {
          long begin = System.nanoTime();
          if (everyNanos > 0) {
            long due = firstNanos + (long) (everyNanos * sent);
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            begin = due;
          }
          if (!mayGoOn() || begin >= until) return;
          send(begin);
        }
      } catch (IOException | RuntimeException e) {
        fault = e;
      }
    }

    /**
     * Waits until no other connection is a pass behind: a sender's shards keep step with the clock,
     * and series that lag behind the newest would be taken for silent. False when time is up.
     */
    private boolean mayGoOn() {
      while (next == 0 && isAhead()) {
        if (System.nanoTime() >= until) return false;
        LockSupport.parkNanos(100_000);
      }
      return true;
    }

    private boolean isAhead() {
      for (Connection other : connections) {
        if (!other.requests.isEmpty() && other.pass < pass && other.fault == null) return true;
      }
      return false;
    }

    private void send(long begin) throws IOException {
      Stencil request = requests.get(next);
      byte[] body = request.fill(startMs + pass * STEP_MS, (pass << 40) + ((long) next << 20));
      byte[] start =
          (head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
      while (true) {
        var out = socket.getOutputStream();
        out.write(start);
        out.write(body);
        int status = status(socket.getInputStream());
        if (status == 204) break;
        if (status != 503) throw new IOException("answer " + status);
        retries++;
        long again = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() < again) LockSupport.parkNanos(again - System.nanoTime());
      }
      if (latencyCount == latencies.length) latencies = Arrays.copyOf(latencies, latencyCount * 2);
      latencies[latencyCount++] = System.nanoTime() - begin;
      samples += request.samples();
      if (++next == requests.size()) {
        next = 0;
        pass = pass + 1;
      }
    }

    /** Reads an answer whole; its status. */
    private int status(InputStream in) throws IOException {
      int length = 0;
      while (true) {
        int read = in.read(answer, length, answer.length - length);
        if (read < 0) throw new EOFException("the connection was closed");
        length += read;
        String text = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) continue;
        int status = Integer.parseInt(text.substring(9, 12));
        if (status == 204) return status;
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length:");
        if (at < 0) throw new UncheckedIOException(new IOException(text));
        int wanted = Integer.parseInt(text.substring(at + 15, text.indexOf('\r', at)).strip());
        if (length < end + 4 + wanted) continue;
        if (status != 503) throw new IOException(text);
        return status;
      }
    }
  }
}
