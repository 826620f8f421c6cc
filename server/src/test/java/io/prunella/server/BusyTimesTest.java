package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusyTimesTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  private static final String ZONE =
      String.join(
          "\r\n",
          "BEGIN:VTIMEZONE",
          "TZID:Somewhere/Else",
          "BEGIN:STANDARD",
          "DTSTART:19701101T020000",
          "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
          "TZOFFSETFROM:-0400",
          "TZOFFSETTO:-0500",
          "END:STANDARD",
          "BEGIN:DAYLIGHT",
          "DTSTART:19700308T020000",
          "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
          "TZOFFSETFROM:-0500",
          "TZOFFSETTO:-0400",
          "END:DAYLIGHT",
          "END:VTIMEZONE");

  private static String calendar(String... events) {
    var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n");
    text.append(ZONE).append("\r\n");
    int id = 0;
    for (String event : events) {
      text.append("BEGIN:VEVENT\r\n");
      if (!event.contains("UID:")) text.append("UID:").append(id++).append("\r\n");
      Arrays.stream(event.split(" ~ ")).forEach(line -> text.append(line).append("\r\n"));
      text.append("END:VEVENT\r\n");
    }
    return text.append("END:VCALENDAR\r\n").toString();
  }

  private static BusyTimes read(String text, String now) {
    Instant at = Instant.parse(now);
    return BusyTimes.read(
        "freeze", text, PARIS, at.minus(Duration.ofDays(1)), at.plus(Duration.ofDays(40)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "in UTC | DTSTART:20260302T090000Z ~ DTEND:20260302T110000Z | 2026-03-02T10:00:00Z |"
            + " 2026-03-02T11:00:00Z",
        "its end is no part of it | DTSTART:20260302T090000Z ~ DTEND:20260302T110000Z |"
            + " 2026-03-02T11:00:00Z | -",
        "by duration | DTSTART:20260302T090000Z ~ DURATION:PT90M | 2026-03-02T10:00:00Z |"
            + " 2026-03-02T10:30:00Z",
        "without a zone: the calendar's own | DTSTART:20260302T100000 ~ DTEND:20260302T120000 |"
            + " 2026-03-02T09:30:00Z | 2026-03-02T11:00:00Z",
        "a known zone | DTSTART;TZID=America/New_York:20260302T090000 ~ DURATION:PT1H |"
            + " 2026-03-02T14:30:00Z | 2026-03-02T15:00:00Z",
        "a zone told in the file | DTSTART;TZID=Somewhere/Else:20260702T090000 ~ DURATION:PT1H |"
            + " 2026-07-02T13:30:00Z | 2026-07-02T14:00:00Z",
        "a whole day of the calendar's zone | DTSTART;VALUE=DATE:20260302 | 2026-03-02T22:30:00Z |"
            + " 2026-03-02T23:00:00Z",
        "after that day | DTSTART;VALUE=DATE:20260302 | 2026-03-02T23:30:00Z | -",
        "two days, the second 23 h long | DTSTART;VALUE=DATE:20260328 ~ DTEND;VALUE=DATE:20260330 |"
            + " 2026-03-29T21:30:00Z | 2026-03-29T22:00:00Z",
        "a day of 25 h | DTSTART;VALUE=DATE:20261025 | 2026-10-25T22:30:00Z |"
            + " 2026-10-25T23:00:00Z",
        "every weekday | DTSTART:20200106T090000Z ~ DURATION:PT8H ~ RRULE:FREQ=WEEKLY;BYDAY=MO,TU |"
            + " 2026-03-02T10:00:00Z | 2026-03-02T17:00:00Z",
        "not that weekday | DTSTART:20200106T090000Z ~ DURATION:PT8H ~"
            + " RRULE:FREQ=WEEKLY;BYDAY=MO,TU | 2026-03-04T10:00:00Z | -",
        "left out that day | DTSTART:20260301T090000Z ~ DURATION:PT8H ~ RRULE:FREQ=DAILY ~"
            + " EXDATE:20260302T090000Z | 2026-03-02T10:00:00Z | -",
        "cancelled | DTSTART:20260302T090000Z ~ DURATION:PT2H ~ STATUS:CANCELLED |"
            + " 2026-03-02T10:00:00Z | -",
        "marked as free | DTSTART:20260302T090000Z ~ DURATION:PT2H ~ TRANSP:TRANSPARENT |"
            + " 2026-03-02T10:00:00Z | -",
        "clocks go forward: daily 09:00 stays 09:00 | DTSTART;TZID=Europe/Paris:20260301T090000 ~"
            + " DURATION:PT1H ~ RRULE:FREQ=DAILY | 2026-03-30T07:30:00Z | 2026-03-30T08:00:00Z",
        "clocks go forward: no more at the old hour | DTSTART;TZID=Europe/Paris:20260301T090000 ~"
            + " DURATION:PT1H ~ RRULE:FREQ=DAILY | 2026-03-30T08:30:00Z | -",
        "clocks go back: daily 09:00 stays 09:00 | DTSTART;TZID=Europe/Paris:20261020T090000 ~"
            + " DURATION:PT1H ~ RRULE:FREQ=DAILY | 2026-10-26T08:30:00Z | 2026-10-26T09:00:00Z",
        "clocks go back: a window over the change is an hour longer in hands |"
            + " DTSTART;TZID=Europe/Paris:20261025T013000 ~ DTEND;TZID=Europe/Paris:20261025T033000"
            + " | 2026-10-25T02:00:00Z | 2026-10-25T02:30:00Z"
      })
  void closedAt(String reason, String event, String now, String until) {
    var closed = read(calendar(event), now).closedAt(Instant.parse(now));
    if (until.equals("-")) assertThat(closed).isEmpty();
    else assertThat(closed.orElseThrow().until()).isEqualTo(Instant.parse(until));
  }

  @Test
  void closedAt_oneTimeOfASeriesIsMoved_countsWhereItIsNow() {
    var times =
        read(
            calendar(
                "UID:a ~ DTSTART:20260301T090000Z ~ DURATION:PT1H ~ RRULE:FREQ=DAILY",
                "UID:a ~ RECURRENCE-ID:20260302T090000Z ~ DTSTART:20260302T140000Z ~"
                    + " DURATION:PT1H"),
            "2026-03-02T08:00:00Z");
    assertThat(times.closedAt(Instant.parse("2026-03-02T09:30:00Z"))).isEmpty();
    assertThat(times.closedAt(Instant.parse("2026-03-02T14:30:00Z"))).isPresent();
    assertThat(times.closedAt(Instant.parse("2026-03-03T09:30:00Z"))).isPresent();
  }

  @Test
  void closedAt_eventsThatTouch_areOne() {
    var times =
        read(
            calendar(
                "DTSTART:20260302T090000Z ~ DURATION:PT1H",
                "DTSTART:20260302T100000Z ~ DURATION:PT1H"),
            "2026-03-02T08:00:00Z");
    assertThat(times.closedAt(Instant.parse("2026-03-02T09:30:00Z")).orElseThrow().until())
        .isEqualTo(Instant.parse("2026-03-02T11:00:00Z"));
  }

  @Test
  void closedAt_beyondWhatIsKnown_isClosed() {
    var times = read(calendar(), "2026-03-02T08:00:00Z");
    assertThat(times.closedAt(Instant.parse("2026-03-03T08:00:00Z"))).isEmpty();
    assertThat(times.closedAt(Instant.parse("2026-05-01T08:00:00Z")).orElseThrow().why())
        .contains("taken as closed");
  }

  @Test
  void read_whatCannotBeReadWhole_isRefused() {
    String good = calendar("DTSTART:20260302T090000Z ~ DURATION:PT1H");
    for (String bad :
        List.of(
            "",
            "<html>please log in</html>",
            good.substring(0, good.length() - 20),
            good.replace("20260302T090000Z", "next tuesday"),
            good.replace("DURATION:PT1H", "RRULE:FREQ=SOMETIMES"),
            good.replace("DTSTART:20260302T090000Z\r\n", ""),
            calendar("DTSTART:20260302T090000Z ~ DTEND:20260301T090000Z"),
            calendar("DTSTART:20260302T090000Z ~ DURATION:PT1S ~ RRULE:FREQ=SECONDLY"))) {
      assertThatThrownBy(() -> read(bad, "2026-03-02T08:00:00Z"))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
