package io.prunella.train;

import io.prunella.detect.RankConfig;
import io.prunella.train.Nab.Profile;
import io.prunella.train.Nab.Scored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What NAB's score is for files that chose nothing: settings and threshold are those that are best
 * on the other files, then the file that was held out is scored with them.
 */
final class NabNested {
  /*
   * A file's worth at each of some thresholds is a curve; what a choice is worth on all other files is the sum of their
   * curves. Thresholds are the highest scores of all files together: lower ones cost far more than silence.
   */
  private static final int THRESHOLDS = 2000;
  private static final double EQUAL = 1e-9;

  private NabNested() {}

  /** The settings to choose from: those that ship, and their neighbours on every side. */
  static List<RankConfig> settings() {
    var all = new ArrayList<RankConfig>();
    for (double novelty : new double[] {1, 2, 3}) {
      for (double rest : new double[] {21_600, 86_400}) {
        for (double load : new double[] {0, 0.03, 0.1}) {
          for (double full : new double[] {32, 1e9}) {
            all.add(new RankConfig(novelty, rest, load, full));
          }
        }
      }
    }
    return all;
  }

  /**
   * The score, from files of each of the settings.
   *
   * @param bySetting the same files in the same order, scored by each setting
   * @param groups a number a file: files of the same number are held out together
   */
  static double score(List<List<Scored>> bySetting, int[] groups, Profile profile) {
    int settings = bySetting.size();
    int files = bySetting.getFirst().size();
    var curves = new double[settings][files][];
    var sums = new double[settings][THRESHOLDS];
    for (int s = 0; s < settings; s++) {
      double[] thresholds = thresholds(bySetting.get(s));
      for (int f = 0; f < files; f++) {
        curves[s][f] = Nab.curve(bySetting.get(s).get(f), profile, thresholds);
        add(sums[s], curves[s][f], 1);
      }
    }
    double sum = 0;
    for (int group : Arrays.stream(groups).distinct().toArray()) {
      double best = Double.NEGATIVE_INFINITY;
      double worth = 0;
      for (int s = 0; s < settings; s++) {
        double[] others = sums[s].clone();
        var held = new double[THRESHOLDS];
        for (int f = 0; f < files; f++) if (groups[f] == group) add(held, curves[s][f], 1);
        add(others, held, -1);
        for (int t = 0; t < THRESHOLDS; t++) {
          if (others[t] <= best + EQUAL) continue; // the highest of equals, whatever rounding says
          best = others[t];
          worth = held[t];
        }
      }
      sum += worth;
    }
    int windows = bySetting.getFirst().stream().mapToInt(f -> f.windows().size()).sum();
    return Nab.scaled(sum, windows, profile);
  }

  /** The highest scores of all files, from the highest down; the first is above them all. */
  private static double[] thresholds(List<Scored> files) {
    double[] all =
        files.stream().flatMapToDouble(f -> Arrays.stream(f.scores())).sorted().toArray();
    var thresholds = new double[THRESHOLDS];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int n = 1;
    for (int i = all.length - 1; i >= 0 && n < THRESHOLDS; i--) {
      if (all[i] < thresholds[n - 1]) thresholds[n++] = all[i];
    }
    Arrays.fill(thresholds, n, THRESHOLDS, thresholds[n - 1]);
    return thresholds;
  }

  private static void add(double[] to, double[] what, int sign) {
    for (int i = 0; i < to.length; i++) to[i] += sign * what[i];
  }
}
