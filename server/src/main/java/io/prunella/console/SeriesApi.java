package io.prunella.console;

import io.prunella.series.Labels;
import io.prunella.watch.Windows;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The watched series over the API, and how the pages look for them. */
final class SeriesApi {
  private static final int LIST_MAX = 200;
  private static final Duration LIST_SPAN = Duration.ofMinutes(10);
  private static final Duration WINDOW_SPAN = Duration.ofHours(1);
  private static final Duration WINDOW_MAX = Duration.ofHours(24);

  private final Windows windows;
  private final InstantSource clock;

  SeriesApi(Windows windows, InstantSource clock) {
    this.windows = windows;
    this.clock = clock;
  }

  /** Series of a service, or with a text in their labels; at most {@value LIST_MAX}. */
  CompletableFuture<List<Window>> find(String service, String search) {
    Instant now = clock.instant();
    var selector =
        new Selector(
            service.isEmpty() ? null : service, null, Map.of(), search.isEmpty() ? null : search);
    return windows.read(
        selector, now.minus(LIST_SPAN).toEpochMilli(), now.toEpochMilli(), LIST_MAX);
  }

  /** The series of exactly these labels; empty when it is not watched. */
  CompletableFuture<List<Window>> exactly(Labels labels, Instant from, Instant to) {
    return windows
        .read(
            new Selector(null, null, labels.toMap(), null),
            from.toEpochMilli(),
            to.toEpochMilli(),
            LIST_MAX)
        .thenApply(
            found -> found.stream().filter(w -> w.labels().equals(labels)).limit(1).toList());
  }

  void list(RoutingContext ctx) {
    Api.await(
        ctx,
        find(Query.parameter(ctx, "service"), Query.parameter(ctx, "search")),
        found ->
            Api.answer(
                ctx,
                200,
                new JsonObject()
                    .put("series", Json.list(found, Json::series))
                    .put("cut", found.size() == LIST_MAX)));
  }

  void window(RoutingContext ctx) {
    String text = Query.parameter(ctx, "series");
    Labels labels =
        SeriesName.parse(text)
            .orElseThrow(() ->
                Problem.bad(
                    "The parameter series is no series.", text, "metric{label=\"value\",…}"));
    Instant to = time(ctx, "to", clock.instant());
    Instant from = time(ctx, "from", to.minus(WINDOW_SPAN));
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(WINDOW_MAX) > 0) {
      throw Problem.bad(
          "The window is out of range.", from + " to " + to, "from before to, at most 24 hours");
    }
    Api.await(
        ctx,
        exactly(labels, from, to),
        found -> {
          if (found.isEmpty()) {
            Api.refuse(ctx, Problem.unknown("series", text));
          } else {
            Api.answer(ctx, 200, Json.window(found.getFirst()));
          }
        });
  }

  /** RFC 3339, or seconds since the epoch as Prometheus' API takes them. */
  static Instant time(RoutingContext ctx, String name, Instant otherwise) {
    String text = Query.parameter(ctx, name);
    if (text.isEmpty()) return otherwise;
    try {
      return text.matches("\\d{1,11}(\\.\\d+)?")
          ? Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1_000))
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.bad(
          "The parameter %s is no time.".formatted(name), text, "such as 2026-03-01T03:07:00Z");
    }
  }
}
