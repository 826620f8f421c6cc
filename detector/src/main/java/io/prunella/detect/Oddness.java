package io.prunella.detect;

/**
 * How odd a sample looks beside all that came before it: one number, for ranking. It opens nothing.
 * Code over {@link #DOUBLES} doubles of a row.
 */
final class Oddness {
  /*
   * Distances: from exponentially weighted means of three memories, from the last value (four times) and from what is
   * usual at this time of day, each in deviations that are not robust, so that whatever has happened lately is less odd the
   * second time. F = ln Π(1 + z). Where samples come seldom the last ones say little of the next: there the standing
   * (below) takes the place of F, and more is far.
   *
   * Far is what FAR_ROWS of this series' rows are, followed by stochastic approximation, where all of EPISODE_ROWS from a
   * far one on count as one: else a long anomaly would hide the next. What lies beyond is exponential with the mean of
   * the most that past ones were beyond (peaks over a threshold, Davison and Smith 1990), which gives −ln p, no more than
   * ln(n + 1): what was not seen in n rows was not proved rarer than that. −ln p says how rare, so it decides in which
   * tier a row ranks; within the tier F does, which knows no cap. Every series has its rarest rows, the calmest too: an F
   * below FAR_SIZE is far in none.
   *
   * Events: ln(1 + z) of the slowest memory and novelty (see Novelty) together. Once it knows its range, novelty takes a
   * value every five minutes, and at once what lies far beyond the range. An event is said once: not again within a day,
   * but when it is stronger by a fifth, and by more right after it, for one event mostly takes several values to show
   * (SOON); and a series full of events must be odder for the next (LOAD). What is unheard of was said too. Where samples
   * come seldom the windows are days long, and until some weeks have gone by most that is seen was not seen before (YOUNG).
   *
   * Standing: ln(1 + z) from a robust level, and from the time of day where that has skill, or a share of F if that is
   * more; high as long as a series is away, and fading slowly after (LINGER). The level follows, its spread hardly does: it
   * remembers ten thousand samples, so that a day of noise is not forgotten overnight. Where most samples are alike it
   * falls to nothing, and all that is not alike would be infinitely far: so it is never below SPREAD_LEAST of a deviation.
   *
   * Rows whose −ln p is UNHEARD or more rank first, at 2 or above; then events, at 1 or above; then rows far away; below
   * these, the rest by its standing.
   *
   * All is kept as distances from the first value, so that floats do.
   */
  private static final int ROWS = 0; // and the border of what is far
  private static final int ORIGIN = 1;
  private static final int MEANS = 2; // three, each with its deviation
  private static final int ROBUST = 5; // level, spread
  private static final int OTHERS = 6; // deviation of steps, and from the time of day
  private static final int EVENTS = 7; // load, strength of the last
  private static final int EVENT = 8; // values that novelty took; second of the last event
  private static final int SCORE = 9; // and what standing lingers at
  private static final int SEASON = 10; // twelve levels, in six pairs
  private static final int EXCESS = 16; // mean beyond the border; second when novelty took a value
  private static final int EPISODE = 17; // first of the last far rows; the most they were beyond
  private static final int NOVELTY = 18;
  static final int DOUBLES = NOVELTY + Novelty.DOUBLES;

  private static final double[] SHARES = {0.001, 0.01, 0.05};
  private static final double ROBUST_SHARE = 0.01;
  private static final double SPREAD_SHARE = 0.0001;
  private static final double SPREAD_LEAST = 0.03; // of the slowest mean's deviation
  private static final double OTHERS_SHARE = 0.002;
  private static final double SEASON_SHARE = 0.01;
  private static final double SKILL = 0.2;
  private static final int SEASONS = 12;
  private static final double SEASON_SECONDS = 7200;
  private static final int FIRST = 11;
  private static final double FARTHEST = 1e37; // of the first value: floats end at 3e38
  private static final double Z_MAX = 1e6;
  private static final double CLIP_LEVEL = 2;
  private static final double CLIP_SPREAD = 5;
  private static final double TO_DEVIATION = 1.25;

