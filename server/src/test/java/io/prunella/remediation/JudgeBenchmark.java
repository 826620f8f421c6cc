package io.prunella.remediation;

import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.incident.Incidents;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Situation.Deploying;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.remediation.Situation.Surroundings;
import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Target;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many proposals a second one thread judges with every guardrail, in a world of 200 targets, 20
 * open incidents, deployments, a window, and as many remediations remembered as the parameter says,
 * with their incidents. Each proposal is of another target. Run by {@code mvn -q -Pjmh -DskipTests
 * -Djmh.only=JudgeBenchmark verify}, and by {@code bin/prunella-bench-executor}, which writes the
 * figures into server/docs/executor-performance.md.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class JudgeBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final int TARGETS = 200;
  private static final int OPEN = 20;

  /** Remediations remembered: what a quiet week leaves, and as many as are ever kept. */
  @Param({"100", "2000"})
  public int remembered;

  private final List<Proposal> proposals = new ArrayList<>();
  private final List<Situation> situations = new ArrayList<>();
  private int turn;

  /** How many guardrails there are. */
  public static int guardrails() {
    return Guardrails.ORDERED.size();
  }

  /** Builds the world. */
  @Setup
  public void world() {
    var targets = new ArrayList<Target>();
    var incidents = new ArrayList<Incident>();
    for (int i = 0; i < TARGETS; i++) targets.add(target(i));
    for (int i = 0; i < OPEN; i++) incidents.add(incident(i));
    var past = new ArrayList<Remediation>();
    for (int i = 0; i < remembered; i++) past.add(past(i, targets.get(i % TARGETS)));
    var remediations = Remediations.of(past);
    var resolved = new ArrayList<Incident>();
    for (int i = 0; i < Math.min(remembered, Incidents.RESOLVED_MAX); i++)
      resolved.add(over(past.get(i)));
    var policy =
        PolicyConfig.DEFAULTS.withWindows(
            List.of(
                new CronWindow("release", "0 14 * * TUE", Duration.ofHours(2), "Europe/Paris")));
    var deployments = List.of(new Deploying("d1", "svc-199", NOW.minusSeconds(60)));
    for (int i = 0; i < OPEN; i++) {
      Target target = targets.get(i);
      var plan = GuardCases.plan("INC-" + i, "surge", target, "auto", 1, "8", "10");
      proposals.add(
          new Proposal(
              "REM-new-" + i,
              plan,
              new Confidence(0.9, 0.9, 1, 0, 0),
              Terms.NONE,
              Stage.ADMISSION,
              /* signed= */ false,
              NOW.minusSeconds(10)));
      situations.add(
          new Situation(
              NOW,
              policy,
              incidents.get(i),
              incidents,
              resolved,
              remediations,
              List.of(),
              deployments,
              Set.of("svc-150", "svc-151"),
              target,
              null,
              null,
              List.of(new Precondition("saturated", Verdict.PASS, "0.95, wanted > 0.8")),
              List.of(),
              List.of(),
              new Surroundings(
                  targets,
                  Set.of("svc-151"),
                  List.of(),
                  List.of(),
                  Duration.ZERO,
                  null,
                  List.of())));
    }
  }

  private static Target target(int i) {
    return new Target(
        "svc-" + i, "fake", "stateless", "production", false, "", Map.of("zone", "z" + i % 3));
  }

  private static Incident incident(int i) {
    String service = "svc-" + i;
    var one = GuardCases.incident("INC-" + i, service, NOW.minusSeconds(300), null);
    long opened = one.openedAt().toEpochMilli();
    var symptom =
        new Symptom(
            service,
            service,
            "",
            Signal.CPU,
            "cpu",
            Direction.UP,
            Shape.HEADROOM,
            opened,
            0,
            NOW.toEpochMilli(),
            95,
            Double.NaN,
            Double.NaN,
            90,
            0,
            "cpu 95 %");
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
        List.of(new Suspect(service, 1, "x")),
        List.of(),
        true,
        List.of(),
        null,
        null);
  }

  private static Remediation past(int i, Target target) {
    Instant at = NOW.minus(Duration.ofMinutes(10L + i * 7L));
    var run = new StepRun("scale", "k" + i, false, StepState.ACKED, at, at, "done");
    return new Remediation(
        "REM-" + i,
        GuardCases.plan("INC-old-" + i, "surge", target, "auto", 1, "8", "10"),
        i % 9 == 0 ? Status.ROLLED_BACK : Status.SUCCEEDED,
        new Confidence(0.9, 0.9, 1, 0, 0),
        List.of(),
        null,
        List.of(run),
        List.of(),
        "",
        at,
        at,
        null,
        false,
        null);
  }

  /** The incident that a past remediation was for: it began before it and was over after it. */
  private static Incident over(Remediation one) {
    Instant at = one.since();
    return GuardCases.incident(
        one.plan().incident(), one.service(), at.minusSeconds(300), at.plusSeconds(120));
  }

  /** One proposal, by every guardrail. */
  @Benchmark
  public List<RuledBy> judge() {
    turn = (turn + 1) % proposals.size();
    return Guardrails.judgeAll(proposals.get(turn), situations.get(turn));
  }
}
