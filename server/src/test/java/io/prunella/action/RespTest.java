package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that speaks the protocol badly, or for ever, costs an error and no memory. */
class RespTest {
  private final ServerSocket server;

  RespTest() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Writes into the connection until it is closed, or the peer has enough. */
  private interface Peer {
    void speak(OutputStream out) throws IOException;
  }

  private Resp connect(Peer peer, Duration timeout) throws IOException {
    Thread.ofVirtual()
        .start(() -> {
          try (var client = server.accept();
              var out = new BufferedOutputStream(client.getOutputStream())) {
            peer.speak(out);
            out.flush();
          } catch (IOException e) {
            // The client has had enough: that is what is asked of it.
          }
        });
    return Resp.open("redis://127.0.0.1:%d".formatted(server.getLocalPort()), null, timeout);
  }

  private static byte[] bytes(String text) {
    return text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** First this, then that again and again; {@code ~} ends a line. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "$1073741824~, x, 'the answer has length 1073741824, at most 1048576 is read'",
        "$-2147483649~, x, the answer has length -2147483649",
        "*100001~, :1~, 'length 100001, at most 100000 is read'",
        "*4~, *40000~:1~:1~, the answer is nested deeper than 4",
        "*20~*99990~, :1~, the answer has more than 100000 values",
        "*1~, *1~, the answer is nested deeper than 4",
        "+, x, the answer's line is too long",
        "-, -, the connection was closed",
        "$5~abc, -, the answer broke off",
        "HTTP/1.1 200 OK~, -, the answer is not RESP 2",
        ":12x~, -, the answer is not RESP 2",
        "~, -, the answer is empty"
      })
  void call_badAnswer_isRefused(String first, String again, String wanted) throws IOException {
    Peer peer =
        out -> {
          if (first != null) out.write(bytes(first));
          while (again != null) out.write(bytes(again));
        };
    try (var redis = connect(peer, Duration.ofSeconds(20))) {
      assertThatThrownBy(() -> redis.call("PING"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(wanted);
    }
  }

  @Test
  void call_gigabytesInManyParts_isRefused() throws IOException {
    byte[] part = bytes("$1048576~" + "x".repeat(1 << 20) + "~");
    Peer peer =
        out -> {
          out.write(bytes("*100000~"));
          while (true) out.write(part);
        };
    try (var redis = connect(peer, Duration.ofSeconds(20))) {
      assertThatThrownBy(() -> redis.call("KEYS", "*"))
          .hasMessageContaining("more than the 16777216 bytes that are read");
    }
  }

  @Test
  void call_byteByByteForEver_endsWithItsTime() throws IOException {
    Peer peer =
        out -> {
          out.write(bytes("$1000000~"));
          while (true) {
            out.write('x');
            out.flush();
            LockSupport.parkNanos(5_000_000);
          }
        };
    try (var redis = connect(peer, Duration.ofMillis(300))) {
      assertThatThrownBy(() -> redis.call("GET", "slow")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void call_goodAnswer_isReadWhole() throws IOException {
    Peer peer = out -> out.write(bytes("*4~+OK~:-7~$-1~$3~a~~"));
    try (var redis = connect(peer, Duration.ofSeconds(20))) {
      assertThat(redis.call("ANY"))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
          .containsExactly("OK", -7L, null, "a\r\n");
    }
  }
}
