package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of whatever kind are bounded. */
class ConnectionsTest {
  @TempDir Path folder;

  private Server server(int connectionsMax, long firstRequestMs) {
    String yaml =
        "web: {listen-address: '127.0.0.1:0', connections-max: %d, first-request-ms: %d}"
            .formatted(connectionsMax, firstRequestMs);
    var file = new ConfigFile(ConfigFile.parse("c.yml", yaml), folder);
    return new Server(Server.Setting.of(folder, file));
  }

  private static Socket open(Server server) throws IOException {
    var socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String ask(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }

  @Test
  void open_moreThanMayBe_isClosedTillOneGoes() throws Exception {
    String healthy = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n";
    String write = "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    try (var server = server(8, 60_000)) {
      var sockets = new ArrayList<Socket>();
      for (int i = 0; i < 8; i++) {
        sockets.add(open(server));
        // A writer's connection is told of by ingest when it goes.
        assertThat(ask(sockets.getLast(), i == 0 ? write : healthy)).startsWith("HTTP/1.1 ");
      }
      try (var ninth = open(server)) {
        assertThat(isEnded(ninth)).isTrue();
      }
      sockets.getFirst().close();
      Peers.eventually(
          "the writer's place",
          Duration.ofSeconds(30),
          () -> {
            try (var next = open(server)) {
              return Optional.of(ask(next, healthy)).filter("HTTP/1.1 200"::equals);
            } catch (IOException e) {
              return Optional.empty(); // still too many
            }
          });
      for (Socket socket : sockets) socket.close();
    }
  }

  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("reset");
    }
  }

  @Test
  void open_thatHasAsked_livesOn() throws Exception {
    String healthy = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n";
    String write = "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    try (var server = server(8, 1000);
        var reader = open(server);
        var writer = open(server);
        var slow = open(server)) {
      assertThat(ask(reader, healthy)).isEqualTo("HTTP/1.1 200");
      assertThat(ask(writer, write)).isEqualTo("HTTP/1.1 400");
      slow.getOutputStream()
          .write(write.replace("Length: 0", "Length: 10").getBytes(StandardCharsets.US_ASCII));
      // As old as they are, or younger: when it is closed, their time is over too.
      try (var silent = open(server)) {
        assertThat(isEnded(silent)).isTrue();
      }
      for (Socket socket : List.of(reader, writer)) {
        socket.getInputStream().skipNBytes(socket.getInputStream().available());
      }
      assertThat(ask(reader, healthy)).isEqualTo("HTTP/1.1 200");
      assertThat(ask(writer, write)).isEqualTo("HTTP/1.1 400");
      assertThat(ask(slow, "0123456789")).as("a body under way").isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void open_withoutAWord_isClosed() throws Exception {
    try (var server = server(8, 200);
        var silent = open(server);
        var slow = open(server)) {
      slow.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      assertThat(isEnded(silent)).isTrue();
      assertThat(isEnded(slow)).as("half a request is none").isTrue();
      try (var asking = open(server)) {
        asking
            .getOutputStream()
            .write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains(
                "prunella_web_worst_address_closed_connections{address=\"127.0.0.1\",reason=\"no_word\"}"
                    + " 2.0");
      }
    }
  }
}
