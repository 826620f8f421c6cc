package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.journal.Entry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the audit trail for people: by pages, filtered, or whole as JSON lines. What blocks runs
 * off the event loops.
 */
final class Trail {
  private static final int READ_AT_ONCE = 500;
  private static final int SCANNED_MAX = 5_000;

  /**
   * @param entries newest first
   * @param before where the next page begins, or 0 when there is none
   */
  record Page(List<Entry> entries, long before) {}

  /** All empty: everything. {@code q} is looked for in bodies. */
  record Filter(String who, String what, String q) {
    boolean fits(Entry entry) {
      return (who.isEmpty() || entry.actor().equals(who))
          && (what.isEmpty() || entry.type().startsWith(what))
          && (q.isEmpty() || entry.body().contains(q));
    }
  }

  private final Vertx vertx;
  private final Desk desk;

  Trail(Vertx vertx, Desk desk) {
    this.vertx = vertx;
    this.desk = desk;
  }

  /**
   * Blocks. Looks at no more than {@value SCANNED_MAX} entries; a page may then be short though
   * more follow.
   */
  Page read(long before, int entriesMax, Filter filter) {
    var found = new ArrayList<Entry>();
    long next = before;
    for (int scanned = 0; scanned < SCANNED_MAX; ) {
      List<Entry> some = desk.newest(next, READ_AT_ONCE);
      for (Entry entry : some) {
        next = entry.seq();
        scanned++;
        if (filter.fits(entry)) found.add(entry);
        if (found.size() == entriesMax) return new Page(List.copyOf(found), next > 1 ? next : 0);
      }
      if (some.size() < READ_AT_ONCE) return new Page(List.copyOf(found), 0);
    }
    return new Page(List.copyOf(found), next > 1 ? next : 0);
  }

  /** Writes everything up to the present head, oldest first, as fast as the reader takes it. */
  void export(RoutingContext ctx) {
    ctx.response()
        .setChunked(true)
        .putHeader("Content-Type", "application/x-ndjson; charset=utf-8")
        .putHeader("Content-Disposition", "attachment; filename=\"prunella-audit.jsonl\"");
    exportFrom(1, desk.state().head(), ctx.response());
  }

  private void exportFrom(long from, long head, HttpServerResponse response) {
    if (response.closed()) return;
    if (from > head) {
      response.end();
      return;
    }
    int some = (int) Math.min(READ_AT_ONCE, head - from + 1);
    vertx
        .executeBlocking(() -> lines(desk.newest(from + some, some)), false)
        .compose(response::write)
        .onSuccess(written -> exportFrom(from + some, head, response))
        .onFailure(
            broken -> response.reset()); // a cut answer, so that nobody takes a part for the whole
  }

  private static Buffer lines(List<Entry> newestFirst) {
    var lines = Buffer.buffer();
    for (Entry entry : newestFirst.reversed())
      lines.appendString(Json.sealed(entry).encode()).appendString("\n");
    return lines;
  }
}
