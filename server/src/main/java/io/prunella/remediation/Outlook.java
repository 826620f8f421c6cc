package io.prunella.remediation;

import io.prunella.remediation.Situation.Closed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What there is to know beyond the watched services: calendars, and whether enough is seen. */
public interface Outlook {
  /** When a calendar that is not there is looked for again. */
  Duration UNKNOWN_FOR = Duration.ofMinutes(15);

  /** Nothing in the calendars, and everything is seen. */
  Outlook CLEAR =
      new Outlook() {
        @Override
        public List<Closed> closedAt(Instant now) {
          return List.of();
        }

        @Override
        public @Nullable String blind() {
          return null;
        }
      };

  /** Calendars that hold this moment, or that cannot be read. Any thread; never waits. */
  List<Closed> closedAt(Instant now);

  /**
   * What one calendar says, also one that holds back only whoever names it; one that is not there
   * counts as closed. Any thread; never waits.
   */
  default List<Closed> closedAt(Instant now, String calendar) {
    return List.of(
        new Closed(
            now.plus(UNKNOWN_FOR),
            "calendar %s is not configured, so it is taken as closed".formatted(calendar)));
  }

  /** Why too little of what is watched comes in to judge by, or null. Any thread; never waits. */
  @Nullable String blind();
}
