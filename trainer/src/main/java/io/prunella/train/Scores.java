package io.prunella.train;

import io.prunella.detect.DetectConfig;
import io.prunella.detect.RankConfig;
import io.prunella.detect.Stage1;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;

/**
 * What stage 1 says of each row of a series, strictly online, with the defaults that ship.
 *
 * @param scores for ranking; 1 is the threshold that ships
 * @param surprises −ln p
 * @param open whether an anomaly was open
 */
public record Scores(double[] scores, double[] surprises, boolean[] open) {
  /** A series of which nothing is known but its numbers. */
  public static final Meaning MEANING =
      new Meaning("file", "", Signal.OTHER, Meaning.Type.GAUGE, null, "", null, "value");

  /** Scores all rows of a series. */
  public static Scores of(Labelled series) {
    return of(series, RankConfig.DEFAULTS);
  }

  /** Scores all rows of a series, ranked by other settings than those that ship. */
  static Scores of(Labelled series, RankConfig rank) {
    var stage = Stage1.ranking(DetectConfig.DEFAULTS, rank);
    int traits = Stage1.traits(MEANING);
    var row = new double[stage.rowDoubles()];
    stage.begin(row, 0, traits);
    int n = series.rows();
    var scores = new Scores(new double[n], new double[n], new boolean[n]);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      stage.observe(row, 0, traits, series.timesMs()[i], series.values()[i]);
      scores.open[i] = stage.isAnomalous(row, 0);
      boolean goesOn = i == 0 || series.timesMs()[i] > last; // a time that does not is no sample
      if (goesOn) last = series.timesMs()[i];
      if (!goesOn || !Double.isFinite(series.values()[i])) continue;
      scores.scores[i] = stage.score(row, 0);
      if (stage.isScored(row, 0)) scores.surprises[i] = stage.surprise(row, 0);
    }
    return scores;
  }
}
