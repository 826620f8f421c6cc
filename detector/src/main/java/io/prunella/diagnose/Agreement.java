package io.prunella.diagnose;

import java.time.Duration;

/**
 * How far a service's symptoms are over the lines from which on they may be an incident, each line
 * being 1: the statistic that the alarm budget watches. Below a line its share of it; above, how
 * many times its size, which has no cap.
 *
 * @param harm several signals or series agree, and harm is among them
 * @param lone one harmful signal by itself
 * @param busy without harm, several signals
 */
public record Agreement(double harm, double lone, double busy) {
  private static final int SIGNALS_MIN = 2;
  private static final int SERIES_MIN = 3;
  private static final int BUSY_SIGNALS_MIN = 3;
  private static final double HARM_SHARE = 1 / 3.0;
  private static final double ODD_POINTS = 28;

  /**
   * Where the lines are, in points, and for how long one must be over them.
   *
   * @param harm of all points; a third of it must be harm
   * @param lone of the points of harm
   * @param busy of all points
   * @param oddFor how long a single series must be odd to count by itself, whatever it speaks of
   */
  public record Lines(
      double harm,
      Duration harmFor,
      double lone,
      Duration loneFor,
      double busy,
      Duration busyFor,
      Duration oddFor) {
    /** What ships. */
    public static final Lines DEFAULTS =
        new Lines(
            30,
            Duration.ofSeconds(60),
            28,
            Duration.ofMinutes(3),
            45,
            Duration.ofMinutes(5),
            Duration.ofMinutes(90));
  }

  /** Of what all of a service's symptoms weigh. */
  public static Agreement of(Weighing weighed, Lines lines) {
    boolean agrees = weighed.signals() >= SIGNALS_MIN || weighed.series() >= SERIES_MIN;
    double harmLine = HARM_SHARE * lines.harm();
    return new Agreement(
        agrees
            ? over(
                Math.min(weighed.points() / lines.harm(), weighed.harmPoints() / harmLine),
                Math.min(weighed.size() / lines.harm(), weighed.harmSize() / harmLine))
            : 0,
        over(weighed.harmPoints() / lines.lone(), weighed.harmSize() / lines.lone()),
        weighed.signals() >= BUSY_SIGNALS_MIN
            ? over(weighed.points() / lines.busy(), weighed.size() / lines.busy())
            : 0);
  }

  /**
   * The same of a single series that is odd for very long; its line is near the top of the scale.
   */
  static double ofOne(Symptom symptom) {
    if (Strength.weighted(symptom) <= 0 || Strength.isBenign(symptom)) return 0;
    return over(Strength.points(symptom) / ODD_POINTS, Strength.sizeAlone(symptom) / ODD_POINTS);
  }

  /** The largest of the three. */
  public double most() {
    return Math.max(harm, Math.max(lone, busy));
  }

  private static double over(double share, double size) {
    return share < 1 ? share : Math.max(1, size);
  }
}
