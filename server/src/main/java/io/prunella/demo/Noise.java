package io.prunella.demo;

import java.util.SplittableRandom;

/**
 * Chance of one simulated thing, all of it drawn from a seed and a name: adding a service does not
 * change what another one draws. Not thread-safe.
 */
final class Noise {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789"; // as Kubernetes names pods

  private final SplittableRandom random;

  Noise(long seed, String name) {
    long mixed = seed * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < name.length(); i++) mixed = (mixed ^ name.charAt(i)) * 0x100000001B3L;
    random = new SplittableRandom(mixed);
  }

  double gaussian() {
    return random.nextGaussian();
  }

  /** Around 1, never below a fifth. */
  double around(double spread) {
    return Math.max(.2, 1 + spread * random.nextGaussian());
  }

  double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** How many of events that come at this mean; exact for few, rounded normal for many. */
  long poisson(double mean) {
    if (mean <= 0) return 0;
    if (mean > 30) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double floor = StrictMath.exp(-mean);
    double product = random.nextDouble();
    long n = 0;
    while (product > floor) {
      product *= random.nextDouble();
      n++;
    }
    return n;
  }

  String letters(int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    return text.toString();
  }

  /** A slow wander around 0: first-order autoregressive in continuous time. */
  static final class Wander {
    private final double spread;
    private final double seconds;
    private double at;

    /**
     * @param spread standard deviation in the long run
     * @param seconds how long it remembers
     */
    Wander(double spread, double seconds) {
      this.spread = spread;
      this.seconds = seconds;
    }

    double step(Noise noise, double elapsedSeconds) {
      double keep = StrictMath.exp(-elapsedSeconds / seconds);
      at = keep * at + spread * Math.sqrt(1 - keep * keep) * noise.gaussian();
      return at;
    }
  }
}
