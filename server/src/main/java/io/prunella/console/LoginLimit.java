package io.prunella.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * How many wrong tokens one address may try. A bounded table: when it is full, the address that was
 * quiet longest is forgotten, and a total over all addresses holds against a sender with many. Any
 * thread.
 */
final class LoginLimit {
  private static final int ADDRESSES_MAX = 4_096;
  private static final int WRONG_MAX = 10;
  private static final int WRONG_IN_ALL_MAX = 1_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Wrong(Instant since, int times) {}

  private final InstantSource wall;
  private final LinkedHashMap<String, Wrong> byAddress =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  private Wrong inAll = new Wrong(Instant.MIN, 0);

  LoginLimit(InstantSource wall) {
    this.wall = wall;
  }

  /** False when this address, or all together, have tried too often within the last minute. */
  synchronized boolean mayTry(String address) {
    Wrong wrong = byAddress.get(address);
    return (wrong == null || isOver(wrong) || wrong.times() < WRONG_MAX)
        && (isOver(inAll) || inAll.times() < WRONG_IN_ALL_MAX);
  }

  synchronized void wrong(String address) {
    byAddress.put(address, another(byAddress.getOrDefault(address, new Wrong(Instant.MIN, 0))));
    inAll = another(inAll);
    if (byAddress.size() > ADDRESSES_MAX) byAddress.pollFirstEntry();
  }

  private Wrong another(Wrong wrong) {
    return isOver(wrong)
        ? new Wrong(wall.instant(), 1)
        : new Wrong(wrong.since(), wrong.times() + 1);
  }

  private boolean isOver(Wrong wrong) {
    return wrong.since().isBefore(wall.instant().minus(WINDOW));
  }
}
