package io.prunella.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tick over all shards, or a glance: after the last shard what is put together across them is
 * polled.
 */
final class Round implements Work {
  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  /** Whether it is a tick, or only a look at what is put together across shards. */
  enum Extent {
    TICK,
    GLANCE
  }

  private final Extent extent;
  private final long nowMs;
  private final long newestMs;
  private final Gather gather;
  private final Executor poller;
  private final AtomicInteger left;
  final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * @param newestMs time of the newest sample of all series: silence is measured against it, so
   *     that when nobody sends nobody is called silent, and a sender that lags is not either
   * @param poller polls: with tens of thousands of limits that takes longer than samples should
   *     have to wait for
   */
  Round(Extent extent, long nowMs, long newestMs, int shards, Gather gather, Executor poller) {
    this.extent = extent;
    this.nowMs = nowMs;
    this.poller = poller;
    this.newestMs = Math.min(nowMs, newestMs);
    this.gather = gather;
    left = new AtomicInteger(shards);
  }

  @Override
  public void run(Shard shard) {
    switch (extent) {
      case TICK -> shard.tick(nowMs, newestMs);
      case GLANCE -> shard.giveEvents();
    }
    if (left.decrementAndGet() == 0) poller.execute(() -> poll(shard));
  }

  private void poll(Shard last) {
    try {
      switch (extent) {
        case TICK -> gather.poll(nowMs);
        case GLANCE -> gather.glance(nowMs);
      }
      done.complete(null);
    } catch (RuntimeException | Error e) {
      last.figures.faults.increment();
      LOG.error("a tick broke down over what is put together across shards", e);
      fail(e);
    }
  }

  @Override
  public void fail(Throwable why) {
    done.completeExceptionally(why);
  }
}
