package io.prunella.control;

import io.prunella.diagnose.Symptom;
import io.prunella.remediation.Action;
import io.prunella.runbook.Readings;
import io.prunella.runbook.Target;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One service as it really is, whatever the server believes. */
final class SimService {
  static final Duration SCRAPE = Duration.ofSeconds(15);
  private static final int SAMPLES_MAX = 40;

  final Target target;
  final String pattern;
  int replicas;
  boolean sick;
  boolean harmed;
  Instant sickSince = Instant.EPOCH;
  @Nullable Instant wellSince;
  @Nullable Instant healedAt; // until the world has looked at it
  @Nullable Instant relapseAt;
  Instant silentUntil = Instant.EPOCH;
  Instant untoldUntil = Instant.EPOCH; // the watch's words about it wait
  Instant errorsMuteUntil = Instant.EPOCH; // only its count of errors is not heard

  /** Falls ill again soon after each healing. */
  final boolean chronic;

  final Map<String, Integer> applied = new HashMap<>();
  private final ArrayDeque<long[]> samples = new ArrayDeque<>(); // time, memory
  private final ArrayDeque<long[]> errors = new ArrayDeque<>(); // time, errors a minute
  private long scrapedMs;

  SimService(Target target, String pattern, int replicas, boolean chronic) {
    this.chronic = chronic;
    this.target = target;
    this.pattern = pattern;
    this.replicas = replicas;
  }

  String name() {
    return target.service();
  }

  /** A request has got there. */
  void apply(Action.Call call, boolean helps, boolean harms, Instant now) {
    var step = call.step();
    boolean first = applied.merge(call.key(), 1, Integer::sum) == 1;
    boolean knowsKey = step.action().equals("sim.trim") || step.action().equals("sim.keyed");
    if (knowsKey && !first) return;
    if (step.action().equals("sim.scale"))
      replicas = Integer.parseInt(step.arguments().get("replicas"));
    boolean back = step.arguments().containsKey("back");
    if (!back && helps) heal(now);
    if (!back && harms) harmed = true;
    if (back) harmed = false;
  }

  void fall(Instant now) {
    if (sick) return;
    sick = true;
    sickSince = now;
    wellSince = null;
    relapseAt = null;
  }

  void heal(Instant now) {
    if (!sick) return;
    sick = false;
    harmed = false;
    wellSince = now;
    healedAt = now;
  }

  /** Scrapes up to now. */
  void scrape(Instant now) {
    long step = SCRAPE.toMillis();
    long last = now.toEpochMilli() / step * step;
    long from = Math.max(scrapedMs + step, last - step * (SAMPLES_MAX - 1));
    for (long at = from; at <= last; at += step) {
      if (silentUntil.toEpochMilli() > at) continue;
      samples.add(new long[] {at, sick ? harmed ? 99 : 95 : 40});
      if (samples.size() > SAMPLES_MAX) samples.removeFirst();
      if (errorsMuteUntil.toEpochMilli() > at) continue;
      errors.add(new long[] {at, sick ? 7 : 0});
      if (errors.size() > SAMPLES_MAX) errors.removeFirst();
    }
    scrapedMs = Math.max(scrapedMs, last);
  }

  /** What a reader gets. */
  Readings readings(Instant incidentAt, Instant at) {
    var tracks = new HashMap<Signal, List<Readings.Track>>();
    heard(Signal.MEMORY, "cache_bytes", samples, 100, at, tracks);
    heard(Signal.ERRORS, "errors", errors, Double.NaN, at, tracks);
    return new Readings(at, incidentAt, Map.copyOf(tracks));
  }

  private static void heard(
      Signal signal,
      String metric,
      ArrayDeque<long[]> samples,
      double limit,
      Instant at,
      Map<Signal, List<Readings.Track>> tracks) {
    var kept = new ArrayList<long[]>();
    long oldest = at.minus(SCRAPE.multipliedBy(SAMPLES_MAX)).toEpochMilli();
    for (long[] sample : samples) {
      if (sample[0] >= oldest && sample[0] <= at.toEpochMilli()) kept.add(sample);
    }
    if (kept.isEmpty()) return;
    long[] times = kept.stream().mapToLong(s -> s[0]).toArray();
    double[] values = kept.stream().mapToDouble(s -> s[1]).toArray();
    tracks.put(signal, List.of(new Readings.Track(metric, "", times, values, limit)));
  }

  /** The watch's latest word about it; null while nothing was ever wrong. */
  @Nullable Symptom word(Instant now) {
    Instant well = wellSince;
    if (!sick && well == null) return null;
    return new Symptom(
        name() + "_bytes{}#limit",
        name(),
        "",
        Signal.MEMORY,
        "cache_bytes",
        Direction.UP,
        Shape.HEADROOM,
        sickSince.toEpochMilli(),
        well == null ? 0 : well.toEpochMilli(),
        now.toEpochMilli(),
        95,
        Double.NaN,
        Double.NaN,
        90,
        0,
        "memory 95 % of its limit");
  }
}
