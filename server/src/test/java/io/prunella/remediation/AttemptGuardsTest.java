package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the same is tried. */
class AttemptGuardsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "two before in this incident, 2, INC-1, 60, Allow",
    "three before in this incident, 3, INC-1, 60, Deny",
    "three in other incidents within 4 h, 3, INC-0, 200, Deny",
    "three in other incidents before that, 3, INC-0, 300, Allow"
  })
  void attempts(String reason, int count, String incident, int minutesAgo, String says) {
    var one = new Case();
    for (int i = 0; i < count; i++) {
      one.others.add(
          past(
              "REM-" + i,
              incident,
              "shop",
              Status.ROLLED_BACK,
              NOW.minus(Duration.ofMinutes(minutesAgo)),
              true));
    }
    assertSays(one.judge("attempts"), says);
    one.others.replaceAll(r -> past(r.id(), incident, "shop", Status.DENIED, r.updatedAt(), false));
    assertSays(one.judge("attempts"), "Allow");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "healthy for an hour since, 90, -1, Allow",
    "not an hour yet, 50, -1, Deny",
    "ill again within the hour, 90, 60, Deny"
  })
  void attempts_reset(String reason, int healedMinutesAgo, int illAgainMinutesAgo, String says) {
    var one = new Case();
    Instant healed = NOW.minus(Duration.ofMinutes(healedMinutesAgo));
    for (int i = 0; i < 2; i++)
      one.others.add(
          past("REM-" + i, "INC-0", "shop", Status.ROLLED_BACK, healed.minusSeconds(600), true));
    one.others.add(past("REM-2", "INC-0", "shop", Status.SUCCEEDED, healed, true));
    one.incidents.add(incident("INC-0", "shop", healed.minusSeconds(900), healed.plusSeconds(120)));
    if (illAgainMinutesAgo > 0) {
      Instant ill = NOW.minus(Duration.ofMinutes(illAgainMinutesAgo));
      one.incidents.add(incident("INC-00", "shop", ill, ill.plusSeconds(60)));
    }
    assertSays(one.judge("attempts"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "undone, SUCCEEDED, 30, 8, 10, false, AskHuman",
    "undone and signed, SUCCEEDED, 30, 8, 10, true, Allow",
    "long ago, SUCCEEDED, 61, 8, 10, false, Allow",
    "our own rollback, ROLLED_BACK, 30, 8, 10, false, Allow",
    "it has stayed, SUCCEEDED, 30, 10, 12, false, Allow"
  })
  void oscillation(
      String reason,
      Status status,
      int minutesAgo,
      String current,
      String wanted,
      boolean signed,
      String says) {
    var one = new Case();
    one.current = current;
    one.wanted = wanted;
    one.signed = signed;
    Instant at = NOW.minus(Duration.ofMinutes(minutesAgo));
    one.others.add(past("REM-1", "INC-0", "shop", status, at, true));
    assertSays(one.judge("oscillation"), says);
  }
}
