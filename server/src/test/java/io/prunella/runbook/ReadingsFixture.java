package io.prunella.runbook;

import io.prunella.signal.Direction;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Readings made by hand: a sample each 15 s over an hour, the incident 10 minutes ago. */
final class ReadingsFixture {
  static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
  static final Instant INCIDENT_AT = AT.minus(Duration.ofMinutes(10));
  static final int SAMPLES = 240;
  static final int INTERVAL_MS = 15_000;
  private final Map<Signal, List<Readings.Track>> tracks = new EnumMap<>(Signal.class);

  static Map<String, Object> vars() {
    return Vars.of(
        new Target(
            "cart",
            "redis",
            "cache",
            "staging",
            true,
            "redis://127.0.0.1:6379",
            Map.of("unit", "cart.service")),
        Map.of("replicas", "8"),
        Map.of("step", 2L, "ratio", 0.5),
        new Vars.Incident("INC-1", "cache-full", 0.9, 600));
  }

  ReadingsFixture add(Signal signal, String metric, double limit, IntToDoubleFunction value) {
    return add(signal, metric, limit, null, null, 0, value);
  }

  /**
   * @param value by minutes before now, rounded down
   * @param endsMsAgo the newest sample is that old
   */
  ReadingsFixture add(
      Signal signal,
      String metric,
      double limit,
      @Nullable Direction worse,
      LimitPart.@Nullable Role part,
      long endsMsAgo,
      IntToDoubleFunction value) {
    var times = new long[SAMPLES];
    var values = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long agoMs = (long) (SAMPLES - 1 - i) * INTERVAL_MS + endsMsAgo;
      times[i] = AT.toEpochMilli() - agoMs;
      values[i] = value.applyAsDouble((int) (agoMs / 60_000));
    }
    tracks
        .computeIfAbsent(signal, _ -> new ArrayList<>())
        .add(new Readings.Track(metric, "a", times, values, limit, worse, part));
    return this;
  }

  Readings readings() {
    return new Readings(AT, INCIDENT_AT, tracks);
  }
}
