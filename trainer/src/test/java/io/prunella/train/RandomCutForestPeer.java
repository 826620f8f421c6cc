package io.prunella.train;

import com.amazon.randomcutforest.RandomCutForest;

/**
 * Random cut forest as its authors ship it: 50 trees of 256 points, each of the last {@value
 * #SHINGLE} values, as the peers that use it set it; the seed given. Values are floats there.
 *
 * <p>Guha et al., Robust Random Cut Forest Based Anomaly Detection on Streams, ICML 2016.
 */
public final class RandomCutForestPeer implements Peer {
  private static final int SHINGLE = 8;
  private static final double FLOAT_MAX = 1e30; // squares and sums of ranges stay finite

  @Override
  public String name() {
    return "rcf";
  }

  @Override
  public double[] score(Labelled series, long seed) {
    RandomCutForest forest =
        new RandomCutForest.Builder<>()
            .dimensions(SHINGLE)
            .shingleSize(SHINGLE)
            .internalShinglingEnabled(true)
            .randomSeed(seed)
            .build();
    var scores = new double[series.rows()];
    var point = new float[1];
    for (int i = 0; i < scores.length; i++) {
      double x = series.values()[i];
      if (!Double.isFinite(x)) continue;
      point[0] = (float) Math.clamp(x, -FLOAT_MAX, FLOAT_MAX);
      scores[i] = forest.getAnomalyScore(point);
      forest.update(point);
    }
    return scores;
  }
}
