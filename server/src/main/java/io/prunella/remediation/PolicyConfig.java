package io.prunella.remediation;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What automation may do at most, wherever it acts. A runbook may tighten it, never loosen it.
 *
 * @param windows times in which nothing forward begins
 * @param deploymentMax a deployment that has not finished after this is taken for finished
 * @param scaleOutPercentMax growth per action, of the count before it
 * @param scaleOutCumulativePercentMax growth per incident, of the count at its start
 * @param minStepOne whether a small count, of which the percentage gives no whole instance, may
 *     grow by one without a person
 * @param attemptsMax attempts per incident, and per target with pattern within {@code
 *     attemptsWithin}
 * @param attemptsWithin see {@code attemptsMax}
 * @param attemptsResetAfter healthy for so long after a success, earlier attempts count no more
 * @param cooldown between the end of one attempt on a target and the next
 * @param concurrentMax remediations under way at once, over all targets
 * @param inputAgeMax readings older than this are not fresh
 * @param databaseRoles roles that are databases: in production a person approves every change
 * @param approversMin distinct people that a tier 4 proposal needs
 * @param approvalLasting after which nobody's answer is a no
 * @param remediationLasting the most that carrying out may take
 * @param blockedMax a proposal that its preconditions hold back longer than this is given up
 * @param retryAfter when what was held back without a known end is judged again
 * @param indeterminateMax how long an unknown end is probed before people are called to lead
 */
public record PolicyConfig(
    List<DenyWindow> windows,
    Duration deploymentMax,
    int scaleOutPercentMax,
    int scaleOutCumulativePercentMax,
    boolean minStepOne,
    int attemptsMax,
    Duration attemptsWithin,
    Duration attemptsResetAfter,
    Duration cooldown,
    int concurrentMax,
    Duration inputAgeMax,
    Set<String> databaseRoles,
    int approversMin,
    Duration approvalLasting,
    Duration remediationLasting,
    Duration blockedMax,
    Duration retryAfter,
    Duration indeterminateMax) {
  public static final PolicyConfig DEFAULTS =
      new PolicyConfig(
          List.of(),
          Duration.ofHours(2),
          25,
          50,
          false,
          3,
          Duration.ofHours(4),
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          3,
          Duration.ofSeconds(90),
          Set.of("database"),
          1,
          Duration.ofHours(4),
          Duration.ofMinutes(10),
          Duration.ofMinutes(15),
          Duration.ofSeconds(30),
          Duration.ofMinutes(30));

  public PolicyConfig {
    windows = List.copyOf(windows);
    databaseRoles = Set.copyOf(databaseRoles);
    atLeast("scale-out-percent-max", scaleOutPercentMax, 0);
    atLeast("scale-out-cumulative-percent-max", scaleOutCumulativePercentMax, scaleOutPercentMax);
    atLeast("attempts-max", attemptsMax, 1);
    atLeast("concurrent-max", concurrentMax, 1);
    atLeast("approvers-min", approversMin, 1);
    positive("retry-after", retryAfter);
    positive("approval-lasting", approvalLasting);
    positive("remediation-lasting", remediationLasting);
    positive("indeterminate-max", indeterminateMax);
  }

  private static void atLeast(String name, int seen, int wanted) {
    if (seen < wanted) {
      throw new IllegalArgumentException(
          "policy %s is %d, wanted at least %d".formatted(name, seen, wanted));
    }
  }

  private static void positive(String name, Duration seen) {
    if (seen.isNegative() || seen.isZero()) {
      throw new IllegalArgumentException(
          "policy %s is %s, wanted more than 0".formatted(name, seen));
    }
  }

  /** The same with other deployment windows. */
  public PolicyConfig withWindows(List<DenyWindow> other) {
    return new PolicyConfig(
        other,
        deploymentMax,
        scaleOutPercentMax,
        scaleOutCumulativePercentMax,
        minStepOne,
        attemptsMax,
        attemptsWithin,
        attemptsResetAfter,
        cooldown,
        concurrentMax,
        inputAgeMax,
        databaseRoles,
        approversMin,
        approvalLasting,
        remediationLasting,
        blockedMax,
        retryAfter,
        indeterminateMax);
  }
}
