package io.prunella.remediation;

import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Decision;
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
import java.time.Instant;
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

  public static final Remediations EMPTY =
      new Remediations(new LinkedHashMap<>(), Index.EMPTY, 0, 0);

  private final LinkedHashMap<String, Remediation> byId;
  private final Index index; // of byId
  private final long proposed;
  private final long suggested;

  private Remediations(
      LinkedHashMap<String, Remediation> byId, Index index, long proposed, long suggested) {
    this.byId = byId;
    this.index = index;
    this.proposed = proposed;
    this.suggested = suggested;
  }

  /** As they stand, without the facts that led there: to be asked, not to go on from. */
  static Remediations of(Collection<Remediation> all) {
    var byId = new LinkedHashMap<String, Remediation>();
    all.forEach(one -> byId.put(one.id(), one));
    return new Remediations(byId, Index.of(all), all.size(), 0);
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

  /** Those that are not over, in order of proposal. */
  public List<Remediation> open() {
    return these(index.open());
  }

  /** Those that hold their target, in order of admission. */
  public List<Remediation> underWay() {
    return these(index.underWay());
  }

  /** Those for an incident, in order of proposal. */
  public List<Remediation> ofIncident(String incident) {
    return these(index.byIncident().getOrDefault(incident, List.of()));
  }

  /** Those whose first step on a service left after a time, in that order. */
  List<Remediation> actedOn(String service, Instant after) {
    return these(Index.after(after, index.acted().getOrDefault(service, List.of())));
  }

  /** Those that acted on a service and were over after a time, in that order. */
  List<Remediation> endedOn(String service, Instant after) {
    return these(Index.after(after, index.ended().getOrDefault(service, List.of())));
  }

  /** Those by a runbook that acted and were over, but not well, after a time, in that order. */
  List<Remediation> endedBadly(String runbookDigest, Instant after) {
    return these(Index.after(after, index.badlyEnded().getOrDefault(runbookDigest, List.of())));
  }

  private List<Remediation> these(Collection<String> ids) {
    var found = new ArrayList<Remediation>(ids.size());
    for (String id : ids) {
      Remediation one = byId.get(id);
      if (one == null)
        throw new IllegalStateException("the index knows remediation %s alone".formatted(id));
      found.add(one);
    }
    return found;
  }

  /** Which are asked for together; equal to one made anew from {@link #all}. */
  Index index() {
    return index;
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
      case StepIntended f -> with(new Draft(known(f)).steps(StepRuns.intended(known(f), f)), f);
      case StepEnded f -> with(new Draft(known(f)).steps(StepRuns.ended(known(f), f)), f);
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
    Remediation made = draft.made(fact.at());
    Remediation before = next.put(fact.remediation(), made);
    return new Remediations(next, index.with(before, made), proposed, suggested);
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
    Index indexed = index.with(before, made);
    indexed = forget(next, indexed, /* acted= */ true);
    indexed = forget(next, indexed, /* acted= */ false);
    return new Remediations(next, indexed, before == null ? proposed + 1 : proposed, suggested);
  }

  /**
   * Those that have acted are counted apart from those that never began: attempts are judged by
   * them, and many refusals must not push them out.
   */
  private static Index forget(LinkedHashMap<String, Remediation> all, Index index, boolean acted) {
    long ended = all.values().stream().filter(r -> isEnded(r, acted)).count();
    var each = all.values().iterator();
    while (ended > ENDED_MAX && each.hasNext()) {
      Remediation one = each.next();
      if (isEnded(one, acted)) {
        each.remove();
        index = index.with(one, null);
        ended--;
      }
    }
    return index;
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
    return new Remediations(next.byId, next.index, proposed, suggested + 1);
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
