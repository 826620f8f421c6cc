package io.prunella.detect;

/**
 * What a series usually is at this half-hour of the day, on this day of the week (UTC): the level
 * goes up and down with it. It says nothing until it has seen two weeks and explains the series
 * better than its mean does. Code over {@link #DOUBLES} doubles of a row, once a minute at most.
 */
final class Season {
  /*
   * Expected is the mean of about a week and the half-hour's distance from it, drawn between its neighbours' middles, times
   * how much of it that day of the week has: a Sunday may have a third. A half-hour learns once a day, from the mean of its
   * samples, a day once a week, by regression. Only changes within a day are asked: the level knows the rest.
   *
   * Skill: the mean error is less than SKILL of that of the mean alone, both clipped so that what is odd does not widen
   * them. Each night what all half-hours have in common goes to the mean, or it would follow a wandering series less well
   * than they do.
   *
   * Bins are floats cut to 15 bits, four to a double: they are distances from the mean, good to a hundredth.
   */
  static final int BINS = 48;
  private static final int DAYS = 7;
  private static final int DAY_PLACE = 12; // how much of the season each has, less 1
  private static final int MEAN = 14;
  private static final int ERRORS = 15; // mean error of the season, and of the mean alone
  private static final int NOW =
      16; // sum of the half-hour's distances; how many, times 64, and which
  private static final int TODAY =
      17; // sums of products of distances: seen with known, known with known
  private static final int LEARNT = 18; // errors, times 8, and 1 + the day of the last
  static final int DOUBLES = 19;

  private static final double BIN_SECONDS = 1800;
  private static final double DAY_MS = 86_400_000;
  private static final double HOUR_MS = 3_600_000;
  private static final long MINUTE_MS = 60_000;
  private static final double PROVEN_MS = 14 * DAY_MS; // each day of the week was there twice
  private static final int PROVEN_ERRORS = 300;
  private static final double SKILL = 0.75;
  private static final double MEAN_SECONDS = 7 * 86_400;
  private static final double ERROR_SECONDS = 3 * 86_400;
  private static final double BIN_SHARE = 0.1;
  private static final double DAY_SHARE = 0.4;
  private static final double DAY_SHARE_FIRST = 0.8; // of two weeks
  private static final double SHARE_MAX = 3; // of the season, on a day
  private static final double SHARE_LEAST = 0.25; // squared: less learns no faster
  private static final double CLIP_LEARNT = 3; // mean errors
  private static final double CLIP_ERROR = 5;
  private static final int CLIP_FROM = 50;
  private static final double FARTHEST = 1e37;
  private static final long UNKNOWN = 0x7fff;
  private static final int BITS = 15;
  private static final int CUT = 32 - BITS;

  private Season() {}

  static void begin(double[] page, int s) {
    for (int bin = 0; bin < BINS; bin++) put(page, s, bin, Double.NaN);
    for (int i = DAY_PLACE; i < DOUBLES; i++) page[s + i] = 0;
  }

  /** True when what is usual at this time says more than the mean, and enough has been seen. */
  static boolean isProven(double[] page, int s, double ageMs) {
    double errors = page[s + ERRORS];
    return ageMs >= PROVEN_MS
        && page[s + LEARNT] >= 8.0 * PROVEN_ERRORS
        && Pairs.first(errors) < SKILL * Pairs.second(errors);
  }

  /** What is usual at a time; NaN where it is not known. */
  static double expected(double[] page, int s, double timeMs) {
    return page[s + MEAN] + share(page, s, timeMs) * distance(page, s, timeMs);
  }

  private static double share(double[] page, int s, double timeMs) {
    return 1 + get(page, s + DAY_PLACE, day(timeMs));
  }

  /** True for the first sample of a minute: more often nothing is asked or learnt. */
  static boolean isDue(double beforeMs, long timeMs) {
    return Math.floorDiv((long) beforeMs, MINUTE_MS) != Math.floorDiv(timeMs, MINUTE_MS);
  }

