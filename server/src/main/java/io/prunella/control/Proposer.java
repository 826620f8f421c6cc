package io.prunella.control;

import static io.prunella.remediation.Status.*;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Matches;
import io.prunella.incident.Incident;
import io.prunella.remediation.Guardrails;
import io.prunella.remediation.Plan;
import io.prunella.remediation.Planner;
import io.prunella.remediation.Planner.Planned;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.RemediationFact.Proposed;
import io.prunella.remediation.RemediationFact.SuggestionMade;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which open incident is due for a proposal, which runbook it gets, and what becomes of the plan
 * when the guardrails have spoken. What has no answer goes to people, with a brief.
 */
final class Proposer {
  /** What holds a plan back for want of anything to rest it on; for long, and people lead. */
  private static final Set<String> ABOUT_DATA =
      Set.of(
          "preconditions",
          "fresh input",
          "complete input",
          "clock",
          "wanted alerts",
          "vetoing alerts",
          "abort conditions");

  private Proposer() {}

  /** A runbook to be planned for an incident. */
  record Candidate(Incident incident, Match match, Runbook runbook, Target target) {}

  /** Hands over what automation has no answer to. */
  static void look(Turn turn) {
    for (Incident incident : List.copyOf(turn.world().incidents().open())) {
      if (!isDue(turn, incident)) continue;
      String gap = gap(turn, incident);
      if (gap != null) {
        turn.handOver(incident.id(), gap, Escalations.exhausted(turn, incident));
      }
    }
  }

  /** The runbook to plan next for this incident; empty while there is nothing to do. */
  static Optional<Candidate> candidate(Turn turn, Incident incident) {
    if (!isDue(turn, incident) || gap(turn, incident) != null) return Optional.empty();
    if (!(Matches.choose(incident.matches()) instanceof Matches.Choice.Clear clear))
      return Optional.empty();
    String culprit = incident.culprit();
    Target target = culprit == null ? null : turn.ports.targets().of(culprit).orElse(null);
    if (target == null) return Optional.empty();
    Instant from = incident.openedAt();
    var due =
        usable(turn, incident, clear.match(), target).stream()
            .filter(r -> !turn.now.isBefore(from.plus(r.when().lasting())))
            .toList();
    if (due.isEmpty()) return Optional.empty();
    // One that cannot be planned at present must not keep the next one from being tried.
    Runbook turnOf = due.get(turn.memory.tries(proposeKey(incident)) % due.size());
    return Optional.of(new Candidate(incident, clear.match(), turnOf, target));
  }

  /** Under which an incident's next plan is made. */
  static String proposeKey(Incident incident) {
    return "propose:" + incident.id();
  }

  private static boolean isDue(Turn turn, Incident incident) {
    if (!incident.diagnosed() || incident.handedOver() != null) return false;
    for (Remediation one : turn.world().remediations().ofIncident(incident.id())) {
      if (!one.status().isTerminal()) return false;
      if (one.status() == SUCCEEDED
          && turn.now.isBefore(one.since().plus(turn.config().relapseAfter()))) return false;
    }
    return true;
  }

  /**
   * Why there is no answer to this incident, or null when there is one or it is too early to say.
   */
  private static @org.jspecify.annotations.Nullable String gap(Turn turn, Incident incident) {
    boolean early = turn.now.isBefore(incident.openedAt().plus(turn.config().undecidedFor()));
    var choice = Matches.choose(incident.matches());
    if (!(choice instanceof Matches.Choice.Clear clear)) return early ? null : choice.why();
    String culprit = incident.culprit();
    if (culprit == null) return early ? null : "no culprit was found";
    Target target = turn.ports.targets().of(culprit).orElse(null);
    if (target == null)
      return early
          ? null
          : "%s is not declared as a target, so nothing may be done to it".formatted(culprit);
    if (acted(turn, incident) >= turn.config().policy().attemptsMax()) {
      return "%d attempts of %d are used up"
          .formatted(acted(turn, incident), turn.config().policy().attemptsMax());
    }
    if (!usable(turn, incident, clear.match(), target).isEmpty()) return null;
    boolean any =
        !turn.ports.runbooks().get().forPattern(clear.match().pattern(), target).isEmpty();
    if (!any)
      return early
          ? null
          : "no runbook for pattern %s fits %s (kind %s, role %s)"
              .formatted(clear.match().pattern(), culprit, target.kind(), target.role());
    return "no runbook is left: " + lastWord(turn, incident);
  }

  private static String lastWord(Turn turn, Incident incident) {
    var tried = turn.world().remediations().ofIncident(incident.id());
    if (tried.isEmpty()) return "each was refused";
    Remediation last = tried.getLast();
    return "%s was %s: %s".formatted(last.plan().runbook(), last.status(), last.why());
  }

