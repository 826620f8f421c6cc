package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What steps say on their way: seen while they are out, and nowhere else. */
class ProgressTest {
  private static StepRun run(String key, StepState state) {
    return new StepRun("fix", key, false, state, Rig.BEGIN, null, "");
  }

  @Test
  void of_onlyWhileItIsOut() {
    var progress = new Progress();
    progress.begun("k1", () -> "half");
    assertThat(progress.of(run("k1", StepState.INTENT))).isEqualTo("half");
    assertThat(progress.of(run("k1", StepState.UNKNOWN))).as("given up").isNull();
    assertThat(progress.of(run("k2", StepState.INTENT))).as("another").isNull();
    assertThat(progress.now()).isEqualTo(Map.of("k1", "half"));
    progress.ended("k1");
    assertThat(progress.of(run("k1", StepState.INTENT))).isNull();
    assertThat(progress.now()).isEmpty();
  }

  @Test
  void begun_moreThanAreLookedAt_theFirstAreKept() {
    var progress = new Progress();
    for (int i = 0; i <= Progress.STEPS_MAX; i++) progress.begun("k" + i, () -> "text");
    assertThat(progress.now())
        .hasSize(Progress.STEPS_MAX)
        .doesNotContainKey("k" + Progress.STEPS_MAX);
  }

  /** The text is seen while the action runs, and no fact of the journal has it. */
  @Test
  void stepRuns_itsTextIsSeen_andIsNoFact() {
    var rig = new Rig(new MemoryJournal()).begin();
    List<Map<String, String>> seen = new ArrayList<>();
    rig.outside.says = "half of it";
    rig.outside.whileRunning = () -> seen.add(rig.control.progress().now());
    rig.pass(Duration.ofMinutes(5));
    String key = rig.last().steps().getFirst().key();
    assertThat(seen).containsExactly(Map.of(key, "half of it"));
    assertThat(rig.control.progress().now()).isEmpty();
    var facts = new ArrayList<String>();
    rig.journal.replay(0, entry -> facts.add(entry.body()));
    assertThat(facts).isNotEmpty().noneMatch(body -> body.contains("half of it"));
  }
}
