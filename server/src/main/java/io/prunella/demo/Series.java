package io.prunella.demo;

import io.prunella.series.Labels;
import java.util.function.DoubleSupplier;

/**
 * One series as it is scraped.
 *
 * @param source which scrape brings it: when that fails, the series goes stale, as Prometheus does
 * @param labels who it is
 * @param encoded the labels as remote write 1.0 has them, made once
 * @param value reads it out of the simulated state
 */
record Series(Source source, Labels labels, byte[] encoded, DoubleSupplier value) {

  /** Whose scrape brings a series. */
  enum Source {
    /** The process itself: gone while it is down. */
    PROCESS,
    /** The container runtime: gone while the container is. */
    CONTAINER,
    /** Someone who sees the instance from outside: there as long as the instance is meant to be. */
    OUTSIDE
  }

  static Series of(Source source, Labels labels, DoubleSupplier value) {
    return new Series(source, labels, WriteEncoder.labels(labels), value);
  }
}
