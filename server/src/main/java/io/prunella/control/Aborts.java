package io.prunella.control;

import static io.prunella.remediation.Status.EXECUTING;
import static io.prunella.remediation.Status.VERIFYING;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.AbortLook;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.remediation.RemediationFact.AbortLooked;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.runbook.CheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What aborts a run while it is under way: looked at before each forward step, while steps run and
 * while their effect is verified. One that holds, or cannot be told, ends the run; there is no
 * second look, for an alarm that comes and goes is one.
 */
final class Aborts {
  /** How often it is looked at while nothing waits for it. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(15);

  private Aborts() {}

  /** Why the run is to be aborted, or null. */
  static @Nullable String reached(Remediation one) {
    AbortLook look = one.abortLook();
    if (look == null) return null;
    for (CheckRead read : look.reads()) {
      if (read.verdict() == Verdict.PASS) continue;
      return "abort condition %s %s: %s"
          .formatted(
              read.check(),
              read.verdict() == Verdict.FAIL ? "holds" : "cannot be told",
              read.seen());
    }
    return null;
  }

  /**
   * Whether nothing is left to be looked at before the run goes on: the newest look is of this
   * state, later than the last step's end, and not old.
   */
  static boolean isLookedAt(Turn turn, Remediation one) {
    if (one.terms().limits().abortIf().isEmpty()) return true;
    AbortLook look = one.abortLook();
    if (look == null || look.at().isBefore(one.since())) return false;
    for (StepRun run : one.steps()) {
      Instant ended = run.endedAt();
      if (ended != null && !look.at().isAfter(ended)) return false;
    }
    return !turn.now.isAfter(look.at().plus(turn.config().policy().inputAgeMax()));
  }

  /** Asks for a look when one is due. */
  static void want(Turn turn, Remediation one, List<Effect> wanted) {
    if (one.terms().limits().abortIf().isEmpty() || turn.isHalted(one.plan())) return;
    AbortLook look = one.abortLook();
    boolean due =
        look == null || !isLookedAt(turn, one) || !turn.now.isBefore(look.at().plus(LOOK_EVERY));
    boolean anew = look == null || turn.now.isAfter(look.at());
    Incident incident = turn.world().incidents().get(one.plan().incident());
    if (!due || !anew || incident == null || reached(one) != null) return;
    wanted.add(new Effect.LookAborts("abort:" + one.id(), one, incident, turn.now));
  }

  /** A look has come to something. */
  static void take(Turn turn, Report.AbortsLooked report) {
    Remediation one = turn.world().remediations().get(report.remediation());
    if (one == null || (one.status() != EXECUTING && one.status() != VERIFYING)) return;
    AbortLook before = one.abortLook();
    if (before != null && !report.readAt().isAfter(before.at())) return; // told before
    turn.add(new AbortLooked(turn.now, one.id(), report.readAt(), report.reads()));
  }

  /** For the guardrail: what the newest look has found, when it still counts. */
  static List<Precondition> found(Turn turn, Remediation one) {
    AbortLook look = one.abortLook();
    if (look == null || !isLookedAt(turn, one)) return List.of();
    return look.reads().stream()
        .map(read -> new Precondition(read.check(), verdict(read.verdict()), read.seen()))
        .toList();
  }

  private static CheckResult.Verdict verdict(Verdict verdict) {
    return switch (verdict) {
      case PASS -> CheckResult.Verdict.PASS;
      case FAIL -> CheckResult.Verdict.FAIL;
      case INCONCLUSIVE -> CheckResult.Verdict.INCONCLUSIVE;
    };
  }
}
