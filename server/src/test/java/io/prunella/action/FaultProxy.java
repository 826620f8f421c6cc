package io.prunella.action;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A TCP relay that can lose what was asked or what was answered. Loopback only. */
final class FaultProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private volatile Fault fault = new Fault(Kind.NONE, "");
  private final CountDownLatch struck = new CountDownLatch(1);

  enum Kind {
    NONE,
    /** The request that has the mark does not get through; the connection ends. */
    LOSE_REQUEST,
    /** It gets through, its answer does not; the connection ends. */
    LOSE_ANSWER,
    /** It gets through, its answer never comes; the connection stays. */
    HANG
  }

  /**
   * @param mark text in a request that sets it off
   */
  record Fault(Kind kind, String mark) {}

  FaultProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void fail(Kind kind, String mark) {
    fault = new Fault(kind, mark);
  }

  /** Waits until the fault has happened. */
  boolean struck() throws InterruptedException {
    return struck.await(10, TimeUnit.SECONDS);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        var upstream = new Socket();
        upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
        var muted = new boolean[2];
        Thread.ofVirtual().start(() -> requests(client, upstream, muted));
        Thread.ofVirtual().start(() -> answers(client, upstream, muted));
      } catch (IOException e) {
        // Closed, or the target is down: the client sees its connection end.
      }
    }
  }

  private void requests(Socket client, Socket upstream, boolean[] muted) {
    var buffer = new byte[65_536];
    try (client;
        upstream) {
      InputStream in = client.getInputStream();
      OutputStream out = upstream.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        var now = fault;
        boolean marked =
            now.kind() != Kind.NONE
                && new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains(now.mark());
        if (marked) {
          synchronized (muted) {
            muted[0] = true;
            muted[1] = now.kind() == Kind.LOSE_ANSWER;
          }
          struck.countDown();
          if (now.kind() == Kind.LOSE_REQUEST) return;
        }
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      // Either side has gone: so does the other.
    }
  }

  private static void answers(Socket client, Socket upstream, boolean[] muted) {
    var buffer = new byte[65_536];
    try {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (muted) {
          // What answers has got the whole request, however many pieces it came in, and has done
          // it.
          if (muted[1]) client.close();
          if (muted[0]) continue;
        }
        out.write(buffer, 0, count);
        out.flush();
      }
      synchronized (muted) {
        if (!muted[0]) client.close();
      }
    } catch (IOException e) {
      // Either side has gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