  /**
   * How much the level changes over the minutes that have begun since the sample before; 0 where no
   * season is proven.
   *
   * @param ageMs since the first sample
   */
  static double change(double[] page, int s, double beforeMs, long timeMs, double ageMs) {
    if (!isProven(page, s, ageMs)) return 0;
    double now = minute(timeMs);
    double before = minute((long) beforeMs);
    double change = share(page, s, now) * (distance(page, s, now) - distance(page, s, before));
    return Double.isNaN(change) ? 0 : change;
  }

  /**
   * A distance from what was expected as it would be an hour earlier or later, when that is nearer:
   * clocks are put forward, jobs come late. 0 where the value lies between.
   */
  static double shifted(double[] page, int s, double timeMs, double away, double ageMs) {
    if (!isProven(page, s, ageMs)) return away;
    double share = share(page, s, timeMs);
    double usual = distance(page, s, timeMs);
    double early = away + share * (usual - distance(page, s, timeMs - HOUR_MS));
    double late = away + share * (usual - distance(page, s, timeMs + HOUR_MS));
    if (Double.isNaN(early) || Double.isNaN(late)) return away;
    if (early * away <= 0 || late * away <= 0) return 0;
    double least = Math.min(Math.abs(away), Math.min(Math.abs(early), Math.abs(late)));
    return Math.copySign(least, away);
  }

  /**
   * Learns a value that is not odd and the first of its minute.
   *
   * @param since seconds since the sample before
   * @param ageMs since the first sample
   * @param least distance that matters
   */
  static void learn(
      double[] page, int s, double timeMs, double x, double since, double ageMs, double least) {
    double seconds = Math.max(MINUTE_MS / 1000.0, since);
    if (page[s + NOW] == 0) page[s + MEAN] = x;
    double learnt = Math.floor(page[s + LEARNT] / 8);
    double usual = learnt < CLIP_FROM ? FARTHEST : Math.max(Pairs.first(page[s + ERRORS]), least);
    double away = Math.clamp(x - page[s + MEAN], -FARTHEST, FARTHEST);
    bin(page, s, timeMs, away, ageMs, usual);
    double distance = distance(page, s, timeMs);
    double wide = Math.max(usual, Pairs.second(page[s + ERRORS]));
    if (!Double.isNaN(distance)) {
      today(page, s, timeMs, away, distance, ageMs);
      double left = Math.abs(away - share(page, s, timeMs) * distance);
      double errors = page[s + ERRORS];
      double step = Math.max(seconds / (ERROR_SECONDS + seconds), 1 / (learnt + 1));
      page[s + ERRORS] =
          Pairs.of(
              learnError(Pairs.first(errors), left, step, usual),
              learnError(Pairs.second(errors), Math.abs(away), step, wide));
      page[s + LEARNT] = 8 * (learnt + 1) + 1 + day(timeMs);
    }
    double age = ageMs / 1000;
    double step = Math.max(seconds / (MEAN_SECONDS + seconds), seconds / (age + seconds));
    double clip = CLIP_ERROR * wide;
    page[s + MEAN] += step * Math.clamp(away, -clip, clip);
  }

  private static double learnError(double mean, double error, double step, double usual) {
    return mean + step * (Math.min(error, CLIP_ERROR * usual) - mean);
  }

  /** The level is another from now on: the season goes with it. */
  static void reseat(double[] page, int s, double timeMs, double level) {
    double off = level - expected(page, s, timeMs);
    if (!Double.isNaN(off)) page[s + MEAN] += off;
  }

  private static void bin(
      double[] page, int s, double timeMs, double away, double ageMs, double usual) {
    double pair = page[s + NOW];
    int code = (int) Pairs.second(pair);
    int bin = binOf(place(timeMs));
    double sum = Pairs.first(pair);
    if ((code & 63) != bin && code >= 64) {
      double share = share(page, s, timeMs - 1000 * BIN_SECONDS);
      learnBin(page, s, code & 63, sum / (code >> 6), share, ageMs, usual);
      code = 0;
      sum = 0;
    }
    int count = Math.min(code >> 6, 1 << 16);
    page[s + NOW] = Pairs.of(sum + away, (count + 1) * 64 + bin);
  }

