package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail as a page, and what verification finds. The journal is read off the event loops.
 */
final class AuditPages {
  private static final int ENTRIES_A_PAGE = 50;

  record Audit(
      Trail.Filter filter, List<Entry> entries, long before, Journal.@Nullable Verdict verdict) {
    String older() {
      return "/audit?before=%d&who=%s&what=%s&q=%s"
          .formatted(
              before, Pages.url(filter.who()), Pages.url(filter.what()), Pages.url(filter.q()));
    }
  }

  private final Vertx vertx;
  private final Desk desk;
  private final View view;
  private final Trail trail;

  AuditPages(Vertx vertx, Desk desk, View view, Trail trail) {
    this.vertx = vertx;
    this.desk = desk;
    this.view = view;
    this.trail = trail;
  }

  void audit(RoutingContext ctx) {
    audit(ctx, null);
  }

  /** The trail again, from the start, with what verification has found. */
  void verify(RoutingContext ctx) {
    Api.await(ctx, vertx.executeBlocking(desk::verify, false), verdict -> audit(ctx, verdict));
  }

  private void audit(RoutingContext ctx, Journal.@Nullable Verdict verdict) {
    var filter =
        new Trail.Filter(
            Query.parameter(ctx, "who"), Query.parameter(ctx, "what"), Query.parameter(ctx, "q"));
    long before = Query.number(ctx, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    Api.await(
        ctx,
        vertx.executeBlocking(() -> trail.read(before, ENTRIES_A_PAGE, filter), false),
        page ->
            view.show(
                ctx,
                200,
                "audit",
                "Audit",
                "audit",
                new Audit(filter, page.entries(), page.before(), verdict)));
  }
}
