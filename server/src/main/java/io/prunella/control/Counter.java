package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.control.Answer.Accepted;
import io.prunella.control.Answer.Refused;
import io.prunella.control.ControlFact.DeploymentBegan;
import io.prunella.control.ControlFact.DeploymentEnded;
import io.prunella.control.ControlFact.StopLifted;
import io.prunella.control.ControlFact.StopOverdue;
import io.prunella.control.ControlFact.StopPlaced;
import io.prunella.control.ControlFact.TargetThawed;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.Decision;
import io.prunella.remediation.RemediationFact.DecisionMade;
import io.prunella.remediation.RemediationFact.Reviewed;
import io.prunella.remediation.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where people's commands are taken: each is answered with what was done, or with why not. */
final class Counter {
  private static final int TEXT_MAX = 4_000;
  private static final int STOPS_MAX = 1_000;
  private static final Duration MAINTENANCE_MAX = Duration.ofDays(30);
  private static final Pattern SCOPE =
      Pattern.compile("all|service:\\S.{0,200}|runbook:\\S.{0,200}|tier:[1-5]");

  private Counter() {}

  static Answer take(Turn turn, Command command) {
    return switch (command) {
      case Command.Decide c -> decide(turn, c);
      case Command.StopAutomation c -> stop(turn, c);
      case Command.ResumeAutomation c -> resume(turn, c);
      case Command.DeploymentPosted c -> deployment(turn, c);
      case Command.ReviewGiven c -> review(turn, c);
      case Command.FreezeLifted c -> thaw(turn, c);
      case Command.TakenOver c -> takeOver(turn, c);
      case Command.AbortRemediation c -> abort(turn, c);
      case Command.OverrideHold c -> Overrides.sign(turn, c);
      case Command.Diagnosed c -> {
        Reports.take(
            turn,
            new Report.Diagnosis(
                "diagnose:" + c.incident(), c.incident(), c.revision(), c.suspects(), c.matches()));
        yield new Accepted(c.incident());
      }
      case Command.SymptomSeen _, Command.ChangeNoticed _, Command.Tick _ ->
          throw new IllegalStateException(
              "%s needs no answer".formatted(command.getClass().getSimpleName()));
    };
  }

  // Long because: the order of the refusals is the contract of the approval API.
  private static Answer decide(Turn turn, Command.Decide c) {
    Optional<Remediation> found = turn.world().remediations().suggestion(c.approval());
    if (found.isEmpty()) return new Refused(404, "approval %s is unknown".formatted(c.approval()));
    Remediation one = found.get();
    var asked = one.suggestion();
    if (asked == null) throw new IllegalStateException("found by its suggestion");
    if (c.actor().isBlank()) return new Refused(403, "a decision needs a named actor");
    for (Decision before : asked.decisions()) {
      boolean repeat =
          !c.idempotencyKey().isEmpty()
              && before.idempotencyKey().equals(c.idempotencyKey())
              && before.actor().equals(c.actor());
      if (!repeat) continue;
      return before.approve() == c.approve() && c.planDigest().equals(asked.planDigest())
          ? new Accepted(asked.id())
          : new Refused(
              409,
              "idempotency key %s was used for another decision".formatted(c.idempotencyKey()));
    }
    boolean expired =
        one.status() == EXPIRED
            || (one.status() == AWAITING_APPROVAL && Lifecycle.isPast(turn, asked.expiresAt()));
    if (expired)
      return new Refused(
          410, "%s expired at %s, which is a no".formatted(asked.id(), asked.expiresAt()));
    if (one.status() != AWAITING_APPROVAL) {
      return new Refused(
          409, "%s is decided already: %s is %s".formatted(asked.id(), one.id(), one.status()));
    }
    if (c.actor().equals(one.terms().requester())) {
      return new Refused(
          403,
          "%s has requested it and cannot decide it; another person is wanted"
              .formatted(c.actor()));
    }
    if (!c.planDigest().equals(asked.planDigest())) {
      return new Refused(
          409,
          "the plan of %s has digest %s, the decision is about %s: look at the plan again"
              .formatted(asked.id(), asked.planDigest(), c.planDigest()));
    }
    if (!c.approve() && c.reason().isBlank()) return new Refused(422, "a rejection needs a reason");
    if (asked.decisions().stream().anyMatch(d -> d.actor().equals(c.actor()))) {
      return new Refused(
          409, "%s has decided already; another person is wanted".formatted(c.actor()));
    }
    turn.add(
        c.actor(),
        new DecisionMade(
            turn.now,
            one.id(),
            asked.id(),
            c.actor(),
            c.approve(),
            asked.planDigest(),
            bounded(c.reason()),
            bounded(c.idempotencyKey())));
    Remediation decided = turn.remediation(one.id());
    if (!c.approve()) {
      Ends.end(turn, decided, REJECTED, "%s: %s".formatted(c.actor(), bounded(c.reason())));
    } else if (Signatures.suffice(decided)) {
      turn.move(decided, APPROVED, "signed by " + signers(decided), asked.expiresAt());
      Ends.closeSuggestion(turn, decided, APPROVED, "signed by " + signers(decided));
    }
    return new Accepted(asked.id());
  }