  /** Least mean squares, normalised: a day that has little of the season says little of it. */
  private static void learnBin(
      double[] page, int s, int bin, double seen, double share, double ageMs, double usual) {
    double known = get(page, s, bin);
    if (Double.isNaN(known)) {
      put(page, s, bin, seen);
      return;
    }
    double clip = CLIP_LEARNT * usual;
    double off = Math.clamp(seen - share * known, -clip, clip);
    double step = Math.max(BIN_SHARE, 1 / (1 + ageMs / DAY_MS));
    put(page, s, bin, known + step * off * share / Math.max(SHARE_LEAST, share * share));
  }

  private static void today(
      double[] page, int s, double timeMs, double away, double distance, double ageMs) {
    int last = (int) (page[s + LEARNT] % 8) - 1;
    if (last >= 0 && last != day(timeMs)) {
      learnDay(page, s, last, ageMs);
      page[s + TODAY] = 0;
    }
    double pair = page[s + TODAY];
    double seen = Pairs.first(pair) + away * distance;
    page[s + TODAY] = Pairs.of(seen, Pairs.second(pair) + distance * distance);
  }

  private static void learnDay(double[] page, int s, int day, double ageMs) {
    double known = Pairs.second(page[s + TODAY]);
    if (known > 0) {
      double seen = Math.clamp(Pairs.first(page[s + TODAY]) / known, 0, SHARE_MAX);
      double before = 1 + get(page, s + DAY_PLACE, day);
      double step = ageMs < PROVEN_MS ? DAY_SHARE_FIRST : DAY_SHARE;
      put(page, s + DAY_PLACE, day, before + step * (seen - before) - 1);
    }
    centre(page, s);
  }

  /** What all half-hours have in common is the mean's. */
  private static void centre(double[] page, int s) {
    double sum = 0;
    int known = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double one = get(page, s, bin);
      if (Double.isNaN(one)) continue;
      sum += one;
      known++;
    }
    if (known == 0) return;
    double off = sum / known;
    for (int bin = 0; bin < BINS; bin++) put(page, s, bin, get(page, s, bin) - off);
    page[s + MEAN] += off;
  }

  /** Distance of the time of day from the mean, drawn between neighbours' middles. */
  private static double distance(double[] page, int s, double timeMs) {
    double place = place(timeMs);
    double whole = Math.floor(place);
    double beside = place - whole - 0.5;
    int bin = binOf(place);
    double here = get(page, s, bin);
    double next = get(page, s, Math.floorMod(beside < 0 ? bin - 1 : bin + 1, BINS));
    return Double.isNaN(next) ? here : here + Math.abs(beside) * (next - here);
  }

  private static double minute(long timeMs) {
    return Math.floorDiv(timeMs, MINUTE_MS) * MINUTE_MS;
  }

  private static double place(double timeMs) {
    return timeMs / 1000 / BIN_SECONDS;
  }

  private static int binOf(double place) {
    return (int) Math.floorMod((long) Math.floor(place), (long) BINS);
  }

  /** Day of the week, 0 for Thursday: the epoch began on one. */
  private static int day(double timeMs) {
    return (int) Math.floorMod((long) Math.floor(timeMs / DAY_MS), (long) DAYS);
  }

  private static double get(double[] page, int from, int which) {
    long bits = Double.doubleToRawLongBits(page[from + (which >> 2)]);
    long mine = bits >>> BITS * (which & 3) & UNKNOWN;
    return Float.intBitsToFloat((int) mine << CUT);
  }

  private static void put(double[] page, int from, int which, double value) {
    long mine = UNKNOWN; // a NaN
    if (!Double.isNaN(value)) {
      float f = (float) Math.clamp(value, -FARTHEST, FARTHEST);
      mine = Float.floatToRawIntBits(f) + (1 << CUT - 1) >>> CUT; // to the nearest
    }
    int place = from + (which >> 2);
    int shift = BITS * (which & 3);
    long bits = Double.doubleToRawLongBits(page[place]);
    page[place] = Double.longBitsToDouble(bits & ~(UNKNOWN << shift) | mine << shift);
  }
}
