package io.prunella.ingest;

import io.prunella.signal.Meaning;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What senders' metadata say of metrics: their types. Bounded: past the bound new metrics are not
 * taken, and the name decides as it does without metadata. Any thread.
 */
public final class MetadataBook {
  private final int max;
  private final Map<String, Meaning.Type> types = new ConcurrentHashMap<>();

  public MetadataBook(int max) {
    this.max = max;
  }

  /**
   * Takes a metric's type.
   *
   * @param type as remote write numbers them: 1 counter, 2 gauge, 3 histogram, 4 gauge histogram, 5
   *     summary, 6 info, 7 state set; others say nothing
   */
  void put(String metric, int type) {
    Meaning.@Nullable Type meant =
        switch (type) {
          case 1 -> Meaning.Type.COUNTER;
          case 2, 4, 7 -> Meaning.Type.GAUGE;
          case 6 -> Meaning.Type.INFO;
          // Histograms and summaries are families: their series' suffixes say more.
          default -> null;
        };
    if (meant == null || (types.size() >= max && !types.containsKey(metric))) return;
    types.put(metric, meant);
  }

  /** A metric's type, or null when no metadata told it. */
  public Meaning.@Nullable Type typeOf(String metric) {
    return types.get(metric);
  }

  public int size() {
    return types.size();
  }
}
