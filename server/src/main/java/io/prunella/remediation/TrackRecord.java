package io.prunella.remediation;

import io.prunella.remediation.Remediation.Confidence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How confident one may be that a remediation will resolve the incident: the pattern's probability
 * times the lower bound of the runbook's record for this pattern. It can lower autonomy, never lift
 * a guardrail.
 */
final class TrackRecord {
  /*
   * The bound is the 5 % quantile of a Beta posterior. Its evidence is borrowed in levels, each worth
   * less than the one before, as a power prior does [1]: what happened here with this very version
   * counts whole, with another version of the runbook half, on another service a quarter, both an
   * eighth. Evidence fades: after HALF_LIFE it weighs half, so a record tells of the system as it is.
   * The prior stands for what is known of a runbook that ships with tests: about 20 successes, hardly
   * a failure; so a clear match may use it by itself, and each failure on site costs several
   * hundredths. A success that did not last counts as a failure; a person's no with a reason is a
   * weak sign, half a failure.
   *
   * [1] Ibrahim, Chen, Power prior distributions for regression models, 2000.
   */
  private static final double PRIOR_WORKED = 20;
  private static final double PRIOR_FAILED = 0.4;
  private static final double QUANTILE = 0.05;
  private static final double OTHER_SERVICE = 0.25;
  private static final double OTHER_VERSION = 0.5;
  private static final double REJECTION = 0.5;
  private static final double HALF_LIFE_MS = Duration.ofDays(90).toMillis();

  private TrackRecord() {}

  /** What became of a past remediation. */
  enum Label {
    /** Verified, and nothing came back so far. */
    EFFECTIVE,
    /** Verified, and the same was wrong again before the service was healthy for long enough. */
    RECURRED,
    /** It did not work and was taken back, or people had to lead, or a review says it was wrong. */
    FAILED,
    /** A person said no, with a reason. */
    REJECTED,
    /** It tells nothing of the runbook: not over, or never begun. */
    NONE
  }

  /**
   * @param match probability of the pattern, 0 to 1
   * @param resetAfter healthy for so long after a success, what comes then is a new failure
   */
  static Confidence confidence(
      double match, Plan plan, Collection<Remediation> past, Instant now, Duration resetAfter) {
    double good = PRIOR_WORKED;
    double bad = PRIOR_FAILED;
    var proposed = new HashMap<String, TreeSet<Instant>>(); // when, by service: the same pattern
    for (Remediation one : past) {
      if (one.plan().pattern().equals(plan.pattern()))
        proposed.computeIfAbsent(one.service(), _ -> new TreeSet<>()).add(one.proposedAt());
    }
    var here = new int[Label.values().length];
    var elsewhere = new int[Label.values().length];
    for (Remediation one : past) {
      boolean about =
          one.plan().runbook().equals(plan.runbook())
              && one.plan().pattern().equals(plan.pattern());
      if (!about) continue;
      var again = proposed.getOrDefault(one.service(), new TreeSet<>()).higher(one.since());
      Label label = label(one, again, resetAfter);
      if (label == Label.NONE) continue;
      boolean same = one.service().equals(plan.target().service());
      (same ? here : elsewhere)[label.ordinal()]++;
      double weight = weight(one, plan, now);
      switch (label) {
        case EFFECTIVE -> good += weight;
        case RECURRED, FAILED -> bad += weight;
        case REJECTED -> bad += weight * REJECTION;
        case NONE -> {}
      }
    }
    double bound = new BetaDistribution(null, good, bad).inverseCumulativeProbability(QUANTILE);
    return new Confidence(
        rounded(match * bound),
        match,
        rounded(bound),
        here[Label.EFFECTIVE.ordinal()],
        tried(here),
        words(here, elsewhere));
  }

  /**
   * What became of it, judged by what followed.
   *
   * @param again when the same was next proposed for its service; null when never
   */
  static Label label(Remediation one, @Nullable Instant again, Duration resetAfter) {
    if (!one.status().isTerminal()) return Label.NONE;
    if (!one.hasActed()) return one.status() == Status.REJECTED ? Label.REJECTED : Label.NONE;
    var review = one.review();
    if (one.status() != Status.SUCCEEDED || (review != null && !review.good())) return Label.FAILED;
    boolean lasted = again == null || !again.isBefore(one.since().plus(resetAfter));
    return lasted ? Label.EFFECTIVE : Label.RECURRED;
  }

  private static double weight(Remediation one, Plan plan, Instant now) {
    double weight = one.service().equals(plan.target().service()) ? 1 : OTHER_SERVICE;
    if (!one.plan().runbookDigest().equals(plan.runbookDigest())) weight *= OTHER_VERSION;
    double age = Math.max(0, Duration.between(one.since(), now).toMillis());
    return weight * Math.pow(0.5, age / HALF_LIFE_MS);
  }

  private static int tried(int[] counts) {
    return counts[Label.EFFECTIVE.ordinal()]
        + counts[Label.RECURRED.ordinal()]
        + counts[Label.FAILED.ordinal()];
  }

  private static String words(int[] here, int[] elsewhere) {
    return "here worked %d of %d%s; on other services %d of %d%s"
        .formatted(
            here[Label.EFFECTIVE.ordinal()],
            tried(here),
            more(here),
            elsewhere[Label.EFFECTIVE.ordinal()],
            tried(elsewhere),
            more(elsewhere));
  }

  private static String more(int[] counts) {
    int recurred = counts[Label.RECURRED.ordinal()];
    int rejected = counts[Label.REJECTED.ordinal()];
    return (recurred == 0 ? "" : ", %d came back".formatted(recurred))
        + (rejected == 0 ? "" : ", %d rejected".formatted(rejected));
  }

  /** More digits would say more than is known. */
  private static double rounded(double probability) {
    return Math.round(probability * 1e4) / 1e4;
  }
}
