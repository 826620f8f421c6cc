package io.prunella.server;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prunella.control.Desk;
import io.prunella.detect.AlarmBudget;
import io.prunella.incident.Incident;
import io.prunella.remediation.Status;
import io.prunella.watch.JuryFigures;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchFigures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Prunella's own figures at {@code /metrics}, read when they are asked for. Labels are bounded: no
 * incident, no series.
 */
final class SelfMetrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Vertx vertx;

  SelfMetrics(Vertx vertx, Watch watch, Desk desk, InstantSource clock) {
    this.vertx = vertx;
    JvmMetrics.builder().register(registry);
    counter(watch, "samples", "Samples taken into detectors.", WatchFigures::samples);
    counter(
        watch,
        "repeated_samples",
        "Samples that were there already: retries.",
        WatchFigures::repeated);
    counter(watch, "registered_series", "Series begun.", WatchFigures::registered);
    counter(watch, "forgotten_series", "Series forgotten after silence.", WatchFigures::forgotten);
    counter(watch, "anomalies", "Anomalies opened.", WatchFigures::opened);
    counter(watch, "full_inboxes", "Blocks that found a shard's inbox full.", WatchFigures::full);
    counter(
        watch,
        "refused_samples",
        "Samples refused because watch.series-max is reached.",
        WatchFigures::refusedSeries);
    counter(
        watch,
        "busy_seconds",
        "Time that shards have spent on taking and scoring samples, summed.",
        WatchFigures::busySeconds);
    counter(
        watch,
        "faults",
        "Pieces of work that a shard broke down over; above 0 it is a bug.",
        WatchFigures::faults);
    gauge("prunella_watch_series", "Series watched.", () -> watch.figures().series());
    gauge(
        "prunella_watch_anomalous_series",
        "Series that are odd at present.",
        () -> watch.figures().anomalous());
    gauge(
        "prunella_watch_waiting_blocks",
        "Blocks in the shards' inboxes.",
        () -> watch.figures().blocksWaiting());
    gauge(
        "prunella_watch_checkpoint_timestamp_seconds",
        "When the last checkpoint was complete, 0 before the first.",
        () -> watch.figures().checkpointAtMs() / 1000.0);
    gauge(
        "prunella_watch_cold_series",
        "Series that are not scored: still learning, or never to be scored.",
        () -> watch.figures().cold());
    gauge(
        "prunella_watch_checkpoint_age_seconds",
        "Time since the last checkpoint was complete, by the clock that samples go by; NaN before"
            + " the first.",
        () -> checkpointAge(watch, clock));
    jury(watch);
    offender(watch);
    bytes(watch);
    control(desk);
  }

  /** Where others add theirs. */
  PrometheusRegistry registry() {
    return registry;
  }

  void mount(Router router) {
    router.get("/metrics").handler(this::answer);
  }

  private void counter(Watch watch, String name, String help, ToDoubleFunction<WatchFigures> of) {
    CounterWithCallback.builder()
        .name("prunella_watch_" + name + "_total")
        .help(help)
        .callback(callback -> callback.call(of.applyAsDouble(watch.figures())))
        .register(registry);
  }

  /** What surprises must reach at present. */
  void budget(Supplier<AlarmBudget> budget) {
    gauge(
        "prunella_incidents_alarm_level",
        "What a service's surprises must reach to be an incident; 1 is the configured line.",
        () -> budget.get().level());
    gauge(
        "prunella_incidents_candidates_per_week",
        "Stretches of surprise a week that reach half of the line or more, as far as is known.",
        () -> budget.get().candidatesPerWeek());
  }

  private void jury(Watch watch) {
    gauge(
        "prunella_watch_models",
        "1 when a model judges anomalies, 0 when the detector's word stands.",
        () -> watch.jury().isThere() ? 1 : 0);
    CounterWithCallback.builder()
        .name("prunella_watch_second_looks_total")
        .help(
            "Words about anomalies by what came of the second look: judged; held back at the"
                + " opening; overflowed, when the detector's word stood for want of room or"
                + " budget.")
        .labelNames("result")
        .callback(callback -> {
          JuryFigures figures = watch.jury();
          callback.call(figures.judged(), "judged");
          callback.call(figures.heldBack(), "held_back");
          callback.call(figures.overflowed(), "overflowed");
        })
        .register(registry);
  }

  private void gauge(String name, String help, java.util.function.DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static double checkpointAge(Watch watch, InstantSource clock) {
    long atMs = watch.figures().checkpointAtMs();
    return atMs == 0 ? Double.NaN : (clock.millis() - atMs) / 1000.0;
  }

  private void offender(Watch watch) {
    GaugeWithCallback.builder()
        .name("prunella_watch_refused_worst_samples")
        .help("Samples refused for want of room, about, of the metric that had most of them.")
        .labelNames("metric")
        .callback(callback -> {
          WatchFigures figures = watch.figures();
          if (figures.refusedSeries() > 0) {
            callback.call(figures.biggestOffence(), figures.biggestOffender());
          }
        })
        .register(registry);
  }

  /** Adds those of connections. */
  void connections(Connections all) {
    gauge("prunella_web_connections", "Connections that are open.", all::size);
    CounterWithCallback.builder()
        .name("prunella_web_closed_connections_total")
        .help("Connections closed unheard, by reason: too many, or no word.")
        .labelNames("reason")
        .callback(callback -> {
          callback.call(all.refused().total(), "too_many");
          callback.call(all.wordless().total(), "no_word");
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("prunella_web_worst_address_closed_connections")
        .help("The same of the address that had most of them, about.")
        .labelNames("reason", "address")
        .callback(callback -> {
          callback.call(all.refused().biggestCount(), "too_many", all.refused().biggest());
          callback.call(all.wordless().biggestCount(), "no_word", all.wordless().biggest());
        })
        .register(registry);
  }

  private void bytes(Watch watch) {
    GaugeWithCallback.builder()
        .name("prunella_watch_memory_bytes")
        .help("Memory of the watched series, by part.")
        .labelNames("part")
        .callback(callback -> {
          WatchFigures figures = watch.figures();
          callback.call(figures.tableBytes(), "tables");
          callback.call(figures.stateBytes(), "state");
          callback.call(figures.recentBytes(), "recent");
          callback.call(figures.labelBytes(), "labels");
        })
        .register(registry);
  }

  private void control(Desk desk) {
    gauge("prunella_journal_facts", "Facts in the journal.", () -> desk.state().head());
    gauge(
        "prunella_journal_writable",
        "1 while facts can be written.",
        () -> desk.state().journalDown() == null ? 1 : 0);
    gauge("prunella_stops", "Stops of automation in force.", () -> desk.state().stops().size());
    gauge(
        "prunella_overridden",
        "Remediations that people have overridden a guardrail for.",
        () ->
            desk.state().remediations().values().stream()
                .filter(r -> !r.overrides().isEmpty())
                .count());
    gauge(
        "prunella_incidents_open",
        "Incidents that are open.",
        () ->
            desk.state().incidents().values().stream()
                .filter(i -> i.status() == Incident.Status.OPEN)
                .count());
    GaugeWithCallback.builder()
        .name("prunella_remediations")
        .help("Remediations known, by status.")
        .labelNames("status")
        .callback(callback -> {
          var counts = new int[Status.values().length];
          desk.state().remediations().values().forEach(r -> counts[r.status().ordinal()]++);
          for (Status status : Status.values()) {
            callback.call(
                counts[status.ordinal()], status.name().toLowerCase(java.util.Locale.ROOT));
          }
        })
        .register(registry);
  }

  /** How the last reading of the runbooks went. */
  void runbooks(RunbookShelf shelf) {
    gauge("prunella_runbooks_loaded", "Runbooks in force.", () -> shelf.catalogue().all().size());
    gauge(
        "prunella_runbooks_last_reload_successful",
        "1 when every runbook was read well the last time.",
        () -> shelf.problems().isEmpty() ? 1 : 0);
    gauge(
        "prunella_runbooks_last_reload_success_timestamp_seconds",
        "When every runbook was last read well.",
        () -> shelf.goodAt().getEpochSecond());
  }

  /** The scrape runs on a worker: figures are read across the shards. */
  private void answer(RoutingContext context) {
    var writer = formats.findWriter(context.request().getHeader("Accept"));
    vertx
        .executeBlocking(
            () -> {
              var out = new ByteArrayOutputStream();
              writer.write(out, registry.scrape());
              return Buffer.buffer(out.toByteArray());
            },
            /* ordered= */ false)
        .onSuccess(
            body -> context.response().putHeader("Content-Type", writer.getContentType()).end(body))
        .onFailure(context::fail);
  }
}
