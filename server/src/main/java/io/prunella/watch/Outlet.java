package io.prunella.watch;

import io.prunella.detect.Anomaly;
import io.prunella.signal.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where anomalies and changes leave the watch: one at a time, whatever thread found them. In the
 * settled way they wait here until {@link #drain}.
 */
final class Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
  private static final int HELD_MAX = 200_000;
  private static final Comparator<Anomaly> ORDER =
      Comparator.comparingLong(Anomaly::atMs)
          .thenComparing(Anomaly::labels)
          .thenComparing(Anomaly::shape)
          .thenComparing(Anomaly::direction);

  private final WatchConfig.Delivery delivery;
  private final Consumer<Anomaly> anomalies;
  private final Consumer<Change> changes;
  private final Object lock = new Object();
  private List<Anomaly> heldAnomalies = new ArrayList<>();
  private List<Change> heldChanges = new ArrayList<>();
  final LongAdder told = new LongAdder();
  final LongAdder lost = new LongAdder();

  Outlet(WatchConfig.Delivery delivery, Consumer<Anomaly> anomalies, Consumer<Change> changes) {
    this.delivery = delivery;
    this.anomalies = anomalies;
    this.changes = changes;
  }

  void anomaly(Anomaly anomaly) {
    told.increment();
    synchronized (lock) {
      if (delivery == WatchConfig.Delivery.LIVE) {
        handOver(anomalies, anomaly);
      } else if (heldAnomalies.size() < HELD_MAX) {
        heldAnomalies.add(anomaly);
      } else {
        lost.increment();
      }
    }
  }

  void change(Change change) {
    synchronized (lock) {
      if (delivery == WatchConfig.Delivery.LIVE) {
        handOver(changes, change);
      } else if (heldChanges.size() < HELD_MAX) {
        heldChanges.add(change);
      } else {
        lost.increment();
      }
    }
  }

  /** Hands over what has been held, changes first, each in order of time and then of labels. */
  void drain() {
    List<Anomaly> anomaliesNow;
    List<Change> changesNow;
    synchronized (lock) {
      anomaliesNow = heldAnomalies;
      changesNow = heldChanges;
      heldAnomalies = new ArrayList<>();
      heldChanges = new ArrayList<>();
    }
    anomaliesNow.sort(ORDER);
    changesNow.sort(
        Comparator.comparingLong(Change::atMs)
            .thenComparing(Change::service)
            .thenComparing(Change::what)
            .thenComparing(Change::detail));
    changesNow.forEach(change -> handOver(changes, change));
    anomaliesNow.forEach(anomaly -> handOver(anomalies, anomaly));
  }

  private <T> void handOver(Consumer<T> to, T what) {
    try {
      to.accept(what);
    } catch (RuntimeException e) {
      // Whoever listens must not stop the watch; the next word about the same series will come.
      lost.increment();
      LOG.error("nobody took what the watch found: {}", what, e);
    }
  }
}
