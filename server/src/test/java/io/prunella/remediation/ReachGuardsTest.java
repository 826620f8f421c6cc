package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.TargetClass;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be touched, and how much of it. */
class ReachGuardsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      value = {
        "25 % of 8 is 2, 8, 10, 8, Allow",
        "one too many, 8, 11, 8, Deny",
        "rounded down: 25 % of 7 is 1, 7, 9, 7, Deny",
        "7 to 8, 7, 8, 7, Allow",
        "few: a person decides for one more, 3, 4, 3, AskHuman",
        "few: never two more, 3, 5, 3, Deny",
        "one alone: a person decides, 1, 2, 1, AskHuman",
        "cumulative 50 % of 8 is 12, 10, 12, 8, Allow",
        "third time would compound, 12, 13, 8, Deny",
        "scale in while an incident is open, 8, 7, 8, Deny",
        "to nothing, 8, 0, 8, Deny",
        "unknown present, ?, 10, 8, Deny",
        "present 0, 0, 1, 8, Deny",
        "not a number, 8, ten, 8, Deny",
        "huge, 8, 99999999999, 8, Deny",
        "does not scale, 8, -, 8, Allow"
      })
  void scaleOut(String reason, String current, String wanted, String atStart, String says) {
    var one = new Case();
    one.current = current;
    one.wanted = wanted;
    one.others.add(grown(atStart, "9"));
    assertSays(one.judge("scale-out"), says);
  }

  @Test
  void scaleOut_minStepOne_allowsOneMore() {
    var one = new Case();
    one.current = "3";
    one.wanted = "4";
    one.limits = new Runbook.Limits(null, true, null, null);
    assertSays(one.judge("scale-out"), "Allow");
    one.limits = new Runbook.Limits(10, null, null, null);
    one.current = "8";
    one.wanted = "10";
    assertSays(one.judge("scale-out"), "Deny");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // 8 when the incident began, 10 now: a quarter more is 12, half as much again 12
    "nothing said, , 12, Allow, at most 4 (50 %)",
    "as much as it lets, 50, 12, Allow, at most 4 (50 %)",
    "less, 40, 12, Deny, at most 3 (40 %)",
    "less and within, 40, 11, Allow, at most 3 (40 %)",
    "no more than once, 25, 11, Deny, at most 2 (25 %)",
    "looser does not loosen, 90, 13, Deny, at most 4 (50 %)",
  })
  void ownCumulativeScaleOut(
      String reason, @Nullable Integer own, String wanted, String says, String number) {
    var one = new Case();
    one.current = "10";
    one.wanted = wanted;
    one.limits = new Runbook.Limits(null, null, null, null, null, null, null, null, null, own);
    one.others.add(grown("8", "10"));
    Ruling ruling = one.judge("scale-out");
    assertSays(ruling, says);
    assertThat(ruling.why()).contains(number);
  }

  /** An attempt on the same target that has changed how many there are. */
  private static Remediation grown(String from, String to) {
    var ended = NOW.minus(Duration.ofHours(1));
    var one = past("REM-1", "INC-1", "shop", Status.ROLLED_BACK, ended, true);
    return new Remediation(
        one.id(),
        plan("INC-1", "surge", one.plan().target(), "auto", 1, from, to),
        one.status(),
        one.confidence(),
        List.of(),
        null,
        one.steps(),
        List.of(),
        "",
        ended,
        ended,
        null,
        false,
        null);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the same service again, shop, INC-1, true, Allow",
    "a second service, cart, INC-1, true, Deny",
    "a second service only proposed, cart, INC-1, false, Allow",
    "another incident's, cart, INC-2, true, Allow"
  })
  void oneService(String reason, String other, String incident, boolean acted, String says) {
    var one = new Case();
    one.others.add(
        past("REM-1", incident, other, Status.ROLLED_BACK, NOW.minusSeconds(3600), acted));
    assertSays(one.judge("one service"), says);
    one.culprit = "cart";
    assertSays(one.judge("one service"), "Deny");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing of its own, , , cache, production, ADMISSION, Allow",
    "its role and environment, cache, production, cache, production, ADMISSION, Deny",
    "before a step as well, cache, production, cache, production, STEP, Deny",
    "not on the way back, cache, production, cache, production, ROLLBACK, Allow",
    "another role, database, production, cache, production, ADMISSION, Allow",
    "another environment, cache, production, cache, staging, ADMISSION, Allow",
    "nobody has said where it is, cache, production, cache, '', ADMISSION, Deny",
    "production by another name, cache, production, cache, prod-eu, ADMISSION, Deny",
    "nobody has said what it is, database, production, '', production, ADMISSION, Deny",
    "any role, *, staging, cache, staging, ADMISSION, Deny",
    "any environment, cache, *, cache, staging, ADMISSION, Deny"
  })
  void deniedTargets(
      String reason,
      @Nullable String deniedRole,
      @Nullable String deniedEnvironment,
      String role,
      String environment,
      Stage stage,
      String says) {
    var one = new Case();
    one.role = role;
    one.environment = environment;
    one.stage = stage;
    if (deniedRole != null && deniedEnvironment != null) {
      var deny = List.of(new TargetClass(deniedRole, deniedEnvironment));
      one.limits = new Runbook.Limits(null, null, null, null, null, null, null, null, deny, null);
    }
    assertSays(one.judge("denied targets"), says);
    one.signed = true;
    assertSays(one.judge("denied targets"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nobody, none, false, ADMISSION, Allow",
    "an autoscaler, hpa, false, ADMISSION, Deny",
    "somebody is at it, '', true, ADMISSION, Defer",
    "the way back, hpa, true, ROLLBACK, Allow"
  })
  void controllerConflict(
      String reason, String controller, String changing, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.told.put("controller", controller);
    one.told.put("changing", changing);
    assertSays(one.judge("controller conflict"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "to what was, 8, ADMISSION, Allow",
    "to less than there was, 7, ADMISSION, Deny",
    "to nothing, 0, ADMISSION, Deny",
    "to nothing before the step back, 0, ROLLBACK, Deny",
    "to no number, many, ROLLBACK, Deny"
  })
  void wayBack(String reason, String back, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.back = back;
    assertSays(one.judge("scale-out"), says);
  }

  @Test
  void limitsOfARunbook_looserThanThePolicy_doNotLoosenIt() {
    var one = new Case();
    one.limits = new Runbook.Limits(80, null, 9, null);
    one.wanted = "11";
    assertSays(one.judge("scale-out"), "Deny");
    for (int i = 0; i < 3; i++)
      one.others.add(past("REM-" + i, "INC-1", "shop", Status.ROLLED_BACK, NOW, true));
    assertSays(one.judge("attempts"), "Deny");
  }
}
