package io.prunella.train;

import io.prunella.train.Labelled.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Volume under the surface of precision and recall: the area under the curve, averaged over how
 * much room around each odd segment is granted, from none to one period of the series. No threshold
 * and no window of anyone's choice enters.
 *
 * <p>Paparrizos et al., Volume Under the Surface, VLDB 2022; thresholds, period and room are those
 * of TSB-AD (Liu and Paparrizos, NeurIPS 2024), so figures can be compared.
 */
final class Vus {
  private static final int THRESHOLDS = 250;
  private static final int ROWS_FOR_PERIOD = 20_000;
  private static final int LAGS = 400;
  private static final int LAG_FIRST = 3;
  private static final int PERIOD_MAX = 300;
  private static final int PERIOD_UNKNOWN = 125;

  private Vus() {}

  /**
   * The volume, from 0 to 1.
   *
   * @param scores finite, the higher the odder
   * @param segments what is odd; at least one
   * @param room rows around a segment, at most: see {@link #period}
   */
  static double pr(double[] scores, List<Segment> segments, int room) {
    if (segments.isEmpty()) throw new IllegalArgumentException("no segment is odd, wanted one");
    int[] bins = bins(scores);
    var predicted = new double[THRESHOLDS];
    for (int bin : bins) predicted[bin]++;
    add(predicted);
    double sum = 0;
    for (int window = 0; window <= room; window++) {
      sum += area(bins, predicted, segments, window);
    }
    return sum / (room + 1);
  }

  /** For each row the first of the thresholds, from the highest down, that it reaches. */
  private static int[] bins(double[] scores) {
    int n = scores.length;
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    var thresholds = new double[THRESHOLDS];
    for (int k = 0; k < THRESHOLDS; k++) {
      int place = (int) ((n - 1) * (double) k / (THRESHOLDS - 1));
      thresholds[k] = sorted[n - 1 - place];
    }
    var bins = new int[n];
    for (int i = 0; i < n; i++) {
      int low = 0;
      int high = THRESHOLDS - 1;
      while (low < high) {
        int mid = (low + high) >>> 1;
        if (thresholds[mid] <= scores[i]) high = mid;
        else low = mid + 1;
      }
      bins[i] = low;
    }
    return bins;
  }

  private static double area(int[] bins, double[] predicted, List<Segment> segments, int window) {
    int n = bins.length;
    double[] label = softened(n, segments, window);
    List<Segment> wide = widened(n, segments, window);
    boolean[] odd = Labelled.odd(segments, n);
    var hits = new double[THRESHOLDS]; // weight of rows found
    var around = new double[THRESHOLDS]; // of these, outside the segments themselves
    var exist = new double[THRESHOLDS]; // wide segments of which something was found
    double positives = 0;
    for (boolean o : odd) positives += o ? 1 : 0;
    for (Segment s : wide) {
      int first = THRESHOLDS - 1;
      for (int i = s.from(); i <= s.to(); i++) {
        first = Math.min(first, bins[i]);
        hits[bins[i]] += label[i];
        if (!odd[i]) around[bins[i]] += label[i];
      }
      exist[first]++;
    }
    add(hits);
    add(around);
    add(exist);
    double area = 0;
    double before = 0;
    for (int k = 0; k < THRESHOLDS; k++) {
      double wanted = positives + around[k] / 2;
      double recall = Math.min(hits[k] / wanted, 1) * exist[k] / wide.size();
      area += (recall - before) * hits[k] / predicted[k];
      before = recall;
    }
    return area;
  }

  private static void add(double[] counts) {
    for (int k = 1; k < counts.length; k++) counts[k] += counts[k - 1];
  }

  private static double[] softened(int n, List<Segment> segments, int window) {
    var label = new double[n];
    int half = window / 2;
    for (Segment s : segments) {
      Arrays.fill(label, s.from(), s.to() + 1, 1);
    }
    for (Segment s : segments) {
      for (int d = 1; d <= half; d++) {
        double weight = Math.sqrt(1 - d / (double) window);
        if (s.to() + d < n) label[s.to() + d] = Math.min(1, label[s.to() + d] + weight);
        if (s.from() - d >= 0) label[s.from() - d] = Math.min(1, label[s.from() - d] + weight);
      }
    }
    return label;
  }

  private static List<Segment> widened(int n, List<Segment> segments, int window) {
    int half = window / 2;
    var wide = new ArrayList<Segment>();
    int from = Math.max(0, segments.getFirst().from() - half);
    for (int i = 0; i + 1 < segments.size(); i++) {
      int end = segments.get(i).to() + half;
      int next = segments.get(i + 1).from() - half;
      if (end >= next) continue;
      wide.add(new Segment(from, end));
      from = next;
    }
    wide.add(new Segment(from, Math.min(n - 1, segments.getLast().to() + half)));
    return wide;
  }

  /**
   * The lag, from 6 to 303 rows, at which the series is most like itself; 125 when there is none.
   */
  static int period(double[] values) {
    int n = Math.min(ROWS_FOR_PERIOD, values.length);
    double mean = 0;
    for (int i = 0; i < n; i++) mean += values[i] / n;
    int lags = Math.min(LAGS, n - 1);
    var alike = new double[Math.max(0, lags + 1)];
    for (int lag = LAG_FIRST; lag <= lags; lag++) {
      double sum = 0;
      for (int i = lag; i < n; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
      alike[lag] = sum;
    }
    int best = -1;
    for (int lag = LAG_FIRST + 1; lag < lags; lag++) {
      boolean peak = alike[lag] > alike[lag - 1] && alike[lag] > alike[lag + 1];
      if (peak && (best < 0 || alike[lag] > alike[best])) best = lag;
    }
    int place = best - LAG_FIRST;
    return best < 0 || place < LAG_FIRST || place > PERIOD_MAX ? PERIOD_UNKNOWN : best;
  }
}
