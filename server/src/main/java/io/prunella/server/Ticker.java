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
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ticker").daemon().factory());

  Ticker(Runnable tick) {
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
  }
}
