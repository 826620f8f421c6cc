package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Situation.StopInForce;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people have to say: stops, modes, tiers, signatures, and plans that are no clear answer. */
class PeopleGuardsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the only one, '', false, ADMISSION, Allow",
    "another fits as well, drain, false, ADMISSION, AskHuman",
    "a person has chosen, drain, true, ADMISSION, Allow",
    "begun already, drain, false, STEP, Allow",
    "the way back, drain, false, ROLLBACK, Allow"
  })
  void oneAnswer(String reason, String rival, boolean signed, Stage stage, String says) {
    var one = new Case();
    if (!rival.isEmpty()) one.rivals = List.of(rival);
    one.signed = signed;
    one.stage = stage;
    assertSays(one.judge("one answer"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "production database, database, production, false, ADMISSION, AskHuman",
    "nobody said where: production, database, '', false, ADMISSION, AskHuman",
    "production database signed, database, production, true, ADMISSION, Allow",
    "before a step as well, database, production, false, STEP, AskHuman",
    "staging database, database, staging, false, ADMISSION, Allow",
    "production cache, cache, production, false, ADMISSION, Allow"
  })
  void productionDatabase(
      String reason, String role, String environment, boolean signed, Stage stage, String says) {
    var one = new Case();
    one.role = role;
    one.environment = environment;
    one.signed = signed;
    one.stage = stage;
    assertSays(one.judge("production database"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "auto, auto, 1, 0.9, Allow, Allow, Allow",
    "suggest, suggest, 1, 0.9, AskHuman, Allow, Allow",
    "observe, observe, 1, 0.9, Deny, Allow, Allow",
    "unknown mode, fast, 1, 0.9, Deny, Allow, Allow",
    "tier 3, auto, 3, 0.9, Allow, Allow, Allow",
    "tier 4, auto, 4, 0.9, Allow, AskHuman, Allow",
    "tier 5, auto, 5, 0.9, Allow, Deny, Allow",
    "unsure, auto, 1, 0.59, Allow, Allow, AskHuman",
    "no number, auto, 1, NaN, Allow, Allow, Deny"
  })
  void modeTierConfidence(
      String reason, String mode, int tier, double confidence, String a, String b, String c) {
    var one = new Case();
    one.mode = mode;
    one.tier = tier;
    one.confidence = confidence;
    assertSays(one.judge("mode"), a);
    assertSays(one.judge("tier"), b);
    assertSays(one.judge("confidence"), c);
  }

  @ParameterizedTest
  @CsvSource({"false, false, Allow", "true, true, Allow", "true, false, AskHuman"})
  void cacheOnly(boolean needed, boolean declared, String says) {
    var one = new Case();
    one.needsCacheOnly = needed;
    one.cacheOnly = declared;
    assertSays(one.judge("cache only"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "stop new holds back what is new, false, all, ADMISSION, Defer",
    "stop new lets finish, false, all, STEP, Allow",
    "stop new lets go back, false, all, ROLLBACK, Allow",
    "halt holds back steps, true, all, STEP, Defer",
    "halt holds back the way back, true, all, ROLLBACK, Defer",
    "another service, true, service:mail, ADMISSION, Allow",
    "this tier, false, tier:1, ADMISSION, Defer",
    "this runbook, false, runbook:scale-out, ADMISSION, Defer"
  })
  void stopSwitch(String reason, boolean halt, String scope, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    one.stops.add(new StopInForce("STOP-1", halt, scope, "drill"));
    assertSays(one.judge("stop switch"), says);
  }
}
