package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.Peers;
import io.prunella.ingest.Bodies.V1;
import io.prunella.watch.WatchConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one sender may take, and what it hears when it wants more. */
class SendersTest {
  private static final long NOW = Door.NOW;

  private static Map<String, String> depth(String instance) {
    return Bodies.labels("__name__", "queue_depth", "instance", instance, "job", "shop");
  }

  private static IngestConfig limits(SenderConfig senders) {
    return IngestConfig.DEFAULTS.withSenders(senders);
  }

  /** Writes from an address of the loopback network: a sender of its own. */
  private static final class Writer implements AutoCloseable {
    private final Socket socket = new Socket();

    Writer(Door door, String from) throws IOException {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(new InetSocketAddress("127.0.0.1", door.port));
      socket.setSoTimeout(30_000);
    }

    /** The answer's head and body. */
    String write(V1 body) throws IOException {
      byte[] bytes = body.toBytes();
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
              .formatted(bytes.length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(bytes);
      out.flush();
      return read();
    }

    private String read() throws IOException {
      var text = new StringBuilder();
      var in = socket.getInputStream();
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) throw new IOException("closed after \"%s\"".formatted(text));
        text.append((char) next);
      }
      var length = java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
      if (length.find()) {
        text.append(
            new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
      }
      return text.toString();
    }

