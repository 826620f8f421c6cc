package io.prunella.detect;

/**
 * What the detectors of one installation go by. Times are in seconds of the samples' own clock,
 * surprises in nats (−ln p), spreads in robust standard deviations of one series.
 *
 * @param levelSeconds time constant of a series' level; never shorter than {@code levelSamples}
 * @param levelSamples time constant of the level in samples, for series that come seldom
 * @param trendSeconds time constant of the trend, at least six times the level's in samples
 * @param spreadSeconds time constant of the spread, at least six times the level's in samples
 * @param learnSamples samples before anything is said about a series
 * @param evidenceStep surprise of one sample above which it speaks for an anomaly
 * @param evidenceOpen evidence, summed over samples, at which an anomaly opens
 * @param closeSurprise surprise below which a sample counts as back where it belongs
 * @param closeSamples such samples in a row that close an anomaly
 * @param spreadShareMin smallest spread as a share of the level: flat series do not scream
 * @param confirmSeconds how long a new level must stand before it is taken as the new normal
 * @param forgetSeconds gap after which what was learnt of a series no longer counts, unless its
 *     samples usually come so seldom
 * @param silenceSeconds shortest gap that can be called silence
 * @param silenceGaps shortest gap that can be called silence, in usual gaps between samples
 * @param limitSamples samples in a row above a share of the limit that open, and below it that
 *     close, a headroom anomaly
 * @param headroomBack share of the limit by which use must fall below the threshold to close it
 * @param checkFailures failed checks in a row that open, and good ones that close, an anomaly
 * @param exhaustionShareMin share of the limit below which time to exhaustion is not looked at
 * @param exhaustionSeconds time to exhaustion, for memory, pools and the rest, that is a symptom
 * @param exhaustionDiskSeconds the same for disks
 * @param certificateDays life of a certificate against which its remaining days are measured
 * @param falseIncidentsPerWeek incidents out of surprise alone that may open in a week, of the
 *     whole installation, though nothing is wrong; how much surprises must weigh follows from it.
 *     Limits, failed checks and alerts of others are not counted
 */
public record DetectConfig(
    double levelSeconds,
    double levelSamples,
    double trendSeconds,
    double spreadSeconds,
    int learnSamples,
    double evidenceStep,
    double evidenceOpen,
    double closeSurprise,
    int closeSamples,
    double spreadShareMin,
    double confirmSeconds,
    double forgetSeconds,
    double silenceSeconds,
    double silenceGaps,
    int limitSamples,
    double headroomBack,
    int checkFailures,
    double exhaustionShareMin,
    double exhaustionSeconds,
    double exhaustionDiskSeconds,
    double certificateDays,
    double falseIncidentsPerWeek) {

  /** What ships. */
  public static final DetectConfig DEFAULTS =
      new DetectConfig(
          600, 40, 3600, 3600, 30, 4, 11, 4, 5, 0.01, 3600, 6 * 3600, 300, 5, 3, 0.02, 3, 0.5, 3600,
          4 * 3600, 90, 1);

  public DetectConfig {
    positive("levelSeconds", levelSeconds);
    positive("levelSamples", levelSamples);
    positive("trendSeconds", trendSeconds);
    positive("spreadSeconds", spreadSeconds);
    positive("learnSamples", learnSamples);
    positive("evidenceStep", evidenceStep);
    positive("evidenceOpen", evidenceOpen);
    positive("closeSurprise", closeSurprise);
    positive("closeSamples", closeSamples);
    positive("spreadShareMin", spreadShareMin);
    positive("confirmSeconds", confirmSeconds);
    positive("forgetSeconds", forgetSeconds);
    positive("silenceSeconds", silenceSeconds);
    positive("silenceGaps", silenceGaps);
    positive("limitSamples", limitSamples);
    positive("headroomBack", headroomBack);
    positive("checkFailures", checkFailures);
    positive("exhaustionShareMin", exhaustionShareMin);
    positive("exhaustionSeconds", exhaustionSeconds);
    positive("exhaustionDiskSeconds", exhaustionDiskSeconds);
    positive("certificateDays", certificateDays);
    if (!(falseIncidentsPerWeek >= AlarmBudget.PER_WEEK_MIN
        && falseIncidentsPerWeek <= AlarmBudget.PER_WEEK_MAX)) {
      throw new IllegalArgumentException(
          "falseIncidentsPerWeek is %s, wanted %s to %s"
              .formatted(
                  falseIncidentsPerWeek, AlarmBudget.PER_WEEK_MIN, AlarmBudget.PER_WEEK_MAX));
    }
    if (closeSurprise > evidenceStep) {
      throw new IllegalArgumentException(
          "closeSurprise is %s, wanted at most evidenceStep, which is %s"
              .formatted(closeSurprise, evidenceStep));
    }
  }

  private static void positive(String name, double seen) {
    if (!(seen > 0) || Double.isInfinite(seen)) {
      throw new IllegalArgumentException(
          "%s is %s, wanted a finite number above 0".formatted(name, seen));
    }
  }
}
