package io.prunella.server;

import io.prunella.control.Desk;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /-/healthy} while the process answers, {@code /-/ready} while it can also write its
 * journal.
 */
final class Health {
  private static final int IDLE_SECONDS_MAX =
      300; // longer than any scrape or remote-write interval
  private final Desk desk;

  Health(Desk desk) {
    this.desk = desk;
  }

  /** Bounds of every connection. */
  static HttpServerOptions options() {
    return new HttpServerOptions()
        // Else a connection is not heard of before its first bytes, and cannot be bounded.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout(IDLE_SECONDS_MAX)
        .setMaxChunkSize(64 << 10) // as much as is read at once: bodies come in few parts
        .setMaxHeaderSize(16 << 10)
        .setMaxInitialLineLength(8 << 10);
  }

  void mount(Router router) {
    router.get("/-/healthy").handler(context -> answer(context, 200, "Prunella is healthy.\n"));
    router.get("/-/ready").handler(this::ready);
  }

  private void ready(RoutingContext context) {
    String down = desk.state().journalDown();
    if (down == null) answer(context, 200, "Prunella is ready.\n");
    else answer(context, 503, "The journal cannot be written: " + down + "\n");
  }

  private static void answer(RoutingContext context, int status, String text) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(text);
  }
}
