package io.prunella.control;

import io.prunella.remediation.PolicyConfig;
import java.time.Duration;

/**
 * How the one writer works.
 *
 * @param policy what automation may do at most
 * @param asksMax commands of people that may wait; past it they are refused with 503
 * @param changesMax changes that may wait; past it the oldest is left out
 * @param undecidedFor an incident without a clear match, a target or a runbook is watched this long
 *     before people are called
 * @param preflightMax a preflight that has not allowed the first step by then ends in a no
 * @param relapseAfter an incident that is still open so long after a verified success is acted on
 *     again
 * @param recoveryMax after a start, what was under way waits at most so long for two fresh
 *     observations
 * @param stepGrace beyond a step's own timeout, until its end is taken as unknown
 * @param probeEvery how often an unknown end is probed
 * @param invalidatedMax plans of one incident that may be superseded before people lead
 * @param noticeTriesMax after so many failed tries a notice is given up for that channel
 * @param noticeRetryMin first wait between tries; it doubles up to {@code noticeRetryMax}
 * @param noticesMax notices that may wait per channel; past it the oldest is given up
 */
public record ControlConfig(
    PolicyConfig policy,
    int asksMax,
    int changesMax,
    Duration undecidedFor,
    Duration preflightMax,
    Duration relapseAfter,
    Duration recoveryMax,
    Duration stepGrace,
    Duration probeEvery,
    int invalidatedMax,
    int noticeTriesMax,
    Duration noticeRetryMin,
    Duration noticeRetryMax,
    int noticesMax) {
  public static final ControlConfig DEFAULTS = of(PolicyConfig.DEFAULTS);

  /** The defaults with another policy. */
  public static ControlConfig of(PolicyConfig policy) {
    return new ControlConfig(
        policy,
        1_000,
        10_000,
        Duration.ofMinutes(3),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        3,
        20,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        1_000);
  }
}