    boolean isClosed() throws IOException {
      return socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void write_moreConnectionsThanOneMayHave_is503AndClosedTillOneGoes() throws Exception {
    try (var door = new Door(limits(new SenderConfig(10, 3, 2, 128L << 20, 1000)));
        var first = new Writer(door, "127.0.0.2");
        var second = new Writer(door, "127.0.0.2");
        var third = new Writer(door, "127.0.0.2");
        var other = new Writer(door, "127.0.0.3");
        var fifth = new Writer(door, "127.0.0.4")) {
      assertThat(first.write(new V1().series(depth("a"), NOW, 1))).startsWith("HTTP/1.1 204");
      assertThat(second.write(new V1().series(depth("b"), NOW, 1))).startsWith("HTTP/1.1 204");
      String refused = third.write(new V1().series(depth("c"), NOW, 1));
      assertThat(refused).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: ");
      assertThat(third.isClosed()).isTrue();
      assertThat(other.write(new V1().series(depth("c"), NOW, 1))).startsWith("HTTP/1.1 204");
      assertThat(fifth.write(new V1().series(depth("d"), NOW, 1)))
          .as("three write already")
          .startsWith("HTTP/1.1 503");
      assertThat(first.write(new V1().series(depth("a"), NOW, 1)))
          .as("who was let in stays")
          .startsWith("HTTP/1.1 204");
      SenderFigures figures = door.door.senders();
      assertThat(figures.connections()).isEqualTo(3);
      assertThat(figures.refused()).containsEntry(Excess.CONNECTIONS, 2L);
      first.close();
      Peers.eventually(
          "the closed connection's place",
          Duration.ofSeconds(30),
          () -> Optional.of(true).filter(_ -> door.door.senders().connections() == 2));
      try (var next = new Writer(door, "127.0.0.2")) {
        assertThat(next.write(new V1().series(depth("e"), NOW, 1))).startsWith("HTTP/1.1 204");
      }
    }
  }

  @Test
  void write_moreSeriesThanOneMayHave_is400AndTheKnownAreTaken() throws Exception {
    var watch = WatchConfig.DEFAULTS.withSenderSeriesMax(2);
    try (var door = new Door(IngestConfig.DEFAULTS, watch);
        var greedy = new Writer(door, "127.0.0.2");
        var modest = new Writer(door, "127.0.0.3")) {
      var three = new V1();
      for (String name : new String[] {"a", "b", "c"}) three.series(depth(name), NOW, 1);
      assertThat(greedy.write(three))
          .startsWith("HTTP/1.1 400")
          .contains("1 sender_full", "watch.sender-series-max");
      assertThat(greedy.write(new V1().series(depth("a"), NOW + 1, 2))).startsWith("HTTP/1.1 204");
      assertThat(modest.write(new V1().series(depth("d"), NOW, 1))).startsWith("HTTP/1.1 204");
      SenderFigures figures = door.door.senders();
      assertThat(figures.worst())
          .containsEntry(Excess.SERIES, new SenderFigures.Worst("127.0.0.2", 1));
      assertThat(figures.biggest()).isEqualTo("127.0.0.2");
      assertThat(figures.biggestSeries()).isEqualTo(2);
      assertThat(figures.senders()).isEqualTo(2);
    }
  }

  @Test
  void write_seriesOfACheckpoint_countForWhoWritesThemFirst(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("checkpoint");
    var watch = WatchConfig.DEFAULTS.withSenderSeriesMax(2);
    try (var door = new Door(IngestConfig.DEFAULTS, watch);
        var writer = new Writer(door, "127.0.0.2")) {
      var two = new V1().series(depth("a"), NOW, 1).series(depth("b"), NOW, 1);
      assertThat(writer.write(two)).startsWith("HTTP/1.1 204");
      door.watch.checkpoint(file, NOW);
    }
    try (var door = new Door(IngestConfig.DEFAULTS, watch)) {
      assertThat(door.watch.restore(file).rows()).isEqualTo(2);
      try (var writer = new Writer(door, "127.0.0.2")) {
        var both = new V1().series(depth("a"), NOW + 1, 1).series(depth("b"), NOW + 1, 1);
        assertThat(writer.write(both)).startsWith("HTTP/1.1 204");
        assertThat(door.door.senders().biggestSeries()).isEqualTo(2);
        var next = new V1().series(depth("c"), NOW + 1, 1);
        assertThat(writer.write(next)).contains("1 sender_full");
        assertThat(writer.write(new V1().series(depth("a"), NOW + 2, 1)))
            .startsWith("HTTP/1.1 204");
      }
    }
  }

  @Test
  void write_tooManyBytesOfOneSender_is503AndOthersAreTaken() throws Exception {
    var config =
        new IngestConfig(4096, 4096, 1 << 20, 100, 10, 100, 1000, 600_000, 2000, 2, 1024, 10)
            .withSenders(new SenderConfig(10, 10, 10, 8192, 1000));
    try (var door = new Door(config);
        var hog = new Socket();
        var same = new Writer(door, "127.0.0.2");
        var other = new Writer(door, "127.0.0.3")) {
      assertThat(same.write(new V1().series(depth("a"), NOW, 1))).startsWith("HTTP/1.1 204");
      hog.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
      hog.connect(new InetSocketAddress("127.0.0.1", door.port));
      String head = "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\nabc";
      hog.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Peers.eventually(
          "the first bytes of the slow body",
          Duration.ofSeconds(30),
          () -> Optional.of(true).filter(_ -> door.door.figures().inFlightBytes() >= 4096));
      // Its body may be 4096 bytes, and 4096 are taken: what it decompresses to has no room.
      var wide = new V1();
      for (int i = 0; i < 50; i++) wide.series(depth("host-" + i), NOW + 1, 1);
      assertThat(wide.message().toBytes().length).isBetween(3900, 4096);
      assertThat(same.write(wide)).startsWith("HTTP/1.1 503");
      assertThat(other.write(wide)).startsWith("HTTP/1.1 204");
      assertThat(new String(hog.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .as("given up after two seconds")
          .isEqualTo("HTTP/1.1 408");
      Map<Excess, SenderFigures.Worst> worst = door.door.senders().worst();
      assertThat(worst)
          .containsEntry(Excess.BYTES, new SenderFigures.Worst("127.0.0.2", 1))
          .containsEntry(Excess.SLOW, new SenderFigures.Worst("127.0.0.2", 1));
      assertThat(same.write(wide)).startsWith("HTTP/1.1 204");
    }
  }

  @Test
  void write_labelsTooManyOrTooLong_are400AndNameTheSender() throws Exception {
    var config = new IngestConfig(4096, 4096, 1 << 20, 100, 4, 16, 32, 600_000, 2000, 2, 1024, 10);
    try (var door = new Door(config);
        var bad = new Writer(door, "127.0.0.2");
        var good = new Writer(door, "127.0.0.3")) {
      assertThat(good.write(new V1().series(depth("a"), NOW, 1))).startsWith("HTTP/1.1 204");
      var many = Bodies.labels("__name__", "x", "a", "1", "b", "1", "c", "1", "d", "1");
      var longName = Bodies.labels("__name__", "x", "n".repeat(17), "1");
      var longValue = Bodies.labels("__name__", "x", "n", "1".repeat(33));
      var body = new V1().series(many, NOW, 1).series(longName, NOW, 1).series(longValue, NOW, 1);
      String answer = bad.write(body.series(depth("b"), NOW, 1));
      assertThat(answer).startsWith("HTTP/1.1 400").contains("3 of 4");
      assertThat(answer).contains("1 too_many_labels", "2 label_too_long");
      assertThat(door.door.senders().worst())
          .containsOnly(Map.entry(Excess.LABELS, new SenderFigures.Worst("127.0.0.2", 3)));
      assertThat(door.kept()).hasSize(2);
    }
  }

  @Test
  void write_moreSendersThanAreToldApart_shareAPlace() throws Exception {
    try (var door =
            new Door(
                limits(new SenderConfig(1, 10, 10, 128L << 20, 1000)),
                WatchConfig.DEFAULTS.withSenderSeriesMax(1));
        var first = new Writer(door, "127.0.0.2");
        var second = new Writer(door, "127.0.0.3");
        var third = new Writer(door, "127.0.0.4")) {
      assertThat(first.write(new V1().series(depth("a"), NOW, 1))).startsWith("HTTP/1.1 204");
      assertThat(second.write(new V1().series(depth("b"), NOW, 1))).startsWith("HTTP/1.1 204");
      assertThat(third.write(new V1().series(depth("c"), NOW, 1))).startsWith("HTTP/1.1 400");
      assertThat(door.door.senders().senders()).isEqualTo(1);
    }
  }

  @Test
  void config_bytesOfASenderLessThanARequests_areRefused() {
    var config = new SenderConfig(1, 1, 1, 1 << 20, 1000);
    assertThatThrownBy(() -> limits(config))
        .hasMessageContaining("ingest.senders.sender-bytes-max is 1048576, wanted 67108864");
  }

  @Test
  void write_scored_isSeenInTheFigures() throws Exception {
    try (var door = new Door(IngestConfig.DEFAULTS)) {
      assertThat(door.door.figures().lastSampleMs()).isZero();
      HttpResponse<String> answer = door.sendV1(new V1().series(depth("a"), NOW, 1));
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(door.door.figures().lastSampleMs()).isEqualTo(NOW);
      assertThat(door.door.figures().scoring().counts()).contains(1L);
      assertThat(door.door.figures().answering().sumSeconds()).isPositive();
    }
  }
}
