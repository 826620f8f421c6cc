package io.prunella.detect;

/** How fast a counter grows: what is scored of it. Pure; any thread. */
public final class Growth {
  private Growth() {}

  /**
   * Growth per second between two samples of a counter.
   *
   * @param before the earlier value
   * @param value the later one
   * @param seconds between them, above 0; NaN when there is no earlier one
   * @return NaN when the counter fell, since then it was reset, or when there is no earlier value
   */
  public static double perSecond(double before, double value, double seconds) {
    return value < before ? Double.NaN : (value - before) / seconds;
  }
}
