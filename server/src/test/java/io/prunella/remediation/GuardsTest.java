package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.runbook.Alerts.AlertRead;
import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.runbook.Runbook;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All guardrails together, and those that are asked of every plan. */
class GuardsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "it is there, false, ADMISSION, Allow",
    "every symptom is over, true, ADMISSION, Defer",
    "a step is under way, true, STEP, Allow",
    "the way back, true, ROLLBACK, Allow"
  })
  void stillThere(String reason, boolean over, Stage stage, String says) {
    var one = new Case();
    one.over = over;
    one.stage = stage;
    assertSays(one.judge("still there"), says);
  }

  @Test
  void judgeAll_nothingWrong_everyGuardrailAllows() {
    var all = new Case();
    for (Guardrail rail : Guardrails.ORDERED) assertSays(all.judge(rail.name()), "Allow");
  }

  @Test
  void judgeAll_aGuardrailThrows_countsAsDenyAndTheOthersAreAsked() {
    Guardrail broken =
        new Guardrail() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public Ruling judge(Proposal proposal, Situation situation) {
            throw new IllegalStateException("null snapshot");
          }
        };
    var proposal =
        Proposal.of(
            past("REM-1", "INC-1", "shop", Status.PROPOSED, NOW, false),
            Stage.ADMISSION,
            false,
            NOW);
    var situation =
        new Situation(
            NOW,
            PolicyConfig.DEFAULTS,
            incident("INC-1", "shop", NOW, null),
            List.of(),
            List.of(),
            Remediations.EMPTY,
            List.of(),
            List.of(),
            Set.of(),
            null,
            null,
            null,
            List.of());
    var rulings =
        Guardrails.judgeAll(List.of(broken, Guardrails.ORDERED.getFirst()), proposal, situation);
    assertThat(rulings).hasSize(2);
    assertSays(Guardrails.strictest(rulings).ruling(), "Deny");
    assertThat(Guardrails.strictest(List.of()).ruling()).isInstanceOf(Ruling.Deny.class);
  }

  @Test
  void lockConcurrencyCooldownFreezeFreshnessJournalDeclared() {
    var lock = new Case();
    lock.others.add(past("REM-1", "INC-2", "shop", Status.VERIFYING, NOW.minusSeconds(60), true));
    assertSays(lock.judge("lock"), "Defer");
    assertSays(lock.judge("concurrency"), "Allow");
    lock.others.add(past("REM-2", "INC-3", "cart", Status.EXECUTING, NOW, true));
    lock.others.add(past("REM-3", "INC-4", "mail", Status.INDETERMINATE, NOW, true));
    assertSays(lock.judge("concurrency"), "Defer");

    var rest = new Case();
    rest.others.add(
        past("REM-1", "INC-1", "shop", Status.ROLLED_BACK, NOW.minusSeconds(120), true));
    assertSays(rest.judge("cooldown"), "Defer");

    var frozen = new Case();
    frozen.frozen = "REM-1 failed";
    assertSays(frozen.judge("frozen target"), "Deny");

    var stale = new Case();
    stale.freshAt = NOW.minusSeconds(91);
    assertSays(stale.judge("fresh input"), "Defer");
    stale.freshAt = null;
    assertSays(stale.judge("fresh input"), "Defer");

    var down = new Case();
    down.journalDown = "disk full";
    assertSays(down.judge("journal"), "Deny");

    var undeclared = new Case();
    undeclared.declared = false;
    assertSays(undeclared.judge("target declared"), "Deny");

    var unsure = new Case();
    unsure.preconditions.add(new Precondition("cpu", Verdict.INCONCLUSIVE, "no data"));
    assertSays(unsure.judge("preconditions"), "Defer");
  }

  @ParameterizedTest
  @CsvSource({
    "does not hold, PASS, Allow, Allow",
    "holds, FAIL, Defer, Deny",
    "cannot be told, INCONCLUSIVE, Defer, Deny",
    "was not looked at, , Defer, Deny"
  })
  void abortConditions(String reason, @Nullable Verdict verdict, String begin, String goOn) {
    var one = new Case();
    var burns = new Runbook.Check("burns", "last(\"errors\") > 5.0");
    one.limits =
        new Runbook.Limits(null, null, null, null, List.of(burns), null, null, null, null, null);
    if (verdict != null) one.aborts.add(new Precondition("burns", verdict, "7, aborts at > 5"));
    Ruling ruling = one.judge("abort conditions");
    assertSays(ruling, begin);
    if (verdict != null && verdict != Verdict.PASS) assertThat(ruling.why()).contains("burns", "7");
    one.stage = Stage.STEP;
    assertSays(one.judge("abort conditions"), goOn);
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("abort conditions"), "Allow");
  }

  @ParameterizedTest
  @CsvSource({
    "wanted and fires, true, PASS, Allow, Allow",
    "wanted and does not, true, FAIL, Defer, Allow",
    "wanted and cannot be told, true, INCONCLUSIVE, Defer, Allow",
    "unwanted and does not, false, PASS, Allow, Allow",
    "unwanted and fires, false, FAIL, Allow, Defer",
    "unwanted and cannot be told, false, INCONCLUSIVE, Allow, Defer"
  })
  void alerts(String reason, boolean wanted, Verdict verdict, String must, String mustNot) {
    var one = new Case();
    one.alerts.add(new AlertRead(wanted, "{alertname=\"High\"}", verdict, "1 of 2, wanted other"));
    Ruling ruling = one.judge("wanted alerts");
    assertSays(ruling, must);
    assertSays(one.judge("vetoing alerts"), mustNot);
    if (ruling instanceof Ruling.Defer defer) {
      assertThat(defer.why()).contains("{alertname=\"High\"}", "1 of 2, wanted other");
      assertThat(defer.until()).isEqualTo(NOW.plus(PolicyConfig.DEFAULTS.retryAfter()));
    }
    one.stage = Stage.STEP;
    assertSays(one.judge("wanted alerts"), "Allow");
    assertSays(one.judge("vetoing alerts"), "Allow");
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("vetoing alerts"), "Allow");
  }
}
