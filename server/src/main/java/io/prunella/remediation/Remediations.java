package io.prunella.remediation;

import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Decision;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Remediation.Suggestion;
import io.prunella.remediation.RemediationFact.AbortLooked;
import io.prunella.remediation.RemediationFact.Checked;
import io.prunella.remediation.RemediationFact.DecisionMade;
import io.prunella.remediation.RemediationFact.Judged;
import io.prunella.remediation.RemediationFact.Moved;
import io.prunella.remediation.RemediationFact.OverrideSigned;
import io.prunella.remediation.RemediationFact.Proposed;
import io.prunella.remediation.RemediationFact.Reviewed;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.remediation.RemediationFact.SuggestionMade;
import io.prunella.remediation.RemediationFact.WindowRestarted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All remediations: the sum of their facts. Immutable; any thread. Those that are not over, the
 * latest thousand that have acted, and the latest thousand that have not.
 */
public final class Remediations {
  /**
   * Ended ones kept of those that acted, and of those that did not; older ones are in the journal.
   */
  public static final int ENDED_MAX = 1_000;

  /** Readings kept per remediation: the latest, and those that failed. */
  public static final int READS_MAX = 200;

  public static final Remediations EMPTY = new Remediations(new LinkedHashMap<>(), 0, 0);

  private final LinkedHashMap<String, Remediation> byId;
  private final long proposed;
  private final long suggested;

  private Remediations(LinkedHashMap<String, Remediation> byId, long proposed, long suggested) {
    this.byId = byId;
    this.proposed = proposed;
    this.suggested = suggested;
  }

  /** By id, in order of proposal. */
  public Map<String, Remediation> byId() {
    return Collections.unmodifiableMap(byId);
  }

  public Collection<Remediation> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  public @Nullable Remediation get(String id) {
    return byId.get(id);
  }

  /** The remediation whose suggestion has this id. */
  public Optional<Remediation> suggestion(String approval) {
    return all().stream()
        .filter(r -> r.suggestion() != null && r.suggestion().id().equals(approval))
        .findFirst();
  }

  /** The id that the next one gets. */
  public String nextId() {
    return "REM-" + (proposed + 1);
  }

  /** The id that the next suggestion gets. */
  public String nextApproval() {
    return "APR-" + (suggested + 1);
  }

  /**
   * The sum with one more fact.
   *
   * @throws IllegalStateException when the fact cannot have happened after the ones before
   */
  public Remediations apply(RemediationFact fact) {
    return switch (fact) {
      case Proposed f -> proposed(f);
      case Judged f -> with(new Draft(known(f)).rulings(f.rulings()), f);
      case Moved f -> moved(f);
      case SuggestionMade f -> suggested(f);
      case DecisionMade f -> decided(f);
      case StepIntended f -> with(new Draft(known(f)).steps(intended(known(f), f)), f);
      case StepEnded f -> with(new Draft(known(f)).steps(ended(known(f), f)), f);
      case Checked f -> checked(f);
      case WindowRestarted f ->
          with(new Draft(known(f)).checks(List.of()).since(f.at()).why(f.why()), f);
      case Reviewed f -> reviewed(f);
      case OverrideSigned f -> overridden(f);
      case AbortLooked f -> abortLooked(f);
    };
  }

  private Remediation known(RemediationFact fact) {
    Remediation one = byId.get(fact.remediation());
    if (one == null) {
      throw new IllegalStateException(
          "%s of remediation %s, which is unknown"
              .formatted(fact.getClass().getSimpleName(), fact.remediation()));
    }
    return one;
  }

  private Remediations with(Draft draft, RemediationFact fact) {
    var next = new LinkedHashMap<>(byId);
    next.put(fact.remediation(), draft.made(fact.at()));
    return new Remediations(next, proposed, suggested);
  }