  private static final int TAKE_SECONDS = 290; // clocks jitter
  private static final double EVENT_STRENGTH = 3;
  private static final double EVENT_ALONE = 20; // a little less than e to the strength
  private static final double EVENT_HALF = 5;
  private static final double YOUNG = 1.5;
  private static final double STRONGER = 1.2;
  private static final double STRONGER_SOON = 0.5; // more, fading from the last event on
  private static final double SOON_SECONDS = 3600;
  private static final double LOAD_KEPT = Math.exp(-1 / 200_000.0); // a value that novelty takes
  private static final int WARM = Novelty.WARM + Novelty.NARROW;

  private static final double SELDOM_SECONDS = 1200;
  private static final double SELDOM_WEIGHT = 8 / 3.0; // of standing in the place of F
  private static final double SELDOM_FAR_ROWS = 0.01;
  private static final double SELDOM_FAR_STEP = 0.2; // there each row counts
  private static final double SELDOM_FAR_LEAST = 8 / 3.0;
  private static final double FAR_FIRST = 8;
  private static final double FAR_LEAST = 6;
  private static final double FAR_SIZE = 12; // eight distances of 3.5 deviations each
  private static final double FAR_ROWS = 0.002;
  private static final double FAR_STEP = 0.4;
  private static final int EPISODE_ROWS = 15;
  private static final double FAR_RANK = 0.8; // of the scale up to 1, below it the rest
  private static final double EXCESS_FIRST = 2;
  private static final double EXCESS_MAX = 20;
  private static final double EXCESS_PRIOR = 10;
  private static final double EXCESS_MEMORY = 200;
  private static final double UNHEARD = 9;
  private static final double SIZE_MAX = 140; // more than F can be
  private static final double STANDING_HALF = 4;
  private static final double STANDING_DISTANCE = 0.25; // of F
  private static final double LINGER = 0.989; // a sample
  private static final double SELDOM_LINGER = 0.9;
  private static final double LINGER_LESS = 0.01; // and a little, so that it ends

  private Oddness() {}

  static double score(double[] page, int o) {
    return Pairs.first(page[o + SCORE]);
  }

  /**
   * Takes a value.
   *
   * @param before the value before it, NaN for none
   * @param gap seconds that usually lie between samples
   */
  static void observe(
      RankConfig config, double[] page, int o, double timeMs, double x, double before, double gap) {
    int n = Math.min(Integer.MAX_VALUE - 1, Pairs.firstWhole(page[o + ROWS])) + 1;
    double border = n == 1 ? FAR_FIRST : Pairs.second(page[o + ROWS]);
    if (n == 1) page[o + ORIGIN] = x;
    double y = Math.clamp(x - page[o + ORIGIN], -FARTHEST, FARTHEST);
    double floor = 1e-9 * (Math.abs(x) + 1);
    double usual = Pairs.second(page[o + MEANS]);
    double slow = mean(page, o, 0, n, y, floor);
    double product = slow * mean(page, o, 1, n, y, floor) * mean(page, o, 2, n, y, floor);
    double step = step(page, o, n, x - before, floor);
    double season = season(page, o, n, timeMs, y, floor);
    double robust = robust(page, o, n, y, floor, usual);
    product *= step * step * step * step * season; // at most 1e6 eight times: finite
    double fresh = fresh(page, o, timeMs, y, Math.abs(x));
    boolean canBe = fresh > 0 || slow > EVENT_ALONE; // most rows need no logarithm
    double strength = canBe ? Math.log(slow) + config.noveltyWeight() * fresh : 0;
    boolean seldom = gap > SELDOM_SECONDS;
    double event = event(config, page, o, timeMs, strength, seldom);
    double distance = Math.log(product);
    double standing = Math.log(robust * (isSkilled(page, o) ? season : robust));
    double size = seldom ? SELDOM_WEIGHT * standing : distance;
    double far = far(page, o, n, size, border, seldom);
    standing = Math.max(standing, STANDING_DISTANCE * distance);
    double lingers =
        (seldom ? SELDOM_LINGER : LINGER) * Pairs.second(page[o + SCORE]) - LINGER_LESS;
    if (seldom && standing < lingers) far = 0;
    standing = Math.max(standing, lingers);
    if (far >= UNHEARD && event == 0) {
      unheard(config, page, o, timeMs, Math.log(slow) + config.noveltyWeight() * fresh);
    }
    double score =
        far >= UNHEARD
            ? 2 + size / SIZE_MAX
            : event > 0
                ? 1 + event / (event + EVENT_HALF)
                : far > 0 && (seldom || size >= FAR_SIZE)
                    ? FAR_RANK + (1 - FAR_RANK) * size / SIZE_MAX
                    : FAR_RANK * standing / (standing + STANDING_HALF);
    page[o + SCORE] = Pairs.of(score, standing);
  }

