package io.prunella.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.State;
import io.prunella.diagnose.Suspect;
import io.prunella.incident.Incident;
import io.prunella.remediation.Plan;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Target;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingTest {
  private static final Instant BEGUN = Instant.parse("2026-03-09T10:04:00Z");

  private static Incident incident(
      String culprit, Incident.Status status, @Nullable String handedOver) {
    return new Incident(
        "INC-1",
        1,
        status,
        Incident.Severity.CRITICAL,
        "something is wrong",
        BEGUN.plusSeconds(90),
        BEGUN.plusSeconds(90),
        status == Incident.Status.RESOLVED ? BEGUN.plusSeconds(600) : null,
        Set.of(culprit),
        Map.of(),
        List.of(new Suspect(culprit, 1, "it is")),
        List.of(),
        true,
        List.of(),
        handedOver,
        null);
  }

  private static Remediation remediation(String service, Status status, boolean acted) {
    var target = new Target(service, "simulated", "stateless", "production", false, "", Map.of());
    var plan =
        new Plan(
            "INC-1", "p", "r", "d", 1, "auto", target, List.of(), List.of(), Map.of(), List.of(),
            "x");
    var run =
        new Remediation.StepRun(
            "s", "k", false, Remediation.StepState.ACKED, BEGUN.plusSeconds(120), null, "");
    return new Remediation(
        "REM-1",
        plan,
        status,
        new Remediation.Confidence(.8, .9, .9, 0, 0),
        List.of(),
        null,
        acted ? List.of(run) : List.of(),
        List.of(),
        "because",
        BEGUN.plusSeconds(120),
        BEGUN.plusSeconds(120),
        null,
        false,
        null);
  }

  private static State state(@Nullable Incident incident, @Nullable Remediation remediation) {
    var incidents = new LinkedHashMap<String, Incident>();
    if (incident != null) incidents.put(incident.id(), incident);
    var remediations = new LinkedHashMap<String, Remediation>();
    if (remediation != null) remediations.put(remediation.id(), remediation);
    return new State(
        1, BEGUN, incidents, remediations, Map.of(), Map.of(), Map.of(), /* journalDown= */ null);
  }

  @ParameterizedTest(name = "{0}: {1} {2} {3} {4}")
  @CsvSource({
    "crash-loop, SUCCEEDED, true, RESOLVED, false, well",
    "crash-loop, SUCCEEDED, true, OPEN, false, not yet",
    "crash-loop, VERIFYING, true, OPEN, false, not yet",
    "crash-loop, ESCALATED, true, OPEN, true, wrong",
    "bad-deploy, AWAITING_APPROVAL, false, OPEN, false, well",
    "bad-deploy, EXECUTING, true, OPEN, false, wrong",
    "bad-deploy, DENIED, false, OPEN, true, wrong",
    "unknown-slowness, DENIED, false, OPEN, true, well",
    "unknown-slowness, DENIED, false, OPEN, false, not yet",
    "unknown-slowness, AWAITING_APPROVAL, false, OPEN, false, wrong",
    "surge-in-vain, ROLLED_BACK, true, OPEN, true, well",
    "surge-in-vain, ROLLING_BACK, true, OPEN, false, not yet",
    "surge-in-vain, SUCCEEDED, true, RESOLVED, false, wrong",
    "surge-in-vain, DENIED, false, OPEN, true, wrong"
  })
  void look_atAState_judgesItByHowItShouldEnd(
      String name,
      Status status,
      boolean acted,
      Incident.Status incidentStatus,
      boolean handedOver,
      String judged) {
    var scenario = Scenario.named(name).orElseThrow();
    var ending = new Ending(scenario, BEGUN);
    ending.look(
        state(
            incident(scenario.culprit(), incidentStatus, handedOver ? "people lead" : null),
            remediation(scenario.culprit(), status, acted)),
        BEGUN.plusSeconds(600));
    String seen = ending.verdict().map(v -> v.asItShould() ? "well" : "wrong").orElse("not yet");
    assertThat(seen).as(ending.present()).isEqualTo(judged);
  }

  @Test
  void look_whenAnotherServiceWasActedOn_isWrongHoweverItEnds() {
    var ending = new Ending(Scenario.named("crash-cascade").orElseThrow(), BEGUN);
    ending.look(
        state(
            incident("depotmap", Incident.Status.RESOLVED, null),
            remediation("sortline", Status.SUCCEEDED, true)),
        BEGUN.plusSeconds(600));
    assertThat(ending.verdict())
        .hasValueSatisfying(v -> {
          assertThat(v.asItShould()).isFalse();
          assertThat(v.came())
              .isEqualTo("REM-1 acted on sortline, and only depotmap may be acted on");
        });
  }

  @Test
  void times_ofARepair_areSimulatedSecondsSinceTheFault() {
    var scenario = Scenario.named("crash-loop").orElseThrow();
    var ending = new Ending(scenario, BEGUN);
    assertThat(ending.times()).allMatch(line -> line.endsWith("-"));
    ending.look(
        state(
            incident(scenario.culprit(), Incident.Status.OPEN, null),
            remediation(scenario.culprit(), Status.SUCCEEDED, true)),
        BEGUN.plusSeconds(585));
    ending.look(
        state(
            incident(scenario.culprit(), Incident.Status.RESOLVED, null),
            remediation(scenario.culprit(), Status.SUCCEEDED, true)),
        BEGUN.plusSeconds(1_140));
    assertThat(ending.times())
        .containsExactly(
            "detected  after 90 s",
            "decided   after 120 s",
            "repaired  after 585 s",
            "settled   after 1140 s");
  }
}
