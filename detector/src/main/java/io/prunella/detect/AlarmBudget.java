package io.prunella.detect;

import java.util.Arrays;

/**
 * How much a service's surprises must weigh together before they are an incident, so that so many
 * incidents a week open of which nobody is to blame. Learnt from the installation's own stream.
 * Immutable; any thread. No clock: time is handed in.
 *
 * <p>What is counted is a <em>candidate</em>: a stretch in which one service's statistic stands at
 * {@link #FLOOR} or above, with its peak. The unit of the statistic is the line of grouping: 1 is
 * where an incident opens while nothing has been learnt and one a week is asked for.
 */
public final class AlarmBudget {
  /*
   * Peaks over a threshold [1], the stretch being the cluster. Their logarithms lie in bins that fade with time (the largest
   * are kept exactly), beside the weeks that were watched, which fade alike: counts over weeks are rates. Two answers are drawn from them:
   *
   *   model      beyond u, which BODY times as many exceed as are asked for (and EXCESSES_MIN do, where there are so many),
   *              peaks are taken for Pareto's: ln(peak / u) is exponential. Its mean is Hill's estimator [2] of the smaller
   *              three quarters, the larger censored, drawn towards the prior's; the level is the quantile [3]. It is there
   *              early, and a few real incidents do not move it.
   *   counted    the peak that was exceeded as often as asked. It needs no shape, but weeks, and takes real incidents for
   *              false ones.
   *
   * The level goes from the first to the second while the incidents that are allowed add up to TRUSTED, sooner where what
   * was counted is lower (tails end somewhere, a Pareto's does not). What was counted lifts it no farther than to where the
   * model has e^-REACH of what is asked for: real incidents, which nobody can tell from false ones here, do not use up the
   * budget without end. As far as FREELY it lifts it whatever the model says: where peaks lie in two
   * heaps, what is known of the lower one tells nothing of the upper.
   *
   * The prior: grouping's lines were set so that about one in a week is over 1.
   *
   * [1] Leadbetter, On a basis for 'Peaks over Threshold' modeling, 1991.
   * [2] Hill, A simple general approach to inference about the tail of a distribution, 1975.
   * [3] Weissman, Estimation of parameters and large quantiles based on the k largest observations, 1978.
   */

  /** What lies below is no candidate. */
  public static final double FLOOR = 0.5;

  /** Fewest and most incidents a week that can be asked for. */
  public static final double PER_WEEK_MIN = 0.01;

  public static final double PER_WEEK_MAX = 1_000;

  private static final int BINS = 256;
  private static final int LEARNT_MIN = BINS + 1; // numbers, besides the largest
  private static final double WIDTH = 0.04; // of ln(peak): the last bin begins at 13,452
  private static final double WEEK_MS = 7 * 86_400_000.0;
  private static final double PRIOR_WEEKS = 0.5; // or of half an incident, if that is shorter
  private static final double PRIOR_MEAN = 0.35; // of ln(peak / u)
  private static final double PRIOR_EXCESSES = 10;
  private static final double BODY = 30;
  private static final double EXCESSES_MIN = 60;
  private static final double UNCENSORED = 0.75;
  private static final double REACH = Math.log(1_000);
  private static final double FREELY = Math.log(5); // times the line
  private static final double TRUSTED_LOWER = 1; // incidents allowed: then counting is enough
  private static final double TRUSTED_HIGHER = 4;
  private static final double MEMORY_WEEKS = 8;
  private static final double MEMORY_INCIDENTS = 8; // allowed within the memory, at least
  private static final double GAP_MS = 10 * 60_000; // nobody watched
  private static final double FOLD_WEEKS = 3_600_000 / WEEK_MS;

  private final double perWeek;
  private final double[] counts; // candidates by their peaks' logarithm; never changed once here
  private final Largest largest; // the largest of these logarithms
  private final double weeks; // watched
  private final double lately; // weeks that counts and weeks have not faded for yet
  private final long atMs; // 0 before the first time

  private AlarmBudget(
      double perWeek, double[] counts, Largest largest, double weeks, double lately, long atMs) {
    this.perWeek = perWeek;
    this.counts = counts;
    this.largest = largest;
    this.weeks = weeks;
    this.lately = lately;
    this.atMs = atMs;
  }

