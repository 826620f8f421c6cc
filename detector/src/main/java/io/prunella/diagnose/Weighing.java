package io.prunella.diagnose;

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
 * @param size as {@code points}, but no series is held down to the most that one can have: tells
 *     apart what is over every line
 * @param harmSize the same of signals that tell of harm
 * @param signals how many distinct signals there are; unnamed series count by metric
 * @param series how many series
 * @param onsetMs earliest beginning among the symptoms that weigh, or {@link Long#MAX_VALUE}
 */
public record Weighing(
    double points,
    double harmPoints,
    double size,
    double harmSize,
    int signals,
    int series,
    long onsetMs) {
  private static final double SHARE_OF_FURTHER = 0.4;
  private static final double SIGNAL_SHARE_MAX = 1.5;
  private static final double UNNAMED_SHARE_MAX = 2;

  /** What symptoms weigh, all of one service; linear in their number. */
  public static Weighing of(Collection<Symptom> symptoms) {
    var all = new TreeMap<String, Sum>();
    var harm = new TreeMap<String, Sum>();
    int series = 0;
    long onsetMs = Long.MAX_VALUE;
    for (Symptom symptom : symptoms) {
      double points = Strength.weighted(symptom);
      if (points <= 0) continue;
      double size = Strength.size(symptom);
      series++;
      onsetMs = Math.min(onsetMs, symptom.fromMs());
      boolean unnamed = symptom.signal() == Signal.OTHER;
      String signal = unnamed ? "OTHER:" + symptom.metric() : symptom.signal().name();
      all.computeIfAbsent(signal, _ -> new Sum(unnamed)).add(points, size);
      if (Strength.isHarm(symptom))
        harm.computeIfAbsent(signal, _ -> new Sum(unnamed)).add(points, size);
    }
    return new Weighing(
        points(all), points(harm), size(all), size(harm), all.size(), series, onsetMs);
  }

  /** True for a symptom that is a fact by itself: a limit or another system's alert. */
  public static boolean isFact(Symptom symptom) {
    return symptom.shape().isLimit() || symptom.shape() == Shape.ALERT;
  }

  private static double points(Map<String, Sum> sums) {
    double named = 0;
    double unnamed = 0;
    for (Sum sum : sums.values()) {
      double points =
          Math.min(
              SIGNAL_SHARE_MAX * Strength.POINTS_MAX, sum.best + SHARE_OF_FURTHER * sum.further);
      if (sum.unnamed) unnamed += points;
      else named += points;
    }
    return named + Math.min(UNNAMED_SHARE_MAX * Strength.POINTS_MAX, unnamed);
  }

  private static double size(Map<String, Sum> sums) {
    double named = 0;
    double unnamed = 0;
    double largest = 0;
    for (Sum sum : sums.values()) {
      double size =
          Math.min(
              SIGNAL_SHARE_MAX * sum.largest, sum.largest + SHARE_OF_FURTHER * sum.furtherSize);
      if (sum.unnamed) {
        unnamed += size;
        largest = Math.max(largest, sum.largest);
      } else {
        named += size;
      }
    }
    double unnamedMax = UNNAMED_SHARE_MAX * Math.max(Strength.POINTS_MAX, largest);
    return named + Math.min(unnamedMax, unnamed);
  }

  private static final class Sum {
    private final boolean unnamed;
    private double best;
    private double further;
    private double largest;
    private double furtherSize;

    Sum(boolean unnamed) {
      this.unnamed = unnamed;
    }

    void add(double points, double size) {
      further += Math.min(best, points);
      best = Math.max(best, points);
      furtherSize += Math.min(largest, size);
      largest = Math.max(largest, size);
    }
  }
}
