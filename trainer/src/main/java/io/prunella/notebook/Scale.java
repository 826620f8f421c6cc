package io.prunella.notebook;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a number lies on an axis, and where the axis has its ticks.
 *
 * @param kind how numbers are spread
 * @param least number at the axis' start
 * @param most number at its end, above {@code least}
 * @param from pixel of the start
 * @param to pixel of the end
 */
record Scale(Kind kind, double least, double most, double from, double to) {
  Scale {
    boolean isLog = kind == Kind.LOG;
    if (!(most > least) || (isLog && !(least > 0)) || Double.isInfinite(most - least)) {
      throw new IllegalArgumentException(
          "the axis goes from %s to %s, wanted finite numbers in order%s"
              .formatted(least, most, isLog ? " above 0" : ""));
    }
  }

  /** How numbers are spread along an axis. */
  enum Kind {
    LINEAR,
    /** Powers of ten evenly; numbers above 0. */
    LOG,
    /** Milliseconds since the epoch. */
    TIME
  }

  /** A tick and what is written at it. */
  record Tick(double at, String text) {}

  private static final double[] TIME_STEPS_MINUTES = {
    1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200, 86_400, 129_600
  };
  private static final double MINUTE_MS = 60_000;
  private static final double DAY_MS = 1440 * MINUTE_MS;
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  double at(double x) {
    double share =
        kind == Kind.LOG
            ? Math.log(x / least) / Math.log(most / least)
            : (x - least) / (most - least);
    return from + share * (to - from);
  }

  boolean holds(double x) {
    return x >= least && x <= most; // not for NaN
  }

  /** Ticks at round numbers; about as many as asked for, never more than twice that. */
  List<Tick> ticks(int about) {
    return switch (kind) {
      case LINEAR -> linear(about);
      case LOG -> powers(about);
      case TIME -> times(about);
    };
  }

  private List<Tick> linear(int about) {
    double step = step((most - least) / about);
    var ticks = new ArrayList<Tick>();
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step)));
    for (long k = (long) Math.ceil(least / step); k * step <= most * (1 + 1e-12); k++) {
      if (ticks.size() > 2 * about) break;
      ticks.add(new Tick(k * step, number(k * step, digits)));
    }
    return ticks;
  }

  /** The next of 1, 2, 5, 10 times a power of ten. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double times : new double[] {1, 2, 5}) {
      if (times * power >= least) return times * power;
    }
    return 10 * power;
  }

  private static String number(double x, int digits) {
    double size = Math.abs(x);
    if (size >= 1e9) return String.format(Locale.ROOT, "%.3gG", x / 1e9);
    if (size >= 1e6) return String.format(Locale.ROOT, "%sM", plain(x / 1e6));
    if (size >= 1e4) return String.format(Locale.ROOT, "%sk", plain(x / 1e3));
    return digits > 5
        ? String.format(Locale.ROOT, "%.1e", x)
        : String.format(Locale.ROOT, "%." + digits + "f", x);
  }

  private static String plain(double x) {
    return x == Math.rint(x)
        ? String.format(Locale.ROOT, "%.0f", x)
        : String.format(Locale.ROOT, "%.2f", x).replaceFirst("0+$", "");
  }

  private List<Tick> powers(int about) {
    int first = (int) Math.ceil(Math.log10(least) - 1e-9);
    int last = (int) Math.floor(Math.log10(most) + 1e-9);
    int every = Math.max(1, (last - first) / about);
    var ticks = new ArrayList<Tick>();
    for (int k = first; k <= last; k += every) {
      double x = Math.pow(10, k);
      String text = k >= 0 && k < 5 ? number(x, 0) : k > -5 ? number(x, -k) : "1e" + k;
      ticks.add(new Tick(x, text));
    }
    return ticks;
  }

  private List<Tick> times(int about) {
    double step = TIME_STEPS_MINUTES[TIME_STEPS_MINUTES.length - 1] * MINUTE_MS;
    for (int k = TIME_STEPS_MINUTES.length - 1; k >= 0; k--) {
      if ((most - least) / (TIME_STEPS_MINUTES[k] * MINUTE_MS) > 1.5 * about) break;
      step = TIME_STEPS_MINUTES[k] * MINUTE_MS;
    }
    var ticks = new ArrayList<Tick>();
    for (double at = Math.ceil(least / step) * step; at <= most; at += step) {
      var instant = Instant.ofEpochMilli((long) at);
      boolean midnight = at % DAY_MS == 0;
      ticks.add(new Tick(at, midnight ? DAY.format(instant) : HOUR.format(instant)));
      if (ticks.size() > 2 * about) break;
    }
    return ticks;
  }
}