  /**
   * One that has seen nothing.
   *
   * @param perWeek false incidents a week that are asked for, {@link #PER_WEEK_MIN} to {@link
   *     #PER_WEEK_MAX}
   * @throws IllegalArgumentException when it is outside
   */
  public static AlarmBudget of(double perWeek) {
    if (!(perWeek >= PER_WEEK_MIN && perWeek <= PER_WEEK_MAX)) {
      throw new IllegalArgumentException(
          "%s false incidents a week are asked for, wanted %s to %s"
              .formatted(perWeek, PER_WEEK_MIN, PER_WEEK_MAX));
    }
    double weeks = PRIOR_WEEKS / Math.max(1, perWeek);
    var prior = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      double beyond = bin + 1 < BINS ? priorRate(bin + 1) : 0;
      prior[bin] = weeks * (priorRate(bin) - beyond);
    }
    return new AlarmBudget(perWeek, prior, Largest.NONE, weeks, 0, 0);
  }

  /** Candidates a week that the prior sees at a bin or above. */
  private static double priorRate(int bin) {
    return Math.exp(-logOf(bin) / PRIOR_MEAN);
  }

  private static double logOf(double bin) {
    return Math.log(FLOOR) + WIDTH * bin;
  }

  private static int bin(double peak) {
    return (int) Math.clamp((Math.log(peak) - Math.log(FLOOR)) / WIDTH, 0, BINS - 1);
  }

  /** False incidents a week that are asked for. */
  public double perWeek() {
    return perWeek;
  }

  /**
   * The same at a later time. A gap of more than ten minutes, or a step back, counts as not
   * watched.
   *
   * @param nowMs milliseconds since the epoch
   */
  public AlarmBudget at(long nowMs) {
    double passed = atMs == 0 ? 0 : nowMs - atMs;
    if (passed < 0 || passed > GAP_MS) passed = 0;
    double more = lately + passed / WEEK_MS;
    var later = new AlarmBudget(perWeek, counts, largest, weeks, more, nowMs);
    return more < FOLD_WEEKS ? later : later.folded();
  }

  /** The latest time handed in; 0 before the first. */
  public long atMs() {
    return atMs;
  }

  private AlarmBudget folded() {
    double kept = Math.exp(-lately / memoryWeeks());
    var faded = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) faded[bin] = counts[bin] * kept;
    return new AlarmBudget(perWeek, faded, largest.faded(kept), weeks * kept + lately, 0, atMs);
  }

  private double memoryWeeks() {
    return Math.max(MEMORY_WEEKS, MEMORY_INCIDENTS / perWeek);
  }

  /**
   * The same with a candidate more, or with one whose peak has grown, or with one less.
   *
   * @param before its peak so far; 0 for a new one
   * @param peak its peak now; 0 when it counts no more
   */
  public AlarmBudget with(double before, double peak) {
    int from = before >= FLOOR ? bin(before) : -1;
    int to = peak >= FLOOR ? bin(peak) : -1;
    if (before == peak || (from < 0 && to < 0)) return this;
    var moved = counts.clone();
    var top = largest;
    if (from >= 0) {
      moved[from] = Math.max(0, moved[from] - 1);
      top = top.without(Math.log(before));
    }
    if (to >= 0) {
      moved[to]++;
      top = top.with(Math.log(peak));
    }
    return new AlarmBudget(perWeek, moved, top, weeks, lately, atMs);
  }

  /** What a service's statistic must reach, at least {@link #FLOOR}. */
  public double level() {
    return levelWithout(0);
  }

  /**
   * The same for a candidate that is counted already: nobody stands in one's own way.
   *
   * @param own its peak; 0 when it is not counted
   */
  public double levelWithout(double own) {
    int mine = own >= FLOOR ? bin(own) : -1;
    double allowed = allowed();
    double body = Math.max(BODY * allowed, EXCESSES_MIN);
    double all = 0; // at or above the bin
    double counted = logOf(0);
    boolean found = false;
    int bin = BINS;
    while (bin > 0 && all < body) {
      bin--;
      double here = bin == mine ? Math.max(0, counts[bin] - 1) : counts[bin];
      all += here;
      if (found || all <= allowed) continue;
      found = true;
      counted = logOf(bin + (all - allowed) / here);
    }
    double exact = largest.exceededBy(allowed, mine < 0 ? Double.NaN : Math.log(own));
    if (!Double.isNaN(exact)) counted = exact; // where a bin is too wide
    double mean = meanExcess(bin, mine, all);
    double beyond = Math.log(Math.max(all, 1e-9) / allowed);
    double model = logOf(bin) + mean * beyond;
    double most = Math.max(FREELY, logOf(bin) + mean * (beyond + REACH));
    double trust = Math.min(1, allowed / (counted < model ? TRUSTED_LOWER : TRUSTED_HIGHER));
    return Math.max(FLOOR, Math.exp((1 - trust) * model + trust * Math.min(counted, most)));
  }

  /** Mean excess of ln(peak) over the lower end of a bin, as the smaller ones have it. */
  private double meanExcess(int from, int mine, double all) {
    double uncensored = UNCENSORED * all;
    double sum = PRIOR_EXCESSES * PRIOR_MEAN;
    double seen = 0;
    for (int bin = from; bin < BINS && seen < uncensored; bin++) {
      double here = bin == mine ? Math.max(0, counts[bin] - 1) : counts[bin];
      double taken = Math.min(here, uncensored - seen);
      double excess = WIDTH * (bin - from + (here == 0 ? 0 : 0.5 * taken / here));
      seen += taken;
      sum += taken * excess;
      if (seen < uncensored) continue;
      double border = WIDTH * (bin - from + (here == 0 ? 0 : taken / here));
      sum += (all - seen) * border; // the larger ones are known to be beyond, and no more
    }
    return sum / (seen + PRIOR_EXCESSES);
  }

  /**
   * Weeks that it goes by, more than 0: those that were watched, older ones faded, and the half
   * week or less that it assumes at first.
   */
  public double weeks() {
    return weeks + lately;
  }

  /**
   * Candidates at the floor or above within {@link #weeks}, older ones faded, those that it assumes
   * at first included; 0 or more.
   */
  public double candidates() {
    return Arrays.stream(counts).sum();
  }

  /** Candidates a week at the floor or above, as far as is known. */
  public double candidatesPerWeek() {
    return candidates() / weeks();
  }

  /** Incidents that were asked for within {@link #weeks}; more than 0. */
  public double allowed() {
    return perWeek * weeks();
  }

  /**
   * Candidates within {@link #weeks} whose peaks reach the {@link #level} of now, older ones faded;
   * 0 or more. Not the incidents that have opened: the level was another one then.
   */
  public double reached() {
    double line = Math.log(level());
    double exact = largest.weightFrom(line);
    if (!Double.isNaN(exact)) return exact;
    double all = 0;
    for (int bin = BINS - 1; bin >= 0 && logOf(bin + 1) > line; bin--) {
      all += counts[bin] * Math.min(1, (logOf(bin + 1) - line) / WIDTH);
    }
    return all;
  }

  /** All that it has learnt, to be kept on disk; of what {@link #restored} takes. */
  public double[] learnt() {
    var folded = folded();
    var top = folded.largest.pairs();
    var learnt = Arrays.copyOf(folded.counts, LEARNT_MIN + top.length);
    learnt[BINS] = folded.weeks;
    System.arraycopy(top, 0, learnt, LEARNT_MIN, top.length);
    return learnt;
  }

  /**
   * The same with what another has learnt, whatever that one was asked for. Time goes on at the
   * next {@link #at}: what lies between was not watched.
   *
   * @param learnt what {@link #learnt} gave
   * @throws IllegalArgumentException when it is no such thing
   */
  public AlarmBudget restored(double[] learnt) {
    int top = learnt.length - LEARNT_MIN;
    if (top < 0 || top > 2 * Largest.MAX || top % 2 != 0) {
      throw new IllegalArgumentException(
          "an alarm budget has learnt %d numbers, wanted %d, or up to %d pairs more"
              .formatted(learnt.length, LEARNT_MIN, Largest.MAX));
    }
    for (int i = 0; i < learnt.length; i++) {
      boolean isLogarithm = i >= LEARNT_MIN && (i - LEARNT_MIN) % 2 == 0;
      if (!Double.isFinite(learnt[i]) || (learnt[i] < 0 && !isLogarithm)) {
        throw new IllegalArgumentException(
            "an alarm budget has learnt %s, wanted a finite number, 0 or more"
                .formatted(learnt[i]));
      }
    }
    if (learnt[BINS] == 0) {
      throw new IllegalArgumentException("an alarm budget has watched 0 weeks, wanted more");
    }
    var largest = Largest.of(Arrays.copyOfRange(learnt, LEARNT_MIN, learnt.length));
    return new AlarmBudget(perWeek, Arrays.copyOf(learnt, BINS), largest, learnt[BINS], 0, 0);
  }
}
