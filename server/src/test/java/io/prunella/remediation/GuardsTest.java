package io.prunella.remediation;

// Long because: each guardrail has its table of cases here.
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Situation.Closed;
import io.prunella.remediation.Situation.Deploying;
import io.prunella.remediation.Situation.Maintenance;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.remediation.Situation.StopInForce;
import io.prunella.remediation.Situation.Surroundings;
import io.prunella.runbook.Alerts.AlertRead;
import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import io.prunella.runbook.TargetClass;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  /** A case that every guardrail allows; each test spoils one thing. */
  private static final class Case {
    String role = "stateless";
    String environment = "production";
    boolean cacheOnly;
    boolean needsCacheOnly;
    String mode = "auto";
    int tier = 1;
    double confidence = 0.9;
    boolean signed;
    Stage stage = Stage.ADMISSION;
    String current = "8";
    @Nullable String wanted = "10";
    Runbook.Limits limits = new Runbook.Limits(null, null, null, null);
    @Nullable Instant freshAt = NOW.minusSeconds(10);
    String culprit = "shop";
    boolean declared = true;
    @Nullable String frozen;
    @Nullable String journalDown;
    PolicyConfig policy = PolicyConfig.DEFAULTS;
    Instant now = NOW;
    final List<Remediation> others = new ArrayList<>();
    final List<Incident> incidents = new ArrayList<>();
    final List<StopInForce> stops = new ArrayList<>();
    final List<Deploying> deployments = new ArrayList<>();
    final List<Precondition> preconditions = new ArrayList<>();
    final List<AlertRead> alerts = new ArrayList<>();
    final List<Precondition> aborts = new ArrayList<>();
    final List<Target> pool = new ArrayList<>();
    final List<Maintenance> maintenances = new ArrayList<>();
    final List<Closed> calendars = new ArrayList<>();
    final Map<String, String> told = new HashMap<>();
    Map<String, String> labels = Map.of();
    @Nullable String back;
    Duration clockBehind = Duration.ZERO;
    @Nullable String blind;
    List<String> rivals = List.of();
    boolean over;

    Ruling judge(String name) {
      Target target = new Target("shop", "fake", role, environment, cacheOnly, "", labels);
      var plan = told(plan("INC-1", "surge", target, mode, tier, current, wanted));
      var terms =
          new Terms(
              "prunella",
              0.6,
              needsCacheOnly,
              Map.of(),
              List.of(),
              limits,
              Terms.NONE.verify(),
              List.of(),
              Duration.ZERO,
              null,
              null);
      var proposal =
          new Proposal(
              "REM-9",
              plan,
              new Confidence(confidence, confidence, 1, 0, 0),
              terms,
              stage,
              signed,
              freshAt);
      var incident = ill(incident("INC-1", culprit, NOW.minusSeconds(300), null), over);
      var all = new ArrayList<>(incidents);
      all.add(incident);
      var ended = all.stream().filter(i -> i.resolvedAt() != null);
      var situation =
          new Situation(
              now,
              policy,
              incident,
              all.stream().filter(i -> i.resolvedAt() == null).toList(),
              ended.sorted(Comparator.comparing(Incident::resolvedAt).reversed()).toList(),
              Remediations.of(others),
              stops,
              deployments,
              Set.of("cart"),
              declared ? target : null,
              frozen,
              journalDown,
              preconditions,
              alerts,
              aborts,
              new Surroundings(
                  pool, Set.of("cart"), maintenances, calendars, clockBehind, blind, rivals));
      var rulings = Guardrails.judgeAll(proposal, situation);
      assertThat(rulings)
          .hasSize(Guardrails.ORDERED.size())
          .allMatch(r -> !r.ruling().why().isBlank());
      return rulings.stream()
          .filter(r -> r.guardrail().equals(name))
          .findFirst()
          .orElseThrow()
          .ruling();
    }

    /** The plan with what its target tells besides, and its way back. */
    private Plan told(Plan plan) {
      var snapshot = new HashMap<>(plan.snapshot());
      snapshot.putAll(told);
      var step = plan.steps().getFirst();
      List<PlannedStep> rollback =
          back == null
              ? List.of()
              : List.of(
                  new PlannedStep(
                      "back",
                      step.action(),
                      Map.of("replicas", back),
                      step.timeout(),
                      step.idempotency(),
                      true));
      return Planner.digested(
          new Plan(
              plan.incident(),
              plan.pattern(),
              plan.runbook(),
              plan.runbookDigest(),
              plan.tier(),
              plan.mode(),
              plan.target(),
              plan.steps(),
              rollback,
              snapshot,
              List.of(),
              ""));
    }
  }

  static Plan plan(
      String incident,
      String pattern,
      Target target,
      String mode,
      int tier,
      String current,
      @Nullable String wanted) {
    Map<String, String> arguments = wanted == null ? Map.of() : Map.of("replicas", wanted);
    var step =
        new PlannedStep(
            "scale", "fake.scale", arguments, Duration.ofSeconds(30), Idempotency.D, true);
    return Planner.digested(
        new Plan(
            incident,
            pattern,
            "scale-out",
            "d",
            tier,
            mode,
            target,
            List.of(step),
            List.of(),
            Map.of("replicas", current),
            List.of(),
            ""));
  }

  static Incident incident(String id, String service, Instant opened, @Nullable Instant resolved) {
    return new Incident(
        id,
        1,
        resolved == null ? Incident.Status.OPEN : Incident.Status.RESOLVED,
        Incident.Severity.WARNING,
        id,
        opened,
        opened,
        resolved,
        Set.of(service),
        Map.of(),
        List.of(new Suspect(service, 1, "x")),
        List.of(),
        true,
        List.of(),
        null,
        null);
  }

  /** The same with one symptom. */
  private static Incident ill(Incident one, boolean over) {
    long opened = one.openedAt().toEpochMilli();
    var symptom =
        new Symptom(
            "cpu{}#limit",
            "shop",
            "",
            Signal.CPU,
            "cpu",
            Direction.UP,
            Shape.HEADROOM,
            opened,
            over ? NOW.toEpochMilli() : 0,
            NOW.toEpochMilli(),
            95,
            Double.NaN,
            Double.NaN,
            90,
            0,
            "cpu 95 % of its limit");
    return new Incident(
        one.id(),
        1,
        one.status(),
        one.severity(),
        one.title(),
        one.openedAt(),
        one.openedAt(),
        null,
        one.services(),
        Map.of(symptom.key(), symptom),
        one.suspects(),
        List.of(),
        true,
        List.of(),
        null,
        null);
  }

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

  static Remediation past(
      String id, String incident, String service, Status status, Instant at, boolean acted) {
    var target = new Target(service, "fake", "stateless", "production", false, "", Map.of());
    List<StepRun> runs =
        acted ? List.of(new StepRun("scale", "k", false, StepState.ACKED, at, at, "")) : List.of();
    return new Remediation(
        id,
        plan(incident, "surge", target, "auto", 1, "8", "10"),
        status,
        new Confidence(0.9, 0.9, 1, 0, 0),
        List.of(),
        null,
        runs,
        List.of(),
        "",
        at,
        at,
        null,
        false,
        null);
  }

  private static void assertSays(Ruling ruling, String wanted) {
    assertThat(ruling.getClass().getSimpleName()).as(ruling.why()).isEqualTo(wanted);
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

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "6 targets: 2 ill are 40 %, 6, 1, 0, ADMISSION, Allow",
    "6 targets: 3 are too many, 6, 2, 0, ADMISSION, Deny",
    "acted on counts as ill, 6, 1, 1, ADMISSION, Deny",
    "what has begun may finish, 6, 2, 0, STEP, Allow",
    "the way back as well, 6, 2, 0, ROLLBACK, Allow",
    "one alone is no storm, 1, 0, 0, ADMISSION, Allow",
    "one of two is no storm, 2, 0, 0, ADMISSION, Allow",
    "both of two may be chance, 2, 1, 0, ADMISSION, Allow",
    "all three are not, 3, 2, 0, ADMISSION, Deny",
    "nor three of four, 4, 2, 0, ADMISSION, Deny",
    "never more than 10, 100, 9, 0, ADMISSION, Allow",
    "11 of 100, 100, 10, 0, ADMISSION, Deny"
  })
  void shortCircuit(String reason, int targets, int ill, int underWay, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    fill(one, targets);
    for (int i = 0; i < ill; i++)
      one.incidents.add(incident("INC-2" + i, "svc-" + i, NOW.minusSeconds(60), null));
    for (int i = 0; i < underWay; i++)
      one.others.add(
          past("REM-2" + i, "INC-2" + i, "svc-" + (ill + i), Status.EXECUTING, NOW, true));
    assertSays(one.judge("short-circuit"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "over for 9 min, 9, production, Defer",
    "over for 11 min, 11, production, Allow",
    "elsewhere, 1, staging, Allow"
  })
  void shortCircuit_stormCooldown(String reason, int calmMinutes, String environment, String says) {
    var one = new Case();
    fill(one, 6);
    one.pool.replaceAll(
        t -> new Target(t.service(), t.kind(), t.role(), environment, false, "", Map.of()));
    Instant calm = NOW.minus(Duration.ofMinutes(calmMinutes));
    for (int i = 0; i < 3; i++)
      one.incidents.add(incident("INC-2" + i, "svc-" + i, calm.minusSeconds(600), calm));
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, says);
    if (ruling instanceof Ruling.Defer defer)
      assertThat(defer.until()).isEqualTo(calm.plus(Duration.ofMinutes(10)));
  }

  private static void fill(Case one, int targets) {
    one.pool.add(new Target("shop", "fake", "stateless", "production", false, "", Map.of()));
    for (int i = 0; i < targets - 1; i++) {
      one.pool.add(new Target("svc-" + i, "fake", "stateless", "production", false, "", Map.of()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "failed on one other, cart, cart, ROLLED_BACK, 60, Allow",
    "failed on two others, cart, mail, ROLLED_BACK, 60, Deny",
    "worked on two others, cart, mail, SUCCEEDED, 60, Allow",
    "failed on two others long ago, cart, mail, ROLLED_BACK, 300, Allow"
  })
  void commonCause(
      String reason, String first, String second, Status status, int minutesAgo, String says) {
    var one = new Case();
    Instant at = NOW.minus(Duration.ofMinutes(minutesAgo));
    one.others.add(past("REM-1", "INC-2", first, status, at, true));
    one.others.add(past("REM-2", "INC-3", second, status, at, true));
    assertSays(one.judge("common cause"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no label, -, a, Allow",
    "nobody else, a, -, Allow",
    "another zone, a, b, Defer",
    "the same zone: one at a time, a, a, Defer"
  })
  void failureDomain(String reason, String own, String other, String says) {
    var one = new Case();
    if (!own.equals("-")) one.labels = Map.of("zone", own);
    if (!other.equals("-")) one.others.add(inZone("REM-1", "cart", other));
    assertSays(one.judge("failure domain"), says);
  }

  /** Two are under way in the target's own zone; the policy lets five, four in a zone. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing of its own, , , Allow, Allow",
    "as the policy says, 5, 4, Allow, Allow",
    "room for one more, 3, 3, Allow, Allow",
    "stricter everywhere, 2, , Defer, Allow",
    "stricter in a zone, , 2, Allow, Defer",
    "only alone, 1, 1, Defer, Defer",
    "looser than the policy counts for nothing, 9, 9, Allow, Allow"
  })
  void ownConcurrency(
      String reason,
      @Nullable Integer max,
      @Nullable Integer perDomainMax,
      String says,
      String inZone) {
    var one = new Case();
    one.labels = Map.of("zone", "a");
    one.policy = PolicyConfig.DEFAULTS.withConcurrency(5, 4);
    one.limits = concurrency(max, perDomainMax);
    one.others.add(inZone("REM-1", "cart", "a"));
    one.others.add(inZone("REM-2", "mail", "a"));
    assertSays(one.judge("concurrency"), says);
    assertSays(one.judge("failure domain"), inZone);
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("concurrency"), "Allow");
    assertSays(one.judge("failure domain"), "Allow");
  }

  @Test
  void ownConcurrency_looserThanThePolicy_doesNotLoosenIt() {
    var one = new Case();
    one.labels = Map.of("zone", "a");
    one.policy = PolicyConfig.DEFAULTS.withConcurrency(2, 2);
    one.limits = concurrency(9, 9);
    one.others.add(inZone("REM-1", "cart", "a"));
    one.others.add(inZone("REM-2", "mail", "a"));
    assertThat(one.judge("concurrency").why()).isEqualTo("2 of 2 under way");
    assertSays(one.judge("concurrency"), "Defer");
    assertThat(one.judge("failure domain").why()).isEqualTo("2 of 2 under way in zone a");
    assertSays(one.judge("failure domain"), "Defer");
  }

  private static Remediation inZone(String id, String service, String zone) {
    var running = past(id, "INC-2", service, Status.EXECUTING, NOW, true);
    var target = new Target(service, "fake", "", "", false, "", Map.of("zone", zone));
    return new Remediation(
        id,
        plan("INC-2", "surge", target, "auto", 1, "8", "10"),
        Status.EXECUTING,
        running.confidence(),
        List.of(),
        null,
        running.steps(),
        List.of(),
        "",
        NOW,
        NOW,
        null,
        false,
        null);
  }

  private static Runbook.Limits concurrency(@Nullable Integer max, @Nullable Integer perDomainMax) {
    return new Runbook.Limits(
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null,
        new Runbook.Concurrency(max, perDomainMax),
        null,
        null);
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
    "what it calls is ill, 2, cart, false, Defer",
    "it was ill, 2, cart, true, Allow",
    "somebody else is ill, 2, mail, false, Allow",
    "no restart, 1, cart, false, Allow"
  })
  void dependency(String reason, int tier, String ill, boolean over, String says) {
    var one = new Case();
    one.tier = tier;
    one.incidents.add(
        incident("INC-2", ill, NOW.minusSeconds(600), over ? NOW.minusSeconds(60) : null));
    assertSays(one.judge("dependency"), says);
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

  private static Runbook.Limits limits(Runbook.Windows windows, Runbook.ShortCircuit circuit) {
    return new Runbook.Limits(
        null, null, null, null, List.of(), windows, circuit, null, null, null);
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

  /** Of ten targets; the plan's own counts as ill. */
  @ParameterizedTest
  @CsvSource({
    "nothing of its own, , , 3, Allow",
    "as the policy says, 40, , 3, Allow",
    "stricter share, 30, , 3, Deny",
    "stricter share and fewer ill, 30, , 2, Allow",
    "stricter number, , 3, 3, Deny",
    "a single one, , 1, 1, Deny",
    "a single one that is its own, , 1, 0, Allow",
    "looser than the policy counts for nothing, 90, 50, 4, Deny"
  })
  void ownShortCircuit(
      String reason, @Nullable Integer percent, @Nullable Integer max, int ill, String says) {
    var one = new Case();
    if (percent != null || max != null) {
      one.limits = limits(null, new Runbook.ShortCircuit(percent, max, null));
    }
    fill(one, 10);
    for (int i = 0; i < ill; i++) {
      one.incidents.add(incident("INC-1" + i, "svc-" + i, NOW.minusSeconds(60), null));
    }
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, says);
    assertThat(ruling.why()).contains("of 10 targets");
  }

  @Test
  void ownStormCooldown_longerThanThePolicys_counts() {
    var one = new Case();
    fill(one, 10);
    Instant over = NOW.minusSeconds(1_200);
    for (int i = 0; i < 9; i++) {
      one.incidents.add(incident("INC-1" + i, "svc-" + i, over.minusSeconds(600), over));
    }
    assertSays(one.judge("short-circuit"), "Allow");
    one.limits = limits(null, new Runbook.ShortCircuit(null, null, Duration.ofMinutes(30)));
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, "Defer");
    assertThat(((Ruling.Defer) ruling).until()).isEqualTo(NOW.plusSeconds(600));
    one.limits = limits(null, new Runbook.ShortCircuit(null, null, Duration.ofMinutes(5)));
    assertSays(one.judge("short-circuit"), "Allow");
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
