package io.prunella.detect;

/**
 * How rare a distance is, learnt from the distances of one side of one series: [quantile, mean log
 * excess, excesses].
 *
 * <p>The quantile of probability {@value #BEYOND} is followed by a multiplicative stochastic
 * approximation (Robbins and Monro 1951); beyond it the tail is p(z) = u·(z/z_u)^−α, with α the
 * inverse of the mean of ln(z/z_u) (Hill 1975), drawn towards a normal's while few excesses were
 * seen. Within, −ln p goes from 0 to the quantile as a normal's does: a line at first, since p
 * falls from 1 at once, and a parabola later.
 */
final class Tail {
  private static final double BEYOND = 0.01; // of each side
  private static final double AT_QUANTILE = -Math.log(2 * BEYOND); // both sides count
  private static final double AT_ONCE = 1.856; // 2.326·√(2/π); no more than .03 off within
  private static final double QUANTILE_STEP = 0.05;
  private static final double QUANTILE_MIN = 2;
  private static final double QUANTILE_FIRST = 2.5;
  private static final double EXCESS_FIRST =
      0.16; // of a normal beyond its 99th percentile, rounded up
  private static final double EXCESS_MIN = 0.13;
  private static final double EXCESS_MAX = 2.5; // one absurd value must not make everything usual
  private static final double PRIOR = 10;
  private static final double MEMORY = 200; // excesses

  private Tail() {}

  static void begin(double[] page, int tail) {
    page[tail] = QUANTILE_FIRST;
    page[tail + 1] = EXCESS_FIRST;
    page[tail + 2] = 0;
  }

  /** −ln p of a distance, {@code z >= 0}. */
  static double surprise(double[] page, int tail, double z) {
    double share = z / page[tail];
    if (share <= 1) return share * (AT_ONCE + (AT_QUANTILE - AT_ONCE) * share);
    return AT_QUANTILE + Math.log(share) / Math.max(EXCESS_MIN, page[tail + 1]);
  }

  /** Learns a distance of this side; {@code z <= 0} is one of the other side. */
  static void learn(double[] page, int tail, double z) {
    double quantile = page[tail];
    if (z > quantile) {
      double count = Math.min(MEMORY, page[tail + 2] + 1);
      page[tail + 2] = count;
      page[tail + 1] +=
          (Math.min(EXCESS_MAX, Math.log(z / quantile)) - page[tail + 1]) / (count + PRIOR);
      page[tail] = quantile * (1 + QUANTILE_STEP * (1 - BEYOND));
    } else {
      page[tail] = Math.max(QUANTILE_MIN, quantile * (1 - QUANTILE_STEP * BEYOND));
    }
  }

  /** Three usual quantiles and a half: where the band's edge is drawn. */
  static double edge(double[] page, int tail) {
    return 1.5 * page[tail];
  }
}
