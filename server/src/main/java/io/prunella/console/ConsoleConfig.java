package io.prunella.console;

import java.time.Duration;

/**
 * @param secureCookie true where the console is reached over TLS: cookies then never travel without
 *     it
 * @param sessionsMax browsers logged in at once; past it the longest idle one is out
 * @param sessionIdle a session ends after so long without a request
 * @param sessionAge and after so long in any case
 * @param subscribersMax live streams at once; one more is refused with 503
 * @param replayMax events kept for browsers that come back
 * @param heartbeat a comment on every live stream, so that dead ones are noticed
 * @param apiBodyBytesMax largest body of an API request
 * @param clockSpeed seconds of the world's clock in one second of the wall: 1, but for the demo
 * @param externalUrl where people reach the console, as it stands in the remote_write snippet
 */
public record ConsoleConfig(
    boolean secureCookie,
    int sessionsMax,
    Duration sessionIdle,
    Duration sessionAge,
    int subscribersMax,
    int replayMax,
    Duration heartbeat,
    int apiBodyBytesMax,
    double clockSpeed,
    String externalUrl) {
  public static final ConsoleConfig DEFAULTS =
      new ConsoleConfig(
          false,
          10_000,
          Duration.ofHours(12),
          Duration.ofHours(24),
          500,
          1_000,
          Duration.ofSeconds(15),
          1 << 20,
          1,
          "http://127.0.0.1:9642");

  public ConsoleConfig {
    positive("console.sessions-max", sessionsMax);
    positive("console.subscribers-max", subscribersMax);
    positive("console.replay-max", replayMax);
    positive("console.api-body-bytes-max", apiBodyBytesMax);
    positive("console.heartbeat in milliseconds", heartbeat.toMillis());
    positive("console.session-idle in seconds", sessionIdle.toSeconds());
    if (sessionAge.compareTo(sessionIdle) < 0) {
      throw new IllegalArgumentException(
          "console.session-age is %s, wanted at least console.session-idle, %s"
              .formatted(sessionAge, sessionIdle));
    }
    if (!(clockSpeed > 0)) {
      throw new IllegalArgumentException(
          "console.clock-speed is %s, wanted more than 0".formatted(clockSpeed));
    }
  }

  private static void positive(String key, long seen) {
    if (seen <= 0)
      throw new IllegalArgumentException("%s is %d, wanted more than 0".formatted(key, seen));
  }

  /** The same for a world whose clock runs at another speed. */
  public ConsoleConfig withClockSpeed(double speed) {
    return new ConsoleConfig(
        secureCookie,
        sessionsMax,
        sessionIdle,
        sessionAge,
        subscribersMax,
        replayMax,
        heartbeat,
        apiBodyBytesMax,
        speed,
        externalUrl);
  }

  /** The same, reached at another address. */
  public ConsoleConfig withExternalUrl(String url) {
    return new ConsoleConfig(
        secureCookie,
        sessionsMax,
        sessionIdle,
        sessionAge,
        subscribersMax,
        replayMax,
        heartbeat,
        apiBodyBytesMax,
        clockSpeed,
        url);
  }
}
