package io.prunella.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Moments as people read them: UTC, and how long ago.
 *
 * @param now the world's present, which in the demo is not the wall's
 */
record Times(Instant now) {
  private static final DateTimeFormatter CLOCK = format("HH:mm");
  private static final DateTimeFormatter SECONDS = format("HH:mm:ss");
  private static final DateTimeFormatter DAY = format("d MMM HH:mm");
  private static final DateTimeFormatter FULL = format("yyyy-MM-dd HH:mm:ss 'UTC'");

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** {@code 03:07} within half a day, else with the date. */
  String clock(Instant at) {
    return Duration.between(at, now).abs().toHours() < 12 ? CLOCK.format(at) : DAY.format(at);
  }

  /** {@code 03:07:12} within half a day, else with the date. */
  String seconds(Instant at) {
    return Duration.between(at, now).abs().toHours() < 12 ? SECONDS.format(at) : DAY.format(at);
  }

  String full(Instant at) {
    return FULL.format(at);
  }

  /** {@code 4 min ago}, or {@code in 4 min}. */
  String ago(Instant at) {
    Duration since = Duration.between(at, now);
    if (since.abs().toSeconds() < 2) return "now";
    return since.isNegative() ? "in " + span(since.negated()) : span(since) + " ago";
  }

  /** How long from one moment to another: {@code 4 min}. */
  String between(Instant from, Instant to) {
    return span(Duration.between(from, to).abs());
  }

  /** What is left until a moment: {@code 9:38}; {@code 0:00} when it is past. */
  String left(Instant until) {
    long seconds = Math.max(0, Duration.between(now, until).toSeconds());
    return seconds >= 3_600
        ? "%d h %02d min".formatted(seconds / 3_600, seconds % 3_600 / 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  /** {@code 45 s}, {@code 4 min}, {@code 3 h}, {@code 12 days}. */
  static String span(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 90) return seconds + " s";
    if (seconds < 90 * 60) return Math.round(seconds / 60.0) + " min";
    if (seconds < 36 * 3_600) return Math.round(seconds / 3_600.0) + " h";
    return Math.round(seconds / 86_400.0) + " days";
  }
}
