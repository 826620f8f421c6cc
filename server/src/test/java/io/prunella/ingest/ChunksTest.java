package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies come in chunks that are used again, and are never mixed up. */
class ChunksTest {
  private static final int SERIES = 400; // values at random: tens of kilobytes, several reads
  private final Door door = new Door(IngestConfig.DEFAULTS);
  private final Random random = new Random(5);

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private byte[] body(String name, int pass) {
    var body = new Bodies.V1();
    for (int i = 0; i < SERIES; i++) {
      var labels = Bodies.labels("__name__", name, "id", Long.toHexString(i * 0x9e3779b97f4a7c15L));
      body.series(labels, Door.NOW + pass * 1000L, pass * 1000 + i);
    }
    return body.toBytes();
  }

  private byte[] request(byte[] body) {
    byte[] head =
        """
        POST %s HTTP/1.1\r
        Host: here\r
        Content-Type: application/x-protobuf\r
        Content-Length: %d\r
        \r
        """
            .formatted(RemoteWrite.PATH, body.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  /** A connection that writes without waiting, in pieces that have nothing to do with requests. */
  private final class Line implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", door.port);
    private final OutputStream out = socket.getOutputStream();
    private final BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

    Line() throws Exception {
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
    }

    void writeTorn(byte[] bytes) throws Exception {
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(30_000));
        out.write(bytes, at, length);
        out.flush();
        at += length;
      }
    }

    String status() throws Exception {
      String line;
      do {
        line = in.readLine();
      } while (line != null && !line.startsWith("HTTP/1.1 "));
      return String.valueOf(line);
    }

    @Override
    public void close() throws Exception {
      socket.close();
    }
  }

  @Test
  void bodies_tornAndOneBehindTheOtherOnTwoConnections_areTakenAsTheyWereSent() throws Exception {
    int passes = 20;
    try (var one = new Line();
        var other = new Line()) {
      var answers = new ArrayList<String>();
      for (int pass = 1; pass <= passes; pass += 2) {
        for (int next = pass; next < pass + 2; next++) {
          one.writeTorn(request(body("a", next)));
          other.writeTorn(request(body("b", next)));
        }
        for (Line line : List.of(one, other, one, other)) answers.add(line.status());
      }
      assertThat(answers).hasSize(2 * passes).containsOnly("HTTP/1.1 204 No Content");
    }
    var kept = door.kept();
    assertThat(kept).hasSize(2 * SERIES);
    kept.values()
        .forEach(samples -> {
          assertThat(samples).hasSize(2 * passes);
          for (int pass = 1; pass <= passes; pass++) {
            assertThat(samples.get(2 * pass - 2)).isEqualTo(pass * 1000.0);
            assertThat(samples.get(2 * pass - 1) - samples.get(1)).isEqualTo((pass - 1) * 1000.0);
          }
        });
  }

  @Test
  void bodies_oneAfterTheOther_needNoMoreRoomThanTheFirst() throws Exception {
    try (var line = new Line()) {
      for (int pass = 1; pass <= 50; pass++) {
        line.writeTorn(request(body("a", pass)));
        assertThat(line.status()).contains("204");
      }
      // As many as lie between the network and the door at once, not as many as came.
      assertThat(door.door.chunks.made.sum()).isBetween(1L, 5L);
    }
  }
}