  private Remediations proposed(Proposed f) {
    Remediation before = byId.get(f.remediation());
    if (before != null) {
      if (before.hasActed()) {
        throw new IllegalStateException(
            "remediation %s cannot get a new plan: a step of the old one has left"
                .formatted(before.id()));
      }
      if (before.status() != Status.PROPOSED)
        Transitions.check(before.id(), before.status(), Status.PROPOSED);
    } else if (!f.remediation().equals(nextId())) {
      throw new IllegalStateException(
          "remediation %s is proposed, wanted %s to be the next"
              .formatted(f.remediation(), nextId()));
    }
    var made =
        new Remediation(
            f.remediation(),
            f.plan(),
            Status.PROPOSED,
            f.confidence(),
            List.of(),
            null,
            List.of(),
            List.of(),
            "runbook %s for pattern %s".formatted(f.plan().runbook(), f.plan().pattern()),
            before == null ? f.at() : before.proposedAt(),
            f.at(),
            null,
            false,
            null,
            f.terms(),
            f.at(),
            f.freshAt(),
            before == null ? List.of() : before.overrides(),
            null);
    var next = new LinkedHashMap<>(byId);
    next.put(made.id(), made);
    forget(next, /* acted= */ true);
    forget(next, /* acted= */ false);
    return new Remediations(next, before == null ? proposed + 1 : proposed, suggested);
  }

  /**
   * Those that have acted are counted apart from those that never began: attempts are judged by
   * them, and many refusals must not push them out.
   */
  private static void forget(LinkedHashMap<String, Remediation> all, boolean acted) {
    long ended = all.values().stream().filter(r -> isEnded(r, acted)).count();
    var each = all.values().iterator();
    while (ended > ENDED_MAX && each.hasNext()) {
      if (isEnded(each.next(), acted)) {
        each.remove();
        ended--;
      }
    }
  }

  private static boolean isEnded(Remediation one, boolean acted) {
    return one.status().isTerminal() && one.hasActed() == acted;
  }

  private Remediations moved(Moved f) {
    Remediation one = known(f);
    if (one.status() != f.from()) {
      throw new IllegalStateException(
          "remediation %s is %s and cannot leave %s".formatted(one.id(), one.status(), f.from()));
    }
    Transitions.check(one.id(), f.from(), f.to());
    if ((f.deadline() == null) != f.to().isTerminal()) {
      throw new IllegalStateException(
          "remediation %s goes to %s with deadline %s; every state but an end has one"
              .formatted(one.id(), f.to(), f.deadline()));
    }
    var draft = new Draft(one).status(f.to()).since(f.at()).why(f.why()).deadline(f.deadline());
    if (f.to() == Status.VERIFYING || f.to() == Status.ROLLING_BACK) draft.checks(List.of());
    if (f.to() == Status.SUCCEEDED) draft.reviewWanted(one.plan().tier() == 3);
    return with(draft, f);
  }

  private Remediations suggested(SuggestionMade f) {
    if (!f.approval().equals(nextApproval())) {
      throw new IllegalStateException(
          "suggestion %s is made, wanted %s to be the next"
              .formatted(f.approval(), nextApproval()));
    }
    Remediation one = known(f);
    Transitions.check(one.id(), one.status(), Status.AWAITING_APPROVAL);
    var asked =
        new Suggestion(
            f.approval(),
            f.planDigest(),
            f.approversMin(),
            f.why(),
            f.at(),
            f.expiresAt(),
            List.of());
    var draft =
        new Draft(one)
            .status(Status.AWAITING_APPROVAL)
            .suggestion(asked)
            .since(f.at())
            .why(f.why())
            .deadline(f.expiresAt());
    var next = with(draft, f);
    return new Remediations(next.byId, proposed, suggested + 1);
  }

  private Remediations decided(DecisionMade f) {
    Remediation one = known(f);
    Suggestion asked = one.suggestion();
    if (one.status() != Status.AWAITING_APPROVAL
        || asked == null
        || !asked.planDigest().equals(f.planDigest())) {
      throw new IllegalStateException(
          "remediation %s is %s and does not wait for a decision about plan %s"
              .formatted(one.id(), one.status(), f.planDigest()));
    }
    var decisions = new ArrayList<>(asked.decisions());
    decisions.add(new Decision(f.at(), f.actor(), f.approve(), f.reason(), f.idempotencyKey()));
    return with(
        new Draft(one)
            .suggestion(
                new Suggestion(
                    asked.id(),
                    asked.planDigest(),
                    asked.approversMin(),
                    asked.why(),
                    asked.askedAt(),
                    asked.expiresAt(),
                    List.copyOf(decisions))),
        f);
  }

