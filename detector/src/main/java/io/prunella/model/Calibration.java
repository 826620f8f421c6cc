package io.prunella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From a model's score to how often such a score was right: a line through points, constant beyond
 * the first and the last.
 *
 * @param scores rising
 * @param probabilities never falling, 0 to 1
 */
public record Calibration(List<Double> scores, List<Double> probabilities) {
  /** A score that is taken at its word. */
  public static final Calibration NONE = new Calibration(List.of(0.0, 1.0), List.of(0.0, 1.0));

  private static final int POINTS_MAX = 40;

  public Calibration {
    scores = List.copyOf(scores);
    probabilities = List.copyOf(probabilities);
    if (scores.isEmpty() || scores.size() != probabilities.size()) {
      throw new IllegalArgumentException(
          "%d scores and %d probabilities, wanted as many of both, and one at least"
              .formatted(scores.size(), probabilities.size()));
    }
    for (int i = 0; i < scores.size(); i++) {
      double p = probabilities.get(i);
      boolean inOrder =
          i == 0 || (scores.get(i) > scores.get(i - 1) && p >= probabilities.get(i - 1));
      if (!(p >= 0 && p <= 1) || !Double.isFinite(scores.get(i)) || !inOrder) {
        throw new IllegalArgumentException(
            "point %d is (%s, %s), wanted scores that rise and probabilities that do not fall"
                .formatted(i, scores.get(i), p));
      }
    }
  }

  /** What a score is worth. */
  public double of(double score) {
    int last = scores.size() - 1;
    if (!(score > scores.getFirst())) return probabilities.getFirst();
    if (score >= scores.get(last)) return probabilities.get(last);
    int i = 1;
    while (scores.get(i) < score) i++;
    double from = scores.get(i - 1);
    double share = (score - from) / (scores.get(i) - from);
    double below = probabilities.get(i - 1);
    return below + share * (probabilities.get(i) - below);
  }

  /**
   * Fits one by isotonic regression: pool adjacent violators (Ayer et al., 1955), the pools'
   * middles joined by lines, and an example on each side in advance, so that nothing is certain.
   *
   * @param scores of examples that the model has not learnt from
   * @param odd what a person said of each
   */
  public static Calibration fit(double[] scores, boolean[] odd) {
    if (scores.length == 0) throw new IllegalArgumentException("no examples to calibrate with");
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(i -> i)
            .toArray();
    // Pools of the same size first: a line through each lone example would only repeat its noise.
    int size = Math.max(1, (int) Math.ceil(scores.length / (double) POINTS_MAX));
    var pools = new ArrayList<double[]>(); // sum of scores, count, odd ones
    for (int from = 0; from < order.length; from += size) {
      int to = Math.min(order.length, from + size);
      double sum = Arrays.stream(order, from, to).mapToDouble(i -> scores[i]).sum();
      long right = Arrays.stream(order, from, to).filter(i -> odd[i]).count();
      pools.add(new double[] {sum, to - from, right});
      while (pools.size() > 1 && !rises(pools)) {
        double[] top = pools.removeLast();
        for (int k = 0; k < 3; k++) pools.getLast()[k] += top[k];
      }
    }
    var at = new ArrayList<Double>();
    var worth = new ArrayList<Double>();
    for (double[] pool : pools) {
      at.add(pool[0] / pool[1]);
      worth.add((pool[2] + 0.5) / (pool[1] + 1));
    }
    for (int i = 1; i < worth.size(); i++) worth.set(i, Math.max(worth.get(i), worth.get(i - 1)));
    return new Calibration(at, worth);
  }

  private static boolean rises(List<double[]> pools) {
    double[] top = pools.getLast();
    double[] below = pools.get(pools.size() - 2);
    return top[2] / top[1] > below[2] / below[1] && top[0] / top[1] > below[0] / below[1];
  }
}
