package io.prunella.journal;

import java.time.Instant;

/**
 * Something that has happened. A record of plain values: it is written once as JSON and read by
 * every later version.
 */
public interface Fact {
  /** When it happened, by the clock that the server was given. */
  Instant at();
}
