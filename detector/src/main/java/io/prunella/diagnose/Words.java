package io.prunella.diagnose;

import java.time.Duration;
import java.util.Locale;

/** How symptoms are put to people. */
final class Words {
  private Words() {}

  /**
   * A signal as a person says it: {@code pool}, {@code memory}; a series that nobody has named by
   * its metric.
   */
  static String signal(Symptom symptom) {
    return switch (symptom.signal()) {
      case OTHER, CHANGE -> symptom.metric();
      case HEALTH -> "health check";
      case CPU -> "CPU";
      default -> symptom.signal().name().toLowerCase(Locale.ROOT);
    };
  }

  /** One symptom with its service: "redis-cart memory: 93 % of its limit". */
  static String line(Symptom symptom) {
    return "%s %s: %s".formatted(symptom.service(), signal(symptom), symptom.reason());
  }

  /** A stretch of time, rounded for people: {@code 40 s}, {@code 7 min}, {@code 3 h}. */
  static String span(Duration span) {
    long seconds = Math.abs(span.toSeconds());
    if (seconds < 90) return seconds + " s";
    if (seconds < 90 * 60) return Math.round(seconds / 60.0) + " min";
    return Math.round(seconds / 3600.0) + " h";
  }
}
