package io.prunella.remediation;

import io.prunella.remediation.Situation.Closed;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What there is to know beyond the watched services: calendars, and whether enough is seen. */
public interface Outlook {
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

  /** Why too little of what is watched comes in to judge by, or null. Any thread; never waits. */
  @Nullable String blind();
}
