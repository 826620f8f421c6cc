package io.prunella.train;

import io.prunella.model.Forest;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Trains with Tribuo. A fresh trainer for each model: one that is used again draws on where it was,
 * and the same seed would not give the same model.
 *
 * @param trees of a forest
 * @param depth at most, of a tree
 * @param leafMin examples that a leaf holds at least
 * @param share of the numbers that each split chooses among
 */
record Trees(int trees, int depth, int leafMin, double share) {
  /** What ships. */
  static final Trees DEFAULTS = new Trees(40, 7, 15, 0.5);

  private static final String CALM = "calm";
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo"); // held, or its level goes
  private static final double STEP = 0.1;
  private static final int EPOCHS = 5;

  static {
    TRIBUO.setLevel(Level.WARNING); // it tells of every tree
  }

  Trees {
    if (trees < 1 || depth < 1 || leafMin < 1 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "%d trees of depth %d, %d a leaf, share %s: wanted at least 1 of each, a share up to 1"
              .formatted(trees, depth, leafMin, share));
    }
  }

  /** A random forest (Breiman 2001) whose trees' leaves are averaged. */
  Model<Label> forest(List<Seen> from, List<String> names, long seed) {
    var tree =
        new CARTClassificationTrainer(
            depth, leafMin, 0, (float) share, false, new GiniIndex(), seed);
    var forest = new RandomForestTrainer<>(tree, new FullyWeightedVotingCombiner(), trees, seed);
    return forest.train(dataset(from, names, UnaryOperator.identity()));
  }

  /** Logistic regression: the baseline, on numbers of one scale. */
  static Line logistic(List<Seen> from, List<String> names, long seed) {
    var trainer =
        new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(STEP), EPOCHS, from.size(), seed);
    var scale = Scale.of(from);
    var model = trainer.train(dataset(from, names, scale::to));
    return new Line(model, names.toArray(String[]::new), scale);
  }

  /** A logistic regression that learnt. */
  record Line(Model<Label> model, String[] names, Scale scale) {
    /** How likely it thinks that a candidate is odd. */
    double ask(double[] numbers) {
      return Trees.ask(model, names, scale.to(numbers));
    }
  }

  /**
   * Brings numbers to one scale: the logarithm of their size, with their sign, then mean 0 and
   * deviation 1 over what it learnt from. What never differed there says nothing and becomes 0
   * (Tribuo's own transformation makes it NaN).
   */
  record Scale(double[] mean, double[] deviation) {
    static Scale of(List<Seen> from) {
      int width = from.getFirst().numbers().length;
      var mean = new double[width];
      var deviation = new double[width];
      for (int i = 0; i < width; i++) {
        var column = new SummaryStatistics();
        for (Seen one : from) column.addValue(small(one.numbers()[i]));
        mean[i] = column.getMean();
        deviation[i] = column.getStandardDeviation();
      }
      return new Scale(mean, deviation);
    }

    double[] to(double[] numbers) {
      var scaled = new double[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        if (deviation[i] > 0) scaled[i] = (small(numbers[i]) - mean[i]) / deviation[i];
      }
      return scaled;
    }

    private static double small(double x) {
      return Math.copySign(Math.log1p(Math.abs(x)), x);
    }
  }

  private static MutableDataset<Label> dataset(
      List<Seen> from, List<String> names, UnaryOperator<double[]> scale) {
    var factory = new LabelFactory();
    var source = new SimpleDataSourceProvenance("candidates of labelled series", factory);
    var dataset = new MutableDataset<Label>(source, factory);
    String[] columns = names.toArray(String[]::new);
    for (Seen one : from) dataset.add(example(columns, scale.apply(one.numbers()), one.odd()));
    return dataset;
  }

  private static Example<Label> example(String[] names, double[] numbers, boolean odd) {
    return new ArrayExample<>(new Label(odd ? Forest.ODD : CALM), names.clone(), numbers.clone());
  }

  /** What a model of Tribuo's says of a candidate: the share of "odd". */
  static double ask(Model<Label> model, String[] names, double[] numbers) {
    Label odd = model.predict(example(names, numbers, false)).getOutputScores().get(Forest.ODD);
    return odd == null ? 0 : odd.getScore();
  }
}
