package io.prunella.control;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Control's time, which never goes back. A clock that has jumped back is followed at half its pace
 * until the two meet: so deadlines of what is under way still pass, in twice their time at most,
 * and the facts' times and the clock's come together again. Nothing new begins meanwhile; that is
 * the guardrail's word. One thread.
 */
final class Pace {
  private @Nullable Instant before; // the clock at the last turn

  /**
   * The time of the next turn.
   *
   * @param at of the last turn, or of the newest fact
   * @param clock as it stands now
   * @return the clock's time, unless that lies before {@code at}
   */
  Instant next(Instant at, Instant clock) {
    Instant last = before;
    before = clock;
    if (!clock.isBefore(at)) return clock;
    if (last == null || !clock.isAfter(last)) return at;
    return at.plus(Duration.between(last, clock).dividedBy(2));
  }
}
