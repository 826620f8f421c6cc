package io.prunella.watch;

import io.prunella.detect.Siblings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Adds up how odd a shard's series of some services are, some ten thousand rows a slice. */
final class ReadSiblings implements Slow {
  private static final int ROWS_A_SLICE = 50_000;

  private final Map<String, Siblings> byService = new HashMap<>();
  private int row;
  final CompletableFuture<List<Map<String, Siblings>>> answer = new CompletableFuture<>();

  ReadSiblings(Set<String> services) {
    for (String service : services) byService.put(service, new Siblings());
  }

  @Override
  public Step step(Shard shard) {
    // A number may be another service's by the next slice.
    var byNumber = new Siblings[shard.services.size()];
    byService.forEach((service, siblings) -> {
      int number = shard.services.find(service);
      if (number != Services.NONE) byNumber[number] = siblings;
    });
    int end = shard.table.rowsEnd();
    int stop = Math.min(end, row + ROWS_A_SLICE);
    for (; row < stop; row++) {
      if (!shard.table.isLive(row)) continue;
      Siblings mine = byNumber[shard.rows.service[row]];
      if (mine != null) mine.add(shard.rows.page(row), shard.rows.at(row));
    }
    if (row < end) return Step.MORE;
    answer.complete(List.of(byService));
    return Step.DONE;
  }

  @Override
  public void fail(Throwable why) {
    answer.completeExceptionally(why);
  }
}
