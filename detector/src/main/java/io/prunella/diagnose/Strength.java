package io.prunella.diagnose;

import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.Comparator;

/**
 * How much a symptom weighs, in nats-like points that can be compared across signals. The unit of a
 * series never chooses the winner: what counts is calibrated surprise and how many half bands the
 * value is away from what was expected.
 *
 * <p>Pure functions of one symptom; any thread.
 */
public final class Strength {
  /** No symptom weighs more: one absurd series must not drown the rest. */
  public static final double POINTS_MAX = 30;

  private static final double STRETCH_MAX = 3;
  private static final double SIZE_STRETCH_MAX = 10; // a thousand half bands: beyond, it was flat
  private static final double ALERT_POINTS = 20;
  private static final double FAILED_CHECKS_POINTS = 28;
  private static final double HEADROOM_POINTS = 20;
  private static final double EXHAUSTION_POINTS = 18;

  /**
   * The strongest first; ties by key, so that an order never depends on the way symptoms came in.
   */
  public static final Comparator<Symptom> STRONGEST_FIRST =
      Comparator.comparingDouble((Symptom s) -> -weighted(s)).thenComparing(Symptom::key);

  private Strength() {}

  /**
   * Points of a symptom by itself, 0 to {@link #POINTS_MAX}. Limits and alerts are facts and have
   * fixed points (headroom grows with the excess over its threshold). A surprise counts as often as
   * the value is away from its band: while a series is young its surprise is capped near ln n, and
   * only the distance tells a fault from a wobble.
   */
  public static double points(Symptom symptom) {
    double points =
        switch (symptom.shape()) {
          case FAILED_CHECKS -> FAILED_CHECKS_POINTS;
          case EXHAUSTION -> EXHAUSTION_POINTS;
          case ALERT -> ALERT_POINTS;
          case HEADROOM -> HEADROOM_POINTS + headroomExcess(symptom);
          case SPIKE, SHIFT, TREND, SILENCE ->
              Math.max(0, finite(symptom.surprise())) * stretch(symptom, STRETCH_MAX);
        };
    return Math.min(POINTS_MAX, points);
  }

  /** Points times the weight of the signal, lessened where the direction is good news. */
  public static double weighted(Symptom symptom) {
    return points(symptom) * share(symptom);
  }

  /**
   * As {@link #weighted}, but a surprise is not held down to {@link #POINTS_MAX}: to tell apart
   * what is beyond it. At least {@code weighted}.
   */
  static double size(Symptom symptom) {
    return sizeAlone(symptom) * share(symptom);
  }

  /** As {@link #points}, but a surprise is not held down. */
  static double sizeAlone(Symptom symptom) {
    return switch (symptom.shape()) {
      case FAILED_CHECKS, EXHAUSTION, ALERT, HEADROOM -> points(symptom);
      case SPIKE, SHIFT, TREND, SILENCE ->
          Math.max(0, finite(symptom.surprise())) * stretch(symptom, SIZE_STRETCH_MAX);
    };
  }

  private static double share(Symptom symptom) {
    return weight(symptom) * (isBenign(symptom) ? 0.2 : 1);
  }

  /**
   * True when the symptom tells of harm: users or callers get worse answers, a copy is down, work
   * piles up, a limit is near or another system has raised an alert. More traffic or a busier
   * processor alone is not harm.
   */
  public static boolean isHarm(Symptom symptom) {
    if (symptom.shape().isLimit() || symptom.shape() == Shape.ALERT) return true;
    if (isBenign(symptom)) return false;
    return switch (symptom.signal()) {
      case LATENCY, ERRORS, HEALTH, RESTARTS, QUEUE, POOL -> true;
      case TRAFFIC -> symptom.direction() == Direction.DOWN;
      case CPU, MEMORY, DISK, NETWORK, QUOTA, REPLICAS, CHANGE, OTHER -> false;
    };
  }

  /** True when the series moved to its good side: faster, fewer errors, less used. */
  public static boolean isBenign(Symptom symptom) {
    if (symptom.direction() == Direction.UP || symptom.shape().isLimit()) return false;
    if (symptom.shape() == Shape.SILENCE || symptom.shape() == Shape.ALERT) return false;
    return switch (symptom.signal()) {
      case LATENCY, ERRORS, RESTARTS, CPU, MEMORY, DISK, POOL, QUEUE, NETWORK, QUOTA -> true;
      case TRAFFIC, HEALTH, REPLICAS, CHANGE, OTHER -> false;
    };
  }

  /** True when the symptom speaks of the service itself and not of what its callers see or send. */
  public static boolean isInternal(Symptom symptom) {
    if (symptom.shape() == Shape.SILENCE) return symptom.signal() != Signal.TRAFFIC;
    return switch (symptom.signal()) {
      case HEALTH, RESTARTS, REPLICAS, OTHER -> true;
      case LATENCY, ERRORS, TRAFFIC, CHANGE -> false;
      case CPU, MEMORY, DISK, POOL, QUEUE, NETWORK, QUOTA -> true;
    };
  }

  /*
   * What people are paged for counts most (Google SRE book, chapter 6: page on symptoms that users see); one resource by
   * itself counts little; series nobody has named count least. Limits are facts whatever they bound.
   */
  private static double weight(Symptom symptom) {
    if (symptom.shape().isLimit() || symptom.shape() == Shape.ALERT) return 1;
    double weight =
        switch (symptom.signal()) {
          case ERRORS, HEALTH -> 1.2;
          case LATENCY, RESTARTS -> 1;
          case POOL, QUEUE -> 0.7;
          case CPU, MEMORY -> 0.6;
          case TRAFFIC -> symptom.direction() == Direction.UP ? 0.5 : 0.8;
          case NETWORK, DISK, QUOTA, REPLICAS -> 0.4;
          case OTHER -> 0.3;
          case CHANGE -> 0;
        };
    return symptom.shape() == Shape.SILENCE ? weight / 2 : weight;
  }

  private static double stretch(Symptom symptom, double most) {
    double half = (symptom.upper() - symptom.lower()) / 2;
    double away = Math.abs(symptom.value() - symptom.expected());
    if (!Double.isFinite(away) || !Double.isFinite(half) || half < 0) return 1;
    if (half == 0) return away == 0 ? 1 : STRETCH_MAX;
    return Math.clamp(Math.log(1 + away / half) / Math.log(2), 1, most);
  }

  private static double headroomExcess(Symptom symptom) {
    double ratio = symptom.value() / symptom.upper();
    return Double.isFinite(ratio)
        ? Math.clamp((ratio - 1) * 60, 0, POINTS_MAX - HEADROOM_POINTS)
        : 0;
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : value > 0 ? POINTS_MAX : 0;
  }
}
