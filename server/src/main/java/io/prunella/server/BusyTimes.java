package io.prunella.server;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.ParseWarning;
import biweekly.io.TimezoneInfo;
import biweekly.property.DateOrDateTimeProperty;
import biweekly.property.DateStart;
import io.prunella.remediation.Situation.Closed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * When a calendar's events take place, for a stretch of time ahead: read once from the text
 * (iCalendar, RFC 5545), then asked. Immutable. Events that are cancelled or marked as free do not
 * count; whole days and times without a zone are those of the calendar's own zone.
 *
 * @param name for people
 * @param busy begin and end, in order, apart from each other
 * @param until beyond it nothing is known
 */
record BusyTimes(String name, List<Span> busy, Instant until) {
  private static final int EVENTS_MAX = 10_000;
  private static final int TIMES_MAX = 100_000;

  /** What decides when an event is: a calendar in which one of these is unreadable is refused. */
  private static final Set<String> TIMES =
      Set.of(
          "DTSTART",
          "DTEND",
          "DURATION",
          "RRULE",
          "RDATE",
          "EXDATE",
          "EXRULE",
          "RECURRENCE-ID",
          "TZID");

  /** From, until: the end is no part of it. */
  record Span(Instant from, Instant to, String what) {}

  BusyTimes {
    busy = List.copyOf(busy);
  }

  /**
   * Reads a calendar.
   *
   * @param zone of whole days and of times that name no zone
   * @param from events that end before count no more
   * @param until how far ahead recurring events are worked out
   * @throws IllegalArgumentException when it cannot be read whole, saying what is wrong
   */
  static BusyTimes read(String name, String text, ZoneId zone, Instant from, Instant until) {
    var warnings = new ArrayList<List<ParseWarning>>();
    List<ICalendar> calendars =
        Biweekly.parse(text).defaultTimezone(TimeZone.getTimeZone(zone)).warnings(warnings).all();
    if (calendars.isEmpty()) throw new IllegalArgumentException("there is no VCALENDAR in it");
    if (!text.stripTrailing().endsWith("END:VCALENDAR")) {
      throw new IllegalArgumentException("it does not end with END:VCALENDAR: a part is missing");
    }
    for (ParseWarning one : warnings.stream().flatMap(List::stream).toList()) {
      String property = one.getPropertyName();
      if (property != null && TIMES.contains(property)) {
        throw new IllegalArgumentException(
            "line %s: %s cannot be read: %s"
                .formatted(one.getLineNumber(), property, one.getMessage()));
      }
    }
    var spans = new ArrayList<Span>();
    for (ICalendar calendar : calendars) {
      if (calendar.getEvents().size() > EVENTS_MAX) {
        throw new IllegalArgumentException(
            "%d events, at most %d are read".formatted(calendar.getEvents().size(), EVENTS_MAX));
      }
      var moved = moved(calendar);
      for (VEvent event : calendar.getEvents()) {
        add(event, calendar.getTimezoneInfo(), moved, zone, from, until, spans);
      }
    }
    return new BusyTimes(name, joined(spans), until);
  }

  /** Times of recurring events that another event replaces, by identity. */
  private static Map<String, Set<Instant>> moved(ICalendar calendar) {
    var moved = new HashMap<String, Set<Instant>>();
    for (VEvent event : calendar.getEvents()) {
      var id = event.getRecurrenceId();
      if (id == null || id.getValue() == null || event.getUid() == null) continue;
      moved
          .computeIfAbsent(event.getUid().getValue(), _ -> new HashSet<>())
          .add(id.getValue().toInstant());
    }
    return moved;
  }

