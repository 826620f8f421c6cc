package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import io.prunella.ingest.Bodies.V1;
import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Too much of anything has an answer. */
class RemoteWriteLimitsTest {
  private static final long NOW = Door.NOW;

  private Door door = new Door(IngestConfig.DEFAULTS);

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private void use(Door other) throws Exception {
    door.close();
    door = other;
  }

  private static Map<String, String> up(String instance) {
    return Bodies.labels("__name__", "queue_depth", "instance", instance, "job", "shop");
  }

  private static IngestConfig limits(int requestBytes, int decodedBytes, int samples, int labels) {
    return new IngestConfig(
        requestBytes,
        decodedBytes,
        requestBytes + decodedBytes,
        samples,
        labels,
        100,
        1000,
        600_000,
        1000,
        2,
        100_000,
        1000);
  }

  @Test
  void write_tooLargeOrTooMany_is413AndTheConnectionLivesOn() throws Exception {
    use(new Door(limits(2048, 4096, 3, 10)));
    byte[] large = new byte[10_000];
    new Random(1).nextBytes(large);
    assertThat(door.send(large).statusCode()).isEqualTo(413);
    var chunked =
        HttpRequest.newBuilder(door.request(new byte[0]).uri())
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large)))
            .build();
    assertThat(door.client().send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(413);
    byte[] bomb = Bodies.snappy(new byte[1 << 20]);
    byte[] start = java.util.Arrays.copyOf(bomb, 2000);
    HttpResponse<String> answer = door.send(start);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("1048576 bytes", "ingest.decoded-bytes-max");
    var many = new V1().series(up("a"), NOW, 1, NOW + 1, 2, NOW + 2, 3, NOW + 3, 4);
    assertThat(door.sendV1(many).statusCode()).isEqualTo(413);
    assertThat(door.door.senders().worst())
        .containsOnly(Map.entry(Excess.SIZE, new SenderFigures.Worst("127.0.0.1", 4)));
    assertThat(door.kept()).isEmpty();
    assertThat(door.sendV1(new V1().series(up("a"), NOW, 1)).statusCode()).isEqualTo(204);
    assertThat(door.door.figures().inFlightBytes()).isZero();
  }

  @Test
  void write_withoutToken_is401AndNothingIsRead() throws Exception {
    use(
        new Door(
            IngestConfig.DEFAULTS,
            1,
            watch -> watch,
            http -> "Bearer secret".equals(http.getHeader("Authorization"))));
    byte[] body = new V1().series(up("a"), NOW, 1).toBytes();
    assertThat(door.send(body).statusCode()).isEqualTo(401);
    assertThat(door.send(body, "Authorization", "Bearer secret").statusCode()).isEqualTo(204);
  }

  @Test
  void write_tooMuchInFlight_is503BeforeTheBody() throws Exception {
    use(
        new Door(
            new IngestConfig(
                60_000, 4096, 64_096, 100, 10, 100, 1000, 600_000, 60_000, 2, 100_000, 1000)));
    try (var slow = new Socket("127.0.0.1", door.port)) {
      OutputStream out = slow.getOutputStream();
      out.write(
          "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nabc"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      awaitInFlight(60_000, Long.MAX_VALUE);
      byte[] body = new V1().series(up("a"), NOW, 1).toBytes();
      byte[] large = java.util.Arrays.copyOf(body, 10_000);
      HttpResponse<String> answer = door.send(large);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("60000 bytes are in flight");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
    awaitInFlight(0, 0); // it has gone
    assertThat(door.sendV1(new V1().series(up("a"), NOW, 1)).statusCode()).isEqualTo(204);
  }

  private void awaitInFlight(long least, long most) throws InterruptedException {
    Peers.eventually(
        "%d to %d bytes in flight".formatted(least, most),
        Duration.ofSeconds(30),
        () -> {
          long now = door.door.figures().inFlightBytes();
          return Optional.of(now).filter(bytes -> bytes >= least && bytes <= most);
        });
  }

  @Test
  void write_manyConnectionsAtOnce_losesNothing() throws Exception {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int pass = 0; pass < 5; pass++) {
      for (int sender = 0; sender < 40; sender++) {
        var body = new V1();
        for (int i = 0; i < 50; i++) {
          body.series(up("host-" + sender + "-" + i), NOW - 15_000 * (5 - pass), i);
        }
        answers.add(
            door.client()
                .sendAsync(door.request(body.toBytes()), HttpResponse.BodyHandlers.ofString()));
      }
      for (var answer : answers) assertThat(answer.join().statusCode()).isEqualTo(204);
    }
    assertThat(door.watch.figures().samples()).isEqualTo(10_000);
    assertThat(door.kept()).hasSize(2000);
    assertThat(door.door.figures().inFlightBytes()).isZero();
  }

  /** A sink whose second shard is full. */
  private record HalfFull(BlockSink real) implements BlockSink {
    @Override
    public int shards() {
      return real.shards();
    }

    @Override
    public boolean offer(int shard, Block block) {
      return shard == 0 && real.offer(shard, block);
    }
  }

  @Test
  void write_oneInboxFull_is503WithRetryAfterAndTheRetryCompletesIt() throws Exception {
    var full = new boolean[] {true};
    use(
        new Door(
            IngestConfig.DEFAULTS,
            2,
            watch ->
                new BlockSink() {
                  @Override
                  public int shards() {
                    return watch.shards();
                  }

                  @Override
                  public boolean offer(int shard, Block block) {
                    return (full[0] ? new HalfFull(watch) : watch).offer(shard, block);
                  }
                },
            _ -> true));
    var body = new V1();
    for (int i = 0; i < 40; i++) body.series(up("host-" + i), NOW, i);
    HttpResponse<String> answer = door.sendV1(body);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(2, 4);
    assertThat(door.kept().size()).isBetween(1, 39);
    full[0] = false;
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.kept()).hasSize(40);
    assertThat(door.door.figures().answers()).containsEntry(503, 1L).containsEntry(204, 1L);
  }
}
