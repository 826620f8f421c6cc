package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.prunella.remediation.PolicyConfig.CalendarEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalendarsTest {
  private static final String FREEZE =
      """
      BEGIN:VCALENDAR\r
      VERSION:2.0\r
      PRODID:-//test//EN\r
      BEGIN:VEVENT\r
      UID:1\r
      SUMMARY:no changes\r
      DTSTART:20260302T090000Z\r
      DTEND:20260302T110000Z\r
      END:VEVENT\r
      END:VCALENDAR\r
      """;

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-03-02T10:00:00Z");

  private static CalendarEntry entry(String file, String url, int bytesMax) {
    return new CalendarEntry(
        "freeze",
        file,
        url,
        "UTC",
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        bytesMax,
        /* onlyNamed= */ false);
  }

  @Test
  void closedAt_onlyForWhoNamesIt() throws IOException {
    Files.writeString(folder.resolve("freeze.ics"), FREEZE);
    var named =
        new CalendarEntry(
            "freeze",
            "freeze.ics",
            "",
            "UTC",
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            10_000,
            /* onlyNamed= */ true);
    try (var calendars = calendars(named)) {
      calendars.tick();
      assertThat(calendars.closedAt(now)).isEmpty();
      assertThat(calendars.closedAt(now, "freeze")).hasSize(1);
      assertThat(calendars.closedAt(now, "other")).isNull();
    }
  }

  private Calendars calendars(CalendarEntry entry) {
    return new Calendars(List.of(entry), folder, () -> now);
  }

  @Test
  void closedAt_file_isReadAgainInTimeAndKeptWhileItIsBroken() throws IOException {
    Path file = folder.resolve("freeze.ics");
    try (var calendars = calendars(entry("freeze.ics", "", 10_000))) {
      assertThat(calendars.closedAt(now).getFirst().why()).contains("not been read yet");
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why())
          .contains("taken as closed")
          .contains("there is no file");

      Files.writeString(file, FREEZE);
      now = now.plusSeconds(300);
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why()).contains("no changes until");
      assertThat(calendars.closedAt(now).getFirst().until()).isEqualTo("2026-03-02T11:00:00Z");

      Files.writeString(file, "gone");
      now = Instant.parse("2026-03-02T11:00:00Z");
      calendars.tick();
      assertThat(calendars.closedAt(now)).as("as it was read last").isEmpty();
      now = now.plusSeconds(3600);
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why())
          .contains("taken as closed")
          .contains("VCALENDAR");
    }
  }

  @Test
  void closedAt_tooLong_isClosed() throws IOException {
    Files.writeString(folder.resolve("freeze.ics"), FREEZE);
    try (var calendars = calendars(entry("freeze.ics", "", 100))) {
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why()).contains("longer than 100 bytes");
    }
  }

  @Test
  void closedAt_address_isFetchedWithinItsLimits() throws IOException {
    var status = new int[] {200};
    var body = new String[] {FREEZE};
    var asked = new int[1];
    var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          asked[0]++;
          if (status[0] == 302) exchange.getResponseHeaders().add("Location", "/elsewhere");
          byte[] bytes = body[0].getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(status[0], bytes.length);
            exchange.getResponseBody().write(bytes);
          } catch (IOException e) {
            // It has heard enough and has gone: that is what is tested.
          }
        });
    web.start();
    String url = "http://127.0.0.1:%d/freeze.ics".formatted(web.getAddress().getPort());
    try (var calendars = calendars(entry("", url, 10_000))) {
      calendars.tick();
      calendars.tick();
      assertThat(asked[0]).as("asked once until it is due again").isEqualTo(1);
      assertThat(calendars.closedAt(now).getFirst().why()).contains("no changes until");
    }
    status[0] = 302;
    try (var calendars = calendars(entry("", url, 10_000))) {
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why()).contains("answered with 302");
    }
    status[0] = 200;
    body[0] = FREEZE + "x".repeat(1 << 20);
    try (var calendars = calendars(entry("", url, 10_000))) {
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why()).contains("cannot be fetched");
    }
    web.stop(0);
    try (var calendars = calendars(entry("", url, 10_000))) {
      calendars.tick();
      assertThat(calendars.closedAt(now).getFirst().why()).contains("cannot be fetched");
    }
  }
}
