package io.prunella.detect;

import java.util.Arrays;

/**
 * The largest of very many numbers, exactly, each with a weight that fades. At most {@link #MAX};
 * smaller ones are left out. Immutable.
 */
final class Largest {
  static final int MAX = 96;
  private static final double WEIGHT_MIN = 0.05;
  private static final double ROUNDING = 1e-9; // of exp and log
  static final Largest NONE = new Largest(new double[0], new double[0]);

  private final double[] values; // falling
  private final double[] weights;

  private Largest(double[] values, double[] weights) {
    this.values = values;
    this.weights = weights;
  }

  /** What {@link #pairs} gave. */
  static Largest of(double[] pairs) {
    var values = new double[pairs.length / 2];
    var weights = new double[pairs.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = pairs[2 * i];
      weights[i] = pairs[2 * i + 1];
    }
    return new Largest(values, weights);
  }

  /** Values and weights in turn. */
  double[] pairs() {
    var pairs = new double[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      pairs[2 * i] = values[i];
      pairs[2 * i + 1] = weights[i];
    }
    return pairs;
  }

  Largest with(double value) {
    int at = 0;
    while (at < values.length && values[at] >= value) at++;
    if (at == MAX) return this;
    int count = Math.min(MAX, values.length + 1);
    var moreValues = new double[count];
    var moreWeights = new double[count];
    System.arraycopy(values, 0, moreValues, 0, at);
    System.arraycopy(weights, 0, moreWeights, 0, at);
    System.arraycopy(values, at, moreValues, at + 1, count - at - 1);
    System.arraycopy(weights, at, moreWeights, at + 1, count - at - 1);
    moreValues[at] = value;
    moreWeights[at] = 1;
    return new Largest(moreValues, moreWeights);
  }

  /** Takes one away; nothing changes when it is not there. */
  Largest without(double value) {
    int at = find(value);
    return at < 0 ? this : kept(at, 1);
  }

  private int find(double value) {
    for (int i = 0; i < values.length; i++) if (values[i] == value) return i;
    return -1;
  }

  /** All weights times a share; what weighs next to nothing goes. */
  Largest faded(double share) {
    return kept(-1, share);
  }

  private Largest kept(int leftOut, double share) {
    var fewerValues = new double[values.length];
    var fewerWeights = new double[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == leftOut || weights[i] * share < WEIGHT_MIN) continue;
      fewerValues[count] = values[i];
      fewerWeights[count++] = weights[i] * share;
    }
    return new Largest(Arrays.copyOf(fewerValues, count), Arrays.copyOf(fewerWeights, count));
  }

  /**
   * The value that so much weight lies at or above, between two neighbours by shares; NaN when all
   * of them weigh less.
   *
   * @param own one that is left out; NaN for none
   */
  double exceededBy(double weight, double own) {
    int mine = Double.isNaN(own) ? -1 : find(own);
    double sum = 0;
    double above = Double.NaN;
    for (int i = 0; i < values.length; i++) {
      if (i == mine) continue;
      sum += weights[i];
      if (sum > weight) {
        double share = Math.min(1, (sum - weight) / weights[i]);
        return Double.isNaN(above) ? values[i] : values[i] + share * (above - values[i]);
      }
      above = values[i];
    }
    return Double.NaN;
  }

  /**
   * The weight that lies at or above a value; NaN when smaller ones that were left out may lie
   * there as well.
   */
  double weightFrom(double value) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] < value - ROUNDING) return sum;
      sum += weights[i];
    }
    return values.length < MAX ? sum : Double.NaN;
  }
}
