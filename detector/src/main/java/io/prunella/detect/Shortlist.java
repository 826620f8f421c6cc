package io.prunella.detect;

/**
 * Which samples of one series are worth a second look: those that stage 1 ranks highest, or finds
 * most surprising, beside what this series has shown so far. Never more than one sample in a
 * hundred, and a few to begin with. One per series, one thread; no look-ahead.
 */
public final class Shortlist {
  /*
   * Two borders follow quantiles by stochastic approximation (Robbins and Monro 1951): SCORE_ROWS of the samples score
   * above the one, SURPRISE_ROWS surprise above the other. A bucket that fills by SHARE a sample bounds both together.
   */
  private static final double SHARE = 0.01;
  private static final double SAVED_MAX = 20;
  private static final double SCORE_ROWS = 0.004;
  private static final double SCORE_STEP = 0.1;
  private static final double SURPRISE_ROWS = 0.002;
  private static final double SURPRISE_STEP = 0.5;
  private static final double SURPRISE_LEAST = 4;
  private static final int FIRST = 30;
  private static final double GRID = 16;

  private double score = 0.4;
  private double surprise = 6;
  private double saved = 5;
  private long seen;
  private double crowdQuick;
  private double crowdSlow;

  /** Names of what {@link #read} tells. */
  public static final java.util.List<String> NAMES =
      java.util.List.of("crowd-100", "crowd-1000", "over-border");

  private double over;

  /**
   * Takes what stage 1 says of the next sample.
   *
   * @return whether it is a candidate
   */
  public boolean offer(double sampleScore, double sampleSurprise) {
    saved = Math.min(SAVED_MAX, saved + SHARE);
    boolean isAbove = sampleScore > score;
    boolean isFar = sampleSurprise > surprise;
    over = sampleScore - score;
    score += SCORE_STEP * (isAbove ? 1 - SCORE_ROWS : -SCORE_ROWS);
    score = Math.clamp(score, 0.02, 4);
    surprise += SURPRISE_STEP * (isFar ? 1 - SURPRISE_ROWS : -SURPRISE_ROWS);
    surprise = Math.clamp(surprise, SURPRISE_LEAST, 100);
    boolean isNotable = (isAbove || isFar) && ++seen > FIRST;
    if (!isAbove && !isFar) seen++;
    crowdQuick *= 0.99;
    crowdSlow *= 0.999;
    if (!isNotable || saved < 1) return false;
    saved--;
    return true;
  }

  /** What the crowd of late is like, the sample offered last left out; see {@link #NAMES}. */
  public void read(double[] into, int from) {
    into[from] = Math.rint(crowdQuick * GRID) / GRID;
    into[from + 1] = Math.rint(crowdSlow * GRID) / GRID;
    into[from + 2] = Math.rint(over * 8 * GRID) / GRID;
  }

  /** Counts the sample offered last as one of the crowd. */
  public void count() {
    crowdQuick++;
    crowdSlow++;
  }
}
