package io.prunella.detect;

/**
 * Stage 2 for the ranking of one series: stage 1's score, and for its candidates what a judge says
 * of them. Strictly online; one per series, one thread.
 */
public final class SecondLook {
  private static final double EVENT = 0.5; // what stage 1's event is worth here, at least
  private static final double LINGER =
      0.9; // a sample: an anomaly has neighbours that nobody asks about

  private final Stage1 stage;
  private final Judge judge;
  private final Shortlist list = new Shortlist();
  private final double[] numbers;
  private final int own;
  private double lately;

  /**
   * @param stage one that ranks
   * @param judge asked with {@link Candidate#NAMES} and then {@link Shortlist#NAMES}
   */
  public SecondLook(Stage1 stage, Judge judge) {
    this.stage = stage;
    this.judge = judge;
    own = Candidate.count(stage);
    if (own != Candidate.NAMES.size()) {
      throw new IllegalArgumentException("this stage does not rank, wanted Stage1.ranking");
    }
    numbers = new double[own + Shortlist.NAMES.size()];
  }

  /**
   * Ranks the sample that the row took last; to be asked once after each sample that stage 1 has
   * scored. Stage 1's score, squeezed below 1, and the judge's probability are added up; what the
   * judge says fades over the samples after.
   *
   * @return 0 or more; at least 1 for what the judge holds for an anomaly and stage 1 for an event
   */
  public double score(double[] page, int at, int traits) {
    double first = stage.score(page, at);
    double surprise = stage.isScored(page, at) ? stage.surprise(page, at) : 0;
    lately *= LINGER;
    if (list.offer(first, surprise)) {
      Candidate.read(stage, page, at, traits, numbers);
      list.read(numbers, own);
      list.count();
      lately = Math.max(lately, judge.probability(numbers));
    }
    return (first / (1 + first) + lately) / (judge.threshold() + EVENT);
  }
}
