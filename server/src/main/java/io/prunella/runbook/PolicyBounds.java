package io.prunella.runbook;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the policy allows at most, as far as a runbook may say less: a runbook that says more is
 * refused, as whoever reads it would believe it.
 *
 * @param unhealthyPercentMax see {@link Runbook.ShortCircuit}
 * @param unhealthyMax see {@link Runbook.ShortCircuit}
 * @param stormCooldown see {@link Runbook.ShortCircuit}; a runbook may say more
 * @param concurrentMax see {@link Runbook.Concurrency}
 * @param perDomainMax see {@link Runbook.Concurrency}
 * @param scaleOutCumulativePercentMax see {@link Runbook.Limits}
 * @param calendars names of the calendars that there are; null: not known here
 * @param channels names of the ways out to people that there are; null: not known here
 */
public record PolicyBounds(
    int unhealthyPercentMax,
    int unhealthyMax,
    Duration stormCooldown,
    int concurrentMax,
    int perDomainMax,
    int scaleOutCumulativePercentMax,
    @Nullable Set<String> calendars,
    @Nullable Set<String> channels) {
  /** The numbers alone, where it is not known which calendars and ways out to people there are. */
  public PolicyBounds numbers() {
    return with(null, null);
  }

  /** The same where it is known which ways out to people there are. */
  public PolicyBounds withChannels(Set<String> known) {
    return with(calendars, known);
  }

  private PolicyBounds with(@Nullable Set<String> calendars, @Nullable Set<String> channels) {
    return new PolicyBounds(
        unhealthyPercentMax,
        unhealthyMax,
        stormCooldown,
        concurrentMax,
        perDomainMax,
        scaleOutCumulativePercentMax,
        calendars,
        channels);
  }
}
