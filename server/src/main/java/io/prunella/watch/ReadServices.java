package io.prunella.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sums a shard's rows up by service, some ten thousand rows a slice. */
final class ReadServices implements Slow {
  private static final int ROWS_A_SLICE = 50_000;

  private int row;
  private int[] series = new int[0];
  private int[] anomalous = new int[0];
  private long[] last = new long[0];
  final CompletableFuture<List<Windows.ServiceSummary>> answer = new CompletableFuture<>();

  @Override
  public Step step(Shard shard) {
    int services = shard.services.size();
    if (services > series.length) {
      series = Arrays.copyOf(series, services);
      anomalous = Arrays.copyOf(anomalous, services);
      last = Arrays.copyOf(last, services);
    }
    int end = shard.table.rowsEnd();
    int stop = Math.min(end, row + ROWS_A_SLICE);
    for (; row < stop; row++) {
      if (!shard.table.isLive(row)) continue;
      int service = shard.rows.service[row];
      series[service]++;
      if (shard.rows.is(row, Rows.ANOMALOUS)) anomalous[service]++;
      last[service] = Math.max(last[service], shard.recent.lastTimeMs(row));
    }
    if (row < end) return Step.MORE;
    var all = new ArrayList<Windows.ServiceSummary>();
    for (int i = 0; i < series.length; i++) {
      String name = shard.services.name(i);
      if (series[i] == 0 || name.isEmpty()) continue;
      all.add(new Windows.ServiceSummary(name, series[i], anomalous[i], last[i]));
    }
    answer.complete(all);
    return Step.DONE;
  }

  @Override
  public void fail(Throwable why) {
    answer.completeExceptionally(why);
  }
}
