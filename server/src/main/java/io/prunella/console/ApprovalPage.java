package io.prunella.console;

import io.prunella.control.State;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.Suggestion;
import io.prunella.remediation.Ruling;
import io.prunella.runbook.BadEnd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a person decides.
 *
 * @param key idempotency key of the decision that this page would make
 * @param note what the person had written before the page came back
 * @param problem why the page came back, or null
 */
record ApprovalPage(
    Remediation one,
    Suggestion suggestion,
    @Nullable IncidentPage about,
    TrackRecord record,
    String key,
    String note,
    @Nullable Problem problem) {

  static ApprovalPage of(
      State state,
      Remediation one,
      Suggestion suggestion,
      @Nullable IncidentPage about,
      String key,
      String note,
      @Nullable Problem problem) {
    var record = TrackRecord.of(state.remediations().values(), one.confidence().value());
    return new ApprovalPage(one, suggestion, about, record, key, note, problem);
  }

  boolean waits() {
    return Approval.waits(one);
  }

  /** How many more people are wanted. */
  long missing() {
    return Math.max(0, suggestion.approversMin() - approvals());
  }

  long approvals() {
    return suggestion.decisions().stream()
        .filter(Remediation.Decision::approve)
        .map(Remediation.Decision::actor)
        .distinct()
        .count();
  }

  /** The first guardrail that forbids it, or null. */
  Remediation.@Nullable RuledBy blockedBy() {
    return one.rulings().stream()
        .filter(r -> r.ruling() instanceof Ruling.Deny)
        .findFirst()
        .orElse(null);
  }

  /** True when this person has approved already: the same one does not count twice. */
  boolean decidedBy(@Nullable Who who) {
    return who != null
        && suggestion.decisions().stream().anyMatch(d -> d.actor().equals(who.name()));
  }

  String verdict() {
    double value = one.confidence().value();
    return value >= 0.8 ? "Likely to work" : value >= 0.5 ? "May well work" : "Uncertain";
  }

  String touches() {
    var target = one.plan().target();
    return "1 service, " + target.service();
  }

  String touchesMore() {
    var target = one.plan().target();
    var words = new ArrayList<String>();
    words.add(target.role().isEmpty() ? target.kind() : target.role());
    words.add(target.isProduction() ? "production" : target.environment());
    if (target.cacheOnly()) words.add("declared cache only");
    return String.join(" · ", words);
  }

  String ifItFails() {
    var plan = one.plan();
    if (goesBack()) return "Goes back by itself";
    return plan.isReversible() ? "Stops and calls people" : "Cannot be taken back";
  }

  /** The runbook may want some ends left as they are; a failed verification is the usual one. */
  private boolean goesBack() {
    return !one.plan().rollback().isEmpty() && one.terms().takesBack(BadEnd.VERIFY_FAILED);
  }

  String ifItFailsMore() {
    var plan = one.plan();
    if (goesBack()) {
      return "when verification fails: "
          + String.join("; ", plan.rollback().stream().map(Say::step).toList());
    }
    return "a person leads from there; "
        + plan.target().service()
        + " is frozen until someone lifts it";
  }

  List<String> diff() {
    return one.plan().diff();
  }

  String digestShort() {
    String digest = suggestion.planDigest();
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }

  /** The question of the confirm step. */
  String question() {
    return "%s on %s now?".formatted(Say.title(one), one.plan().target().service());
  }

  /** What happens when this person says yes. */
  String consequence() {
    long left = missing() - 1;
    String who =
        left > 0
            ? "%s more must approve before anything runs."
                .formatted(Say.plural(left, "person", "people"))
            : "It starts at once: " + Say.plural(one.plan().steps().size(), "step", "steps") + ".";
    return who + " " + ifItFails() + (goesBack() ? " if verification fails." : ".");
  }
}