  private static List<StepRun> intended(Remediation one, StepIntended f) {
    boolean fits =
        f.back() ? one.status() == Status.ROLLING_BACK : one.status() == Status.EXECUTING;
    StepRun before = one.run(f.step(), f.back());
    boolean repeats =
        before != null && before.state() == StepState.NOT_APPLIED && before.sends() == 1;
    if (!fits || (before != null && !repeats)) {
      throw new IllegalStateException(
          "remediation %s is %s and cannot send step %s%s"
              .formatted(one.id(), one.status(), f.step(), before == null ? "" : " again"));
    }
    var runs = new ArrayList<>(one.steps());
    if (before != null) runs.remove(before);
    runs.add(
        new StepRun(
            f.step(),
            f.key(),
            f.back(),
            StepState.INTENT,
            f.at(),
            null,
            "",
            before == null ? 1 : 2));
    return runs;
  }

  private static List<StepRun> ended(Remediation one, StepEnded f) {
    StepRun run = one.run(f.step(), f.back());
    boolean fits =
        switch (f.state()) {
          case ACKED, FAILED, UNKNOWN -> run != null && run.state() == StepState.INTENT;
          case APPLIED, NOT_APPLIED, INDETERMINATE ->
              run != null
                  && (run.state() == StepState.UNKNOWN || run.state() == StepState.INDETERMINATE);
          case INTENT, SENT -> false;
        };
    if (run == null || !fits) {
      throw new IllegalStateException(
          "remediation %s: step %s cannot be %s, it is %s"
              .formatted(one.id(), f.step(), f.state(), run == null ? "pending" : run.state()));
    }
    var runs = new ArrayList<>(one.steps());
    runs.set(
        runs.indexOf(run),
        new StepRun(
            run.step(),
            run.key(),
            run.back(),
            f.state(),
            run.intendedAt(),
            f.at(),
            f.output(),
            run.sends()));
    return runs;
  }

  private Remediations checked(Checked f) {
    Remediation one = known(f);
    var reads = new ArrayList<CheckRead>(one.checks());
    reads.addAll(f.reads());
    dropSurplus(reads, /* failures= */ false);
    dropSurplus(reads, /* failures= */ true);
    return with(new Draft(one).checks(List.copyOf(reads)), f);
  }

  /**
   * Failures are counted over the whole verification, so of too many the oldest others go first.
   */
  private static void dropSurplus(List<CheckRead> reads, boolean failures) {
    var each = reads.iterator();
    for (int surplus = reads.size() - READS_MAX; surplus > 0 && each.hasNext(); ) {
      if ((each.next().verdict() == Remediation.Verdict.FAIL) != failures) continue;
      each.remove();
      surplus--;
    }
  }

  private Remediations abortLooked(AbortLooked f) {
    Remediation one = known(f);
    var before = one.abortLook();
    boolean runs = one.status() == Status.EXECUTING || one.status() == Status.VERIFYING;
    if (!runs || (before != null && !f.readAt().isAfter(before.at()))) {
      throw new IllegalStateException(
          "remediation %s is %s and cannot be looked at as of %s, last was %s"
              .formatted(
                  one.id(), one.status(), f.readAt(), before == null ? "never" : before.at()));
    }
    return with(new Draft(one).abortLook(new Remediation.AbortLook(f.readAt(), f.reads())), f);
  }

  private Remediations overridden(OverrideSigned f) {
    Remediation one = known(f);
    if (one.status() != Status.BLOCKED || !f.planDigest().equals(one.plan().digest())) {
      throw new IllegalStateException(
          "remediation %s is %s with plan %s: nobody can override it for plan %s"
              .formatted(one.id(), one.status(), one.plan().digest(), f.planDigest()));
    }
    var signed = new ArrayList<>(one.overrides());
    signed.add(new Remediation.OverrideBy(f.at(), f.actor(), f.planDigest(), f.reason()));
    return with(new Draft(one).overrides(signed), f);
  }

  private Remediations reviewed(Reviewed f) {
    Remediation one = known(f);
    if (!one.reviewWanted()) {
      throw new IllegalStateException(
          "remediation %s does not wait for a review".formatted(one.id()));
    }
    return with(
        new Draft(one)
            .reviewWanted(false)
            .review(new Remediation.Review(f.at(), f.actor(), f.good(), f.note())),
        f);
  }
}
