package io.prunella.incident;

import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service's symptoms weigh together. Points of one signal are those of its strongest series
 * and two fifths of each further one, up to one and a half times the most that a single one can
 * have: series of one signal depend on each other. Signals add up (a capped sum in the manner of
 * Fisher's, the cap standing in for the dependence).
 *
 * @param points all signals
 * @param harmPoints only signals that tell of harm
 * @param signals how many distinct signals there are; unnamed series count by metric
 * @param series how many series
 * @param onsetMs earliest beginning among the symptoms that weigh, or {@link Long#MAX_VALUE}
 */
record Weighing(double points, double harmPoints, int signals, int series, long onsetMs) {
  private static final double SHARE_OF_FURTHER = 0.4;
  private static final double SIGNAL_MAX = 1.5 * Strength.POINTS_MAX;
  private static final double UNNAMED_MAX = 2 * Strength.POINTS_MAX;

  static Weighing of(Collection<Symptom> symptoms) {
    var all = new TreeMap<String, Sum>();
    var harm = new TreeMap<String, Sum>();
    int series = 0;
    long onsetMs = Long.MAX_VALUE;
    for (Symptom symptom : symptoms) {
      double points = Strength.weighted(symptom);
      if (points <= 0) continue;
      series++;
      onsetMs = Math.min(onsetMs, symptom.fromMs());
      boolean unnamed = symptom.signal() == Signal.OTHER;
      String signal = unnamed ? "OTHER:" + symptom.metric() : symptom.signal().name();
      all.computeIfAbsent(signal, _ -> new Sum(unnamed)).add(points);
      if (Strength.isHarm(symptom)) harm.computeIfAbsent(signal, _ -> new Sum(unnamed)).add(points);
    }
    return new Weighing(total(all), total(harm), all.size(), series, onsetMs);
  }

  /** True for a symptom that is a fact by itself: a limit or another system's alert. */
  static boolean isFact(Symptom symptom) {
    return symptom.shape().isLimit() || symptom.shape() == Shape.ALERT;
  }

  private static double total(Map<String, Sum> sums) {
    double named = 0;
    double unnamed = 0;
    for (Sum sum : sums.values()) {
      if (sum.unnamed) unnamed += sum.points();
      else named += sum.points();
    }
    return named + Math.min(UNNAMED_MAX, unnamed);
  }

  private static final class Sum {
    private final boolean unnamed;
    private double best;
    private double rest;

    Sum(boolean unnamed) {
      this.unnamed = unnamed;
    }

    void add(double points) {
      rest += Math.min(best, points);
      best = Math.max(best, points);
    }

    double points() {
      return Math.min(SIGNAL_MAX, best + SHARE_OF_FURTHER * rest);
    }
  }
}
