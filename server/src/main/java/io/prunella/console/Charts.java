package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.control.State;
import io.prunella.incident.Incident;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The charts of incidents: out of the recent past while there is one, and out of the {@link Album}
 * later. They are put there a while after an incident's end, so that they show how it went on. Any
 * thread may ask; the disk is touched by a thread of its own.
 */
final class Charts {
  private static final Logger LOG = LoggerFactory.getLogger(Charts.class);
  static final int INCIDENTS_MAX = 500; // some 50 KiB each
  private static final long LOOK_MS = 5_000;
  private static final int A_LOOK_MAX = 8; // a storm's incidents end together

  /** An incident that is over, and since when: it may open again. */
  private record Ended(Incident incident, Instant over) {
    Ended(Incident incident) {
      this(incident, Objects.requireNonNull(incident.resolvedAt()));
    }

    boolean isDue(Instant now) {
      boolean areSamplesGoing = !now.isBefore(over.plus(Evidence.WINDOW_MAX));
      return !now.isBefore(over.plus(Evidence.AFTER)) && !areSamplesGoing;
    }

    String key() {
      return incident.id() + "@" + over;
    }
  }

  private final Evidence evidence;
  private final Album album;
  private final Desk desk;
  private final InstantSource clock;
  private final Runnable stopLooking;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("charts").daemon().factory());
  private final Set<String> tried = new HashSet<>(); // of those due; guarded by this

  Charts(Vertx vertx, Evidence evidence, Album album, Desk desk, InstantSource clock) {
    this.evidence = evidence;
    this.album = album;
    this.desk = desk;
    this.clock = clock;
    long timer = vertx.setPeriodic(LOOK_MS, id -> look());
    this.stopLooking = () -> vertx.cancelTimer(timer);
  }

  /** How many incidents' charts are kept. */
  int kept() {
    return album.size();
  }

  /** Most telling first; none when the series are gone and nothing was kept, or cannot be read. */
  CompletableFuture<List<Chart>> of(State state, Incident incident) {
    Instant over = incident.resolvedAt();
    if (over == null || !album.has(incident.id(), over)) return drawn(state, incident);
    return CompletableFuture.supplyAsync(() -> album.read(incident.id(), over), disk);
  }

  /** Series that cannot be read leave a page without charts, never without the page. */
  private CompletableFuture<List<Chart>> drawn(State state, Incident incident) {
    return evidence
        .of(incident, IncidentPage.remediationsOf(state, incident.id()), clock.instant())
        .exceptionally(unreadable -> List.of());
  }

  /**
   * Puts into the album what has ended and is not there, each once; of many some, and the others at
   * the next look.
   *
   * @return done when all of it has been put, or could not be
   */
  synchronized CompletableFuture<?> look() {
    State state = desk.state();
    Instant now = clock.instant();
    var due =
        state.incidents().values().stream()
            .filter(incident -> incident.resolvedAt() != null)
            .map(Ended::new)
            .filter(ended -> ended.isDue(now))
            .toList();
    tried.retainAll(due.stream().map(Ended::key).toList());
    return CompletableFuture.allOf(
        due.stream()
            .filter(one -> !album.has(one.incident().id(), one.over()) && tried.add(one.key()))
            .limit(A_LOOK_MAX)
            .map(one -> drawn(state, one.incident()).thenAcceptAsync(c -> put(one, c), disk))
            .toArray(CompletableFuture[]::new));
  }

  private void put(Ended ended, List<Chart> charts) {
    if (charts.isEmpty()) return;
    try {
      album.put(ended.incident().id(), ended.over(), charts);
    } catch (IOException e) {
      LOG.warn(
          "msg=\"an incident's charts are not kept\" incident={} error=\"{}\"",
          ended.incident().id(),
          e.toString());
    }
  }

  void close() {
    stopLooking.run();
    disk.shutdown();
  }
}
