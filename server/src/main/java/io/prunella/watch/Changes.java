package io.prunella.watch;

import io.prunella.series.Labels;
import io.prunella.signal.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deploys, restarts and new configurations, as the metrics themselves tell of them. {@link Gather}
 * owns it.
 */
final class Changes {
  /*
   * Two kinds of evidence. A value that moves: a start time or a generation. And a label that moves: an info series with a
   * version that its service has not had; senders then start a new series, so it is seen when a series begins.
   */
  private static final List<String> VERSION_LABELS =
      List.of("version", "image", "revision", "tag", "short_version", "build", "commit");
  private static final int VERSIONS_MAX = 32;

  /**
   * The first sight of a service may show several versions at once: none of them is a change yet.
   */
  private static final long FIRST_SIGHT_MS = 120_000;

  /** What runs of one service. */
  private static final class Versions {
    final Map<String, Integer> series = new HashMap<>();
    String latest = "";
    long sinceMs = Long.MAX_VALUE;
  }

  private final Consumer<Change> out;
  private final Map<String, Versions> services = new HashMap<>();

  Changes(Consumer<Change> out) {
    this.out = out;
  }

  void join(Special special) {
    String key = key(special);
    if (key == null) return;
    services.computeIfAbsent(key, _ -> new Versions());
  }

  /** Back from a checkpoint: the version is known. */
  void rejoin(Special special) {
    String key = key(special);
    String version = special.version;
    if (key == null || version == null) return;
    Versions versions = services.computeIfAbsent(key, _ -> new Versions());
    versions.series.merge(version, 1, Integer::sum);
    versions.latest = version;
    versions.sinceMs = 0;
  }

  void leave(Special special) {
    String key = key(special);
    String version = special.version;
    Versions versions = key == null ? null : services.get(key);
    if (versions == null || version == null) return;
    versions.series.computeIfPresent(version, (_, count) -> count > 1 ? count - 1 : null);
    if (versions.series.isEmpty()) services.remove(key);
  }

  void take(Special special, long timeMs, double value) {
    if (special.version != null) {
      if (Double.isNaN(special.lastValue) && value != 0) version(special, timeMs);
      return;
    }
    double last = special.lastValue;
    if (Double.isNaN(last) || Double.isNaN(value) || last == value) return;
    String metric = special.labels.metric();
    String service = special.meaning.service();
    if (metric.contains("start_time")) {
      // Some exporters work the start out of the uptime, which wobbles by a second.
      if (value - last < 2) return;
      String instance = special.meaning.instance();
      out.accept(
          new Change(
              service,
              "restart",
              timeMs,
              instance.isEmpty() ? "started anew" : instance + " started anew"));
    } else if (metric.contains("config")) {
      out.accept(new Change(service, "config", timeMs, special.meaning.title() + " changed"));
    } else if (metric.contains("generation")) {
      out.accept(
          new Change(service, "deploy", timeMs, "generation %.0f → %.0f".formatted(last, value)));
    } else {
      out.accept(
          new Change(service, "deploy", timeMs, "%s %s → %s".formatted(metric, last, value)));
    }
  }

  private void version(Special special, long timeMs) {
    String key = key(special);
    String version = special.version;
    Versions versions = key == null ? null : services.get(key);
    if (versions == null || version == null) return;
    versions.sinceMs = Math.min(versions.sinceMs, timeMs);
    boolean isNew = !versions.series.containsKey(version);
    if (isNew && versions.series.size() >= VERSIONS_MAX) return;
    versions.series.merge(version, 1, Integer::sum);
    if (!isNew) return;
    String before = versions.latest;
    versions.latest = version;
    if (!before.isEmpty() && timeMs - versions.sinceMs >= FIRST_SIGHT_MS) {
      out.accept(
          new Change(
              special.meaning.service(),
              "deploy",
              timeMs,
              "version %s → %s".formatted(before, version)));
    }
  }

  /** What versions are compared within: the service and the metric that tells, of one container. */
  private static @Nullable String key(Special special) {
    if (special.version == null) return null;
    return special.meaning.service()
        + " "
        + special.labels.metric()
        + " "
        + special.labels.get("container", "");
  }

  static @Nullable String version(Labels labels) {
    for (String name : VERSION_LABELS) {
      String value = labels.get(name);
      if (value != null) return value;
    }
    return null;
  }
}
