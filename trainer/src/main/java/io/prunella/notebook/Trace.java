package io.prunella.notebook;

import io.prunella.detect.Anomaly;
import io.prunella.detect.Candidate;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.RankConfig;
import io.prunella.detect.Stage1;
import io.prunella.series.Labels;
import io.prunella.train.Labelled;
import io.prunella.train.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stage 1 said after each row of a series, strictly online, with the defaults that ship:
 * expectation and band, surprise, score, anomalies in words, and each number that its row of state
 * holds. The arrays have a place for each row of the series; NaN where stage 1 had nothing to say.
 */
public final class Trace {
  private final double[] expected;
  private final double[] lower;
  private final double[] upper;
  private final double[] surprise;
  private final double[] score;
  private final boolean[] open;
  private final double[][] numbers;
  private final List<Anomaly> words = new ArrayList<>();

  private Trace(int rows) {
    expected = unknown(rows);
    lower = unknown(rows);
    upper = unknown(rows);
    surprise = unknown(rows);
    score = unknown(rows);
    open = new boolean[rows];
    numbers = new double[Candidate.NAMES.size()][];
    for (int k = 0; k < numbers.length; k++) numbers[k] = unknown(rows);
  }

  private static double[] unknown(int rows) {
    var all = new double[rows];
    Arrays.fill(all, Double.NaN);
    return all;
  }

  /** Goes through a series, row by row. */
  public static Trace of(Labelled series) {
    var stage = Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS);
    int traits = Stage1.traits(Scores.MEANING);
    var row = new double[stage.rowDoubles()];
    var band = new double[3];
    var now = new double[Candidate.NAMES.size()];
    var labels = Labels.of(Labels.NAME, series.name());
    var trace = new Trace(series.rows());
    stage.begin(row, 0, traits);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < series.rows(); i++) {
      long timeMs = series.timesMs()[i];
      int flags = stage.observe(row, 0, traits, timeMs, series.values()[i]);
      trace.open[i] = stage.isAnomalous(row, 0);
      if (flags != Stage1.QUIET) {
        trace.words.add(stage.describe(row, 0, labels, Scores.MEANING, timeMs));
      }
      boolean goesOn = i == 0 || timeMs > last; // a time that does not is no sample
      if (goesOn) last = timeMs;
      if (!goesOn || !Double.isFinite(series.values()[i])) continue;
      trace.score[i] = stage.score(row, 0);
      Candidate.read(stage, row, 0, traits, now);
      for (int k = 0; k < now.length; k++) trace.numbers[k][i] = now[k];
      if (!stage.isScored(row, 0)) continue;
      stage.band(row, 0, band);
      trace.expected[i] = band[0];
      trace.lower[i] = band[1];
      trace.upper[i] = band[2];
      trace.surprise[i] = stage.surprise(row, 0);
    }
    return trace;
  }

  /** What was expected of each row, before it was learnt; in the series' unit. */
  public double[] expected() {
    return expected;
  }

  /** Lower end of the band. */
  public double[] lower() {
    return lower;
  }

  /** Upper end of the band. */
  public double[] upper() {
    return upper;
  }

  /** Surprise in nats, −ln p. */
  public double[] surprise() {
    return surprise;
  }

  /** The score that ranks; 1 is the threshold that ships. */
  public double[] score() {
    return score;
  }

  /** Whether an anomaly was open. */
  public boolean[] open() {
    return open;
  }

  /** Each word about an anomaly, as it opened, changed and closed, in order. */
  public List<Anomaly> words() {
    return List.copyOf(words);
  }

  /**
   * A number that the row of state held.
   *
   * @param name one of {@link Candidate#NAMES}
   * @throws IllegalArgumentException for another name
   */
  public double[] number(String name) {
    int k = Candidate.NAMES.indexOf(name);
    if (k < 0) {
      throw new IllegalArgumentException(
          "the number is \"%s\", wanted one of %s".formatted(name, Candidate.NAMES));
    }
    return numbers[k];
  }
}
