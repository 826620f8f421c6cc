package io.prunella.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells the newest word of a shard's series of alerts; they are few, and found at once. */
final class ReadAlerts implements Slow {
  private final int alertsMax;
  final CompletableFuture<List<Windows.Alert>> answer = new CompletableFuture<>();

  ReadAlerts(int alertsMax) {
    this.alertsMax = alertsMax;
  }

  @Override
  public Step step(Shard shard) {
    int count = shard.alerts.cardinality();
    if (count > alertsMax) {
      fail(
          new IllegalStateException(
              "a shard has %d series %s, at most %d are read"
                  .formatted(count, Windows.ALERTS, alertsMax)));
      return Step.DONE;
    }
    var all = new ArrayList<Windows.Alert>(count);
    for (int row = shard.alerts.nextSetBit(0); row >= 0; row = shard.alerts.nextSetBit(row + 1)) {
      boolean isOver = shard.rows.is(row, Rows.ENDED);
      double value = isOver ? Double.NaN : Double.longBitsToDouble(shard.rows.lastBits[row]);
      all.add(new Windows.Alert(shard.labels.labels(row), shard.recent.lastTimeMs(row), value));
    }
    answer.complete(all);
    return Step.DONE;
  }

  @Override
  public void fail(Throwable why) {
    answer.completeExceptionally(why);
  }
}
