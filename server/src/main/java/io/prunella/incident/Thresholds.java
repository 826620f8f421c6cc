package io.prunella.incident;

import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What weighs enough, for long enough, to be an incident. Remembers since when each condition has
 * held without a break.
 */
final class Thresholds {
  private static final double ODD_POINTS = 28;
  private static final int AGREEING_SERIES_MIN = 3;
  private static final int BUSY_SIGNALS_MIN = 3;

  private final GroupingConfig config;
  private final Map<String, Instant> before;
  private final Instant at;
  private final TreeMap<String, Instant> since = new TreeMap<>();

  Thresholds(GroupingConfig config, Map<String, Instant> before, Instant at) {
    this.config = config;
    this.before = before;
    this.at = at;
  }

  /** The conditions that hold now, with the time since when. */
  Map<String, Instant> since() {
    return since;
  }

  /**
   * True when the condition has held for so long. To be asked once a turn: what is not asked has
   * ended.
   */
  boolean held(String kind, String whose, boolean now, Duration lasting) {
    if (!now) return false;
    String condition = kind + whose;
    Instant begun = before.getOrDefault(condition, at);
    since.put(condition, begun);
    return !at.isBefore(begun.plus(lasting));
  }

  /** Lets a service's conditions begin anew. */
  void forget(String service) {
    for (String kind : List.of("harm:", "lone:", "busy:")) since.remove(kind + service);
  }

  /**
   * Whether a service's free symptoms are an incident by now.
   *
   * @param counting those that may count
   */
  boolean isIncident(String service, List<Symptom> counting, Weighing weighed) {
    boolean harm =
        weighed.harmPoints() >= config.harmPoints() / 3
            && weighed.points() >= config.harmPoints()
            && (weighed.signals() >= 2 || weighed.series() >= AGREEING_SERIES_MIN);
    boolean lone = weighed.harmPoints() >= config.lonePoints();
    boolean busy = weighed.points() >= config.busyPoints() && weighed.signals() >= BUSY_SIGNALS_MIN;
    // All are asked, whatever the others say: each keeps its own time.
    boolean is = held("harm:", service, harm, config.harmFor());
    is |= held("lone:", service, lone, config.loneFor());
    is |= held("busy:", service, busy, config.busyFor());
    for (Symptom symptom : counting) is |= isByItself(symptom);
    return is && counting.stream().anyMatch(Symptom::isOpen);
  }

  private boolean isByItself(Symptom symptom) {
    if (!symptom.isOpen()) return false;
    var lasting = Duration.ofMillis(at.toEpochMilli() - symptom.fromMs());
    if (symptom.shape() == Shape.EXHAUSTION) return lasting.compareTo(config.exhaustionFor()) >= 0;
    if (Weighing.isFact(symptom)) return true;
    return Strength.weighted(symptom) > 0
        && !Strength.isBenign(symptom)
        && Strength.points(symptom) >= ODD_POINTS
        && lasting.compareTo(config.oddFor()) >= 0;
  }
}
