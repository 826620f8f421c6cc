package io.prunella.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One tick over all shards: whichever shard comes last polls what is put together across them. */
final class Round implements Work {
  private final long nowMs;
  private final long newestMs;
  private final Gather gather;
  private final AtomicInteger left;
  final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * @param newestMs time of the newest sample of all series: silence is measured against it, so
   *     that when nobody sends nobody is called silent, and a sender that lags is not either
   */
  Round(long nowMs, long newestMs, int shards, Gather gather) {
    this.nowMs = nowMs;
    this.newestMs = Math.min(nowMs, newestMs);
    this.gather = gather;
    left = new AtomicInteger(shards);
  }

  @Override
  public void run(Shard shard) {
    shard.tick(nowMs, newestMs);
    if (left.decrementAndGet() == 0) {
      gather.poll(nowMs);
      done.complete(null);
    }
  }

  @Override
  public void fail(Throwable why) {
    done.completeExceptionally(why);
  }
}