  private static String signers(Remediation one) {
    var asked = one.suggestion();
    return asked == null
        ? "nobody"
        : String.join(", ", asked.decisions().stream().map(Decision::actor).distinct().toList());
  }

  private static Answer stop(Turn turn, Command.StopAutomation c) {
    if (c.reason().isBlank()) return new Refused(422, "a stop needs a reason");
    if (!SCOPE.matcher(c.scope()).matches()) {
      return new Refused(
          422,
          "scope is %s, wanted all, service:NAME, runbook:NAME or tier:N".formatted(c.scope()));
    }
    var lasting = c.lasting();
    if (lasting != null && (lasting.isNegative() || lasting.isZero())) {
      return new Refused(422, "a stop lasts %s, wanted more than 0".formatted(lasting));
    }
    if (c.level().endsByItself() && (lasting == null || lasting.compareTo(MAINTENANCE_MAX) > 0)) {
      return new Refused(
          422,
          "%s lasts %s, wanted a time up to %d days, after which it ends by itself"
              .formatted(
                  c.level() == Stop.Level.SILENCE ? "a silence" : "maintenance",
                  lasting == null ? "until resumed" : lasting,
                  MAINTENANCE_MAX.toDays()));
    }
    if (c.level() == Stop.Level.SILENCE && !c.scope().startsWith("service:")) {
      return new Refused(422, "a silence of %s, wanted one of service:NAME".formatted(c.scope()));
    }
    if (c.level().endsByItself() && turn.world().stops().size() >= STOPS_MAX) {
      return new Refused(
          422, "%d stops are in force; resume some of them first".formatted(STOPS_MAX));
    }
    String id = "STOP-" + (turn.world().stopsMade() + 1);
    Instant expires = lasting == null ? null : turn.now.plus(lasting);
    var stop =
        new Stop(id, c.level(), c.scope(), bounded(c.reason()), c.actor(), turn.now, expires);
    turn.add(c.actor(), new StopPlaced(turn.now, stop));
    turn.notice(
        "stop",
        "warning",
        id,
        "",
        c.level().endsByItself()
            ? "%s began %s (%s) until %s"
                .formatted(
                    c.actor(),
                    c.level() == Stop.Level.SILENCE ? "a silence" : "maintenance",
                    c.scope(),
                    expires)
            : "%s stopped automation (%s, %s)".formatted(c.actor(), c.scope(), c.level()),
        bounded(c.reason()),
        "/guardrails",
        /* ended= */ false);
    return new Accepted(id);
  }

  private static Answer resume(Turn turn, Command.ResumeAutomation c) {
    if (!turn.world().stops().containsKey(c.stop())) {
      return new Refused(
          404,
          "stop %s is not in force; in force are %s"
              .formatted(c.stop(), turn.world().stops().keySet()));
    }
    if (c.reason().isBlank()) return new Refused(422, "to resume needs a reason");
    turn.add(c.actor(), new StopLifted(turn.now, c.stop(), c.actor(), bounded(c.reason())));
    turn.notice(
        "stop",
        "info",
        c.stop(),
        "",
        "%s resumed automation".formatted(c.actor()),
        bounded(c.reason()),
        "/guardrails",
        true);
    return new Accepted(c.stop());
  }

  /** A stop proper never ends by itself: when its time is over people are told, once. */
  static void lookAtStops(Turn turn) {
    for (Stop stop : List.copyOf(turn.world().stops().values())) {
      if (!Lifecycle.isPast(turn, stop.expiresAt()) || turn.world().overdue().contains(stop.id()))
        continue;
      if (stop.level().endsByItself()) {
        over(turn, stop);
        continue;
      }
      turn.add(new StopOverdue(turn.now, stop.id()));
      turn.notice(
          "stop",
          "warning",
          stop.id(),
          "",
          "%s is overdue and still in force".formatted(stop.id()),
          "renew it or resume automation; it was placed by %s: %s"
              .formatted(stop.actor(), stop.reason()),
          "/guardrails",
          /* ended= */ false);
    }
  }

  /** Maintenance is over at its time: automation may act again, and people are told. */
  private static void over(Turn turn, Stop stop) {
    turn.add(new StopLifted(turn.now, stop.id(), Terms.PRUNELLA, "its time is over"));
    turn.notice(
        "stop",
        "info",
        stop.id(),
        "",
        "%s (%s) is over: automation acts again".formatted(stop.id(), stop.scope()),
        "it was begun by %s: %s".formatted(stop.actor(), stop.reason()),
        "/guardrails",
        /* ended= */ true);
  }

