package io.prunella.remediation;

import io.prunella.runbook.CronWindow;
import io.prunella.runbook.PolicyBounds;
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
 * @param allowWindows when there are any, forward steps begin only inside one
 * @param calendars calendars whose events are times in which nothing forward begins
 * @param shortCircuit when too many are ill at once, automation is not the answer
 * @param failureDomains how much may be acted on at once in zones, racks or the like
 * @param clockSkewMax how far the clock may stand behind the journal, or readings ahead of it
 * @param oscillationWithin a change that was undone within this time is not made again without a
 *     person
 */
public record PolicyConfig(
    List<CronWindow> windows,
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
    Duration indeterminateMax,
    List<CronWindow> allowWindows,
    List<CalendarEntry> calendars,
    ShortCircuit shortCircuit,
    FailureDomains failureDomains,
    Duration clockSkewMax,
    Duration oscillationWithin) {
  /** Deployments are remembered for a day. */
  private static final Duration DEPLOYMENT_MAX = Duration.ofHours(24);

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
    positive("deployment-max", deploymentMax);
    if (deploymentMax.compareTo(DEPLOYMENT_MAX) > 0) {
      throw new IllegalArgumentException(
          "deployment-max is %s, wanted at most %s".formatted(deploymentMax, DEPLOYMENT_MAX));
    }
    positive("retry-after", retryAfter);
    positive("approval-lasting", approvalLasting);
    positive("remediation-lasting", remediationLasting);
    positive("indeterminate-max", indeterminateMax);
    allowWindows = List.copyOf(allowWindows);
    calendars = List.copyOf(calendars);
    positive("clock-skew-max", clockSkewMax);
  }

  /** With everything else as it ships. */
  public PolicyConfig(
      List<CronWindow> windows,
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
    this(
        windows,
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
        indeterminateMax,
        List.of(),
        List.of(),
        ShortCircuit.DEFAULTS,
        FailureDomains.DEFAULTS,
        Duration.ofMinutes(1),
        Duration.ofHours(1));
  }

  /**
   * Many ill at once have one cause that no runbook for one of them mends. Ill is a target that is
   * the culprit of an open incident, or is being acted on; counted among the targets of the same
   * environment.
   *
   * @param unhealthyPercentMax so much of them may be ill, rounded down; two may always be
   * @param unhealthyMax so many may be ill, however many there are
   * @param stormCooldown after too many were ill, nothing begins for so long
   * @param badEndsMax so many other targets on which the same runbook has ended badly within the
   *     time in which attempts count, and it is tried on no further one
   */
  public record ShortCircuit(
      int unhealthyPercentMax, int unhealthyMax, Duration stormCooldown, int badEndsMax) {
    static final ShortCircuit DEFAULTS = new ShortCircuit(40, 10, Duration.ofMinutes(10), 2);

    public ShortCircuit {
      if (unhealthyPercentMax < 1 || unhealthyPercentMax > 100) {
        throw new IllegalArgumentException(
            "unhealthy-percent-max is %d, wanted 1 to 100".formatted(unhealthyPercentMax));
      }
      atLeast("unhealthy-max", unhealthyMax, 1);
      atLeast("bad-ends-max", badEndsMax, 1);
      if (stormCooldown.isNegative()) {
        throw new IllegalArgumentException(
            "storm-cooldown is %s, wanted 0 or more".formatted(stormCooldown));
      }
    }
  }

  /**
   * Targets that share a label's value share a fate: a zone, a rack, a cluster.
   *
   * @param label the label of targets that names their domain; a target without it is in none
   * @param perDomainMax remediations under way at once in one domain; in another domain nothing
   *     begins meanwhile
   */
  public record FailureDomains(String label, int perDomainMax) {
    static final FailureDomains DEFAULTS = new FailureDomains("zone", 1);

    public FailureDomains {
      atLeast("per-domain-max", perDomainMax, 1);
    }
  }

  /**
   * A calendar of times in which nothing forward begins: its events, unless they are cancelled or
   * marked as free.
   *
   * @param name for people
   * @param file iCalendar file, relative to the configuration's folder; or {@code url}
   * @param url http or https; redirects are not followed
   * @param zone IANA time zone of whole days and of times that name none
   * @param refresh how often it is read
   * @param ageMax what was read longer ago counts no more: until it can be read again, nothing
   *     begins
   * @param bytesMax a longer one is not read
   * @param onlyNamed whether it holds back only runbooks that name it
   */
  public record CalendarEntry(
      String name,
      String file,
      String url,
      String zone,
      Duration refresh,
      Duration ageMax,
      int bytesMax,
      boolean onlyNamed) {
    static final CalendarEntry DEFAULTS =
        new CalendarEntry(
            "calendar", "", "", "UTC", Duration.ofMinutes(5), Duration.ofHours(1), 1 << 20, false);

    public CalendarEntry {
      positive("calendar refresh", refresh);
      positive("calendar age-max", ageMax);
      atLeast("calendar bytes-max", bytesMax, 1);
      try {
        java.time.ZoneId.of(zone);
      } catch (java.time.DateTimeException e) {
        throw new IllegalArgumentException(
            "zone is %s, wanted a time zone such as Europe/Paris".formatted(zone));
      }
    }

    /** What is wrong with it besides its ranges: it is read from one place. */
    public java.util.Optional<String> problem() {
      if (file.isEmpty() == url.isEmpty()) {
        return java.util.Optional.of(
            "calendar %s has file \"%s\" and url \"%s\", wanted one of them"
                .formatted(name, file, url));
      }
      boolean web = url.isEmpty() || url.startsWith("http://") || url.startsWith("https://");
      return web
          ? java.util.Optional.empty()
          : java.util.Optional.of(
              "calendar %s: url is %s, wanted http:// or https://".formatted(name, url));
    }
  }

  /** What no runbook may loosen. */
  public PolicyBounds bounds() {
    return new PolicyBounds(
        shortCircuit.unhealthyPercentMax(),
        shortCircuit.unhealthyMax(),
        shortCircuit.stormCooldown(),
        concurrentMax,
        failureDomains.perDomainMax(),
        scaleOutCumulativePercentMax,
        new java.util.TreeSet<>(calendars.stream().map(CalendarEntry::name).toList()),
        null);
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
  public PolicyConfig withWindows(List<CronWindow> other) {
    return with(other, allowWindows, shortCircuit, concurrentMax, failureDomains);
  }

  /** The same with times outside of which nothing forward begins. */
  public PolicyConfig withAllowWindows(List<CronWindow> other) {
    return with(windows, other, shortCircuit, concurrentMax, failureDomains);
  }

  /** The same with another short-circuit. */
  public PolicyConfig withShortCircuit(ShortCircuit other) {
    return with(windows, allowWindows, other, concurrentMax, failureDomains);
  }

  /** The same with other numbers of remediations that may be under way at once. */
  public PolicyConfig withConcurrency(int max, int perDomainMax) {
    var domains = new FailureDomains(failureDomains.label(), perDomainMax);
    return with(windows, allowWindows, shortCircuit, max, domains);
  }

  private PolicyConfig with(
      List<CronWindow> closed,
      List<CronWindow> allowed,
      ShortCircuit circuit,
      int atOnceMax,
      FailureDomains domains) {
    return new PolicyConfig(
        closed,
        deploymentMax,
        scaleOutPercentMax,
        scaleOutCumulativePercentMax,
        minStepOne,
        attemptsMax,
        attemptsWithin,
        attemptsResetAfter,
        cooldown,
        atOnceMax,
        inputAgeMax,
        databaseRoles,
        approversMin,
        approvalLasting,
        remediationLasting,
        blockedMax,
        retryAfter,
        indeterminateMax,
        allowed,
        calendars,
        circuit,
        domains,
        clockSkewMax,
        oscillationWithin);
  }
}
