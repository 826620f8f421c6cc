package io.prunella.ingest;

/** What a sender can want too much of. */
public enum Excess {
  /** New series past {@code watch.sender-series-max} or {@code watch.series-max}: 400. */
  SERIES,
  /** Labels of a series, or bytes of a label: 400. */
  LABELS,
  /** Bytes or samples of one request: 413. */
  SIZE,
  /** Connections that write: 503. */
  CONNECTIONS,
  /** Bytes in flight: 503. */
  BYTES,
  /** A body that took too long to come: 408. */
  SLOW;

  /** As a label's value in metrics. */
  public String slug() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
