package io.prunella.remediation;

import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Review;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.Suggestion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A remediation on its way to the next value: what a fact changes, over what was. One use, one
 * thread.
 */
final class Draft {
  private final Remediation was;
  private Status status;
  private List<RuledBy> rulings;
  private @Nullable Suggestion suggestion;
  private List<StepRun> steps;
  private List<CheckRead> checks;
  private String why;
  private Instant since;
  private @Nullable Instant deadline;
  private boolean reviewWanted;
  private @Nullable Review review;
  private List<Remediation.OverrideBy> overrides;
  private Remediation.@Nullable AbortLook abortLook;

  Draft(Remediation was) {
    this.was = was;
    this.status = was.status();
    this.rulings = was.rulings();
    this.suggestion = was.suggestion();
    this.steps = was.steps();
    this.checks = was.checks();
    this.why = was.why();
    this.since = was.since();
    this.deadline = was.deadline();
    this.reviewWanted = was.reviewWanted();
    this.review = was.review();
    this.overrides = was.overrides();
    this.abortLook = was.abortLook();
  }

  Draft status(Status next) {
    this.status = next;
    return this;
  }

  Draft rulings(List<RuledBy> next) {
    this.rulings = next;
    return this;
  }

  Draft suggestion(Suggestion next) {
    this.suggestion = next;
    return this;
  }

  Draft steps(List<StepRun> next) {
    this.steps = next;
    return this;
  }

  Draft checks(List<CheckRead> next) {
    this.checks = next;
    return this;
  }

  Draft why(String next) {
    this.why = next;
    return this;
  }

  Draft since(Instant next) {
    this.since = next;
    return this;
  }

  Draft deadline(@Nullable Instant next) {
    this.deadline = next;
    return this;
  }

  Draft reviewWanted(boolean next) {
    this.reviewWanted = next;
    return this;
  }

  Draft review(Review next) {
    this.review = next;
    return this;
  }

  Draft overrides(List<Remediation.OverrideBy> next) {
    this.overrides = next;
    return this;
  }

  Draft abortLook(Remediation.AbortLook next) {
    this.abortLook = next;
    return this;
  }

  Remediation made(Instant at) {
    return new Remediation(
        was.id(),
        was.plan(),
        status,
        was.confidence(),
        rulings,
        suggestion,
        steps,
        checks,
        why,
        was.proposedAt(),
        at,
        deadline,
        reviewWanted,
        review,
        was.terms(),
        since,
        was.freshAt(),
        overrides,
        abortLook);
  }
}