  private static Answer deployment(Turn turn, Command.DeploymentPosted c) {
    if (c.deployment().isBlank()) return new Refused(422, "a deployment needs a name");
    State.Deployment known = turn.world().deployments().get(c.deployment());
    if (c.finished()) {
      if (known == null)
        return new Refused(
            404,
            "deployment %s is unknown: it was never started, or long ago"
                .formatted(c.deployment()));
      if (known.finishedAt() == null) {
        turn.add(
            c.actor(),
            new DeploymentEnded(turn.now, c.deployment(), c.actor(), bounded(c.detail())));
      }
      return new Accepted(c.deployment());
    }
    if (c.service().isBlank())
      return new Refused(422, "deployment %s needs a service".formatted(c.deployment()));
    boolean unfinished = known != null && known.finishedAt() == null;
    if (known != null && unfinished && isAwaited(turn, known)) {
      if (known.service().equals(c.service())) return new Accepted(c.deployment());
      return new Refused(
          409,
          "deployment %s is one of %s and has not finished; one of %s wants another name"
              .formatted(c.deployment(), known.service(), c.service()));
    }
    if (!unfinished && awaited(turn) >= World.DEPLOYMENTS_MAX) {
      return new Refused(
          422,
          "%d deployments have not finished; tell of the end of some of them first"
              .formatted(World.DEPLOYMENTS_MAX));
    }
    turn.add(
        c.actor(),
        new DeploymentBegan(turn.now, c.deployment(), c.service(), c.actor(), bounded(c.detail())));
    return new Accepted(c.deployment());
  }

  /** One that has not finished holds what it covers until it is taken for finished. */
  private static boolean isAwaited(Turn turn, State.Deployment one) {
    Instant until = one.startedAt().plus(turn.config().policy().deploymentMax());
    return one.finishedAt() == null && turn.now.isBefore(until);
  }

  private static long awaited(Turn turn) {
    return turn.world().deployments().values().stream().filter(d -> isAwaited(turn, d)).count();
  }

  private static Answer review(Turn turn, Command.ReviewGiven c) {
    Remediation one = turn.world().remediations().get(c.remediation());
    if (one == null)
      return new Refused(404, "remediation %s is unknown".formatted(c.remediation()));
    if (!one.reviewWanted())
      return new Refused(409, "remediation %s does not wait for a review".formatted(one.id()));
    if (!c.good() && c.note().isBlank()) return new Refused(422, "a bad review needs a note");
    turn.add(c.actor(), new Reviewed(turn.now, one.id(), c.actor(), c.good(), bounded(c.note())));
    turn.notice(
        "review",
        "info",
        one.id(),
        one.service(),
        "%s was reviewed by %s".formatted(one.id(), c.actor()),
        bounded(c.note()),
        "/incidents/" + one.plan().incident(),
        /* ended= */ true);
    return new Accepted(one.id());
  }

  private static Answer thaw(Turn turn, Command.FreezeLifted c) {
    if (!turn.world().frozen().containsKey(c.service())) {
      return new Refused(
          404,
          "%s is not frozen; frozen are %s".formatted(c.service(), turn.world().frozen().keySet()));
    }
    if (c.reason().isBlank()) return new Refused(422, "to lift a freeze needs a reason");
    for (Remediation one : turn.world().remediations().open()) {
      if (one.status() == INDETERMINATE && one.service().equals(c.service())) {
        Ends.end(
            turn, one, ESCALATED, "%s has looked: %s".formatted(c.actor(), bounded(c.reason())));
      }
    }
    turn.add(c.actor(), new TargetThawed(turn.now, c.service(), c.actor(), bounded(c.reason())));
    return new Accepted(c.service());
  }

  private static Answer abort(Turn turn, Command.AbortRemediation c) {
    Remediation one = turn.world().remediations().get(c.remediation());
    if (one == null)
      return new Refused(404, "remediation %s is unknown".formatted(c.remediation()));
    if (one.status().isTerminal() || one.status() == ABORTING)
      return new Refused(409, "remediation %s is %s already".formatted(one.id(), one.status()));
    if (c.reason().isBlank()) return new Refused(422, "to abort needs a reason");
    String why = "%s aborted it: %s".formatted(c.actor(), bounded(c.reason()));
    if (one.hasActed()) {
      turn.move(c.actor(), one, ABORTING, why, Ends.abortingUntil(turn, one));
    } else {
      turn.move(c.actor(), one, ABORTING, why, turn.now);
      Ends.abort(turn, turn.remediation(one.id()), why);
      turn.handOver(one.plan().incident(), why); // or it would be proposed anew at once
    }
    return new Accepted(one.id());
  }

  private static Answer takeOver(Turn turn, Command.TakenOver c) {
    Incident incident = turn.world().incidents().get(c.incident());
    if (incident == null) return new Refused(404, "incident %s is unknown".formatted(c.incident()));
    if (incident.status() == Incident.Status.RESOLVED)
      return new Refused(409, "incident %s is resolved".formatted(c.incident()));
    if (incident.handedOver() != null)
      return new Refused(409, "people lead incident %s already".formatted(c.incident()));
    String why = c.reason().isBlank() ? "taken over" : bounded(c.reason());
    turn.world()
        .incidents()
        .handOver(turn.now, c.incident(), "%s took it over: %s".formatted(c.actor(), why))
        .ifPresent(fact -> turn.add(c.actor(), fact));
    return new Accepted(c.incident());
  }

  static String bounded(String text) {
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
  }
}
