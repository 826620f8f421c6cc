package io.prunella.remediation;

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
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
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

/** A proposal in a situation that every guardrail allows, and the parts that a test spoils. */
final class GuardCases {
  static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  /** A case that every guardrail allows; each test spoils one thing. */
  static final class Case {
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
  static Incident ill(Incident one, boolean over) {
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

  static void assertSays(Ruling ruling, String wanted) {
    assertThat(ruling.getClass().getSimpleName()).as(ruling.why()).isEqualTo(wanted);
  }

  static Runbook.Limits concurrency(@Nullable Integer max, @Nullable Integer perDomainMax) {
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

  static Runbook.Limits limits(Runbook.Windows windows, Runbook.ShortCircuit circuit) {
    return new Runbook.Limits(
        null, null, null, null, List.of(), windows, circuit, null, null, null);
  }

  private GuardCases() {}
}