  /** −ln p of a row beyond the border, 0 within; then learns the border and what lies beyond. */
  private static double far(
      double[] page, int o, int n, double size, double border, boolean seldom) {
    double share = seldom ? SELDOM_FAR_ROWS : FAR_ROWS;
    double excess = size - border;
    int began = Pairs.firstWhole(page[o + EPISODE]);
    boolean begins = excess > 0 && (seldom || n - began >= EPISODE_ROWS);
    double step = seldom ? SELDOM_FAR_STEP : FAR_STEP;
    double moved = border + step * (begins ? 1 - share : -share);
    page[o + ROWS] = counted(n, Math.max(seldom ? SELDOM_FAR_LEAST : FAR_LEAST, moved));
    if (!(excess > 0)) return 0;
    double mean = Pairs.first(page[o + EXCESS]);
    double far = Math.min(-Math.log(share) + excess / mean, Math.log(n + 1.0));
    double most = Math.min(EXCESS_MAX, excess);
    double peak = begins ? mean : Pairs.second(page[o + EPISODE]);
    if (!begins && most <= peak) return far;
    double seen = Math.min(EXCESS_MEMORY, n * share); // about so many were beyond
    mean += (most - peak) / (seen + EXCESS_PRIOR);
    page[o + EXCESS] = set(page[o + EXCESS], false, mean);
    page[o + EPISODE] = counted(begins ? n : began, most);
    return far;
  }

  private static double counted(int n, double value) {
    return Pairs.ofWhole(n, Float.floatToRawIntBits((float) value) >>> 1);
  }

  /** How new the distribution of the last values is, from 0 to 2; 0 where no value is taken. */
  private static double fresh(double[] page, int o, double timeMs, double y, double size) {
    int taken = Pairs.firstWhole(page[o + EVENT]);
    long second = (long) (timeMs / 1000);
    long since = second - Pairs.secondWhole(page[o + EXCESS]) & Pairs.WHOLE_MAX;
    boolean waits = taken >= Novelty.WARM && since < TAKE_SECONDS;
    if (waits && !Novelty.isBeyond(page, o + NOVELTY, y)) return 0;
    taken = Math.min(Integer.MAX_VALUE - 1, taken) + 1;
    page[o + EVENT] = Pairs.ofWhole(taken, Pairs.secondWhole(page[o + EVENT]));
    page[o + EXCESS] = Pairs.withSecond(page[o + EXCESS], second);
    double events = page[o + EVENTS];
    page[o + EVENTS] = set(events, false, Pairs.first(events) * LOAD_KEPT);
    return Novelty.observe(page, o + NOVELTY, taken, y, size);
  }

  /** 1 + z from the k-th mean, then learns. */
  private static double mean(double[] page, int o, int k, int n, double y, double floor) {
    double pair = page[o + MEANS + k];
    double mean = Pairs.first(pair);
    double deviation = Pairs.second(pair);
    double away = y - mean;
    double z = n <= FIRST ? 0 : Math.min(Z_MAX, Math.abs(away) / (deviation + floor));
    double share = Math.max(SHARES[k], 1.0 / n);
    mean += share * away;
    deviation = Math.sqrt((1 - share) * (deviation * deviation + share * away * away));
    page[o + MEANS + k] = Pairs.of(mean, deviation);
    return 1 + z;
  }

  private static double set(double pair, boolean second, double value) {
    return second ? Pairs.of(Pairs.first(pair), value) : Pairs.of(value, Pairs.second(pair));
  }

