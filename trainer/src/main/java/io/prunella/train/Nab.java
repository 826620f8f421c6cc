package io.prunella.train;

import io.prunella.train.Labelled.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The score of the Numenta Anomaly Benchmark, version 1.1: a window is worth most at its start, a
 * false alarm costs the more the farther it is from the last window, and one threshold serves all
 * files.
 *
 * <p>Lavin and Ahmad, Evaluating Real-Time Anomaly Detection Algorithms, 2015. The rules: each
 * window counts once, at its earliest hit, 2σ(−5y)−1 with y from −1 at its start to 0 at its end,
 * as a share of what y = −1 is worth; a false alarm costs the same curve beyond the end of the last
 * window, times the profile's weight; the first 15 % of a file, at most 750 rows, do not count. The
 * sum is put on a scale from a detector that never speaks (0) to a perfect one (100).
 */
public final class Nab {
  private static final double PROBATION = 0.15;
  private static final int PROBATION_MAX = 750;
  private static final double BEYOND = 3;

  /** What a false alarm and a window not found cost, where a window found at once is worth 1. */
  public enum Profile {
    STANDARD(0.11, 1),
    LOW_FP(0.22, 1),
    LOW_FN(0.11, 2);

    final double falseAlarm;
    final double missed;

    Profile(double falseAlarm, double missed) {
      this.falseAlarm = falseAlarm;
      this.missed = missed;
    }
  }

  /**
   * One file's scores.
   *
   * @param scores a row each, the higher the odder
   * @param windows rows that people call odd, with some room around
   */
  public record Scored(double[] scores, List<Segment> windows) {}

  /**
   * What one threshold is worth.
   *
   * @param score 0 as good as silence, 100 perfect
   * @param hit windows found
   * @param windows how many there are
   * @param falseAlarms rows at or above the threshold outside windows
   */
  public record Result(double score, double threshold, int hit, int windows, int falseAlarms) {}

  private record Row(double score, double worth, int window) {} // window -1: none

  private Nab() {}

  /** The best that one threshold for all files can do; how NAB reports a detector. */
  public static Result best(List<Scored> files, Profile profile) {
    int windows = windows(files);
    var distinct = files.stream().flatMapToDouble(f -> Arrays.stream(f.scores())).toArray();
    Arrays.sort(distinct); // numbers, not objects: most rows are in no window and only add up
    var outside = new double[distinct.length];
    var alarms = new int[distinct.length];
    var inside = new ArrayList<Row>();
    for (Row row : rows(files, profile)) {
      if (row.window() >= 0) {
        inside.add(row);
        continue;
      }
      int at = first(distinct, row.score());
      outside[at] += row.worth();
      alarms[at]++;
    }
    inside.sort(Comparator.comparingDouble(Row::score).reversed());
    var state = new double[windows];
    Arrays.fill(state, -profile.missed);
    double sum = -profile.missed * windows;
    var best = new Result(score(sum, windows, profile), Double.POSITIVE_INFINITY, 0, windows, 0);
    int hit = 0;
    int falseAlarms = 0;
    int next = 0;
    for (int i = distinct.length - 1; i >= 0; i--) {
      if (i > 0 && distinct[i - 1] == distinct[i]) continue; // sums are with the first of equals
      sum += outside[i];
      falseAlarms += alarms[i];
      for (; next < inside.size() && inside.get(next).score() >= distinct[i]; next++) {
        Row row = inside.get(next);
        if (row.worth() <= state[row.window()]) continue;
        if (state[row.window()] == -profile.missed) hit++;
        sum += row.worth() - state[row.window()];
        state[row.window()] = row.worth();
      }
      if (score(sum, windows, profile) <= best.score()) continue;
      best = new Result(score(sum, windows, profile), distinct[i], hit, windows, falseAlarms);
    }
    return best;
  }

