package io.prunella.action;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a Redis, with bounded answers and a deadline for all of it. One thread.
 *
 * <p>Source: Redis serialization protocol 2 (redis.io/docs/reference/protocol-spec). Values are
 * String, Long, List, null, or {@link Refusal} for an error that Redis answers.
 */
final class Resp implements Closeable {
  private static final int BULK_BYTES_MAX = 1 << 20;
  private static final int ITEMS_MAX = 100_000; // of a whole answer, however it is nested
  private static final int ANSWER_BYTES_MAX = 16 << 20;
  private static final long NULL = -1; // the length of what is not there
  private static final int LINE_BYTES_MAX = 8_192;
  private static final int DEPTH_MAX = 4;
  private static final int CONNECT_MS_MAX = 5_000;

  private final Socket socket;
  private final InputStream in;
  private final long deadlineNanos;
  private int items; // of the answer at hand
  private long bytes; // of the answer at hand

  /** An error that Redis answered: it was understood and refused. */
  record Refusal(String why) {}

  private Resp(Socket socket, long deadlineNanos) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Connects, logs in and chooses the database.
   *
   * @param address {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://}
   *     with TLS
   * @param passwordFile the password's file, or null
   * @throws IOException when it does not answer, or refuses; the message has no password
   */
  static Resp open(String address, @Nullable String passwordFile, Duration timeout)
      throws IOException {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      throw new IOException("the address is no URI, wanted redis://host:port", e);
    }
    if (uri.getHost() == null || !List.of("redis", "rediss").contains(uri.getScheme())) {
      throw new IOException("the address wants the form redis://host:port or rediss://host:port");
    }
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    int port = uri.getPort() < 0 ? 6379 : uri.getPort();
    int connectMs = (int) Math.clamp(timeout.toMillis(), 1, CONNECT_MS_MAX);
    var plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(uri.getHost(), port), connectMs);
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(connectMs);
      var redis = new Resp(secured(uri, plain, port), deadlineNanos);
      redis.login(uri, passwordFile);
      return redis;
    } catch (IOException e) {
      plain.close();
      throw new IOException(
          "redis at %s:%d: %s".formatted(uri.getHost(), port, String.valueOf(e.getMessage())), e);
    }
  }

  private static Socket secured(URI uri, Socket plain, int port) throws IOException {
    if (!uri.getScheme().equals("rediss")) return plain;
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secured = (SSLSocket) factory.createSocket(plain, uri.getHost(), port, true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be this host's
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private void login(URI uri, @Nullable String passwordFile) throws IOException {
    String info = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = info.indexOf(':');
    String user = decoded(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? "" : decoded(info.substring(colon + 1));
    if (passwordFile != null) password = Files.readString(Path.of(passwordFile)).strip();
    if (!password.isEmpty()) {
      ok(user.isEmpty() ? call("AUTH", password) : call("AUTH", user, password));
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.length() > 1) ok(call("SELECT", path.substring(1)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void ok(@Nullable Object answer) throws IOException {
    if (answer instanceof Refusal refusal) throw new IOException("login refused: " + refusal.why());
  }

  /**
   * Sends a command and reads its answer.
   *
   * @throws IOException when the answer did not come whole: the command may have been carried out
   */
  @Nullable Object call(String... words) throws IOException {
    return call(List.of(words));
  }

  @Nullable Object call(List<String> words) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ascii("*" + words.size() + "\r\n"));
    for (String word : words) {
      byte[] encoded =
          word.getBytes(StandardCharsets.ISO_8859_1); // keys are bytes: kept as they are
      bytes.writeBytes(ascii("$" + encoded.length + "\r\n"));
      bytes.writeBytes(encoded);
      bytes.writeBytes(ascii("\r\n"));
    }
    arm();
    socket.getOutputStream().write(bytes.toByteArray());
    socket.getOutputStream().flush();
    this.items = 0;
    this.bytes = 0;
    return read(0);
  }

  private void arm() throws IOException {
    long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0) throw new SocketTimeoutException("its time is over");
    socket.setSoTimeout((int) Math.min(leftMs, Integer.MAX_VALUE));
  }

  private @Nullable Object read(int depth) throws IOException {
    if (depth > DEPTH_MAX) throw new IOException("the answer is nested deeper than " + DEPTH_MAX);
    if (++items > ITEMS_MAX) {
      throw new IOException("the answer has more than %d values".formatted(ITEMS_MAX));
    }
    String line = line();
    if (line.isEmpty()) throw new IOException("the answer is empty");
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> new Refusal(rest);
      case ':' -> number(rest, Long.MIN_VALUE, Long.MAX_VALUE);
      case '$' -> bulk((int) number(rest, NULL, BULK_BYTES_MAX));
      case '*' -> {
        int count = (int) number(rest, NULL, ITEMS_MAX);
        if (count < 0) yield null;
        var items = new ArrayList<@Nullable Object>();
        for (int i = 0; i < count; i++) items.add(read(depth + 1));
        yield items;
      }
      default -> throw new IOException("the answer is not RESP 2");
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) return null;
    count(length);
    var text = new byte[length];
    for (int at = 0; at < length; ) {
      arm(); // or a peer that sends byte by byte would be waited for without end
      int read = in.read(text, at, length - at);
      if (read < 0) throw new IOException("the answer broke off");
      at += read;
    }
    if (next() != '\r' || next() != '\n') throw new IOException("the answer broke off");
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private void count(int more) throws IOException {
    bytes += more;
    if (bytes > ANSWER_BYTES_MAX) {
      throw new IOException(
          "the answer has more than the %d bytes that are read".formatted(ANSWER_BYTES_MAX));
    }
  }

  private int next() throws IOException {
    arm();
    return in.read();
  }

  private static long number(String text, long min, long max) throws IOException {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) return number;
      throw new IOException("the answer has length %d, at most %d is read".formatted(number, max));
    } catch (NumberFormatException e) {
      throw new IOException("the answer is not RESP 2", e);
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = next(); next != '\r'; next = next()) {
      if (next < 0) throw new IOException("the connection was closed");
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) throw new IOException("the answer's line is too long");
    }
    if (next() != '\n') throw new IOException("the answer is not RESP 2");
    count(line.size());
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
