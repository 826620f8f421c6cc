package io.prunella.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Samples stop for a while, of all series: that they are missing then says nothing of any. */
final class Pause implements Work {
  final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicInteger left;

  Pause(int shards) {
    left = new AtomicInteger(shards);
  }

  @Override
  public void run(Shard shard) {
    int end = shard.table.rowsEnd();
    for (int row = 0; row < end; row++) {
      if (shard.table.isLive(row)) shard.stage1.pause(shard.rows.page(row), shard.rows.at(row));
    }
    if (left.decrementAndGet() == 0) done.complete(null);
  }

  @Override
  public void fail(Throwable why) {
    done.completeExceptionally(why);
  }
}
