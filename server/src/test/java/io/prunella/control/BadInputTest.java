package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A world that does not play along: each ends in a refusal or with people, and in time. */
class BadInputTest {
  private final Rig rig = new Rig(new MemoryJournal());

  private Remediation first() {
    return rig.control.state().remediations().get("REM-1");
  }

  private void assertPeopleWereCalled() {
    assertThat(rig.outside.notices)
        .anyMatch(n -> n.kind().equals("escalation") && n.severity().equals("critical"));
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
  }

  @Test
  void targetVanishesDuringTheRun_peopleAreCalledAndNothingIsRepeated() {
    rig.outside.idempotency = Idempotency.N;
    rig.outside.lost.add("answer");
    rig.outside.whileRunning =
        () -> {
          rig.outside.silent = true;
          rig.outside.throwsIn.addAll(List.of("snapshot", "dryRun", "probe"));
        };
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(first().status().isTerminal()).isTrue();
    assertThat(first().status()).isNotEqualTo(Status.SUCCEEDED);
    assertThat(rig.outside.done.values()).containsExactly(1);
    assertPeopleWereCalled();
  }

  @Test
  void answerOfAStepNeverComes_isUnknownAndEndsWithPeople() {
    rig.outside.lost.add("probe"); // nobody can tell either
    rig.begin();
    for (int i = 0; i < 400; i++) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (Effect effect : rig.control.round(rig.now)) {
        if (!(effect instanceof Effect.RunStep)) rig.control.report(rig.control.carryOut(effect));
      }
    }
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(first().steps().getFirst().output()).contains("no answer within 20 s");
    assertPeopleWereCalled();
  }

  /** The one step's argument is what the target says of itself. */
  private void isFixedByItsLabel(String label) {
    rig.target =
        new Target(
            Rig.SERVICE, "fake", "stateless", "production", false, "", Map.of("unit", label));
    var made = new Variant(Rig.runbook(3, Runbook.Mode.AUTO, true, 1));
    made.steps =
        List.of(
            new Runbook.Step(
                "fix-1",
                "fake.fix",
                Map.of("unit", "{{ target.labels.unit }}"),
                Duration.ofSeconds(20)));
    rig.runbooks = List.of(made.made());
  }

  /** A label of a megabyte, or of two lines, is no argument: no plan is made of it. */
  @ParameterizedTest
  @ValueSource(strings = {"long", "lines"})
  void labelThatIsNoArgument_nothingBeginsAndPeopleLead(String kind) {
    String label = kind.equals("long") ? "x".repeat(1 << 20) : "unit\nreboot";
    isFixedByItsLabel(label);
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(rig.control.state().remediations()).isEmpty();
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.outside.notices)
        .filteredOn(n -> n.kind().equals("handover"))
        .hasSize(1)
        .allMatch(n -> n.text().contains("cannot be filled in") && n.text().length() < 2_000);
  }

  /** What a target says of itself is one word to its action, whatever shells make of it. */
  @ParameterizedTest
  @ValueSource(strings = {"; rm -rf /", "$(reboot)", "`id`", "{{ snapshot.replicas }}", "--force"})
  void hostileLabel_reachesTheActionAsOneArgument(String label) {
    isFixedByItsLabel(label);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(first().plan().steps().getFirst().arguments()).isEqualTo(Map.of("unit", label));
    assertThat(first().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void readerNeverAnswers_nothingBegins() {
    rig.begin();
    for (int i = 0; i < 200; i++) {
      rig.now = rig.now.plus(Rig.TICK);
      rig.control.submit(new Command.SymptomSeen(rig.word()));
      for (Effect effect : rig.control.round(rig.now)) {
        if (!(effect instanceof Effect.Prepare)) rig.control.report(rig.control.carryOut(effect));
      }
    }
    assertThat(rig.control.state().remediations()).isEmpty();
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void targetIsDeclaredOtherwiseAfterARestart_theOldPlanGoesNoFurther() {
    rig.runbooks = List.of(Rig.runbook(4, Runbook.Mode.AUTO, true, 1));
    rig.begin().pass(Duration.ofMinutes(2));
    String digest = rig.last().plan().digest();
    rig.target = new Target(Rig.SERVICE, "fake", "database", "production", false, "", Map.of());
    rig.restart();
    rig.ask(new Command.Decide("APR-1", "ann", true, digest, "", "k"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(first().status()).isEqualTo(Status.INVALIDATED);
    assertThat(rig.outside.done).isEmpty();
  }
}
