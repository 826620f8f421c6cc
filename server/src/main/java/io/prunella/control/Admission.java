package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.incident.Incident;
import io.prunella.remediation.Guardrails;
import io.prunella.remediation.Planner;
import io.prunella.remediation.Planner.Planned;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Ruling;
import java.time.Duration;
import java.time.Instant;

/** From an allowed or signed plan to the first step: everything is looked at again just before. */
final class Admission {
  private Admission() {}

  /** Nothing stands against it. */
  static void go(Turn turn, Remediation one) {
    turn.move(
        one, ADMITTED, "every guardrail allows it", turn.now.plus(turn.config().preflightMax()));
  }

  /** Judges a signed plan; it goes, waits, or is invalid. */
  static void admit(Turn turn, Remediation one, Incident incident, Planned.Ready ready) {
    var rulings =
        turn.judge(one, incident, Stage.ADMISSION, "approval", Signatures.suffice(one), ready);
    RuledBy strictest = Guardrails.strictest(rulings);
    Remediation judged = turn.remediation(one.id());
    switch (strictest.ruling()) {
      case Ruling.Allow _ -> go(turn, judged);
      case Ruling.Defer defer -> {
        if (judged.status() == PROPOSED)
          turn.move(judged, BLOCKED, Proposer.words(strictest), defer.until());
        else later(turn, one, defer.until());
      }
      case Ruling.AskHuman _, Ruling.Deny _ ->
          Ends.end(
              turn,
              judged,
              judged.status() == APPROVED ? INVALIDATED : DENIED,
              Proposer.words(strictest));
    }
  }

  /** APPROVED: what was signed must still be what would be done. */
  static void approved(Turn turn, Report.Prepared report, Incident incident, Remediation one) {
    switch (report.planned()) {
      case Planned.NotNow _ -> later(turn, one, turn.now.plus(turn.config().policy().retryAfter()));
      case Planned.Ready ready -> {
        if (!Planner.doSame(one.plan(), ready.plan())) {
          Ends.end(turn, one, INVALIDATED, "superseded: the plan would be another one by now");
        } else {
          admit(turn, one, incident, ready);
        }
      }
    }
  }

  /** PREFLIGHT: fresh snapshot, fresh preconditions, all guardrails, and the first intent. */
  static void preflight(Turn turn, Report.Prepared report, Incident incident, Remediation one) {
    switch (report.planned()) {
      case Planned.NotNow _ -> later(turn, one, turn.now.plus(turn.config().probeEvery()));
      case Planned.Ready ready -> {
        if (!Planner.doSame(one.plan(), ready.plan())) {
          Ends.end(turn, one, DENIED, "the target has changed since the plan was made");
          return;
        }
        var rulings =
            turn.judge(one, incident, Stage.ADMISSION, "preflight", Signatures.suffice(one), ready);
        RuledBy strictest = Guardrails.strictest(rulings);
        Remediation judged = turn.remediation(one.id());
        switch (strictest.ruling()) {
          case Ruling.Allow _ ->
              turn.move(judged, EXECUTING, "preflight is well", turn.now.plus(lasting(turn, one)));
          case Ruling.Defer _ ->
              later(turn, one, turn.now.plus(turn.config().policy().retryAfter()));
          case Ruling.AskHuman _, Ruling.Deny _ ->
              Ends.end(turn, judged, DENIED, Proposer.words(strictest));
        }
      }
    }
  }

  private static Duration lasting(Turn turn, Remediation one) {
    Duration policy = turn.config().policy().remediationLasting();
    Duration own = one.terms().limits().deadline();
    return own != null && own.compareTo(policy) < 0 ? own : policy;
  }

  private static void later(Turn turn, Remediation one, Instant then) {
    turn.after(() -> turn.memory.notBefore("prepare:" + one.id(), then));
  }
}
