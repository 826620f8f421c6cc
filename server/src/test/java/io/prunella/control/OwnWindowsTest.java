package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Outlook;
import io.prunella.remediation.Situation.Closed;
import io.prunella.remediation.Status;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A runbook's own windows hold it back besides the policy's. */
class OwnWindowsTest {
  private final Rig rig = new Rig(new MemoryJournal());

  private static List<Runbook> book(Runbook.Windows windows) {
    var made = new Variant(Rig.runbook(3, Runbook.Mode.AUTO, true, 1));
    made.limits =
        new Runbook.Limits(null, null, null, null, List.of(), windows, null, null, null, null);
    return List.of(made.made());
  }

  private static Outlook calendar(String name, Instant until) {
    return new Outlook() {
      @Override
      public List<Closed> closedAt(Instant now) {
        return List.of();
      }

      @Override
      public List<Closed> closedAt(Instant now, String calendar) {
        if (!calendar.equals(name)) return Outlook.super.closedAt(now, calendar);
        return now.isBefore(until) ? List.of(new Closed(until, name + " is closed")) : List.of();
      }

      @Override
      public @Nullable String blind() {
        return null;
      }
    };
  }

  @Test
  void insideItsOwnWindow_waitsUntilItIsOver() {
    var window = new CronWindow("morning", "0 9 * * *", Duration.ofMinutes(20), "UTC");
    rig.runbooks = book(new Runbook.Windows(List.of(window), List.of(), List.of()));
    rig.begin().pass(Duration.ofMinutes(19));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.last().why()).contains("deployment window: window morning (0 9 * * *, UTC)");
    assertThat(rig.outside.done).isEmpty();
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void calendarThatItNames_waitsUntilItIsOver() {
    rig.runbooks = book(new Runbook.Windows(List.of(), List.of(), List.of("freeze")));
    rig.outlook = calendar("freeze", Rig.BEGIN.plus(Duration.ofMinutes(15)));
    rig.begin().pass(Duration.ofMinutes(14));
    assertThat(rig.last().why()).isEqualTo("deployment window: freeze is closed");
    assertThat(rig.outside.done).isEmpty();
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void calendarThatItDoesNotName_doesNotHoldItBack() {
    rig.runbooks = book(new Runbook.Windows(List.of(), List.of(), List.of()));
    rig.outlook = calendar("freeze", Rig.BEGIN.plus(Duration.ofHours(9)));
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  /** The configuration has lost the calendar since the runbook was read. */
  @Test
  void calendarThatIsNotThere_countsAsClosed() {
    rig.runbooks = book(new Runbook.Windows(List.of(), List.of(), List.of("gone")));
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.last().why())
        .contains("calendar gone is not configured, so it is taken as closed");
    assertThat(rig.outside.done).isEmpty();
  }
}
