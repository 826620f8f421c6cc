package io.prunella.ingest;

import java.util.concurrent.atomic.LongAdder;

/** How long something took, counted in classes. Any thread. */
public final class Latency {
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();

  Latency() {
    for (int i = 0; i < counts.length; i++) counts[i] = new LongAdder();
  }

  void took(long tookNanos) {
    double seconds = tookNanos / 1e9;
    int at = 0;
    while (at < BOUNDS.length && seconds > BOUNDS[at]) at++;
    counts[at].increment();
    nanos.add(tookNanos);
  }

  /** Upper bounds of the classes in seconds; the last one is infinite. */
  public double[] boundsSeconds() {
    double[] all = java.util.Arrays.copyOf(BOUNDS, BOUNDS.length + 1);
    all[BOUNDS.length] = Double.POSITIVE_INFINITY;
    return all;
  }

  /** How many fell into each class. */
  public long[] counts() {
    return java.util.Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
  }

  /** All of it together. */
  public double sumSeconds() {
    return nanos.sum() / 1e9;
  }
}
