package io.prunella.server;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls once a second on a thread of its own; a call that fails is told and does not end the
 * calling.
 */
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int STOP_SECONDS_MAX = 5;
  private final ScheduledExecutorService timer;

  Ticker(String name, Runnable tick) {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
    timer.scheduleWithFixedDelay(() -> guarded(tick), 1, 1, TimeUnit.SECONDS);
  }

  private static void guarded(Runnable tick) {
    try {
      tick.run();
    } catch (RuntimeException e) {
      LOG.error("msg=\"a tick failed; the next one is in a second\"", e);
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
