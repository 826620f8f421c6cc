package io.prunella.train;

import java.util.Random;

/** Shapes that an anomaly can have, put onto values that are in order. */
public enum MadeShape {
  /** One to three samples far away. */
  SPIKE,
  /** Another level for a while. */
  SHIFT,
  /** Away step by step, and back at once. */
  TREND,
  /** Nothing at all: 0. */
  DROP,
  /** As usual on average, but much wilder. */
  WILD,
  /** The same value again and again. */
  STUCK;

  /** Samples that it lasts. */
  int lasting(Random random, int intervalSeconds) {
    int hour = Math.max(6, 3600 / intervalSeconds);
    return switch (this) {
      case SPIKE -> 1 + random.nextInt(3);
      case SHIFT, WILD -> hour / 2 + random.nextInt(hour);
      case TREND, STUCK -> hour + random.nextInt(hour);
      case DROP -> hour / 4 + random.nextInt(hour / 4);
    };
  }

  /**
   * The value instead of the one in order.
   *
   * @param share how much of the anomaly has passed, 0 to 1
   * @param far how far away in usual spreads; below 0: downwards
   * @param before the value just before the anomaly
   */
  double value(
      double inOrder, double level, double spread, double share, double far, double before) {
    return switch (this) {
      case SPIKE, SHIFT -> inOrder + far * spread;
      case TREND -> inOrder + far * spread * share;
      case DROP -> 0;
      case WILD -> level + (inOrder - level) * Math.abs(far);
      case STUCK -> before;
    };
  }
}
