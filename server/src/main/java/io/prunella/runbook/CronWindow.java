package io.prunella.runbook;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A recurring time, by a line of cron in a named time zone: one in which nothing forward begins, or
 * one outside of which nothing does. A window that cannot be read denies until it is mended.
 *
 * @param name for people
 * @param cron when it begins: five fields as in crontab(5)
 * @param lasting how long it lasts, in time that has passed (not in hands of the clock)
 * @param zone IANA time zone of the cron fields, e.g. {@code Europe/Paris}
 */
public record CronWindow(String name, String cron, Duration lasting, String zone) {
  /** When an unreadable window is looked at again. */
  private static final Duration UNREADABLE_FOR = Duration.ofMinutes(15);

  /** Lines of cron as read: reading one takes a thousand times as long as judging by it. */
  private static final Map<String, ExecutionTime> READ = new ConcurrentHashMap<>();

  /** What is known of the time ahead: to work it out takes far longer than all other judging. */
  private static final Map<CronWindow, Quiet> QUIET = new ConcurrentHashMap<>();

  private static final int READ_MAX = 1_000;

  /** Cron gives the next beginning only; begins that lie this close together are one window. */
  private static final int CHAINED_MAX = 1_000;

  /** Held until then, and why, for people. */
  public record Held(Instant until, String why) {}

  /**
   * When the window that holds {@code now} ends.
   *
   * @return empty when no window holds it
   */
  public Optional<Held> heldAt(Instant now) {
    try {
      Quiet quiet = QUIET.get(this);
      if (quiet != null && quiet.holds(now)) return Optional.empty();
      var times = times();
      var zoned = now.atZone(ZoneId.of(zone));
      Instant end = null;
      var begin = times.lastExecution(zoned.plusSeconds(1));
      if (begin.isPresent() && now.isBefore(begin.get().toInstant().plus(lasting))) {
        end = begin.get().toInstant().plus(lasting);
      }
      if (end == null) {
        times.nextExecution(zoned).ifPresent(next -> remember(now, next.toInstant()));
        return Optional.empty();
      }
      for (int i = 0; i < CHAINED_MAX; i++) {
        var next = times.nextExecution(begin.orElseThrow());
        if (next.isEmpty() || next.get().toInstant().isAfter(end)) break;
        begin = next;
        end = next.get().toInstant().plus(lasting);
      }
      return Optional.of(
          new Held(end, "window %s (%s, %s) until %s".formatted(name, cron, zone, end)));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.of(
          new Held(
              now.plus(UNREADABLE_FOR),
              "window %s cannot be read (%s), so it is taken as closed"
                  .formatted(name, e.getMessage())));
    }
  }

  /**
   * As a time in which steps may begin: when it next begins; {@code now} when it holds now.
   *
   * @return empty when it cannot be read or never begins again
   */
  public Optional<Instant> opensAt(Instant now) {
    try {
      var times = times();
      var zoned = now.atZone(ZoneId.of(zone));
      var begun = times.lastExecution(zoned.plusSeconds(1));
      if (begun.isPresent() && now.isBefore(begun.get().toInstant().plus(lasting))) {
        return Optional.of(now);
      }
      return times.nextExecution(zoned).map(java.time.ZonedDateTime::toInstant);
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with it; empty when it can be read. For the check of the configuration. */
  public Optional<String> problem() {
    try {
      times();
      ZoneId.of(zone);
      if (lasting.isNegative() || lasting.isZero()) {
        return Optional.of("lasting is %s, wanted more than 0".formatted(lasting));
      }
      return Optional.empty();
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** From one moment outside of it to its next beginning, a window holds no moment. */
  private record Quiet(Instant from, Instant until) {
    boolean holds(Instant now) {
      return !now.isBefore(from) && now.isBefore(until);
    }
  }

  private void remember(Instant from, Instant next) {
    if (QUIET.size() >= READ_MAX) QUIET.clear();
    QUIET.put(this, new Quiet(from, next.minusSeconds(1)));
  }

  private ExecutionTime times() {
    ExecutionTime known = READ.get(cron);
    if (known != null) return known;
    var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    ExecutionTime times = ExecutionTime.forCron(parser.parse(cron));
    if (READ.size() >= READ_MAX) READ.clear(); // full: begin again, it is only speed
    READ.put(cron, times);
    return times;
  }
}
