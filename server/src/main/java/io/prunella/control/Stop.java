package io.prunella.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stop of automation. A stop proper never ends by itself: when it expires it warns and waits to
 * be renewed or resumed. Maintenance and silences end at their time, and people are told.
 *
 * @param id {@code STOP-1}, …
 * @param scope {@code all}, {@code service:NAME}, {@code runbook:NAME} or {@code tier:N}
 */
public record Stop(
    String id,
    Level level,
    String scope,
    String reason,
    String actor,
    Instant at,
    @Nullable Instant expiresAt) {
  /** How hard. */
  public enum Level {
    /** Nothing new begins; what runs may finish or roll back. */
    STOP_NEW,
    /** Nothing is sent at all, not even a rollback. */
    HALT,
    /** People work on it: no step forward begins; what ran may be taken back. Ends by itself. */
    MAINTENANCE,
    /** The same, and nobody is told about it but of what our own hands did. Ends by itself. */
    SILENCE;

    /** True when its time ends it. */
    public boolean endsByItself() {
      return this == MAINTENANCE || this == SILENCE;
    }
  }
}
