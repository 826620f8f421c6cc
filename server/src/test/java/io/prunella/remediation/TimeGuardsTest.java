package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Situation.Closed;
import io.prunella.remediation.Situation.Deploying;
import io.prunella.remediation.Situation.Maintenance;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When something may begin: windows, calendars, deployments, maintenance, the clock and its input.
 */
class TimeGuardsTest {
  /** What was worked out for one moment must not be told of another. */
  @Test
  void window_askedInAnyOrder_saysTheSameAsAskedOnce() {
    var random = new java.util.Random(1);
    Instant from = Instant.parse("2026-03-27T00:00:00Z"); // over a change of the clocks
    for (int i = 0; i < 400; i++) {
      Instant at = from.plusSeconds(random.nextInt(5 * 86_400));
      var known = new CronWindow("night", "30 2 * * *", Duration.ofHours(3), "Europe/Paris");
      var fresh = new CronWindow("night " + i, "30 2 * * *", Duration.ofHours(3), "Europe/Paris");
      assertThat(known.heldAt(at).map(CronWindow.Held::until))
          .as("%s", at)
          .isEqualTo(fresh.heldAt(at).map(CronWindow.Held::until));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "own deployment, shop, 10, ADMISSION, Defer",
    "a neighbour's, cart, 10, ADMISSION, Defer",
    "somebody else's, mail, 10, ADMISSION, Allow",
    "one that never finished, shop, 121, ADMISSION, Allow",
    "forward step may not begin, shop, 10, STEP, Defer",
    "rollback may overrun, shop, 10, ROLLBACK, Allow"
  })
  void deploymentInProgress(
      String reason, String service, int minutesAgo, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.deployments.add(new Deploying("d1", service, NOW.minus(Duration.ofMinutes(minutesAgo))));
    assertSays(one.judge("deployment window"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      value = {
        "inside; 0 9 * * *; PT2H; UTC; 2026-03-02T10:00:00Z; 2026-03-02T11:00:00Z",
        "just begun; 0 10 * * *; PT2H; UTC; 2026-03-02T10:00:00Z; 2026-03-02T12:00:00Z",
        "just over; 0 8 * * *; PT2H; UTC; 2026-03-02T10:00:00Z; -",
        "another zone; 0 9 * * *; PT2H; America/New_York; 2026-03-02T10:00:00Z; -",
        "another zone inside; 0 9 * * *; PT2H; America/New_York; 2026-03-02T15:00:00Z;"
            + " 2026-03-02T16:00:00Z",
        "weekday only; 0 9 * * MON; PT2H; UTC; 2026-03-03T10:00:00Z; -",
        "chained windows are one; 0 * * * *; PT90M; UTC; 2026-03-02T10:30:00Z; open end",
        "clocks go forward, before 02:30 that is not there; 30 2 * * *; PT1H; Europe/Paris;"
            + " 2026-03-29T00:29:00Z; -",
        "clocks go back, first 02:15; 0 2 * * *; PT1H; Europe/Paris; 2026-10-25T00:15:00Z; closed",
        "unreadable cron is closed; every day; PT1H; UTC; 2026-03-02T10:00:00Z;"
            + " 2026-03-02T10:15:00Z",
        "unreadable zone is closed; 0 9 * * *; PT1H; Mars/Olympus; 2026-03-02T10:00:00Z;"
            + " 2026-03-02T10:15:00Z"
      },
      delimiter = ';')
  void configuredWindow(
      String reason, String cron, Duration lasting, String zone, Instant now, String until) {
    var one = new Case();
    one.now = now;
    one.policy =
        PolicyConfig.DEFAULTS.withWindows(List.of(new CronWindow("release", cron, lasting, zone)));
    Ruling ruling = one.judge("deployment window");
    if (until.equals("-")) {
      assertSays(ruling, "Allow");
    } else {
      assertSays(ruling, "Defer");
      if (until.startsWith("2026"))
        assertThat(((Ruling.Defer) ruling).until()).isEqualTo(Instant.parse(until));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "as it should be, 0, -10, ADMISSION, Allow",
    "a little behind, 60, -10, ADMISSION, Allow",
    "it has jumped back, 61, -10, ADMISSION, Defer",
    "readings from the future, 0, 61, ADMISSION, Defer",
    "before a step as well, 61, -10, STEP, Defer",
    "the way back, 61, 61, ROLLBACK, Allow"
  })
  void clock(String reason, int behind, int ahead, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.clockBehind = Duration.ofSeconds(behind);
    one.freshAt = NOW.plusSeconds(ahead);
    assertSays(one.judge("clock"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "this service, service:shop, ADMISSION, Defer",
    "before a step as well, service:shop, STEP, Defer",
    "the way back, service:shop, ROLLBACK, Allow",
    "another service, service:cart, ADMISSION, Allow",
    "everything, all, ADMISSION, Defer"
  })
  void maintenance(String reason, String scope, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.maintenances.add(new Maintenance("STOP-1", scope, "new disks", NOW.plusSeconds(600)));
    Ruling ruling = one.judge("maintenance");
    assertSays(ruling, says);
    if (ruling instanceof Ruling.Defer defer)
      assertThat(defer.until()).isEqualTo(NOW.plusSeconds(600));
  }

  @Test
  void completeInput_halfIsMissing_waits() {
    var one = new Case();
    one.blind = "10 samples came in the last minute, 40 before";
    assertSays(one.judge("complete input"), "Defer");
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("complete input"), "Allow");
  }

  @Test
  void deploymentWindow_aCalendarIsClosed_waitsForTheLatestOfAll() {
    var one = new Case();
    one.calendars.add(new Closed(NOW.plusSeconds(600), "freeze"));
    one.calendars.add(new Closed(NOW.plusSeconds(60), "release"));
    Ruling ruling = one.judge("deployment window");
    assertSays(ruling, "Defer");
    assertThat(((Ruling.Defer) ruling).until()).isEqualTo(NOW.plusSeconds(600));
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("deployment window"), "Allow");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "inside; 0 9 * * *; PT2H; -",
        "before; 0 12 * * *; PT2H; 2026-03-02T12:00:00Z",
        "unreadable; never; PT2H; 2026-03-02T10:15:00Z"
      })
  void allowWindow(String reason, String cron, Duration lasting, String until) {
    var one = new Case();
    one.policy =
        PolicyConfig.DEFAULTS.withAllowWindows(
            List.of(new CronWindow("work", cron, lasting, "UTC")));
    Ruling ruling = one.judge("deployment window");
    if (until.equals("-")) {
      assertSays(ruling, "Allow");
    } else {
      assertSays(ruling, "Defer");
      assertThat(((Ruling.Defer) ruling).until()).isEqualTo(Instant.parse(until));
    }
    one.calendars.add(new Closed(NOW.plusSeconds(60), "freeze"));
    assertSays(one.judge("deployment window"), "Defer"); // a no beats a yes
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "no window; ; ; Allow",
        "in its own window; 0 9 * * *; ; Defer",
        "after its own window; 0 7 * * *; ; Allow",
        "inside what it allows; ; 0 9 * * *; Allow",
        "outside of what it allows; ; 0 12 * * *; Defer",
        "a no beats a yes; 0 9 * * *; 0 9 * * *; Defer",
        "unreadable no; never; ; Defer",
        "unreadable yes; ; never; Defer"
      })
  void ownWindows(String reason, @Nullable String deny, @Nullable String allow, String says) {
    var one = new Case();
    one.limits = limits(new Runbook.Windows(cron("no", deny), cron("yes", allow), List.of()), null);
    Ruling ruling = one.judge("deployment window");
    assertSays(ruling, says);
    assertThat(ruling.why()).isNotBlank();
    one.stage = Stage.STEP;
    assertSays(one.judge("deployment window"), says);
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("deployment window"), "Allow");
  }

  private static List<CronWindow> cron(String name, @Nullable String cron) {
    return cron == null
        ? List.of()
        : List.of(new CronWindow(name, cron, Duration.ofHours(2), "UTC"));
  }

  @Test
  void ownAllowWindow_doesNotLoosenThePolicys() {
    var one = new Case();
    one.policy = PolicyConfig.DEFAULTS.withAllowWindows(cron("policy", "0 12 * * *"));
    one.limits = limits(new Runbook.Windows(List.of(), cron("own", "0 9 * * *"), List.of()), null);
    assertSays(one.judge("deployment window"), "Defer");
  }
}
