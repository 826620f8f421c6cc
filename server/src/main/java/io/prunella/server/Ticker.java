package io.prunella.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls again and again on a thread of its own, once a second unless told otherwise; a call that
 * fails is told and does not end the calling.
 */
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int STOP_SECONDS_MAX = 5;
  private final ScheduledExecutorService timer;

  Ticker(String name, Runnable tick) {
    this(name, Duration.ofSeconds(1), tick);
  }

  /**
   * @param pause between the end of a call and the next
   */
  Ticker(String name, Duration pause, Runnable tick) {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
    long ms = pause.toMillis();
    timer.scheduleWithFixedDelay(() -> guarded(tick), ms, ms, TimeUnit.MILLISECONDS);
  }

  private static void guarded(Runnable tick) {
    try {
      tick.run();
    } catch (RuntimeException e) {
      LOG.error("msg=\"a tick failed; the next one comes as ever\"", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
