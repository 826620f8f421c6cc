package io.prunella.detect;

/**
 * Has this distribution of the last values been seen before, and how often? Histograms of the last
 * {@value #NARROW} values over 6 bins and of the last {@value #WIDE} over 4 are compared with
 * remembered ones by relative entropy. Code over {@link #DOUBLES} doubles of a row.
 *
 * <p>2W·Σ p ln(p/h), χ² under "the same" (Wang et al., Statistical Techniques for Online Anomaly
 * Detection in Data Centers, 2011), beyond {@value #ALIKE} is none of the known ones, so it is
 * remembered as new; otherwise it is the odder the more seldom its like was seen. The range of the
 * bins is that of the first {@value #WARM} rows, and widens by steps; then all begins anew.
 */
final class Novelty {
  /*
   * RANGE: its low and high end. NOW: counts of both histograms, five bits a bin and six, then of each the number of the known
   * one that it was like last. RING: 52 codes of four bits, 15 a double. KNOWN: one histogram of each width in a double,
   * without the last bin, which follows from the width; and how often each was seen, 0 for never stored.
   * The highest two bits of all of them stay 0: as doubles they are finite.
   */
  private static final int RANGE = 0;
  private static final int NOW = 1;
  private static final int RING = 2;
  private static final int KNOWN = 6;
  private static final int KNOWN_COUNT = 12;
  static final int DOUBLES = KNOWN + KNOWN_COUNT;

  static final int NARROW = 26;
  static final int WIDE = 52;
  static final int WARM = 200;
  private static final int FIRST = WARM - WIDE + 1; // value in the histograms
  private static final int FINE = 0x7fff;
  private static final int CODES = 12; // a common multiple of 6 and 4
  private static final int CODES_A_DOUBLE = 15;
  private static final double ALIKE = 9;
  private static final int FREQUENT = 30;
  private static final int SEEN_MAX = 63;
  private static final int NONE = 15;
  private static final double MARGIN = 0.1;
  private static final double BEYOND = 0.5;
  private static final double WIDER = 1.25;

  /** One of the two widths: where its parts lie in NOW and KNOWN, and logarithms of its shares. */
  private static final class Window {
    final int width;
    final int bins;
    final int bits;
    final int now;
    final int last;
    final int known;
    final int seen;
    final double[] share;
    final double[] log;
    final double[] own; // p ln p

    Window(int width, int bins, int bits, int now, int last, int known, int seen) {
      this.width = width;
      this.bins = bins;
      this.bits = bits;
      this.now = now;
      this.last = last;
      this.known = known;
      this.seen = seen;
      share = new double[width + 1];
      log = new double[width + 1];
      own = new double[width + 1];
      for (int c = 0; c <= width; c++) {
        share[c] = (c + 0.5 / bins) / (width + 0.5);
        log[c] = Math.log(share[c]);
        own[c] = share[c] * log[c];
      }
    }

    int count(long now, int bin) {
      return (int) (now >>> this.now + bits * bin) & (1 << bits) - 1;
    }
  }

  private static final Window SHORT = new Window(NARROW, 6, 5, 0, 54, 0, 25);
  private static final Window LONG = new Window(WIDE, 4, 6, 30, 58, 31, 49);
  private static final long NOTHING = (long) NONE << SHORT.last | (long) NONE << LONG.last;
  private static final double[] RARITY = new double[SEEN_MAX + 1];

  static {
    for (int seen = 0; seen <= SEEN_MAX; seen++) {
      double rarity = Math.log((double) FREQUENT / (seen + 1)) / Math.log(FREQUENT + 1);
      RARITY[seen] = Math.max(0, rarity);
    }
  }

  private Novelty() {}

  /**
   * Takes a value; answers how new the two histograms are, from 0 to 2.
   *
   * @param n values so far, this one included
   * @param x distance from where the series began, within what a float can be
   * @param size of the value itself: the first range of a constant series is a share of it
   */
  static double observe(double[] page, int o, int n, double x, double size) {
    if (n <= WARM) {
      warm(page, o, n, x, size);
      return 0;
    }
    if (isBeyond(page, o, x)) {
      double low = low(page, o);
      double high = high(page, o);
      double range = high - low;
      boolean above = x > high;
      reach(page, o, n, above ? low : high - WIDER * range, above ? low + WIDER * range : high);
      put(page, o, n, x);
      for (int j = 0; j < KNOWN_COUNT; j++) page[o + KNOWN + j] = 0;
      store(page, o, SHORT, 1);
      store(page, o, LONG, 1);
      return 2;
    }
    int changed = put(page, o, n, x);
    return rarity(page, o, SHORT, (changed & 1) != 0) + rarity(page, o, LONG, (changed & 2) != 0);
  }