  private static long acted(Turn turn, Incident incident) {
    return turn.world().remediations().ofIncident(incident.id()).stream()
        .filter(Remediation::hasActed)
        .count();
  }

  /** What is not refused for this incident; what was not tried before what was. */
  private static List<Runbook> usable(Turn turn, Incident incident, Match match, Target target) {
    return turn.ports.runbooks().get().forPattern(match.pattern(), target).stream()
        .filter(r -> !isRefused(turn, incident, r))
        .sorted(Comparator.comparingLong(r -> tried(turn, incident, r)))
        .toList();
  }

  /** Runbooks that would do for this incident as well as the plan's, and by themselves. */
  static List<String> rivals(Turn turn, Plan plan, Incident incident) {
    var catalogue = turn.ports.runbooks().get();
    return catalogue
        .byName(plan.runbook())
        .map(one ->
            catalogue.rivals(one, plan.target()).stream()
                .filter(r -> r.mode() == Runbook.Mode.AUTO && !isRefused(turn, incident, r))
                .filter(r -> tried(turn, incident, r) == 0)
                .map(Runbook::name)
                .toList())
        .orElse(List.of());
  }

  private static long tried(Turn turn, Incident incident, Runbook runbook) {
    return turn.world().remediations().ofIncident(incident.id()).stream()
        .filter(r -> r.plan().runbook().equals(runbook.name()) && r.hasActed())
        .count();
  }

  private static boolean isRefused(Turn turn, Incident incident, Runbook runbook) {
    int denied = 0;
    int invalidated = 0;
    for (Remediation one : turn.world().remediations().ofIncident(incident.id())) {
      if (!one.plan().runbookDigest().equals(runbook.digest())) continue;
      if (one.status() == REJECTED || one.status() == EXPIRED) return true;
      if (one.status() == INVALIDATED) invalidated++;
      if (one.status() != DENIED) continue;
      if (one.rulings().stream().anyMatch(r -> r.ruling() instanceof Ruling.Deny)) return true;
      denied++;
    }
    return denied >= 2 || invalidated >= turn.config().invalidatedMax();
  }

  /** A plan was made, or could not be. */
  static void take(Turn turn, Report.Prepared report) {
    Incident incident = turn.world().incidents().get(report.incident());
    if (incident == null
        || incident.status() != Incident.Status.OPEN
        || incident.handedOver() != null) return;
    String id = report.remediation();
    if (id == null) {
      if (isDue(turn, incident)) begin(turn, report, incident);
      return;
    }
    Remediation one = turn.world().remediations().get(id);
    if (one == null) return;
    switch (one.status()) {
      case PROPOSED, BLOCKED -> again(turn, report, incident, one);
      case APPROVED -> Admission.approved(turn, report, incident, one);
      case PREFLIGHT -> Admission.preflight(turn, report, incident, one);
      case DENIED,
          AWAITING_APPROVAL,
          REJECTED,
          EXPIRED,
          INVALIDATED,
          ADMITTED,
          EXECUTING,
          VERIFYING,
          SUCCEEDED,
          ROLLING_BACK,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          INDETERMINATE,
          ABORTING,
          ABORTED -> {}
    }
  }

  private static void begin(Turn turn, Report.Prepared report, Incident incident) {
    switch (report.planned()) {
      case Planned.NotNow notNow -> notNow(turn, report, incident, notNow.why());
      case Planned.Ready ready -> {
        String unmatched = ready.unmatched();
        if (unmatched != null) {
          notNow(turn, report, incident, unmatched);
          return;
        }
        turn.after(() -> turn.memory.forget(report.key()));
        propose(turn, turn.world().remediations().nextId(), report, ready, incident);
      }
    }
  }

  /** This runbook is not the answer at present: the next one has its turn; for long, and people. */
  private static void notNow(Turn turn, Report.Prepared report, Incident incident, String why) {
    Instant first = turn.memory.firstAt(report.key(), turn.now);
    Instant givenUp = first.plus(turn.config().policy().blockedMax());
    turn.after(() -> {
      turn.memory.first(report.key(), turn.now);
      turn.memory.tried(report.key());
    });
    if (!turn.now.isBefore(givenUp)) turn.handOver(incident.id(), why);
    else later(turn, report.key());
  }

  private static void again(Turn turn, Report.Prepared report, Incident incident, Remediation one) {
    switch (report.planned()) {
      case Planned.NotNow notNow -> {
        boolean tooLong =
            !turn.now.isBefore(one.proposedAt().plus(turn.config().policy().blockedMax()));
        if (tooLong) Ends.end(turn, one, DENIED, notNow.why());
        else later(turn, report.key());
      }
      case Planned.Ready ready -> {
        if (one.status() == PROPOSED
            && Signatures.suffice(one)
            && Planner.doSame(one.plan(), ready.plan())) {
          Admission.admit(turn, one, incident, ready); // signed before a crash
        } else if (Overrides.isInForce(one, turn.now) && Planner.doSame(one.plan(), ready.plan())) {
          // What was signed is what is done: the very plan, whatever numbers a new dry run tells.
          var signed =
              new Planned.Ready(
                  one.plan(),
                  ready.terms(),
                  ready.preconditions(),
                  ready.alerts(),
                  ready.aborts(),
                  ready.unmatchedRivals(),
                  ready.freshAt());
          propose(turn, one.id(), report, signed, incident);
        } else {
          propose(turn, one.id(), report, ready, incident);
        }
      }
    }
  }

