package io.prunella.train;

import io.prunella.detect.AlarmBudget;
import io.prunella.train.CalmServices.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * What one installation, in which nothing is wrong, raises from its first minute on.
 *
 * @param series that it watches
 * @param asked false incidents a week
 * @param weeks that were run
 * @param raised incidents in all of them
 * @param candidates stretches at the budget's floor or above
 * @param level of the budget in the end
 */
record PromiseCell(
    int series, double asked, double weeks, long raised, long candidates, double level) {
  private static final double FACTOR = 2;
  private static final double EVENTS = 30; // expected, at least
  private static final int WEEKS_MIN = 8;
  private static final long STEP_MS = 300_000;

  /** Candidates of weeks of single services, drawn beforehand; the tail beyond them is drawn on. */
  static final class Pool {
    private static final int TAIL = 100; // the largest peaks, which are drawn from their own tail
    private static final double SMOOTH = 0.05; // of ln(peak)

    private final List<List<Candidate>> weeks;
    private final double border;
    private final double mean; // of ln(peak / border) beyond

    Pool(List<List<Candidate>> weeks) {
      this.weeks = List.copyOf(weeks);
      double[] peaks =
          weeks.stream().flatMap(List::stream).mapToDouble(Candidate::peak).sorted().toArray();
      int tail = Math.min(TAIL, peaks.length / 4);
      border = tail == 0 ? Double.MAX_VALUE : peaks[peaks.length - tail - 1];
      double sum = 0;
      for (int i = peaks.length - tail; i < peaks.length; i++) sum += Math.log(peaks[i] / border);
      mean = tail == 0 ? 0 : sum / tail;
    }

    /** Candidates a week and service. */
    double rate() {
      return weeks.stream().mapToInt(List::size).sum() / (double) weeks.size();
    }

    /** A week drawn with replacement, its peaks smoothed: a bootstrap has no peak twice. */
    void draw(SplittableRandom random, long fromMs, List<Candidate> into) {
      for (Candidate one : weeks.get(random.nextInt(weeks.size()))) {
        double peak =
            one.peak() > border
                ? border * Math.exp(-mean * Math.log(1 - random.nextDouble()))
                : one.peak() * Math.exp(SMOOTH * random.nextGaussian());
        into.add(new Candidate(fromMs + one.atMs(), peak));
      }
    }
  }

  /** Runs an installation of so many series for as long as the number asked for needs. */
  static PromiseCell run(Pool pool, int series, double asked, SplittableRandom random) {
    int services = Math.max(1, series / CalmServices.SERIES);
    int weeks = (int) Math.max(WEEKS_MIN, Math.ceil(EVENTS / asked));
    var budget = AlarmBudget.of(asked).at(1);
    long raised = 0;
    long candidates = 0;
    for (int week = 0; week < weeks; week++) {
      long from = 1 + week * CalmServices.WEEK_MS;
      var drawn = new ArrayList<Candidate>();
      for (int i = 0; i < services; i++) pool.draw(random, from, drawn);
      drawn.sort(Comparator.comparingLong(Candidate::atMs));
      candidates += drawn.size();
      for (Candidate one : drawn) {
        if (one.peak() < AlarmBudget.FLOOR) continue;
        budget = until(budget, one.atMs());
        if (one.peak() >= budget.level()) raised++;
        budget = budget.with(0, one.peak());
      }
      budget = until(budget, from + CalmServices.WEEK_MS - 1);
    }
    return new PromiseCell(series, asked, weeks, raised, candidates, budget.level());
  }

  /** Lets time pass as a server's ticks do: in steps that count as watched. */
  private static AlarmBudget until(AlarmBudget budget, long toMs) {
    var at = budget;
    for (long ms = budget.atMs(); ms < toMs; ) {
      ms = Math.min(toMs, ms + STEP_MS);
      at = at.at(ms);
    }
    return at;
  }

  double perWeek() {
    return raised / weeks;
  }

  /** Ends of the 95 % interval of the rate a week, raised incidents being Poisson's (Garwood). */
  double lower() {
    return raised == 0
        ? 0
        : new ChiSquaredDistribution(2.0 * raised).inverseCumulativeProbability(0.025) / 2 / weeks;
  }

  double upper() {
    return new ChiSquaredDistribution(2.0 * raised + 2).inverseCumulativeProbability(0.975)
        / 2
        / weeks;
  }

  /** True when the rate is within a factor of two of the number asked for. */
  boolean isKept() {
    return perWeek() >= asked / FACTOR && perWeek() <= asked * FACTOR;
  }

  /** True when there are fewer candidates than half of what is asked: nothing is made up. */
  boolean isOutOfReach() {
    return candidates / weeks < asked / FACTOR;
  }
}
