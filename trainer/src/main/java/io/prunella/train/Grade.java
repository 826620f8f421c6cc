package io.prunella.train;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** How good probabilities are, against what people said. */
public final class Grade {
  private static final int BINS = 10;

  private Grade() {}

  /**
   * The chance that an odd one scores above a calm one, ties half; NaN when there are none of
   * either. (Area under the ROC curve, by ranks.)
   */
  public static double auc(double[] scores, boolean[] odd) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(i -> i)
            .toArray();
    double ranks = 0;
    double count = 0;
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && scores[order[to]] == scores[order[from]]) to++;
      double rank = (from + to + 1) / 2.0;
      for (int i = from; i < to; i++) {
        if (!odd[order[i]]) continue;
        ranks += rank;
        count++;
      }
      from = to;
    }
    double calm = scores.length - count;
    return count == 0 || calm == 0
        ? Double.NaN
        : (ranks - count * (count + 1) / 2) / (count * calm);
  }

  /** Mean squared distance of the probabilities from what was so (Brier 1950). */
  static double brier(double[] probabilities, boolean[] odd) {
    double sum = 0;
    for (int i = 0; i < odd.length; i++) sum += Math.pow(probabilities[i] - (odd[i] ? 1 : 0), 2);
    return sum / odd.length;
  }

  /**
   * How often it was so, by tenths of the probability: "0.3 to 0.4" to "0.35 said, 0.37 were, 120".
   */
  static Map<String, String> reliability(double[] probabilities, boolean[] odd) {
    var said = new double[BINS];
    var were = new double[BINS];
    var count = new int[BINS];
    for (int i = 0; i < odd.length; i++) {
      int bin = (int) Math.min(BINS - 1, probabilities[i] * BINS);
      said[bin] += probabilities[i];
      if (odd[i]) were[bin]++;
      count[bin]++;
    }
    var table = new LinkedHashMap<String, String>();
    for (int bin = 0; bin < BINS; bin++) {
      if (count[bin] == 0) continue;
      String name = String.format(Locale.ROOT, "said-%.1f-to-%.1f", bin / 10.0, (bin + 1) / 10.0);
      String text = "%.3f said, %.3f were, of %d";
      table.put(
          name,
          String.format(
              Locale.ROOT, text, said[bin] / count[bin], were[bin] / count[bin], count[bin]));
    }
    return table;
  }

  /**
   * The highest probability that keeps at least this share of the odd ones at or above it.
   *
   * @param share 0 to 1
   */
  static double keeping(double share, double[] probabilities, boolean[] odd) {
    double[] right =
        IntStream.range(0, odd.length)
            .filter(i -> odd[i])
            .mapToDouble(i -> probabilities[i])
            .sorted()
            .toArray();
    if (right.length == 0) return 0;
    return right[(int) Math.floor((1 - share) * right.length)];
  }

  /** The score from which on most is right: the highest F1 of the odd ones. */
  static double bestF1(double[] scores, boolean[] odd) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .mapToInt(i -> i)
            .toArray();
    double all = IntStream.range(0, odd.length).filter(i -> odd[i]).count();
    double right = 0;
    double best = 0;
    double at = 0;
    for (int i = 0; i < order.length; i++) {
      if (odd[order[i]]) right++;
      if (i + 1 < order.length && scores[order[i + 1]] == scores[order[i]]) continue;
      double f1 = 2 * right / (i + 1 + all);
      if (f1 <= best) continue;
      best = f1;
      at = scores[order[i]];
    }
    return at;
  }
}
