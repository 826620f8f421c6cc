package io.prunella.train;

import io.prunella.detect.Siblings;
import io.prunella.model.Calibration;
import io.prunella.model.Card;
import io.prunella.model.Card.Question;
import io.prunella.model.Forest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.classification.Label;

/**
 * One training: what forests and the baseline say of groups that they have not learnt from, the
 * calibration and the threshold that follow from it, and the model that learnt from everything.
 */
final class Training {
  /** Share of what people call anomalies that a threshold must not lose. */
  static final double KEPT = 0.98;

  private final Question question;
  private final List<Seen> all;
  private final List<String> names;
  private final boolean[] odd;
  private final int[] fold;
  private final int folds;
  private final Trees trees;
  private final long seed;

  /** Held out: raw scores of the forest and of the baseline, and probabilities. */
  final double[] forest;

  final double[] logistic;
  final double[] oneClass; // NaN where there are no siblings
  final double[] probabilities;

  /** Held out: whether the threshold that the other folds chose lets it through. */
  final boolean[] through;

  /** What learnt from all. */
  final Model<Label> model;

  final Calibration calibration;
  final double threshold;

  /**
   * Trains.
   *
   * @param calm vectors of hosts while nobody calls anything odd; may be none
   * @param step called after each of {@link #steps} fits
   */
  Training(
      Question question,
      List<Seen> all,
      List<Seen> calm,
      Trees trees,
      int folds,
      long seed,
      Runnable step) {
    this.question = question;
    this.all = all;
    this.names = Seen.names(question);
    this.trees = trees;
    this.folds = folds;
    this.seed = seed;
    int n = all.size();
    odd = new boolean[n];
    fold = new int[n];
    var parts = new Folds(all, folds, seed);
    for (int i = 0; i < n; i++) {
      odd[i] = all.get(i).odd();
      fold[i] = parts.of(all.get(i));
    }
    forest = new double[n];
    logistic = new double[n];
    oneClass = new double[n];
    for (int k = 0; k < folds; k++) {
      int held = k;
      var from = IntStream.range(0, n).filter(i -> fold[i] != held).mapToObj(all::get).toList();
      var grown = Forest.of(trees.forest(from, names, seed), names);
      var line = Trees.logistic(from, names, seed);
      var hosts = OneClass.of(calm.stream().filter(c -> parts.of(c) != held).toList());
      for (int i = 0; i < n; i++) {
        if (fold[i] != k) continue;
        forest[i] = grown.score(all.get(i).numbers());
        logistic[i] = line.ask(all.get(i).numbers());
        oneClass[i] = hosts == null ? Double.NaN : hosts.oddness(siblings(all.get(i)));
      }
      step.run();
    }
    probabilities = new double[n];
    through = new boolean[n];
    for (int k = 0; k < folds; k++) {
      int held = k;
      int[] others = IntStream.range(0, n).filter(i -> fold[i] != held).toArray();
      var fitted = Calibration.fit(pick(forest, others), pick(odd, others));
      double least = least(pick(forest, others), pick(odd, others));
      for (int i = 0; i < n; i++) {
        if (fold[i] != k) continue;
        probabilities[i] = fitted.of(forest[i]);
        through[i] = probabilities[i] >= fitted.of(least);
      }
    }
    calibration = Calibration.fit(forest, odd);
    threshold = calibration.of(least(forest, odd));
    model = trees.forest(all, names, seed);
    step.run();
  }

  /** Who asks about anomalies must lose hardly any; who ranks wants the best of both errors. */
  private double least(double[] scores, boolean[] right) {
    return switch (question) {
      case OPENING -> Grade.keeping(KEPT, scores, right);
      case RANKING -> Grade.bestF1(scores, right);
    };
  }

  /** Fits of a training. */
  static int steps(int folds) {
    return folds + 1;
  }

  private static double[] pick(double[] from, int[] which) {
    return Arrays.stream(which).mapToDouble(i -> from[i]).toArray();
  }

  private static boolean[] pick(boolean[] from, int[] which) {
    var picked = new boolean[which.length];
    for (int i = 0; i < which.length; i++) picked[i] = from[which[i]];
    return picked;
  }

