package io.prunella.detect;

import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;

/**
 * A stretch of one series that is odd, or above its limit. The same anomaly is told again when it
 * has changed; it is a level, not an event: the latest word about {@code labels} and {@code kind of
 * shape} replaces the ones before.
 *
 * @param labels which series
 * @param meaning what the series means
 * @param shape how it looks so far
 * @param direction on which side of the expectation
 * @param fromMs first odd sample, milliseconds since the epoch
 * @param toMs last odd sample once it is over, 0 while it is open
 * @param atMs the sample that made this word
 * @param value the series' value then (a rate for counters), in its own unit
 * @param expected what was expected; NaN where nothing was (silence, failed checks)
 * @param lower lower end of the expected band, or NaN
 * @param upper upper end of the expected band, or the limit's threshold; or NaN
 * @param surprise the strongest so far in nats (−ln p), calibrated per series; 0 for limits
 * @param reason one short line for a person: "4.2 × the usual spread above 310 MiB"
 */
public record Anomaly(
    Labels labels,
    Meaning meaning,
    Shape shape,
    Direction direction,
    long fromMs,
    long toMs,
    long atMs,
    double value,
    double expected,
    double lower,
    double upper,
    double surprise,
    String reason) {

  /** True until the series is back where it belongs. */
  public boolean isOpen() {
    return toMs == 0;
  }
}
