package io.prunella.notebook;

import java.util.Locale;

/**
 * What a notebook claims, checked: a claim that holds is printed with its number, one that does not
 * ends the run. Any thread.
 */
public final class Check {
  private Check() {}

  /**
   * Claims that a number lies between two others, ends included.
   *
   * @throws AssertionError when it does not, or is no number
   */
  public static void between(String what, double seen, double least, double most) {
    System.out.println(told(what, seen, least, most));
  }

  /** Claims that a number is at least another; as {@link #between}. */
  public static void atLeast(String what, double seen, double least) {
    between(what, seen, least, Double.POSITIVE_INFINITY);
  }

  /** Claims that a number is at most another; as {@link #between}. */
  public static void atMost(String what, double seen, double most) {
    between(what, seen, Double.NEGATIVE_INFINITY, most);
  }

  /** The line that is printed. */
  static String told(String what, double seen, double least, double most) {
    String wanted =
        least == most
            ? number(least)
            : most == Double.POSITIVE_INFINITY
                ? "at least " + number(least)
                : least == Double.NEGATIVE_INFINITY
                    ? "at most " + number(most)
                    : number(least) + " to " + number(most);
    if (!(seen >= least && seen <= most)) {
      throw new AssertionError("%s is %s, wanted %s".formatted(what, number(seen), wanted));
    }
    return "\u2713 %s: %s, wanted %s".formatted(what, number(seen), wanted);
  }

  /** Digits that matter; whole numbers as they are. */
  static String number(double x) {
    if (x == Math.rint(x) && Math.abs(x) < 1e9) return String.format(Locale.ROOT, "%.0f", x);
    double size = Math.abs(x);
    if (!Double.isFinite(x)) return Double.toString(x);
    if (size >= 1e6 || size < 1e-4) return String.format(Locale.ROOT, "%.2e", x);
    return String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.4f", x);
  }
}
