package io.prunella.demo;

import java.time.Instant;
import java.time.InstantSource;

/** The demo's time: what the fleet has said last. Never the wall's; never goes back. */
final class DemoClock implements InstantSource {
  private volatile Instant now;

  DemoClock(Instant begin) {
    now = begin;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Goes on, and says what time it is then; called by one thread. */
  Instant advance(Instant to) {
    if (to.isAfter(now)) now = to;
    return now;
  }
}
