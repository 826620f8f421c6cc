package io.prunella.incident;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plays control for grouping: hands in words, journals the facts, applies them, and turns the clock
 * by hand.
 */
final class Table {
  static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  final Grouping grouping;
  final List<IncidentFact> journal = new ArrayList<>();
  Incidents incidents = Incidents.EMPTY;
  Pending pending = Pending.EMPTY;
  Topology topology = Topology.EMPTY;
  Instant at = START;

  Table() {
    this(GroupingConfig.DEFAULTS);
  }

  Table(GroupingConfig config) {
    this(config, AlarmBudget.of(1));
  }

  Table(GroupingConfig config, AlarmBudget budget) {
    grouping = new Grouping(config, budget);
  }

  Table calls(String caller, String... callees) {
    var map = new java.util.TreeMap<>(topology.callees());
    map.put(caller, Set.of(callees));
    topology = new Topology(map);
    return this;
  }

  List<IncidentFact> turn(Symptom... words) {
    return turn(List.of(words), List.of());
  }

  List<IncidentFact> turn(List<Symptom> words, List<Change> changes) {
    var decided = grouping.decide(incidents, pending, words, changes, topology, at);
    pending = decided.pending();
    decided.facts().forEach(f -> incidents = incidents.apply(f));
    journal.addAll(decided.facts());
    return decided.facts();
  }

  /** Ticks every 15 s. */
  List<IncidentFact> passes(long seconds) {
    var facts = new ArrayList<IncidentFact>();
    for (long s = 0; s < seconds; s += 15) {
      at = at.plusSeconds(15);
      facts.addAll(turn());
    }
    return facts;
  }

  long ms() {
    return at.toEpochMilli();
  }

  Incident of(String id) {
    Incident incident = incidents.byId().get(id);
    if (incident == null) throw new AssertionError("wanted " + id + ", there are " + incidents);
    return incident;
  }

  Incident only() {
    if (incidents.open().size() != 1)
      throw new AssertionError("wanted one open incident, there are " + incidents.open());
    return incidents.open().iterator().next();
  }

  /** A strong symptom that begins now; {@code series} tells several of one signal apart. */
  Symptom surprise(String service, Signal signal, Direction direction, String series) {
    return surprise(service, signal, direction, series, 11, 6);
  }

  Symptom up(String service, Signal signal) {
    return surprise(service, signal, Direction.UP, "0");
  }

  /**
   * @param halfBands how far the value is from what was expected, in half bands
   */
  Symptom surprise(
      String service,
      Signal signal,
      Direction direction,
      String series,
      double nats,
      double halfBands) {
    String metric = signal.name().toLowerCase(java.util.Locale.ROOT) + "_" + series;
    double value = direction == Direction.UP ? 10 + halfBands : 10 - halfBands;
    return new Symptom(
        metric + "{service=\"" + service + "\"}#surprise",
        service,
        service + "-0",
        signal,
        metric,
        direction,
        Shape.SHIFT,
        ms(),
        0,
        ms(),
        value,
        10,
        9,
        11,
        nats,
        "away from its band");
  }

  Symptom headroom(String service, Signal signal, double share) {
    return limit(
        service, signal, Shape.HEADROOM, share, "%.0f %% of its limit".formatted(share * 100));
  }

  Symptom failedChecks(String service) {
    return limit(service, Signal.HEALTH, Shape.FAILED_CHECKS, 0, "3 checks in a row failed");
  }

  Symptom limit(String service, Signal signal, Shape shape, double value, String reason) {
    return new Symptom(
        signal
            + "{service=\""
            + service
            + "\"}"
            + (shape == Shape.EXHAUSTION ? "#exhaustion" : "#limit"),
        service,
        service + "-0",
        signal,
        signal + "_used",
        shape == Shape.FAILED_CHECKS ? Direction.DOWN : Direction.UP,
        shape,
        ms(),
        0,
        ms(),
        value,
        Double.NaN,
        Double.NaN,
        0.9,
        0,
        reason);
  }

  /** The same symptom, over now. */
  Symptom over(Symptom s) {
    return new Symptom(
        s.key(),
        s.service(),
        s.instance(),
        s.signal(),
        s.metric(),
        s.direction(),
        s.shape(),
        s.fromMs(),
        ms(),
        ms(),
        s.value(),
        s.expected(),
        s.lower(),
        s.upper(),
        s.surprise(),
        s.reason());
  }

  /** The same symptom with another value now. */
  Symptom grown(Symptom s, double value, double surprise) {
    return new Symptom(
        s.key(),
        s.service(),
        s.instance(),
        s.signal(),
        s.metric(),
        s.direction(),
        s.shape(),
        s.fromMs(),
        0,
        ms(),
        value,
        s.expected(),
        s.lower(),
        s.upper(),
        surprise,
        s.reason());
  }

  static Map<Class<?>, Long> kinds(List<IncidentFact> facts) {
    var kinds = new java.util.LinkedHashMap<Class<?>, Long>();
    facts.forEach(f -> kinds.merge(f.getClass(), 1L, Long::sum));
    return kinds;
  }
}
