package io.prunella.server;

import io.prunella.remediation.Reader;
import io.prunella.runbook.Readings;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Signal;
import io.prunella.watch.Windows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Reads a service's signals out of the recent windows for runbooks: from an hour before the
 * incident until now. What nobody has given a meaning is not a signal and is left out. Blocks until
 * the shards have answered.
 */
final class SignalReader implements Reader {
  private static final Duration BEFORE = Duration.ofHours(1);
  private static final int SERIES_MAX =
      64; // of one signal of one service; a runbook judges by the worst of them
  private static final int ALERTS_MAX = 10_000; // of one shard
  private final Windows windows;

  SignalReader(Windows windows) {
    this.windows = windows;
  }

  @Override
  public Readings read(String service, Instant incidentAt, Instant now) {
    Map<Signal, List<Readings.Track>> tracks = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      if (signal == Signal.OTHER) continue;
      var found = tracks(service, signal, incidentAt.minus(BEFORE), now);
      if (!found.isEmpty()) tracks.put(signal, found);
    }
    return new Readings(now, incidentAt, tracks, alerts());
  }

  /** What Prometheus says of its alerts; when that cannot be had, nothing is read at all. */
  private List<Readings.Alert> alerts() {
    try {
      return windows.alerts(ALERTS_MAX).join().stream()
          .map(one -> new Readings.Alert(one.labels().toMap(), one.timeMs(), one.value()))
          .toList();
    } catch (CompletionException e) {
      throw new IllegalStateException("the alerts cannot be read", e.getCause());
    }
  }

  private List<Readings.Track> tracks(String service, Signal signal, Instant from, Instant to) {
    var tracks = new ArrayList<Readings.Track>();
    try {
      var read =
          windows.read(
              Windows.Selector.of(service, signal),
              from.toEpochMilli(),
              to.toEpochMilli(),
              SERIES_MAX);
      for (Windows.Window window : read.join()) track(window).ifPresent(tracks::add);
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "the recent samples of %s cannot be read".formatted(service), e.getCause());
    }
    return tracks;
  }

  /** A limit is no reading of its own, and what is free is told as what is used. */
  private static Optional<Readings.Track> track(Windows.Window window) {
    LimitPart part = window.meaning().limit();
    double[] values = window.values();
    if (part != null && part.role() == LimitPart.Role.LIMIT) return Optional.empty();
    if (part != null && part.role() == LimitPart.Role.FREE) {
      if (Double.isNaN(window.limit())) return Optional.empty();
      values = Arrays.stream(values).map(free -> window.limit() - free).toArray();
    }
    return Optional.of(
        new Readings.Track(
            window.labels().metric(),
            window.meaning().instance(),
            window.timesMs(),
            values,
            window.limit()));
  }
}
