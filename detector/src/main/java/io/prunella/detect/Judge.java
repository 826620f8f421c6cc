package io.prunella.detect;

/**
 * The second question of detection: would a person call this candidate an anomaly? Answered by what
 * was learnt from labelled series. Immutable: any thread may ask.
 */
public interface Judge {
  /**
   * How probable it is that a person would.
   *
   * @param candidate what {@link Candidate#read} says, in the order that the judge was made for
   * @return 0 to 1, calibrated on series that the judge was not made from
   */
  double probability(double[] candidate);

  /** Below this probability a candidate is not worth a person's time. */
  double threshold();
}