  private static void later(Turn turn, String key) {
    Instant then = turn.now.plus(turn.config().policy().retryAfter());
    turn.after(() -> turn.memory.notBefore(key, then));
  }

  private static void propose(
      Turn turn, String id, Report.Prepared report, Planned.Ready ready, Incident incident) {
    var confidence =
        Planner.confidence(
            report.match().probability(),
            ready.plan(),
            turn.world().remediations().all(),
            turn.now,
            turn.config().policy().attemptsResetAfter());
    turn.add(new Proposed(turn.now, id, ready.plan(), confidence, ready.terms(), ready.freshAt()));
    Remediation one = turn.remediation(id);
    List<RuledBy> rulings =
        turn.judge(one, incident, Stage.ADMISSION, "admission", /* signed= */ false, ready);
    one = turn.remediation(id);
    RuledBy strictest = Guardrails.strictest(rulings);
    RuledBy onData =
        rulings.stream()
            .filter(r -> ABOUT_DATA.contains(r.guardrail()) && r.ruling() instanceof Ruling.Defer)
            .findFirst()
            .orElse(null);
    switch (strictest.ruling()) {
      case Ruling.Deny deny -> Ends.end(turn, one, DENIED, words(strictest));
      case Ruling.Allow _ -> Admission.go(turn, one);
      case Ruling.AskHuman ask -> {
        if (onData != null) block(turn, one, onData);
        else suggest(turn, one, ask, rulings);
      }
      case Ruling.Defer _ -> block(turn, one, onData != null ? onData : strictest);
    }
  }

  static String words(RuledBy one) {
    return one.guardrail() + ": " + one.ruling().why();
  }

  private static void block(Turn turn, Remediation one, RuledBy held) {
    boolean tooLong =
        ABOUT_DATA.contains(held.guardrail())
            && !turn.now.isBefore(one.proposedAt().plus(turn.config().policy().blockedMax()));
    if (tooLong) {
      Ends.end(turn, one, DENIED, "held back too long by " + words(held));
      return;
    }
    Instant until =
        held.ruling() instanceof Ruling.Defer d
            ? d.until()
            : turn.now.plus(turn.config().policy().retryAfter());
    turn.move(one, BLOCKED, words(held), until);
    boolean first = one.proposedAt().equals(turn.now);
    if (first && until.isAfter(turn.now.plus(turn.config().policy().blockedMax()))) {
      Ends.tell(
          turn,
          one,
          "escalation",
          "warning",
          "%s waits until %s: %s".formatted(one.id(), until, words(held)));
    }
  }

  private static void suggest(
      Turn turn, Remediation one, Ruling.AskHuman ask, List<RuledBy> rulings) {
    String why =
        String.join(
            "; ",
            rulings.stream()
                .filter(r -> r.ruling() instanceof Ruling.AskHuman)
                .map(Proposer::words)
                .toList());
    String approval = turn.world().remediations().nextApproval();
    Instant expires = turn.now.plus(turn.config().policy().approvalLasting());
    turn.add(
        new SuggestionMade(
            turn.now, one.id(), approval, one.plan().digest(), ask.approversMin(), why, expires));
    turn.notice(
        "suggestion",
        "warning",
        approval,
        one.service(),
        "%s: approve %s on %s?".formatted(approval, one.plan().runbook(), one.service()),
        "%s\nConfidence %.0f %%. Nobody's answer by %s is a no.\n%s"
            .formatted(
                why, one.confidence().value() * 100, expires, String.join("\n", one.plan().diff())),
        "/approvals/" + approval,
        /* ended= */ false);
  }

  /** Whether a proposal that waits is due to be planned again. */
  static boolean isDueAgain(Turn turn, Remediation one) {
    Status status = one.status();
    if (status == PROPOSED) return true;
    if (status != BLOCKED) return false;
    boolean stopGone = one.why().startsWith("stop switch") && !turn.isStopped(one.plan());
    boolean worked = one.why().startsWith("maintenance") && !turn.isMaintained(one.plan());
    boolean deployed =
        one.why().startsWith("deployment window: deployment ") && !turn.isDeploying(one.service());
    return stopGone
        || worked
        || deployed
        || Overrides.frees(one, turn.now)
        || Lifecycle.isPast(turn, one.deadline());
  }
}
