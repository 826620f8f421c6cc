package io.prunella.runbook;

import java.time.Duration;

/**
 * Bounds of expressions and of the data they may trust.
 *
 * @param staleAfter a series whose last sample is older than this, or than two of its own scrape
 *     intervals if that is longer, has no data
 * @param beforeGap how much of the time just before the incident {@code before(…)} leaves out: the
 *     trouble may have begun before it was seen
 * @param charsMax length of one expression
 * @param depthMax nesting of one expression
 * @param nodesMax parts of one expression
 * @param cacheMax compiled expressions that are kept
 */
public record ExpressionConfig(
    Duration staleAfter,
    Duration beforeGap,
    int charsMax,
    int depthMax,
    int nodesMax,
    int cacheMax) {
  public static final ExpressionConfig DEFAULTS =
      new ExpressionConfig(Duration.ofSeconds(60), Duration.ofMinutes(2), 2_000, 32, 400, 4_096);
}
