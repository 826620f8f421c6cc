package io.prunella.train;

import io.prunella.train.Labelled.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one threshold finds, counted in two ways. By event: a segment found within so many rows of
 * its start is one right, one not found one missed, each row that is alarmed outside is one wrong.
 * By adjusted point: all rows of a segment found in time are right, all of one not found are
 * missed; that flatters long segments, so it is never shown without what a random score gets.
 *
 * @param right segments (or their rows) found in time
 * @param wrong rows alarmed outside of all segments
 * @param missed segments (or their rows) not found in time
 */
record Hits(long right, long wrong, long missed) {
  static final Hits NONE = new Hits(0, 0, 0);

  /** How a segment counts. */
  enum Count {
    EVENT,
    ADJUSTED_POINT
  }

  /**
   * A threshold and what it finds.
   *
   * @param threshold alarms are at or above it
   */
  record Chosen(double threshold, Hits hits) {}

  Hits plus(Hits other) {
    return new Hits(right + other.right, wrong + other.wrong, missed + other.missed);
  }

  /** Harmonic mean of precision and recall; 0 when nothing was found, nor anything to be found. */
  double f1() {
    return right == 0 ? 0 : 2.0 * right / (2.0 * right + wrong + missed);
  }

  double precision() {
    return right == 0 ? 0 : right / (double) (right + wrong);
  }

  double recall() {
    return right == 0 ? 0 : right / (double) (right + missed);
  }

  /** Counts what is at or above the threshold; a hit later than {@code delayMax} rows is none. */
  static Hits at(
      double[] scores, List<Segment> segments, int delayMax, Count count, double threshold) {
    long right = 0;
    long missed = 0;
    for (Segment s : segments) {
      long worth = worth(s, count);
      if (peak(scores, s, delayMax) >= threshold) right += worth;
      else missed += worth;
    }
    long wrong = 0;
    boolean[] odd = Labelled.odd(segments, scores.length);
    for (int i = 0; i < scores.length; i++) {
      if (!odd[i] && scores[i] >= threshold) wrong++;
    }
    return new Hits(right, wrong, missed);
  }

  /**
   * The threshold with the highest F1. Where the next score below is lower, it lies midway: a score
   * that has just been reached is not a better guess than any other in the gap.
   */
  static Chosen best(double[] scores, List<Segment> segments, int delayMax, Count count) {
    record Step(double score, long right, long wrong) {}
    var steps = new ArrayList<Step>();
    long all = 0;
    for (Segment s : segments) {
      steps.add(new Step(peak(scores, s, delayMax), worth(s, count), 0));
      all += worth(s, count);
    }
    boolean[] odd = Labelled.odd(segments, scores.length);
    for (int i = 0; i < scores.length; i++) {
      if (!odd[i]) steps.add(new Step(scores[i], 0, 1));
    }
    steps.sort(Comparator.comparingDouble(Step::score).reversed());
    double top = steps.isEmpty() ? 0 : steps.getFirst().score();
    var best = new Chosen(Math.nextUp(top), new Hits(0, 0, all));
    long right = 0;
    long wrong = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      right += step.right();
      wrong += step.wrong();
      double next = i + 1 < steps.size() ? steps.get(i + 1).score() : step.score();
      if (i + 1 < steps.size() && next == step.score()) continue;
      var hits = new Hits(right, wrong, all - right);
      if (hits.f1() <= best.hits().f1()) continue;
      best = new Chosen(next + (step.score() - next) / 2, hits);
    }
    return best;
  }

  /** The best F1 that scores drawn evenly get: what the labels give away for nothing. */
  static double random(
      int rows, List<Segment> segments, int delayMax, Count count, RandomGenerator random) {
    var scores = new double[rows];
    for (int i = 0; i < rows; i++) scores[i] = random.nextDouble();
    return best(scores, segments, delayMax, count).hits().f1();
  }

  private static long worth(Segment segment, Count count) {
    return count == Count.EVENT ? 1 : segment.to() - segment.from() + 1;
  }

  private static double peak(double[] scores, Segment segment, int delayMax) {
    double peak = Double.NEGATIVE_INFINITY;
    for (int i = segment.from(); i <= Math.min(segment.to(), segment.from() + delayMax); i++) {
      peak = Math.max(peak, scores[i]);
    }
    return peak;
  }
}
