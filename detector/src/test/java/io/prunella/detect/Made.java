package io.prunella.detect;

import java.util.Random;

/**
 * Series made from a seed: a daily rhythm of 30 to 50 %, a level, and one kind of noise. What a
 * service looks like when nothing is wrong.
 */
final class Made {
  /** How a made series is noisy. */
  enum Noise {
    GAUSSIAN,
    QUIET,
    LOGNORMAL,
    HEAVY,
    CORRELATED,
    POISSON_COUNTER,
    SPARSE_ERRORS,
    QUEUE,
    SAWTOOTH,
    CRON
  }

  private final Noise noise;
  private final Random random;
  private final double level;
  private final double amplitude;
  private final double phase;
  private final double size;
  private double carried;
  private double counted;
  private double teeth;

  Made(Noise noise, long seed) {
    this.noise = noise;
    this.random = new Random(seed * 7919 + noise.ordinal());
    this.level = Math.exp(random.nextDouble() * 8);
    this.amplitude = 0.3 + 0.2 * random.nextDouble();
    this.phase = random.nextDouble() * 2 * Math.PI;
    this.size = 0.03 + 0.1 * random.nextDouble();
  }

  boolean isCounter() {
    return noise == Noise.POISSON_COUNTER || noise == Noise.SPARSE_ERRORS;
  }

  /** The next value; time goes on by {@code seconds}. */
  double next(double time, double seconds) {
    double rhythm = level * (1 + amplitude * Math.sin(2 * Math.PI * time / 86_400 + phase));
    return switch (noise) {
      case GAUSSIAN -> rhythm * (1 + size * random.nextGaussian());
      case QUIET -> rhythm * (1 + 0.002 * random.nextGaussian());
      case LOGNORMAL -> rhythm * Math.exp(4 * size * random.nextGaussian());
      case HEAVY -> rhythm * (1 + size * student(3));
      case CORRELATED -> {
        carried = 0.9 * carried + Math.sqrt(1 - 0.81) * random.nextGaussian();
        yield rhythm * (1 + size * carried);
      }
      case POISSON_COUNTER -> counted += poisson(rhythm / level * 5 * seconds);
      case SPARSE_ERRORS -> counted += poisson(0.0005 * seconds);
      case QUEUE -> poisson(rhythm / level * 3);
      case SAWTOOTH -> {
        teeth = teeth > 1 ? 0.2 : teeth + 0.01 * random.nextDouble();
        yield level * 1e6 * (1 + teeth);
      }
      case CRON -> rhythm * (1 + size * random.nextGaussian()) * (time % 3600 < 45 ? 1.5 : 1);
    };
  }

  private double student(int degrees) {
    double sum = 0;
    for (int i = 0; i < degrees; i++) sum += Math.pow(random.nextGaussian(), 2);
    return random.nextGaussian() / Math.sqrt(sum / degrees);
  }

  private double poisson(double mean) {
    if (mean > 50) return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
