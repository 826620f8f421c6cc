package io.prunella.watch;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Collects recent samples of the rows that fit, some thousand rows a slice. */
final class ReadWindows implements Slow {
  private static final int ROWS_A_SLICE = 20_000;
  private static final int TEXTS_A_SLICE = 500;

  /**
   * What was kept of one series, all of it, oldest first.
   *
   * @param values as scored, NaN where there was none
   */
  record Track(Labels labels, Meaning meaning, long[] timesMs, double[] values) {}

  private final Windows.Selector selector;
  private final String search;
  private final int seriesMax;
  private final List<Track> tracks = new ArrayList<>();
  private int row;
  private int service = Services.NONE;
  final CompletableFuture<List<Track>> answer = new CompletableFuture<>();

  ReadWindows(Windows.Selector selector, int seriesMax) {
    this.selector = selector;
    this.seriesMax = seriesMax;
    String text = selector.search();
    search = text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  @Override
  public Step step(Shard shard) {
    String wanted = selector.service();
    boolean byService = false;
    if (wanted != null && !wanted.isEmpty()) {
      byService = true;
      service = shard.services.find(wanted);
      if (service == Services.NONE) return done();
    }
    Signal meant = selector.signal();
    byte signal = meant == null ? -1 : (byte) meant.ordinal();
    int end = shard.table.rowsEnd();
    int stop = Math.min(end, row + ROWS_A_SLICE);
    int texts = 0;
    for (; row < stop && texts < TEXTS_A_SLICE && tracks.size() < seriesMax; row++) {
      if (!shard.table.isLive(row)) continue;
      if (byService && shard.rows.service[row] != service) continue;
      if (signal >= 0 && shard.rows.signal[row] != signal) continue;
      texts++;
      Labels labels = shard.labels.labels(row);
      if (fits(labels)) tracks.add(track(shard, row, labels));
    }
    return row >= end || tracks.size() >= seriesMax ? done() : Step.MORE;
  }

  private Step done() {
    answer.complete(tracks);
    return Step.DONE;
  }

  private boolean fits(Labels labels) {
    for (Map.Entry<String, String> wanted : selector.labels().entrySet()) {
      if (!labels.get(wanted.getKey(), "").equals(wanted.getValue())) return false;
    }
    return search.isEmpty() || labels.toString().toLowerCase(Locale.ROOT).contains(search);
  }

  private static Track track(Shard shard, int row, Labels labels) {
    var times =
        new Object() {
          long[] at = new long[512];
          double[] values = new double[512];
          int count;
        };
    shard.recent.read(
        row,
        (timeMs, value) -> {
          if (times.count == times.at.length) {
            times.at = Arrays.copyOf(times.at, times.count * 2);
            times.values = Arrays.copyOf(times.values, times.count * 2);
          }
          times.at[times.count] = timeMs;
          times.values[times.count++] = value;
        });
    return new Track(
        labels,
        shard.meaning(labels),
        Arrays.copyOf(times.at, times.count),
        Arrays.copyOf(times.values, times.count));
  }

  @Override
  public void fail(Throwable why) {
    answer.completeExceptionally(why);
  }
}
