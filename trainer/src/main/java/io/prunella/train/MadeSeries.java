package io.prunella.train;

import java.util.Random;

/**
 * Draws the values of one series in which nothing is wrong, sample by sample: the kinds that
 * operational metrics come in. The same seed gives the same values, to the last bit, on every
 * machine. One thread.
 */
public final class MadeSeries {
  /** How a series behaves. */
  public enum Kind {
    /** Independent noise around a level: a ratio, a size. */
    NOISE,
    /** Each sample remembers the last: queues, memory. */
    WANDERING,
    /** Follows the time of day, with noise: traffic. */
    DAILY,
    /** Small counts: errors, restarts. */
    COUNTS,
    /** Now and then much farther away than usual: latency. */
    HEAVY
  }

  private static final double DAY_SECONDS = 86_400;
  private static final double MEMORY = 0.9; // of WANDERING, from one sample to the next

  private final Kind kind;
  private final Random random;
  private final double level;
  private final double spread;
  private final double phase;
  private double wander;

  MadeSeries(Kind kind, Random random) {
    this.kind = kind;
    this.random = random;
    level = StrictMath.exp(random.nextGaussian() * 1.5 + 4);
    spread = level * (0.02 + 0.08 * random.nextDouble());
    phase = random.nextDouble() * 2 * Math.PI;
  }

  /** The next value; call once a sample, in order of time. */
  double next(long timeMs) {
    return switch (kind) {
      case NOISE -> level + spread * random.nextGaussian();
      case WANDERING -> {
        wander = MEMORY * wander + StrictMath.sqrt(1 - MEMORY * MEMORY) * random.nextGaussian();
        yield level + spread * wander;
      }
      case DAILY -> {
        double turn = 2 * Math.PI * timeMs / 1000 / DAY_SECONDS;
        yield level * (1 + 0.3 * StrictMath.sin(turn + phase)) + spread * random.nextGaussian();
      }
      case COUNTS -> poisson(2 + 40 * spread / level);
      case HEAVY -> level + spread * StrictMath.exp(0.6 * random.nextGaussian());
    };
  }

  /** Level of the series, and its usual spread: what an anomaly is measured by. */
  double level() {
    return level;
  }

  double spread() {
    return kind == Kind.COUNTS ? StrictMath.sqrt(2 + 40 * spread / level) : spread;
  }

  private double poisson(double mean) {
    double floor = StrictMath.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > floor) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
