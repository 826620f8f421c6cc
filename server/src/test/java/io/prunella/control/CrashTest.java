package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.journal.Entry;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The power goes after each single entry of a whole run, and another server begins on what is
 * there: no step is lost, none is done twice, and everything comes to an end.
 */
class CrashTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "desired state that helps, D, true, true, 1",
    "keyed that helps, K, true, true, 1",
    "at most once that helps, N, true, false, 1",
    "desired state that does not help, D, false, true, 1",
    "at most once that does not help, N, false, false, 1",
    "two steps, D, true, true, 2",
    "two steps at most once, N, true, false, 2"
  })
  void restart_afterEachEntry_neitherLosesNorRepeatsAStep(
      String reason, Idempotency idempotency, boolean helps, boolean reversible, int steps) {
    var whole = new MemoryJournal();
    rig(whole, idempotency, helps, reversible, steps).begin().pass(Duration.ofMinutes(12));
    assertThat(whole.entries.size()).isGreaterThan(15);

    for (int cut = 0; cut <= whole.entries.size(); cut++) {
      for (boolean sent : new boolean[] {false, true}) {
        survives(whole, cut, sent, idempotency, helps, reversible, steps);
      }
    }
  }

  /**
   * @param sent whether the step whose intent is the last word really happened before the power
   *     went
   */
  private static void survives(
      MemoryJournal whole,
      int cut,
      boolean sent,
      Idempotency idempotency,
      boolean helps,
      boolean reversible,
      int steps) {
    var journal = MemoryJournal.cut(whole, cut);
    var rig = rig(journal, idempotency, helps, reversible, steps);
    rig.now = cut == 0 ? Rig.BEGIN : whole.entries.get(cut - 1).at();
    happened(rig, journal, sent, helps);
    rig.begin();
    var before = rig.really();
    rig.pass(Duration.ofMinutes(75));

    String where = "cut after %d of %d, sent %s".formatted(cut, whole.entries.size(), sent);
    // I7: nothing happens twice
    assertThat(rig.outside.done.values()).as(where).allMatch(times -> times == 1);
    // I4: nothing happens without an intent on disk
    var intents = new HashSet<String>();
    for (Entry entry : journal.entries) {
      if (Facts.read(entry) instanceof StepIntended intent) intents.add(intent.key());
    }
    assertThat(intents).as(where).containsAll(rig.outside.done.keySet());
    // I8: everything ends, and what was acknowledged is still known
    for (Remediation one : rig.control.state().remediations().values()) {
      assertThat(one.status().isTerminal()).as("%s: %s", where, one).isTrue();
      one.steps().stream()
          .filter(s -> s.state() == StepState.ACKED || s.state() == StepState.APPLIED)
          .forEach(s -> assertThat(rig.outside.done).as(where).containsKey(s.key()));
    }
    // what is taken as not having happened has not
    for (Remediation one : rig.control.state().remediations().values()) {
      one.steps().stream()
          .filter(s -> s.state() == StepState.FAILED || s.state() == StepState.NOT_APPLIED)
          .forEach(s -> assertThat(rig.outside.done).as(where).doesNotContainKey(s.key()));
    }
    assertThat(rig.outside.done.keySet()).as(where).containsAll(before.keySet());
    boolean ended =
        !rig.outside.sick
            || rig.control.state().incidents().values().stream()
                .anyMatch(i -> i.handedOver() != null);
    assertThat(ended)
        .as("%s: repaired, or a person leads: %s", where, rig.control.state().incidents())
        .isTrue();
    // I9: no success without the proof
    for (Remediation one : rig.control.state().remediations().values()) {
      if (one.status() != Status.SUCCEEDED) continue;
      assertThat(one.checks().stream().map(Remediation.CheckRead::at).distinct().count())
          .as(where)
          .isGreaterThanOrEqualTo(3);
    }
  }

  /**
   * Brings the outside to where the facts say it was; the last intent may or may not have got
   * there.
   */
  private static void happened(Rig rig, MemoryJournal journal, boolean sent, boolean helps) {
    String open = null;
    Instant at = Rig.BEGIN;
    for (Entry entry : journal.entries) {
      if (Facts.read(entry) instanceof StepIntended intent) {
        if (open != null) rig.outside.done.put(open, 1);
        open = intent.key();
        at = entry.at();
      } else if (entry.type().equals("remediation.step-ended") && open != null) {
        rig.outside.done.put(open, 1);
        open = null;
      }
    }
    if (open != null && sent) rig.outside.done.put(open, 1);
    boolean back = journal.entries.stream().anyMatch(e -> e.body().contains("\"back\":true"));
    if (helps && !back && !rig.outside.done.isEmpty()) rig.outside.sick = false;
    assertThat(at).isAfterOrEqualTo(Rig.BEGIN);
  }

  private static Rig rig(
      MemoryJournal journal,
      Idempotency idempotency,
      boolean helps,
      boolean reversible,
      int steps) {
    var rig = new Rig(journal);
    rig.outside.idempotency = idempotency;
    rig.outside.helps = helps;
    rig.outside.reversible = reversible;
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, reversible, steps));
    return rig;
  }
}