  /** True when a value is so far out that the range must widen; once there is a range. */
  static boolean isBeyond(double[] page, int o, double x) {
    double low = low(page, o);
    double high = high(page, o);
    double room = BEYOND * (high - low);
    return x > high + room || x < low - room;
  }

  static double low(double[] page, int o) {
    return Pairs.first(page[o + RANGE]);
  }

  static double high(double[] page, int o) {
    return Pairs.second(page[o + RANGE]);
  }

  /**
   * The first rows make the range; the last of these wait, four fine codes a double, until it is
   * known.
   */
  private static void warm(double[] page, int o, int n, double x, double size) {
    double oldLow = low(page, o);
    double oldHigh = high(page, o);
    double low = n == 1 ? x : Math.min(oldLow, x);
    double high = n == 1 ? x : Math.max(oldHigh, x);
    double step = (oldHigh - oldLow) / FINE;
    if (n > FIRST && (low < oldLow || high > oldHigh)) {
      for (int i = FIRST; i < n; i++) {
        double was = oldLow + (fine(page, o, i) + 0.5) * step;
        fine(page, o, i, (was - low) / (high - low));
      }
    }
    page[o + RANGE] = Pairs.of(low, high);
    if (n >= FIRST) fine(page, o, n, (x - low) / (high - low));
    if (n < WARM) return;
    var last = new double[WIDE];
    for (int i = FIRST; i <= n; i++) {
      last[i - FIRST] = low + (fine(page, o, i) + 0.5) * (high - low) / FINE;
    }
    java.util.Arrays.fill(page, o + RING, o + DOUBLES, 0);
    page[o + NOW] = Double.longBitsToDouble(NOTHING);
    double margin = high > low ? MARGIN * (high - low) : MARGIN * size + 1e-9;
    page[o + RANGE] = Pairs.of(low - margin, high + margin);
    for (int i = FIRST; i <= n; i++) put(page, o, i, last[i - FIRST]);
    store(page, o, SHORT, FREQUENT); // else every series would be news right after warm-up
    store(page, o, LONG, FREQUENT);
  }

  private static int fine(double[] page, int o, int i) {
    long word = Double.doubleToRawLongBits(page[o + RING + (i - FIRST) / 4]);
    return (int) (word >>> 15 * ((i - FIRST) % 4)) & FINE;
  }

  private static void fine(double[] page, int o, int i, double share) {
    int at = o + RING + (i - FIRST) / 4;
    int shift = 15 * ((i - FIRST) % 4);
    long code = share > 0 ? (long) Math.min(FINE, share * FINE) : 0;
    long word = Double.doubleToRawLongBits(page[at]) & ~((long) FINE << shift) | code << shift;
    page[at] = Double.longBitsToDouble(word);
  }

  private static int code(double[] page, int o, double x) {
    double low = low(page, o);
    double share = (x - low) / (high(page, o) - low);
    return share > 0 ? (int) Math.min(CODES - 1, share * CODES) : 0; // also where it is no number
  }

  private static int ring(double[] page, int o, int place) {
    long word = Double.doubleToRawLongBits(page[o + RING + place / CODES_A_DOUBLE]);
    return (int) (word >>> 4 * (place % CODES_A_DOUBLE)) & 15;
  }

  /** Bit 0 when the short histogram has changed, bit 1 when the long one has. */
  private static int put(double[] page, int o, int n, double x) {
    int code = code(page, o, x);
    int place = n % WIDE;
    long now = Double.doubleToRawLongBits(page[o + NOW]);
    now += 1L << SHORT.now + SHORT.bits * (code / 2);
    now += 1L << LONG.now + LONG.bits * (code / 3);
    int changed = 0;
    if (n - NARROW >= FIRST) {
      int old = ring(page, o, (n - NARROW) % WIDE);
      now -= 1L << SHORT.now + SHORT.bits * (old / 2);
      if (old / 2 != code / 2) changed = 1;
    }
    if (n - WIDE >= FIRST) {
      int old = ring(page, o, place);
      now -= 1L << LONG.now + LONG.bits * (old / 3);
      if (old / 3 != code / 3) changed |= 2;
    }
    page[o + NOW] = Double.longBitsToDouble(now);
    set(page, o, place, code);
    return changed;
  }

  private static void set(double[] page, int o, int place, int code) {
    int at = o + RING + place / CODES_A_DOUBLE;
    int shift = 4 * (place % CODES_A_DOUBLE);
    long word = Double.doubleToRawLongBits(page[at]) & ~(15L << shift) | (long) code << shift;
    page[at] = Double.longBitsToDouble(word);
  }