  private static double step(double[] page, int o, int n, double step, double floor) {
    if (Double.isNaN(step)) return 1;
    double others = page[o + OTHERS];
    double deviation = Pairs.first(others);
    double z = n <= FIRST ? 0 : Math.min(Z_MAX, Math.abs(step) / (deviation + floor));
    double share = Math.max(OTHERS_SHARE, 1.0 / n);
    deviation = Math.sqrt(deviation * deviation * (1 - share) + share * step * step);
    page[o + OTHERS] = set(others, false, deviation);
    return 1 + z;
  }

  /** 1 + z from the level of this time of day, drawn between its neighbours' middles. */
  private static double season(double[] page, int o, int n, double timeMs, double y, double floor) {
    double place = timeMs / 1000 / SEASON_SECONDS;
    long whole = (long) Math.floor(place);
    double beside = place - whole - 0.5;
    int bin = (int) Math.floorMod(whole, (long) SEASONS);
    int next = Math.floorMod(beside < 0 ? bin - 1 : bin + 1, SEASONS);
    double level = level(page, o, bin);
    if (Double.isNaN(level)) {
      level(page, o, bin, y);
      return 1;
    }
    double other = level(page, o, next);
    double usual = Double.isNaN(other) ? level : level + Math.abs(beside) * (other - level);
    double others = page[o + OTHERS];
    double deviation = Pairs.second(others);
    double away = y - usual;
    double z = n <= FIRST ? 0 : Math.min(Z_MAX, Math.abs(away) / (deviation + floor));
    double share = Math.max(OTHERS_SHARE, 1.0 / n);
    deviation = Math.sqrt(deviation * deviation * (1 - share) + share * away * away);
    page[o + OTHERS] = set(others, true, deviation);
    double clip = n > CLIP_SPREAD * SEASONS ? CLIP_LEVEL * deviation : Double.MAX_VALUE;
    double young = SEASONS / (double) (SEASONS + n);
    level(page, o, bin, level + Math.max(SEASON_SHARE, young) * Math.clamp(y - level, -clip, clip));
    return 1 + z;
  }

  /** True when the time of day says more than the slow mean. */
  private static boolean isSkilled(double[] page, int o) {
    double left = Pairs.second(page[o + OTHERS]);
    double all = Pairs.second(page[o + MEANS]);
    return left * left < (1 - SKILL) * all * all;
  }

  private static double level(double[] page, int o, int bin) {
    double pair = page[o + SEASON + (bin >> 1)];
    return (bin & 1) != 0 ? Pairs.second(pair) : Pairs.first(pair);
  }

  private static void level(double[] page, int o, int bin, double value) {
    int at = o + SEASON + (bin >> 1);
    page[at] = set(page[at], (bin & 1) != 0, value);
  }

  /**
   * 1 + z from the robust level, then learns.
   *
   * @param usual deviation of the slowest mean before this value
   */
  private static double robust(double[] page, int o, int n, double y, double floor, double usual) {
    double level = n == 1 ? y : Pairs.first(page[o + ROBUST]);
    double spread = spread(page, o, usual);
    double away = y - level;
    boolean young = n <= FIRST;
    double z = young ? 0 : Math.min(Z_MAX, Math.abs(away) / (TO_DEVIATION * spread + floor));
    double clip = young ? Double.MAX_VALUE : spread;
    level +=
        Math.max(ROBUST_SHARE, 1.0 / n) * Math.clamp(away, -CLIP_LEVEL * clip, CLIP_LEVEL * clip);
    double distance = Math.min(Math.abs(away), CLIP_SPREAD * clip);
    double own = Pairs.second(page[o + ROBUST]);
    own += Math.max(SPREAD_SHARE, 1.0 / n) * (distance - own);
    page[o + ROBUST] = Pairs.of(level, own);
    return 1 + z;
  }

  private static double spread(double[] page, int o, double usual) {
    return Math.max(Pairs.second(page[o + ROBUST]), SPREAD_LEAST * usual / TO_DEVIATION);
  }