  private static void add(
      VEvent event,
      TimezoneInfo zones,
      Map<String, Set<Instant>> moved,
      ZoneId own,
      Instant from,
      Instant until,
      List<Span> spans) {
    boolean cancelled = event.getStatus() != null && event.getStatus().isCancelled();
    boolean free = event.getTransparency() != null && event.getTransparency().isTransparent();
    if (cancelled || free) return;
    String what =
        event.getSummary() == null ? "an event" : String.valueOf(event.getSummary().getValue());
    DateStart start = event.getDateStart();
    if (start == null || start.getValue() == null) {
      throw new IllegalArgumentException("\"%s\" has no DTSTART".formatted(what));
    }
    Duration lasting = lasting(event, start);
    boolean isReplacement = event.getRecurrenceId() != null;
    Set<Instant> gone =
        isReplacement || event.getUid() == null
            ? Set.of()
            : moved.getOrDefault(event.getUid().getValue(), Set.of());
    var each = event.getDateIterator(zone(start, zones, own));
    Instant earliest = from.minus(lasting);
    if (start.getValue().toInstant().isBefore(earliest)) each.advanceTo(Date.from(earliest));
    while (each.hasNext()) {
      Instant begin = each.next().toInstant();
      if (begin.isAfter(until)) break;
      Instant end = end(begin, lasting, start, own);
      if (gone.contains(begin) || !end.isAfter(from)) continue;
      spans.add(new Span(begin, end, what));
      if (spans.size() > TIMES_MAX) {
        throw new IllegalArgumentException(
            "more than %d times until %s".formatted(TIMES_MAX, until));
      }
    }
  }

  /** A zone that is told in the file itself is no {@link ZoneId}. */
  private static TimeZone zone(DateStart start, TimezoneInfo zones, ZoneId own) {
    boolean none = !start.getValue().hasTime() || zones.isFloating(start);
    var assigned = none ? null : zones.getTimezone(start);
    return assigned == null ? TimeZone.getTimeZone(own) : assigned.getTimeZone();
  }

  /** A whole day ends at midnight, though it may be 23 or 25 hours long. */
  private static Instant end(Instant begin, Duration lasting, DateStart start, ZoneId zone) {
    if (start.getValue().hasTime()) return begin.plus(lasting);
    LocalDate day = begin.atZone(zone).toLocalDate();
    return day.plusDays(Math.max(1, Math.round(lasting.toMinutes() / 1440.0)))
        .atStartOfDay(zone)
        .toInstant();
  }

  private static Duration lasting(VEvent event, DateStart start) {
    DateOrDateTimeProperty end = event.getDateEnd();
    if (end != null && end.getValue() != null) {
      Duration lasting = Duration.between(start.getValue().toInstant(), end.getValue().toInstant());
      if (lasting.isNegative()) {
        throw new IllegalArgumentException(
            "an event ends at %s, before it begins at %s"
                .formatted(end.getValue().toInstant(), start.getValue().toInstant()));
      }
      return lasting;
    }
    if (event.getDuration() != null && event.getDuration().getValue() != null) {
      return Duration.ofMillis(Math.max(0, event.getDuration().getValue().toMillis()));
    }
    return start.getValue().hasTime() ? Duration.ZERO : Duration.ofDays(1);
  }

  private static List<Span> joined(List<Span> spans) {
    var joined = new ArrayList<Span>();
    for (Span one : spans.stream().sorted(Comparator.comparing(Span::from)).toList()) {
      Span last = joined.isEmpty() ? null : joined.getLast();
      if (last == null || one.from().isAfter(last.to())) {
        joined.add(one);
      } else if (one.to().isAfter(last.to())) {
        joined.set(joined.size() - 1, new Span(last.from(), one.to(), last.what()));
      }
    }
    return joined;
  }

  /** Whether it holds this moment; beyond what is known, it does. */
  Optional<Closed> closedAt(Instant now) {
    if (now.isAfter(until)) {
      return Optional.of(
          new Closed(
              now.plus(Duration.ofMinutes(15)),
              "calendar %s is known until %s only, so it is taken as closed"
                  .formatted(name, until)));
    }
    Span found = holding(now);
    return found == null
        ? Optional.empty()
        : Optional.of(
            new Closed(
                found.to(), "calendar %s: %s until %s".formatted(name, found.what(), found.to())));
  }

  private @Nullable Span holding(Instant now) {
    for (Span one : busy) {
      if (one.from().isAfter(now)) return null;
      if (now.isBefore(one.to())) return one;
    }
    return null;
  }
}
