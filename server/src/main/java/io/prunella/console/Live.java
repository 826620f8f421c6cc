package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.journal.Entry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The live stream: one server-sent event for every batch of facts, so that pages know when to look
 * again. An event says that something happened, not what: a browser that was too slow for some of
 * them and reads the page again has missed nothing. Control's thread writes the ring; event loops
 * write to the sockets.
 */
final class Live {
  /*
   * Event ids are sequence numbers of the journal, so they survive a restart of the server. A browser that comes back
   * with an id older than the ring gets "reset" and reads everything again. A full socket is skipped and gets the
   * newest event once it has drained.
   */
  private static final int TYPES_MAX = 16;

  /**
   * So often at most a step that is out makes pages look again. It is no fact: the event has no id
   * and is not kept, for whoever comes back reads the page anyway.
   */
  private static final long PROGRESS_MS = 1_000;

  private static final String PROGRESS = "event: progress\ndata: {}\n\n";

  private record Event(long id, String text) {}

  private static final class Subscriber {
    final HttpServerResponse response;
    final Who who;
    boolean behind; // guarded by the Live

    Subscriber(HttpServerResponse response, Who who) {
      this.response = response;
      this.who = who;
    }
  }

  private final ConsoleConfig config;
  private final Desk desk;
  private final Access access;
  private final ArrayDeque<Event> ring = new ArrayDeque<>(); // guarded by this
  private final Set<Subscriber> subscribers = new LinkedHashSet<>(); // guarded by this
  private final Runnable unsubscribe;
  private final long timer;
  private final long progressTimer;
  private Map<String, String> lastSaid = Map.of(); // guarded by this
  private final Vertx vertx;

  Live(Vertx vertx, ConsoleConfig config, Desk desk, Access access) {
    this.vertx = vertx;
    this.config = config;
    this.desk = desk;
    this.access = access;
    this.unsubscribe = desk.subscribe(this::sealed);
    this.timer = vertx.setPeriodic(config.heartbeat().toMillis(), id -> heartbeat());
    this.progressTimer = vertx.setPeriodic(PROGRESS_MS, id -> progress());
  }

  synchronized int size() {
    return subscribers.size();
  }

  private void sealed(List<Entry> entries) {
    if (entries.isEmpty()) return;
    var types = new LinkedHashSet<String>();
    for (Entry entry : entries) {
      if (types.size() < TYPES_MAX) types.add(entry.type());
    }
    long head = entries.getLast().seq();
    var data =
        new JsonObject().put("head", head).put("types", new JsonArray(new ArrayList<>(types)));
    var event =
        new Event(head, "id: %d\nevent: facts\ndata: %s\n\n".formatted(head, data.encode()));
    synchronized (this) {
      ring.addLast(event);
      if (ring.size() > config.replayMax()) ring.removeFirst();
      subscribers.forEach(one -> send(one, event.text()));
    }
  }

  /** Opens a stream, or refuses it when there are too many. */
  void open(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    var one = new Subscriber(response, Access.in(ctx));
    synchronized (this) {
      if (subscribers.size() >= config.subscribersMax()) {
        response.setStatusCode(503).putHeader("Retry-After", "30");
        response.end(
            "%d live streams are open, as many as may be.\n".formatted(subscribers.size()));
        return;
      }
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8");
      response.putHeader("X-Accel-Buffering", "no");
      response.closeHandler(gone -> drop(one));
      response.exceptionHandler(broken -> drop(one));
      response.drainHandler(drained -> catchUp(one));
      subscribers.add(one);
      response.write(greeting(ctx.request().getHeader("Last-Event-ID")));
    }
  }

  private String greeting(@Nullable String lastId) {
    long head = desk.state().head();
    var text = new StringBuilder("retry: 3000\n");
    long last = lastId != null && lastId.matches("\\d{1,18}") ? Long.parseLong(lastId) : -1;
    if (last < 0 || last >= head) {
      return text.append("id: %d\nevent: hello\ndata: {}\n\n".formatted(head)).toString();
    }
    boolean kept = !ring.isEmpty() && ring.getFirst().id() <= last + 1;
    if (!kept) return text.append("id: %d\nevent: reset\ndata: {}\n\n".formatted(head)).toString();
    ring.stream().filter(event -> event.id() > last).forEach(event -> text.append(event.text()));
    return text.append('\n').toString();
  }

  private void send(Subscriber one, String text) {
    if (one.behind || one.response.writeQueueFull()) {
      one.behind = true;
    } else {
      one.response.write(text);
    }
  }

  private synchronized void progress() {
    if (subscribers.isEmpty()) return;
    var said = desk.progress().now();
    if (said.equals(lastSaid)) return;
    lastSaid = said;
    for (Subscriber one : subscribers) {
      if (!one.behind && !one.response.writeQueueFull()) one.response.write(PROGRESS);
    }
  }

  private synchronized void catchUp(Subscriber one) {
    if (!one.behind) return;
    one.behind = false;
    if (!ring.isEmpty()) one.response.write(ring.getLast().text());
  }

  private synchronized void drop(Subscriber one) {
    subscribers.remove(one);
  }

  private synchronized void heartbeat() {
    for (Subscriber one : List.copyOf(subscribers)) {
      if (!access.isStillIn(one.who)) {
        subscribers.remove(one);
        one.response.end();
      } else if (!one.response.writeQueueFull()) {
        one.response.write(": still here\n\n");
      }
    }
  }

  synchronized void close() {
    unsubscribe.run();
    vertx.cancelTimer(timer);
    vertx.cancelTimer(progressTimer);
    List.copyOf(subscribers).forEach(one -> one.response.end());
    subscribers.clear();
  }
}
