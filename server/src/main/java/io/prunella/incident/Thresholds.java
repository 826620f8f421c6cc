package io.prunella.incident;

import io.prunella.diagnose.Agreement;
import io.prunella.diagnose.Standing;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Weighing;
import io.prunella.signal.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a service's symptoms have been over the lines of an incident, and what else has lasted
 * for how long. Remembers it from turn to turn.
 */
final class Thresholds {
  /** The statistic of a service that has a fact: over every level. */
  static final double FACT = Double.POSITIVE_INFINITY;

  /**
   * What has held without a break.
   *
   * @param since when conditions began, by what they are called
   * @param standings by service
   */
  record Held(Map<String, Instant> since, Map<String, Standing> standings) {
    static final Held NOTHING = new Held(Map.of(), Map.of());

    Held {
      since = Map.copyOf(since);
      standings = Map.copyOf(standings);
    }
  }

  private final GroupingConfig config;
  private final Agreement.Lines lines;
  private final Held before;
  private final Instant at;
  private final TreeMap<String, Instant> since = new TreeMap<>();
  private final TreeMap<String, Standing> standings = new TreeMap<>();

  Thresholds(GroupingConfig config, Held before, Instant at) {
    this.config = config;
    this.lines = config.lines();
    this.before = before;
    this.at = at;
  }

  /** What holds now. */
  Held held() {
    return new Held(since, standings);
  }

  /**
   * True when the condition has held for so long. To be asked once a turn: what is not asked has
   * ended.
   */
  boolean held(String kind, String whose, boolean now, Duration lasting) {
    if (!now) return false;
    String condition = kind + whose;
    Instant begun = before.since().getOrDefault(condition, at);
    since.put(condition, begun);
    return !at.isBefore(begun.plus(lasting));
  }

  /** Lets a service's standing begin anew. */
  void forget(String service) {
    standings.remove(service);
  }

  /**
   * How far a service's free symptoms are on their way to an incident, see {@link Standing}; {@link
   * #FACT} when one of them is an incident by itself. To be asked once a turn.
   *
   * @param counting those that may count
   */
  double statistic(String service, List<Symptom> counting, Weighing weighed) {
    long now = at.toEpochMilli();
    var standing =
        before
            .standings()
            .getOrDefault(service, Standing.NONE)
            .then(now, Agreement.of(weighed, lines), lines);
    if (!standing.isNone()) standings.put(service, standing);
    if (counting.stream().noneMatch(Symptom::isOpen)) return 0;
    if (counting.stream().anyMatch(this::isIncident)) return FACT;
    return standing.statistic(now, counting, lines);
  }

  private boolean isIncident(Symptom symptom) {
    if (!symptom.isOpen()) return false;
    var lasted = Duration.ofMillis(at.toEpochMilli() - symptom.fromMs());
    if (symptom.shape() == Shape.EXHAUSTION) return lasted.compareTo(config.exhaustionFor()) >= 0;
    return Weighing.isFact(symptom);
  }
}
