package io.prunella.train;

/**
 * A detector of others to measure beside stage 1, found by {@link java.util.ServiceLoader}: what it
 * needs is not shipped, so it lives on the class path of tests and benchmarks.
 */
interface Peer {
  /** What {@code evaluate --method} calls it. */
  String name();

  /**
   * Scores every row strictly online: what comes after a row must not change its score.
   *
   * @param seed of whatever it draws
   * @return a finite score a row, the higher the odder; 0 where it has none
   */
  double[] score(Labelled series, long seed);
}
