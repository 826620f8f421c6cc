package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.control.ControlFact.TargetFrozen;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Status;
import io.prunella.runbook.BadEnd;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Runbook.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How remediations end, and what an end brings with it: freezing, telling people, handing over. */
final class Ends {
  private static final Duration ABORTING_MAX = Duration.ofMinutes(1);
  private static final Set<Status> GOOD = Set.of(SUCCEEDED, ROLLED_BACK);

  private Ends() {}

  /** Moves to a terminal state. */
  static void end(Turn turn, Remediation one, Status to, String why) {
    // Frozen first: should the power go between the two, nobody may act on it either.
    if (one.hasActed() && !GOOD.contains(to)) freeze(turn, one, why);
    turn.move(one, to, why, null);
    closeSuggestion(turn, one, to, why);
    String incident = one.plan().incident();
    String about = "%s %s on %s: %s".formatted(one.id(), one.plan().runbook(), one.service(), why);
    switch (to) {
      case SUCCEEDED -> {
        if (one.plan().tier() == 3) tell(turn, one, "review", "info", "please review " + about);
      }
      case ROLLED_BACK -> tell(turn, one, "escalation", "warning", "rolled back: " + about);
      case ROLLBACK_FAILED -> {
        var by = Escalations.of(one, Reason.ROLLBACK_FAILED);
        tell(turn, one, about, by);
        turn.handOver(incident, about, by);
      }
      case ESCALATED -> {
        tell(turn, one, "escalation", "critical", about);
        turn.handOver(incident, about);
      }
      case ABORTED -> {
        if (one.hasActed()) {
          tell(turn, one, "escalation", "critical", "aborted: " + about);
          turn.handOver(incident, "aborted: " + about);
        }
      }
      case REJECTED -> turn.handOver(incident, "rejected: " + about);
      case EXPIRED -> turn.handOver(incident, "nobody decided in time: " + about);
      case DENIED, INVALIDATED -> {}
      case PROPOSED,
          BLOCKED,
          AWAITING_APPROVAL,
          APPROVED,
          ADMITTED,
          PREFLIGHT,
          EXECUTING,
          VERIFYING,
          ROLLING_BACK,
          INDETERMINATE,
          ABORTING ->
          throw new IllegalStateException("%s is no end".formatted(to));
    }
  }

  /** The suggestion is decided: its alert may go. */
  static void closeSuggestion(Turn turn, Remediation one, Status to, String why) {
    var asked = one.suggestion();
    if (asked == null || one.status() != AWAITING_APPROVAL) {
      boolean aborting =
          asked != null && one.status() == ABORTING && to == ABORTED && !one.hasActed();
      if (!aborting || asked == null) return;
    }
    turn.notice(
        "suggestion",
        "info",
        asked.id(),
        one.service(),
        "%s is decided: %s".formatted(asked.id(), to),
        why,
        "/approvals/" + asked.id(),
        /* ended= */ true);
  }

  static void tell(Turn turn, Remediation one, String kind, String severity, String text) {
    tell(turn, one, kind, severity, text, turn.ports.channels());
  }

  /** An escalation, to whom and as loudly as the runbook says; null: to all, critical. */
  private static void tell(
      Turn turn, Remediation one, String text, Runbook.@Nullable Escalation by) {
    String severity = Escalations.severity(by, "critical");
    tell(turn, one, "escalation", severity, text, Escalations.channels(turn, by));
  }

  private static void tell(
      Turn turn,
      Remediation one,
      String kind,
      String severity,
      String text,
      List<String> channels) {
    turn.notice(
        kind,
        severity,
        one.id(),
        one.service(),
        "%s on %s: %s".formatted(one.plan().runbook(), one.service(), kind),
        text,
        "/incidents/" + one.plan().incident(),
        /* ended= */ false,
        channels);
  }

  static void freeze(Turn turn, Remediation one, String why) {
    if (turn.world().frozen().containsKey(one.service())) return;
    turn.add(new TargetFrozen(turn.now, one.service(), one.id(), why));
  }

  /** By then a remediation that is being aborted must know what came of its last call. */
  static Instant abortingUntil(Turn turn, Remediation one) {
    Duration longest = Duration.ZERO;
    for (var step : one.plan().steps()) {
      if (step.timeout().compareTo(longest) > 0) longest = step.timeout();
    }
    return turn.now.plus(longest).plus(turn.config().stepGrace()).plus(turn.config().probeEvery());
  }

  /** Gives up before anything was sent, or after the last thing sent is known. */
  static void abort(Turn turn, Remediation one, String why) {
    if (one.status() != ABORTING) turn.move(one, ABORTING, why, turn.now.plus(ABORTING_MAX));
    end(turn, turn.remediation(one.id()), ABORTED, why);
  }

  /** The end of a step is unknown, or nothing may be sent: people are called. */
  static void indeterminate(Turn turn, Remediation one, String why, boolean freeze) {
    becomeIndeterminate(turn, one, why);
    if (freeze) freeze(turn, one, why);
    if (isLed(turn, one)) return; // it ends at once, and that is told
    tell(turn, one, "%s: %s".formatted(one.id(), why), Escalations.of(one, Reason.INDETERMINATE));
  }

  private static void becomeIndeterminate(Turn turn, Remediation one, String why) {
    turn.move(one, INDETERMINATE, why, turn.now.plus(turn.config().policy().indeterminateMax()));
  }

  /** Whether people lead its incident, be that over or not. */
  static boolean isLed(Turn turn, Remediation one) {
    Incident incident = turn.world().incidents().get(one.plan().incident());
    return incident != null && incident.handedOver() != null;
  }

  /** It did not work: back, where there is a way back and the runbook wants it; else people. */
  static void giveUp(Turn turn, Remediation one, BadEnd how, String why) {
    boolean happened =
        one.steps().stream().anyMatch(s -> !s.back() && (s.happened() || s.isOpen()));
    if (!happened && one.status() != VERIFYING) {
      abort(turn, one, why);
      return;
    }
    boolean wanted = one.terms().takesBack(how);
    if (wanted && canGoBack(one)) {
      goBack(turn, one, why);
      return;
    }
    // There is no shorter way from a step to people; of the end alone they hear.
    if (one.status() == EXECUTING) becomeIndeterminate(turn, one, why);
    String rest = wanted ? "; it cannot be taken back" : stays(how);
    end(turn, turn.remediation(one.id()), ESCALATED, why + rest);
  }

  /** Why it is left as it is, although there may be a way back. */
  static String stays(BadEnd how) {
    return how == BadEnd.INCONCLUSIVE
        ? "; nothing could be told, so it stays as it is"
        : "; it stays as it is: the runbook takes nothing back after %s".formatted(how.word());
  }

  /** Begins the way back. */
  static void goBack(Turn turn, Remediation one, String why) {
    Instant deadline = turn.now.plus(one.terms().rollbackLasting());
    for (var step : one.plan().rollback()) deadline = deadline.plus(step.timeout());
    turn.move(one, ROLLING_BACK, why, deadline);
  }

  /** True when everything that happened can be taken back, and the plan says how. */
  static boolean canGoBack(Remediation one) {
    if (one.plan().rollback().isEmpty()) return false;
    for (var step : one.plan().steps()) {
      StepRun run = one.run(step.id(), /* back= */ false);
      if (run != null && run.state() != Remediation.StepState.NOT_APPLIED && !step.reversible())
        return false;
    }
    return true;
  }
}
