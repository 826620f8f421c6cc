package io.prunella.watch;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The recent past of the watched series, readable by any thread; the shards that own them answer.
 */
public interface Windows {
  /** Name of the series by which Prometheus tells of its alerts. */
  String ALERTS = "ALERTS";

  /**
   * Recent samples of the series that fit.
   *
   * @param seriesMax answers at most this many series, in order of first arrival
   */
  CompletableFuture<List<Window>> read(Selector selector, long fromMs, long toMs, int seriesMax);

  /**
   * The newest word of every series {@code ALERTS}, by which Prometheus tells which of its alerts
   * are pending or firing.
   *
   * @param alertsMax fails with an {@link IllegalStateException} when a shard has more of them: a
   *     part of them would be taken for all
   */
  CompletableFuture<List<Alert>> alerts(int alertsMax);

  /** How many series each service has, and when its last sample came. */
  CompletableFuture<Map<String, ServiceSummary>> services();

  /**
   * Which series are meant; null and empty mean any.
   *
   * @param labels all of these must be there and equal
   * @param search text that must occur in the series' labels as Prometheus writes them, ignoring
   *     case; null for any
   */
  record Selector(
      @Nullable String service,
      @Nullable Signal signal,
      Map<String, String> labels,
      @Nullable String search) {
    public static Selector of(String service, Signal signal) {
      return new Selector(service, signal, Map.of(), null);
    }
  }

  /**
   * One series over a stretch of time. Arrays of one length, oldest first, handed over.
   *
   * @param values as scored: a rate per second for counters
   * @param lower lower end of the expected band at each sample, NaN while cold
   * @param upper upper end
   * @param limit the hard limit that belongs to it at present, NaN when none is known; a series
   *     whose meaning is a share has limit 1
   */
  record Window(
      Labels labels,
      Meaning meaning,
      long[] timesMs,
      double[] values,
      double[] lower,
      double[] upper,
      double limit) {}

  /**
   * The newest sample of an alert's series.
   *
   * @param value NaN when Prometheus has ended the series: the alert is over
   */
  record Alert(Labels labels, long timeMs, double value) {}

  /** What is known of a service at a glance. */
  record ServiceSummary(String service, int series, int anomalous, long lastSampleMs) {}
}
