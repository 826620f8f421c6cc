package io.prunella.ingest;

import io.prunella.series.Offenders;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Who writes, over which connections, and how much of what each takes. Bounded; any thread. */
final class Senders {
  private static final int OTHERS = 1; // number of those who found no place of their own
  private static final long FORGET_MS = 3_600_000;

  /** One address that writes. */
  static final class Sender {
    final int number;
    final String name;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicLong inFlightBytes = new AtomicLong();
    volatile long seenMs;

    Sender(int number, String name) {
      this.number = number;
      this.name = name;
    }
  }

  private final SenderConfig config;
  private final IntUnaryOperator seriesOf;
  private final Map<HttpConnection, Sender> connections = new ConcurrentHashMap<>();
  private final AtomicInteger writing = new AtomicInteger();
  private final Map<String, Sender> byName = new HashMap<>(); // guarded by this
  private final ArrayDeque<Integer> free = new ArrayDeque<>(); // guarded by this
  private volatile Consumer<HttpConnection> alsoClosed = _ -> {};
  private final Sender others = new Sender(OTHERS, "others");
  private final Map<Excess, Offenders> offenders = new EnumMap<>(Excess.class);

  /**
   * @param seriesOf how many series the sender with a number has
   */
  Senders(SenderConfig config, IntUnaryOperator seriesOf) {
    this.config = config;
    this.seriesOf = seriesOf;
    for (int number = OTHERS + 1; number <= OTHERS + config.sendersMax(); number++) {
      free.add(number);
    }
    for (Excess kind : Excess.values()) offenders.put(kind, new Offenders());
  }

  /**
   * Whose connection this is; null when it is one too many. A connection that asked once is asked
   * no more.
   */
  @Nullable Sender of(HttpConnection connection, String address, long nowMs) {
    Sender known = connections.get(connection);
    if (known != null) {
      known.seenMs = nowMs;
      return known;
    }
    Sender sender = find(address, nowMs);
    if (sender.connections.incrementAndGet() > config.senderConnectionsMax()) {
      sender.connections.decrementAndGet();
      exceeded(Excess.CONNECTIONS, address, 1);
      return null;
    }
    if (writing.incrementAndGet() > config.connectionsMax()) {
      writing.decrementAndGet();
      sender.connections.decrementAndGet();
      exceeded(Excess.CONNECTIONS, address, 1);
      return null;
    }
    connections.put(connection, sender);
    connection.closeHandler(_ -> closed(connection));
    return sender;
  }

  /** Who else wants to hear that a connection that wrote is gone: there is one place for it. */
  void onClosed(Consumer<HttpConnection> also) {
    alsoClosed = also;
  }

  private void closed(HttpConnection connection) {
    alsoClosed.accept(connection);
    Sender sender = connections.remove(connection);
    if (sender == null) return;
    sender.connections.decrementAndGet();
    writing.decrementAndGet();
  }

  private synchronized Sender find(String address, long nowMs) {
    Sender known = byName.get(address);
    if (known == null) {
      if (free.isEmpty()) forget(nowMs);
      Integer number = free.poll();
      if (number == null) return others;
      known = new Sender(number, address);
      byName.put(address, known);
    }
    known.seenMs = nowMs;
    return known;
  }

  /** Makes room: who has no connection and no series and has been silent is forgotten. */
  private void forget(long nowMs) {
    byName.values().stream()
        .filter(one -> nowMs - one.seenMs >= FORGET_MS && one.connections.get() == 0)
        .filter(one -> seriesOf.applyAsInt(one.number) == 0)
        .min(Comparator.comparingLong(one -> one.seenMs))
        .ifPresent(one -> {
          byName.remove(one.name);
          free.add(one.number);
        });
  }

  /** Takes bytes for a sender's request; false when it has too many already. */
  boolean reserve(Sender sender, long bytes) {
    if (sender.inFlightBytes.addAndGet(bytes) <= config.senderBytesMax()) return true;
    sender.inFlightBytes.addAndGet(-bytes);
    exceeded(Excess.BYTES, sender.name, 1);
    return false;
  }

  /** A sender wanted more than it may have. */
  void exceeded(Excess kind, String sender, long by) {
    Offenders of = offenders.get(kind);
    if (of != null) of.count(sender, by); // all kinds are there
  }

  synchronized SenderFigures figures() {
    var biggest =
        byName.values().stream()
            .map(one -> Map.entry(one.name, seriesOf.applyAsInt(one.number)))
            .max(Map.Entry.comparingByValue())
            .orElse(Map.entry("", 0));
    var refused = new EnumMap<Excess, Long>(Excess.class);
    var worst = new EnumMap<Excess, SenderFigures.Worst>(Excess.class);
    offenders.forEach((kind, of) -> {
      refused.put(kind, of.total());
      if (of.total() > 0) {
        worst.put(kind, new SenderFigures.Worst(of.biggest(), of.biggestCount()));
      }
    });
    return new SenderFigures(
        byName.size(), writing.get(), biggest.getKey(), biggest.getValue(), refused, worst);
  }
}