  /** Another range: the last values get the codes that they would have had in it. */
  private static void reach(double[] page, int o, int n, double low, double high) {
    double oldLow = low(page, o);
    double step = (high(page, o) - oldLow) / CODES;
    page[o + RANGE] = Pairs.of(low, high);
    long now = NOTHING;
    for (int i = Math.max(FIRST, n - WIDE); i < n; i++) {
      int place = i % WIDE;
      int code = code(page, o, oldLow + (ring(page, o, place) + 0.5) * step);
      set(page, o, place, code);
      now += 1L << LONG.now + LONG.bits * (code / 3);
      if (i >= n - NARROW) now += 1L << SHORT.now + SHORT.bits * (code / 2);
    }
    page[o + NOW] = Double.longBitsToDouble(now);
  }

  /** How seldom the like of the histogram was seen; counts it. */
  private static double rarity(double[] page, int o, Window window, boolean changed) {
    long now = Double.doubleToRawLongBits(page[o + NOW]);
    int last = (int) (now >>> window.last) & NONE;
    if (last != NONE && !changed) return count(page, o, window, last);
    double own = own(window, now);
    if (last != NONE && entropy(page, o, window, now, own, ALIKE, last) < ALIKE) {
      return count(page, o, window, last);
    }
    int nearest = NONE;
    double least = ALIKE;
    for (int j = 0; j < KNOWN_COUNT; j++) {
      if (j == last || seen(page, o, window, j) == 0) continue;
      double entropy = entropy(page, o, window, now, own, least, j);
      if (!(entropy < least)) continue;
      least = entropy;
      nearest = j;
    }
    if (nearest != NONE) {
      remember(page, o, window, nearest);
      return count(page, o, window, nearest);
    }
    store(page, o, window, 1);
    return 1;
  }

  private static double own(Window window, long now) {
    double sum = 0;
    for (int bin = 0; bin < window.bins; bin++) sum += window.own[window.count(now, bin)];
    return sum;
  }

  /** 2W·Σ p ln(p/h), or infinity as soon as it cannot be below {@code most}. */
  private static double entropy(
      double[] page, int o, Window window, long now, double own, double most, int j) {
    long known = Double.doubleToRawLongBits(page[o + KNOWN + j]) >>> window.known;
    int mask = (1 << window.bits) - 1;
    int left = window.width;
    double limit = most / (2 * window.width);
    double sum = own; // only grows: each term is −p ln h
    for (int bin = 0; bin < window.bins - 1; bin++) {
      int its = (int) (known >>> window.bits * bin) & mask;
      left -= its;
      sum -= window.share[window.count(now, bin)] * window.log[its];
      if (sum >= limit) return Double.POSITIVE_INFINITY;
    }
    sum -= window.share[window.count(now, window.bins - 1)] * window.log[left];
    return 2 * window.width * sum;
  }

  /** How often the like of both histograms was seen, see {@link Candidate}. */
  static int read(double[] page, int o, int n, double[] into, int from) {
    into[from] = n > WARM ? seen(page, o, SHORT) : 0;
    into[from + 1] = n > WARM ? seen(page, o, LONG) : 0;
    return from + 2;
  }

  private static int seen(double[] page, int o, Window window) {
    int last = (int) (Double.doubleToRawLongBits(page[o + NOW]) >>> window.last) & NONE;
    return last == NONE ? 0 : seen(page, o, window, last);
  }

  private static int seen(double[] page, int o, Window window, int j) {
    return (int) (Double.doubleToRawLongBits(page[o + KNOWN + j]) >>> window.seen) & SEEN_MAX;
  }

  private static double count(double[] page, int o, Window window, int j) {
    int seen = seen(page, o, window, j);
    if (seen < SEEN_MAX) {
      long known = Double.doubleToRawLongBits(page[o + KNOWN + j]) + (1L << window.seen);
      page[o + KNOWN + j] = Double.longBitsToDouble(known);
    }
    return RARITY[seen];
  }

  private static void remember(double[] page, int o, Window window, int j) {
    long now = Double.doubleToRawLongBits(page[o + NOW]);
    now = now & ~((long) NONE << window.last) | (long) j << window.last;
    page[o + NOW] = Double.longBitsToDouble(now);
  }

  /** Keeps the histogram of now in place of the one that was seen least. */
  private static void store(double[] page, int o, Window window, int seen) {
    int least = 0;
    for (int j = 1; j < KNOWN_COUNT; j++) {
      if (seen(page, o, window, j) < seen(page, o, window, least)) least = j;
    }
    long now = Double.doubleToRawLongBits(page[o + NOW]);
    int parts = window.bits * (window.bins - 1);
    long histogram = now >>> window.now & (1L << parts) - 1;
    long known = Double.doubleToRawLongBits(page[o + KNOWN + least]);
    known &= ~((1L << parts) - 1 << window.known | (long) SEEN_MAX << window.seen);
    known |= histogram << window.known | (long) seen << window.seen;
    page[o + KNOWN + least] = Double.longBitsToDouble(known);
    remember(page, o, window, least);
  }
}