  private static int first(double[] sorted, double score) {
    int low = 0;
    int high = sorted.length - 1;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (sorted[mid] >= score) high = mid;
      else low = mid + 1;
    }
    return low;
  }

  /** What a given threshold is worth: rows at or above it are alarms. */
  public static Result at(List<Scored> files, Profile profile, double threshold) {
    int windows = windows(files);
    var state = new double[windows];
    Arrays.fill(state, -profile.missed);
    double sum = 0;
    int falseAlarms = 0;
    for (Row row : rows(files, profile)) {
      if (!(row.score() >= threshold)) continue;
      if (row.window() < 0) {
        sum += row.worth();
        falseAlarms++;
      } else {
        state[row.window()] = Math.max(state[row.window()], row.worth());
      }
    }
    int hit = 0;
    for (double worth : state) {
      sum += worth;
      if (worth != -profile.missed) hit++;
    }
    return new Result(score(sum, windows, profile), threshold, hit, windows, falseAlarms);
  }

  /**
   * The score when each file's threshold is the best of all the others': what one can hope for on a
   * file that nobody has seen.
   */
  static double leaveOneOut(List<Scored> files, Profile profile) {
    int[] alone = IntStream.range(0, files.size()).toArray();
    return NabNested.score(List.of(files), alone, profile);
  }

  /**
   * What a file adds to the sum of all at each threshold.
   *
   * @param thresholds from the highest down
   */
  public static double[] curve(Scored file, Profile profile, double[] thresholds) {
    var rows = new ArrayList<Row>();
    rows(file, profile, 0, rows);
    double last = thresholds[thresholds.length - 1];
    rows.removeIf(r -> !(r.score() >= last));
    rows.sort(Comparator.comparingDouble(Row::score).reversed());
    var state = new double[file.windows().size()];
    Arrays.fill(state, -profile.missed);
    double sum = -profile.missed * state.length;
    var curve = new double[thresholds.length];
    int next = 0;
    for (int t = 0; t < curve.length; t++) {
      for (; next < rows.size() && rows.get(next).score() >= thresholds[t]; next++) {
        Row row = rows.get(next);
        if (row.window() < 0) {
          sum += row.worth();
        } else if (row.worth() > state[row.window()]) {
          sum += row.worth() - state[row.window()];
          state[row.window()] = row.worth();
        }
      }
      curve[t] = sum;
    }
    return curve;
  }

  /** A sum over files on the scale from silence (0) to perfection (100). */
  static double scaled(double sum, int windows, Profile profile) {
    return score(sum, windows, profile);
  }

  private static double score(double sum, int windows, Profile profile) {
    if (windows == 0) return sum;
    return 100 * (sum + profile.missed * windows) / ((1 + profile.missed) * windows);
  }

  private static int windows(List<Scored> files) {
    return files.stream().mapToInt(f -> f.windows().size()).sum();
  }

  private static List<Row> rows(List<Scored> files, Profile profile) {
    var rows = new ArrayList<Row>();
    int before = 0;
    for (Scored file : files) {
      rows(file, profile, before, rows);
      before += file.windows().size();
    }
    return rows;
  }

  private static void rows(Scored file, Profile profile, int before, List<Row> rows) {
    int length = file.scores().length;
    int probation = (int) Math.min(Math.floor(PROBATION * length), PROBATION_MAX);
    int next = 0;
    for (int i = 0; i < length; i++) {
      while (next < file.windows().size() && file.windows().get(next).to() < i) next++;
      if (i < probation) continue;
      boolean inside = next < file.windows().size() && file.windows().get(next).from() <= i;
      if (inside) {
        Segment window = file.windows().get(next);
        double width = window.to() - window.from() + 1;
        double place = -(window.to() - i + 1) / width;
        rows.add(new Row(file.scores()[i], curve(place) / curve(-1), before + next));
      } else {
        double worth = -1;
        if (next > 0) {
          Segment last = file.windows().get(next - 1);
          worth = curve((i - last.to()) / (double) (last.to() - last.from()));
        }
        rows.add(new Row(file.scores()[i], profile.falseAlarm * worth, -1));
      }
    }
  }

  private static double curve(double place) {
    return place > BEYOND ? -1 : 2 / (1 + Math.exp(5 * place)) - 1;
  }
}
