package io.prunella.diagnose;

import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;

/**
 * An anomaly or an alert, as diagnosis sees it.
 *
 * @param key names the symptom's source for good: the series' labels as text plus the kind of shape
 *     (surprise, limit, exhaustion), or the alert's fingerprint; the latest symptom of a key
 *     replaces the one before
 * @param service whose symptom it is
 * @param instance which copy, or empty
 * @param signal what it speaks of
 * @param metric the metric's or alert's name
 * @param direction side of the expectation
 * @param shape how it looks
 * @param fromMs since when, milliseconds since the epoch
 * @param toMs until when, 0 while open
 * @param atMs time of this word
 * @param value value seen; expected, lower and upper as in {@code detect.Anomaly}, NaN where they
 *     do not apply
 * @param surprise nats; 0 for limits and alerts
 * @param reason one line for a person
 */
public record Symptom(
    String key,
    String service,
    String instance,
    Signal signal,
    String metric,
    Direction direction,
    Shape shape,
    long fromMs,
    long toMs,
    long atMs,
    double value,
    double expected,
    double lower,
    double upper,
    double surprise,
    String reason) {

  /** True until it is over. */
  public boolean isOpen() {
    return toMs == 0;
  }
}
