package io.prunella.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in with a browser: bounded, in memory, gone with the process. Times are the wall's,
 * also where the rest of the console shows a simulated world. Any thread.
 */
final class Sessions {
  /**
   * One browser.
   *
   * @param id the cookie's value
   * @param csrf must come back with every form
   */
  record Session(
      String id, String name, String csrf, Instant since, Instant seen, @Nullable String flash) {
    Session seenAt(Instant now) {
      return new Session(id, name, csrf, since, now, flash);
    }

    Session saying(@Nullable String words) {
      return new Session(id, name, csrf, since, seen, words);
    }
  }

  private final int sessionsMax;
  private final Duration idleMax;
  private final Duration ageMax;
  private final InstantSource wall;
  private final RandomGenerator random;
  private final LinkedHashMap<String, Session> byId =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

  Sessions(ConsoleConfig config, InstantSource wall, RandomGenerator random) {
    this.sessionsMax = config.sessionsMax();
    this.idleMax = config.sessionIdle();
    this.ageMax = config.sessionAge();
    this.wall = wall;
    this.random = random;
  }

  /** Lets a person in. Past the limit the one who has been away longest is out. */
  synchronized Session begin(String name) {
    Instant now = wall.instant();
    if (byId.size() >= sessionsMax) byId.pollFirstEntry();
    var session = new Session(secret(), name, secret(), now, now, null);
    byId.put(session.id(), session);
    return session;
  }

  /** The session of a cookie, or null when there is none or it has run out. */
  synchronized @Nullable Session find(String id) {
    Session session = byId.get(id);
    if (session == null) return null;
    if (isOver(session)) {
      byId.remove(id);
      return null;
    }
    Session seen = session.seenAt(wall.instant());
    byId.put(id, seen);
    return seen;
  }

  /** As {@link #find}, without being a sign of life. */
  synchronized boolean isAlive(String id) {
    Session session = byId.get(id);
    return session != null && !isOver(session);
  }

  private boolean isOver(Session session) {
    Instant now = wall.instant();
    return session.seen().plus(idleMax).isBefore(now) || session.since().plus(ageMax).isBefore(now);
  }

  /** Words for the next page this person sees. */
  synchronized void say(String id, String words) {
    byId.computeIfPresent(id, (same, session) -> session.saying(words));
  }

  /** Takes the words for the next page, once. */
  synchronized @Nullable String hear(String id) {
    Session session = byId.get(id);
    if (session == null || session.flash() == null) return null;
    byId.put(id, session.saying(null));
    return session.flash();
  }

  synchronized void end(String id) {
    byId.remove(id);
  }

  synchronized int size() {
    return byId.size();
  }

  /** 32 random bytes in hex. */
  synchronized String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
