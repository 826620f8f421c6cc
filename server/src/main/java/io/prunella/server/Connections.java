package io.prunella.server;

import io.prunella.series.Offenders;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All connections to the server, whoever they are: bounded in number, and one that asks nothing for
 * too long after it was opened is closed. Any event loop.
 */
final class Connections {
  private static final long ASKED = -1;

  private final Vertx vertx;
  private final int max;
  private final long firstRequestMs;
  private final Map<HttpConnection, Long> open = new ConcurrentHashMap<>(); // to its timer
  private final Offenders refused = new Offenders();
  private final Offenders wordless = new Offenders();

  Connections(Vertx vertx, Config.Web config) {
    this.vertx = vertx;
    max = config.connectionsMax();
    firstRequestMs = config.firstRequestMs();
  }

  /** One more; closed at once when there are as many as may be. */
  void opened(HttpConnection connection) {
    if (open.size() >= max) {
      refused.count(connection.remoteAddress().hostAddress(), 1);
      connection.close();
      return;
    }
    long timer = vertx.setTimer(firstRequestMs, _ -> tooLate(connection));
    open.put(connection, timer);
    connection.closeHandler(_ -> closed(connection));
  }

  private void tooLate(HttpConnection connection) {
    Long timer = open.get(connection);
    if (timer == null || timer == ASKED) return;
    wordless.count(connection.remoteAddress().hostAddress(), 1);
    connection.close();
  }

  /** The headers of a request have come. */
  void asked(HttpConnection connection) {
    Long timer = open.get(connection);
    if (timer == null || timer == ASKED) return;
    open.put(connection, ASKED);
    vertx.cancelTimer(timer);
  }

  /** It is gone. */
  void closed(HttpConnection connection) {
    Long timer = open.remove(connection);
    if (timer != null && timer != ASKED) vertx.cancelTimer(timer);
  }

  int size() {
    return open.size();
  }

  /** Whose connections were closed because there were too many, since the start. */
  Offenders refused() {
    return refused;
  }

  /** Whose connections were closed because they asked nothing, since the start. */
  Offenders wordless() {
    return wordless;
  }
}
