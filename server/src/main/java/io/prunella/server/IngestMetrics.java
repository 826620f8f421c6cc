package io.prunella.server;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prunella.ingest.Election;
import io.prunella.ingest.IngestFigures;
import io.prunella.ingest.Latency;
import io.prunella.ingest.RemoteWrite;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What the door says of itself, read when it is asked for. Labels are bounded: statuses, reasons,
 * kinds of excess with one sender each, and clusters of replicas.
 */
final class IngestMetrics {
  private final PrometheusRegistry registry;
  private final RemoteWrite door;
  private final IngestFigures figures;

  /**
   * @param silence says whether all senders have fallen silent
   */
  IngestMetrics(PrometheusRegistry registry, RemoteWrite door, Silence silence) {
    this.registry = registry;
    this.door = door;
    figures = door.figures();
    requests();
    samples();
    senders();
    gauge(
        "silent",
        "1 when nobody has written a sample for ingest.senders.silent-ms.",
        () -> silence.isSilent() ? 1 : 0);
    gauge(
        "last_sample_timestamp_seconds",
        "When the last sample was taken, by the clock here; 0 before the first.",
        () -> figures.lastSampleMs() / 1000.0);
    latency("request_seconds", "From a request's headers to its answer.", figures.answering());
    latency(
        "scoring_seconds",
        "From the offer of a request's samples to the last shard's report: waiting and scoring.",
        figures.scoring());
  }

  private void requests() {
    counter("requests", "Requests begun.", figures::requests);
    counter("requests_v2", "Requests of remote write 2.0.", figures::requestsV2);
    counter("retries", "Requests that senders said were retries.", figures::retries);
    counter("compressed_bytes", "Bytes of bodies as sent.", figures::compressedBytes);
    counter("decoded_bytes", "Bytes of bodies decompressed.", figures::decodedBytes);
    gauge("in_flight_bytes", "Bytes of requests under way.", figures::inFlightBytes);
    CounterWithCallback.builder()
        .name("prunella_ingest_answers_total")
        .help("Answers, by status.")
        .labelNames("code")
        .callback(callback ->
            figures.answers().forEach((code, count) -> callback.call(count, code.toString())))
        .register(registry);
  }

  private void samples() {
    counter("samples", "Samples taken; a native histogram makes a few.", figures::samplesAccepted);
    counter("histograms", "Native histograms seen.", figures::histograms);
    counter("exemplars", "Exemplars seen; they are not kept.", figures::exemplars);
    counter(
        "deduplicated_samples",
        "Samples left out because another replica of the same cluster is heard.",
        figures::samplesLeftOut);
    counter(
        "histograms_without_quantiles",
        "Native histograms without quantiles for want of room (ingest.histogram-bytes-max).",
        door::histogramsWithoutQuantiles);
    CounterWithCallback.builder()
        .name("prunella_ingest_refused_samples_total")
        .help("Samples refused, by reason.")
        .labelNames("reason")
        .callback(
            callback -> figures.refused().forEach((why, count) -> callback.call(count, why.slug())))
        .register(registry);
  }

  private void senders() {
    gauge("senders", "Addresses that have written.", () -> door.senders().senders());
    gauge("connections", "Connections that have written.", () -> door.senders().connections());
    CounterWithCallback.builder()
        .name("prunella_ingest_excesses_total")
        .help("How often a sender wanted more than it may have, by kind.")
        .labelNames("kind")
        .callback(callback ->
            door.senders().refused().forEach((kind, count) -> callback.call(count, kind.slug())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("prunella_ingest_worst_sender_excesses")
        .help("The same of the sender that did most often, about.")
        .labelNames("kind", "sender")
        .callback(callback ->
            door.senders()
                .worst()
                .forEach(
                    (kind, worst) -> callback.call(worst.times(), kind.slug(), worst.sender())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("prunella_ingest_biggest_sender_series")
        .help("Series of the sender that has most.")
        .labelNames("sender")
        .callback(callback -> {
          var senders = door.senders();
          if (!senders.biggest().isEmpty()) {
            callback.call(senders.biggestSeries(), senders.biggest());
          }
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("prunella_ingest_ha_heard_timestamp_seconds")
        .help("When the replica that is heard wrote last, by cluster.")
        .labelNames("cluster", "replica")
        .callback(callback -> {
          for (Election of : door.elections()) {
            callback.call(of.heardMs() / 1000.0, of.cluster(), of.replica());
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("prunella_ingest_ha_failovers_total")
        .help("Elections of another replica, by cluster.")
        .labelNames("cluster")
        .callback(callback -> {
          for (Election of : door.elections()) callback.call(of.changes(), of.cluster());
        })
        .register(registry);
  }

  private void counter(String name, String help, Supplier<Long> value) {
    CounterWithCallback.builder()
        .name("prunella_ingest_" + name + "_total")
        .help(help)
        .callback(callback -> callback.call(value.get()))
        .register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("prunella_ingest_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private void latency(String name, String help, Latency of) {
    Collector snapshot =
        () ->
            HistogramSnapshot.builder()
                .name("prunella_ingest_" + name)
                .help(help)
                .dataPoint(
                    HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(
                            ClassicHistogramBuckets.of(of.boundsSeconds(), of.counts()))
                        .sum(of.sumSeconds())
                        .build())
                .build();
    registry.register(snapshot);
  }
}
