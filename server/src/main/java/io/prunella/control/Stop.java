package io.prunella.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stop of automation. It never ends by itself: when it expires it warns and waits to be renewed
 * or resumed.
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
    HALT
  }
}