  /** Figures of what was held out. */
  Map<String, String> figures() {
    var figures = new LinkedHashMap<String, String>();
    int[] every = IntStream.range(0, all.size()).toArray();
    figures.put("candidates", String.valueOf(all.size()));
    figures.put("odd", String.valueOf(count(odd, odd, true)));
    ranks(figures, "all", every);
    for (String set : all.stream().map(Seen::set).distinct().toList()) {
      ranks(figures, set, Arrays.stream(every).filter(i -> all.get(i).set().equals(set)).toArray());
    }
    figures.put("brier-forest-calibrated", number(Grade.brier(probabilities, odd)));
    double share = count(odd, odd, true) / (double) all.size();
    var flat = new double[all.size()];
    Arrays.fill(flat, share);
    figures.put("brier-of-the-base-rate", number(Grade.brier(flat, odd)));
    figures.put("odd-let-through", share(count(through, odd, true), count(odd, odd, true)));
    figures.put("calm-let-through", share(count(through, odd, false), count(not(odd), odd, false)));
    Grade.reliability(probabilities, odd).forEach(figures::put);
    return figures;
  }

  private double[] siblings(Seen one) {
    int from = names.indexOf(Siblings.NAMES.getFirst());
    return Arrays.copyOfRange(one.numbers(), from, from + Siblings.NAMES.size());
  }

  private boolean hasSiblings(int candidate) {
    int at = names.indexOf(Siblings.NAMES.getFirst());
    return at >= 0 && all.get(candidate).numbers()[at] > 0;
  }

  private void ranks(Map<String, String> figures, String name, int[] which) {
    boolean[] right = pick(odd, which);
    int surprise = names.indexOf(question == Question.RANKING ? "score" : "surprise");
    var plain = Arrays.stream(which).mapToDouble(i -> all.get(i).numbers()[surprise]).toArray();
    figures.put("auc-stage1-" + name, number(Grade.auc(plain, right)));
    figures.put("auc-logistic-" + name, number(Grade.auc(pick(logistic, which), right)));
    figures.put("auc-forest-" + name, number(Grade.auc(pick(forest, which), right)));
    int[] many = Arrays.stream(which).filter(this::hasSiblings).toArray();
    if (many.length == 0) return;
    figures.put("auc-one-class-" + name, number(Grade.auc(pick(oneClass, many), pick(odd, many))));
  }

  private static boolean[] not(boolean[] of) {
    var other = new boolean[of.length];
    for (int i = 0; i < of.length; i++) other[i] = !of[i];
    return other;
  }

  private static long count(boolean[] what, boolean[] odd, boolean wanted) {
    long count = 0;
    for (int i = 0; i < what.length; i++) if (what[i] && odd[i] == wanted) count++;
    return count;
  }

  private static String share(long part, long of) {
    return String.format(Locale.ROOT, "%.4f (%d of %d)", part / (double) of, part, of);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** The settings for the card. */
  Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("kind", "random forest of CART trees, leaves averaged");
    settings.put("trees", String.valueOf(trees.trees()));
    settings.put("depth", String.valueOf(trees.depth()));
    settings.put("leaf-min", String.valueOf(trees.leafMin()));
    settings.put("share-of-features", String.valueOf(trees.share()));
    settings.put("folds", String.valueOf(folds));
    settings.put("calibration", "isotonic, on held-out folds");
    settings.put("kept", String.valueOf(KEPT));
    return settings;
  }

  /** What was learnt from, by set. */
  List<Card.DataSet> sets(List<Source> sources) {
    var sets = new ArrayList<Card.DataSet>();
    for (Source source : sources) {
      var mine = all.stream().filter(s -> s.set().equals(source.name())).toList();
      int right = (int) mine.stream().filter(Seen::odd).count();
      sets.add(
          new Card.DataSet(
              source.name(), source.sha256(), source.series().size(), mine.size(), right));
    }
    return sets;
  }

  /** All that the model says of what it learnt from, bit by bit. */
  byte[] predictions() {
    var compiled = Forest.of(model, names);
    var bits = ByteBuffer.allocate(8 * all.size());
    for (Seen one : all) bits.putDouble(compiled.score(one.numbers()));
    return bits.array();
  }
}
