package io.prunella.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.remediation.RemediationFact.Checked;
import io.prunella.remediation.RemediationFact.Moved;
import io.prunella.remediation.RemediationFact.Proposed;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.runbook.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fold over a remediation's facts, where it is bounded. */
class RemediationsTest {
  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

  private Remediations all = Remediations.EMPTY;

  private String propose() {
    String id = all.nextId();
    var target = new Target("shop", "fake", "stateless", "production", false, "", Map.of());
    var plan = GuardCases.plan("INC-1", "surge", target, "auto", 1, "8", "10");
    all = all.apply(new Proposed(AT, id, plan, new Confidence(1, 1, 1, 0, 0), Terms.NONE, AT));
    return id;
  }

  private void move(String id, Status from, Status to) {
    all = all.apply(new Moved(AT, id, from, to, "", to.isTerminal() ? null : AT.plusSeconds(60)));
  }

  private String execute() {
    String id = propose();
    move(id, Status.PROPOSED, Status.ADMITTED);
    move(id, Status.ADMITTED, Status.PREFLIGHT);
    move(id, Status.PREFLIGHT, Status.EXECUTING);
    all = all.apply(new StepIntended(AT, id, "scale", "key", false));
    return id;
  }

  /** Attempts are judged by what has acted: a flood of refusals must not make it forgotten. */
  @Test
  void manyRefused_whatHasActedIsKept() {
    String acted = execute();
    move(acted, Status.EXECUTING, Status.ABORTING);
    move(acted, Status.ABORTING, Status.ABORTED);
    for (int i = 0; i < Remediations.ENDED_MAX + 50; i++)
      move(propose(), Status.PROPOSED, Status.DENIED);
    propose();
    assertThat(all.get(acted)).isNotNull();
    assertThat(all.all()).hasSize(Remediations.ENDED_MAX + 2);
  }

  /** So that a long verification with few failures among many readings still fails in the end. */
  @Test
  void manyReadings_failuresAreKept() {
    String id = execute();
    move(id, Status.EXECUTING, Status.VERIFYING);
    for (int i = 0; i < 2 * Remediations.READS_MAX; i++) {
      var verdict = i % 100 == 0 ? Verdict.FAIL : Verdict.PASS;
      var read = new CheckRead(AT.plusSeconds(i), "memory", verdict, "seen");
      all = all.apply(new Checked(read.at(), id, verdict, List.of(read)));
    }
    var kept = all.get(id).checks();
    assertThat(kept)
        .hasSize(Remediations.READS_MAX)
        .isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(kept).filteredOn(r -> r.verdict() == Verdict.FAIL).hasSize(4);
  }
}
