package io.prunella.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, in order, as a Prometheus' write-ahead log keeps it while the receiver is
 * away. Bounded: the oldest batches go first. {@link Stepper}'s thread only; {@link #attach} any.
 */
final class Outbox {
  static final int BATCHES_MAX = 240; // an hour of simulated time
  static final String SECRET_HEADER = "X-Prunella-Fleet";
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(120);

  private final String secret;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private volatile @Nullable Peer peer;
  private volatile int waitingCount;
  private volatile long dropped;
  private volatile long settledMs;
  private volatile String trouble = "";

  Outbox(String secret) {
    this.secret = secret;
  }

  /**
   * @param write where remote write goes
   * @param settle where simulated time goes
   */
  record Peer(String write, String settle) {}

  /**
   * All samples of one moment.
   *
   * @param settle whether the server shall decide on everything up to then before more comes
   */
  record Batch(long nowMs, List<byte[]> bodies, boolean settle) {}

  void attach(Peer peer) {
    this.peer = peer;
  }

  boolean isAttached() {
    return peer != null;
  }

  int waiting() {
    return waitingCount;
  }

  /** The last moment that a server has settled, 0 before the first. */
  long settledMs() {
    return settledMs;
  }

  long dropped() {
    return dropped;
  }

  /** Why the last delivery failed; empty when it did not. */
  String trouble() {
    return trouble;
  }

  void add(Batch batch) {
    if (waiting.size() == BATCHES_MAX) {
      waiting.removeFirst();
      dropped++;
    }
    waiting.addLast(batch);
    waitingCount = waiting.size();
  }

  /**
   * Sends what waits, oldest first.
   *
   * @return false when the server does not take it now: it will be sent again, which is harmless,
   *     since a sample that is known already changes nothing
   */
  boolean deliver() throws InterruptedException {
    while (!waiting.isEmpty()) {
      var to = peer;
      if (to == null) return false;
      var batch = waiting.getFirst();
      try {
        for (byte[] body : batch.bodies()) post(write(to, body));
        if (batch.settle()) {
          post(settle(to, batch.nowMs()));
          settledMs = batch.nowMs();
        }
      } catch (IOException e) {
        trouble = e.getClass().getSimpleName() + ": " + e.getMessage();
        return false;
      }
      trouble = "";
      waiting.removeFirst();
      waitingCount = waiting.size();
    }
    return true;
  }

  private HttpRequest write(Peer to, byte[] body) {
    return HttpRequest.newBuilder(URI.create(to.write()))
        .timeout(WRITE_TIMEOUT)
        .header("Content-Type", "application/x-protobuf")
        .header("Content-Encoding", "snappy")
        .header("X-Prometheus-Remote-Write-Version", "0.1.0")
        .header("User-Agent", "prunella-demo-fleet")
        .header("Authorization", "Bearer " + secret)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private HttpRequest settle(Peer to, long nowMs) {
    return HttpRequest.newBuilder(URI.create(to.settle()))
        .timeout(SETTLE_TIMEOUT)
        .header("Content-Type", "text/plain")
        .header(SECRET_HEADER, secret)
        .POST(HttpRequest.BodyPublishers.ofString(Long.toString(nowMs)))
        .build();
  }

  private void post(HttpRequest request) throws IOException, InterruptedException {
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      String said = response.body();
      throw new IOException(
          "%s answered %d, wanted 2xx: %s"
              .formatted(
                  request.uri(),
                  response.statusCode(),
                  said.substring(0, Math.min(300, said.length()))));
    }
  }
}
