package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live stream over a real socket. */
class LiveTest {
  @TempDir Path folder;

  @Test
  void live_eventsRepeatFromLastId_andSubscribersAreBounded() throws Exception {
    var config =
        new ConsoleConfig(
            false,
            100,
            Duration.ofHours(1),
            Duration.ofHours(2),
            1,
            2,
            Duration.ofMillis(200),
            1 << 20,
            1,
            "http://x");
    try (var small =
        new SampleServer(
            SampleWorld.busy(), SampleWindows.busy(), folder, config, InstantSource.system(), 0)) {
      var visitor = new Browser(small).login(SampleServer.VIEWER);
      for (int i = 0; i < 5; i++) small.world().seal("prunella", "tick", "{}");
      try (var stream = new Stream(small, visitor.cookie(), "124")) {
        assertThat(stream.until("id: 125")).contains("event: facts").doesNotContain("reset");
        assertThat(visitor.get("/live").statusCode()).as("one stream is allowed").isEqualTo(503);
        small.world().seal("prunella", "incident.opened", "{}");
        assertThat(stream.until("incident.opened")).contains("id: 126");
        assertThat(stream.until("still here")).isNotEmpty();
      }
    }
  }

  @Test
  void live_stepSaysMore_isToldOnceWithoutAnId() throws Exception {
    try (var server = new SampleServer(SampleWorld.busy(), folder)) {
      var visitor = new Browser(server).login(SampleServer.VIEWER);
      try (var stream = new Stream(server, visitor.cookie(), "120")) {
        assertThat(stream.until("event: hello")).doesNotContain("progress");
        server.world().say(SampleState.RUNNING_KEY, "half");
        assertThat(stream.until("event: progress")).contains("data: {}").doesNotContain("id:");
        server.world().say(SampleState.RUNNING_KEY, "whole");
        assertThat(stream.until("event: progress")).contains("data: {}").doesNotContain("id:");
        server.world().seal("prunella", "tick", "{}");
        assertThat(stream.until("event: facts")).doesNotContain("progress");
      }
    }
  }

  @Test
  void live_idOlderThanTheRing_isToldToReadAgain() throws Exception {
    var config =
        new ConsoleConfig(
            false,
            100,
            Duration.ofHours(1),
            Duration.ofHours(2),
            9,
            2,
            Duration.ofSeconds(9),
            1 << 20,
            1,
            "http://x");
    try (var small =
        new SampleServer(
            SampleWorld.busy(), SampleWindows.busy(), folder, config, InstantSource.system(), 0)) {
      var visitor = new Browser(small).login(SampleServer.VIEWER);
      for (int i = 0; i < 5; i++) small.world().seal("prunella", "tick", "{}");
      try (var stream = new Stream(small, visitor.cookie(), "3")) {
        assertThat(stream.until("event: reset")).contains("id: 125");
      }
    }
  }

  /** One live stream, read by hand. */
  private static final class Stream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Stream(SampleServer server, String cookie, String lastId) throws Exception {
      var at = java.net.URI.create(server.url());
      socket = new Socket(at.getHost(), at.getPort());
      socket.setSoTimeout(20_000);
      String request =
          "GET /live HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nLast-Event-ID: %s\r\n\r\n"
              .formatted(cookie, lastId);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Everything up to the line with this text, and the rest of its event. */
    String until(String text) throws Exception {
      var read = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read.append(line).append('\n');
        if (line.isEmpty() && read.indexOf(text) >= 0) return read.toString();
      }
      throw new AssertionError("the stream ended before \"" + text + "\": " + read);
    }

    @Override
    public void close() throws Exception {
      socket.close();
    }
  }
}