  /** How many times what makes an event, at least 1; 0 when there is none, or it was said. */
  private static double event(
      RankConfig config, double[] page, int o, double timeMs, double strength, boolean seldom) {
    double load = Pairs.first(page[o + EVENTS]);
    double last = Pairs.second(page[o + EVENTS]);
    double full = load / config.loadFull();
    double weary = 1 + config.loadWeight() * load + full * full * full;
    int taken = Pairs.firstWhole(page[o + EVENT]);
    double young = WARM / (double) taken;
    if (seldom) weary += YOUNG * young * young * young;
    double felt = strength / (EVENT_STRENGTH * weary);
    if (taken <= WARM || !(felt > 1)) return 0;
    long rested = rested(page, o, timeMs);
    double stronger = STRONGER + STRONGER_SOON * Math.exp(-rested / SOON_SECONDS);
    if (last > 0 && strength <= stronger * last && rested < config.restSeconds()) return 0;
    say(page, o, timeMs, strength);
    return felt;
  }

  /** What ranks above events was said as one is; what the next must surpass does not fall by it. */
  private static void unheard(
      RankConfig config, double[] page, int o, double timeMs, double strength) {
    boolean rests = rested(page, o, timeMs) < config.restSeconds();
    say(page, o, timeMs, rests ? Math.max(strength, Pairs.second(page[o + EVENTS])) : strength);
  }

  /** Seconds since an event was last said; any number when none was. */
  private static long rested(double[] page, int o, double timeMs) {
    return (long) (timeMs / 1000) - Pairs.secondWhole(page[o + EVENT]) & Pairs.WHOLE_MAX;
  }

  private static void say(double[] page, int o, double timeMs, double strength) {
    page[o + EVENT] = Pairs.withSecond(page[o + EVENT], (long) (timeMs / 1000));
    page[o + EVENTS] = Pairs.of(Pairs.first(page[o + EVENTS]) + 1, strength);
  }

  /**
   * What a second look may go by, see {@link Candidate}: where the value last taken lies.
   *
   * @return the next free place of {@code into}
   */
  static int read(double[] page, int o, double x, double timeMs, double[] into, int from) {
    int i = from;
    double y = x - page[o + ORIGIN];
    double floor = 1e-9 * (Math.abs(x) + 1);
    into[i++] = score(page, o);
    for (int k = 0; k < SHARES.length; k++) {
      double away = Math.abs(y - mean(page, o, k));
      into[i++] = Candidate.log(away / (deviation(page, o, k) + floor));
    }
    double others = page[o + OTHERS];
    into[i++] = Candidate.log(Pairs.first(others) / (deviation(page, o, 1) + floor));
    int bin =
        (int) Math.floorMod((long) Math.floor(timeMs / 1000 / SEASON_SECONDS), (long) SEASONS);
    into[i++] = Candidate.log(Math.abs(y - level(page, o, bin)) / (Pairs.second(others) + floor));
    into[i++] = Candidate.log(Pairs.second(others) / (deviation(page, o, 0) + floor));
    double least = TO_DEVIATION * spread(page, o, deviation(page, o, 0)) + floor;
    into[i++] = Candidate.log(Math.abs(y - Pairs.first(page[o + ROBUST])) / least);
    into[i++] = Pairs.second(page[o + ROWS]);
    double slow = deviation(page, o, 0) + floor;
    into[i++] = Candidate.log(Math.abs(mean(page, o, 2) - mean(page, o, 0)) / slow);
    into[i++] = Candidate.log(Math.abs(mean(page, o, 1) - mean(page, o, 0)) / slow);
    into[i++] = Candidate.log(deviation(page, o, 2) / slow);
    into[i++] = Candidate.log(deviation(page, o, 1) / slow);
    into[i++] = Pairs.first(page[o + EVENTS]);
    int n = Pairs.firstWhole(page[o + ROWS]);
    into[i++] = Candidate.log(n - Pairs.firstWhole(page[o + EVENT]));
    return Novelty.read(page, o + NOVELTY, n, into, i);
  }

  private static double mean(double[] page, int o, int k) {
    return Pairs.first(page[o + MEANS + k]);
  }

  private static double deviation(double[] page, int o, int k) {
    return Pairs.second(page[o + MEANS + k]);
  }

  /** A row that has seen nothing. */
  static void begin(double[] page, int o) {
    java.util.Arrays.fill(page, o, o + DOUBLES, 0);
    double unknown = Pairs.of(Double.NaN, Double.NaN);
    for (int i = 0; i < SEASONS / 2; i++) page[o + SEASON + i] = unknown;
    page[o + EXCESS] = Pairs.of(EXCESS_FIRST, 0);
  }
}
