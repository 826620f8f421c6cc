package io.prunella.signal;

/**
 * How a symptom looks over time. The first four are surprises, the next three are limits, the last
 * is another system's word.
 */
public enum Shape {
  /** Away from the band and back within a few samples. */
  SPIKE,
  /** Away from the band and staying there. */
  SHIFT,
  /** Moving away steadily. */
  TREND,
  /** Samples stopped coming. */
  SILENCE,
  /** Above a share of a hard limit. */
  HEADROOM,
  /** Will reach a hard limit soon if the trend goes on. */
  EXHAUSTION,
  /** A health check failed several times in a row. */
  FAILED_CHECKS,
  /** Said by another system. */
  ALERT;

  /**
   * True when the symptom came from a limit and not from surprise: it is a fact, not a probability.
   */
  public boolean isLimit() {
    return this == HEADROOM || this == EXHAUSTION || this == FAILED_CHECKS;
  }
}
