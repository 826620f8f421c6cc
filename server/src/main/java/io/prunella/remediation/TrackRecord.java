package io.prunella.remediation;

import io.prunella.remediation.Remediation.Confidence;
import java.util.Collection;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * How confident one may be that a remediation will resolve the incident: the pattern's probability
 * times the lower bound of the runbook's record for this pattern and service. The bound is the 5 %
 * quantile of a Beta posterior. The prior stands for what is known of a runbook that ships with
 * tests: about 20 successes, hardly a failure; so a clear match may use it by itself, and each
 * failure on site costs several hundredths.
 */
final class TrackRecord {
  private static final double PRIOR_WORKED = 20;
  private static final double PRIOR_FAILED = 0.4;
  private static final double QUANTILE = 0.05;

  private TrackRecord() {}

  static Confidence confidence(double match, Plan plan, Collection<Remediation> past) {
    int worked = 0;
    int tried = 0;
    double failures = 0;
    for (Remediation one : past) {
      boolean same =
          one.plan().runbook().equals(plan.runbook())
              && one.plan().pattern().equals(plan.pattern())
              && one.service().equals(plan.target().service())
              && one.status().isTerminal();
      if (!same) continue;
      if (one.hasActed()) {
        tried++;
        var review = one.review();
        boolean good = one.status() == Status.SUCCEEDED && (review == null || review.good());
        if (good) worked++;
        else failures++;
      } else if (one.status() == Status.REJECTED) {
        failures += 0.5; // a person's no with a reason: a weak sign
      }
    }
    double bound =
        new BetaDistribution(null, PRIOR_WORKED + worked, PRIOR_FAILED + failures)
            .inverseCumulativeProbability(QUANTILE);
    return new Confidence(rounded(match * bound), match, rounded(bound), worked, tried);
  }

  /** More digits would say more than is known. */
  private static double rounded(double probability) {
    return Math.round(probability * 1e4) / 1e4;
  }
}
