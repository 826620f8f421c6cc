package io.prunella.model;

import java.util.ArrayList;
import java.util.List;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.EnsembleModel;

/**
 * Decision trees in flat arrays: what a Tribuo ensemble says, without its maps and its garbage.
 * Immutable; a walk allocates nothing.
 */
public final class Forest {
  /** The label of what a person called an anomaly. */
  public static final String ODD = "odd";

  private static final int NODES_MAX = 1 << 20;

  /*
   * Node i asks whether number[feature[i]] > value[i]: then go to i's right, else to i + 1. A leaf has feature −1 and its
   * probability as value. Trees lie one after another; each begins where roots says.
   */
  private final int[] feature;
  private final double[] value;
  private final int[] right;
  private final int[] roots;

  private Forest(int[] feature, double[] value, int[] right, int[] roots) {
    this.feature = feature;
    this.value = value;
    this.right = right;
    this.roots = roots;
  }

  /**
   * Compiles an ensemble of decision trees whose members count the same.
   *
   * @param names of the numbers that {@link #score} gets, in their order
   * @throws IllegalArgumentException when it is no such ensemble, or asks for what is not among the
   *     names
   */
  public static Forest of(Model<Label> model, List<String> names) {
    if (!(model instanceof EnsembleModel<Label> ensemble)) {
      throw new IllegalArgumentException(
          "the model is a %s, wanted an ensemble of trees".formatted(model.getClass().getName()));
    }
    var walk = new Walk();
    var roots = new int[ensemble.getNumModels()];
    for (int t = 0; t < roots.length; t++) {
      if (!(ensemble.getModels().get(t) instanceof TreeModel<Label> tree)) {
        throw new IllegalArgumentException("member %d is no tree".formatted(t));
      }
      var map = tree.getFeatureIDMap();
      var place = new int[map.size()];
      for (int id = 0; id < place.length; id++) place[id] = names.indexOf(map.get(id).getName());
      roots[t] = walk.feature.size();
      walk.down(tree.getRoot(), place, map::get);
    }
    return new Forest(
        walk.feature.stream().mapToInt(i -> i).toArray(),
        walk.value.stream().mapToDouble(v -> v).toArray(),
        walk.right.stream().mapToInt(i -> i).toArray(),
        roots);
  }

  /** Writes nodes down in the order of a walk that goes left first. */
  private static final class Walk {
    final List<Integer> feature = new ArrayList<>();
    final List<Double> value = new ArrayList<>();
    final List<Integer> right = new ArrayList<>();

    void down(
        Node<Label> node,
        int[] place,
        java.util.function.IntFunction<org.tribuo.VariableInfo> named) {
      int at = feature.size();
      if (at >= NODES_MAX) {
        throw new IllegalArgumentException("more than %d nodes".formatted(NODES_MAX));
      }
      switch (node) {
        case LeafNode<Label> leaf -> {
          Label odd = leaf.getDistribution().get(ODD);
          add(-1, odd == null ? 0 : odd.getScore());
        }
        case SplitNode<Label> split -> {
          int where = place[split.getFeatureID()];
          if (where < 0) {
            throw new IllegalArgumentException(
                "the model asks for %s, which nobody measures here"
                    .formatted(named.apply(split.getFeatureID()).getName()));
          }
          add(where, split.splitValue());
          down(split.getLessThanOrEqual(), place, named);
          right.set(at, feature.size());
          down(split.getGreaterThan(), place, named);
        }
        default ->
            throw new IllegalArgumentException(
                "a node is a %s, wanted a split or a leaf".formatted(node.getClass().getName()));
      }
    }

    private void add(int which, double what) {
      feature.add(which);
      value.add(what);
      right.add(0);
    }
  }

  /** Share of the trees' votes for {@link #ODD}, 0 to 1; not calibrated. */
  public double score(double[] numbers) {
    double sum = 0;
    for (int node : roots) {
      while (feature[node] >= 0) {
        node = numbers[feature[node]] > value[node] ? right[node] : node + 1;
      }
      sum += value[node];
    }
    return sum / roots.length;
  }

  /** How many trees. */
  public int trees() {
    return roots.length;
  }

  /** How many nodes in all of them. */
  public int nodes() {
    return feature.length;
  }

  /**
   * How much the trees ask for each number: splits, each weighted by the share of a tree's samples
   * that pass it when every split halves them; sums to 1.
   *
   * @param count how many numbers there are
   */
  public double[] importance(int count) {
    var weight = new double[count];
    for (int root : roots) weigh(root, 1, weight);
    double sum = 0;
    for (double w : weight) sum += w;
    if (sum > 0) for (int i = 0; i < count; i++) weight[i] /= sum;
    return weight;
  }

  private void weigh(int node, double share, double[] weight) {
    if (feature[node] < 0) return;
    weight[feature[node]] += share;
    weigh(node + 1, share / 2, weight);
    weigh(right[node], share / 2, weight);
  }
}
