package io.prunella.remediation;

import io.prunella.incident.Incident;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.AskHuman;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Guardrails that decide how often. What counts is the intent to send a step, whatever came of it.
 */
final class AttemptGuards {
  /** After a verified success its incident may take so long to be seen as over. */
  private static final Duration LINGERING_MAX = Duration.ofMinutes(15);

  private AttemptGuards() {}

  /** Decision 6: per incident, and per target with pattern; whichever is reached first. */
  static Ruling attempts(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back is no attempt");
    int max =
        Terms.stricter(situation.policy().attemptsMax(), proposal.terms().limits().attemptsMax());
    int inIncident = 0;
    int onTarget = 0;
    Instant from = countsFrom(proposal, situation);
    var all = situation.remediations();
    for (Remediation one : all.ofIncident(situation.incident().id()))
      if (counts(one, proposal)) inIncident++;
    for (Remediation one : all.actedOn(proposal.service(), from))
      if (counts(one, proposal) && hasPattern(one, proposal)) onTarget++;
    String words =
        "%d of %d attempts for this incident, %d of %d for %s with %s in %d h"
            .formatted(
                inIncident,
                max,
                onTarget,
                max,
                proposal.service(),
                proposal.plan().pattern(),
                situation.policy().attemptsWithin().toHours());
    return inIncident < max && onTarget < max
        ? new Allow(words)
        : new Deny(words + ": used up, a person leads");
  }

  private static boolean counts(Remediation one, Proposal proposal) {
    return one.hasActed() && !one.id().equals(proposal.id());
  }

  private static boolean hasPattern(Remediation one, Proposal proposal) {
    return one.plan().pattern().equals(proposal.plan().pattern());
  }

  /**
   * Attempts up to then count no more: too long ago, or healed and healthy for long enough since.
   */
  private static Instant countsFrom(Proposal proposal, Situation situation) {
    Instant from = situation.now().minus(situation.policy().attemptsWithin());
    for (Remediation one : situation.remediations().endedOn(proposal.service(), from)) {
      if (one.status() != Status.SUCCEEDED) continue;
      Instant healed = one.since();
      Instant until = healed.plus(situation.policy().attemptsResetAfter());
      if (until.isAfter(situation.now()) || !healed.isAfter(from)) continue;
      if (isHealthy(proposal.service(), healed, until, situation)) from = healed;
    }
    return from;
  }

  private static boolean isHealthy(
      String service, Instant from, Instant until, Situation situation) {
    for (Incident one : situation.notOverAt(from)) {
      if (!one.services().contains(service) || !one.openedAt().isBefore(until)) continue;
      if (one.openedAt().isAfter(from)) return false;
      Instant end = one.resolvedAt();
      if (end == null || end.isAfter(from.plus(LINGERING_MAX))) return false;
    }
    return true;
  }

  static Ruling cooldown(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("begun already");
    Instant from = situation.now().minus(situation.policy().cooldown());
    Instant until = Instant.MIN;
    String last = "";
    for (Remediation one : situation.remediations().endedOn(proposal.service(), from)) {
      if (one.id().equals(proposal.id())) continue;
      Instant ends = one.since().plus(situation.policy().cooldown());
      if (ends.isAfter(until)) {
        until = ends;
        last = one.id();
      }
    }
    if (until.isAfter(situation.now())) {
      return new Defer(
          "%s ended a short while ago on %s; %d s of rest are wanted"
              .formatted(last, proposal.service(), situation.policy().cooldown().toSeconds()),
          until);
    }
    return new Allow(
        "no attempt on %s within %d s"
            .formatted(proposal.service(), situation.policy().cooldown().toSeconds()));
  }

  /**
   * A change that worked and was undone since: something else wants it otherwise, and doing it
   * again would go on for ever.
   */
  static Ruling oscillation(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back is walked once");
    Duration within = situation.policy().oscillationWithin();
    Instant from = situation.now().minus(within);
    var before = proposal.plan().snapshot();
    for (Remediation one : situation.remediations().endedOn(proposal.service(), from)) {
      if (one.status() != Status.SUCCEEDED) continue;
      for (PlannedStep earlier : one.plan().steps()) {
        String name = undone(earlier, one.plan().snapshot(), proposal.plan(), before);
        if (name == null) continue;
        String words =
            "%s set %s from %s to %s %d min ago, it is %s again"
                .formatted(
                    one.id(),
                    name,
                    one.plan().snapshot().get(name),
                    earlier.arguments().get(name),
                    Duration.between(one.since(), situation.now()).toMinutes(),
                    before.get(name));
        if (proposal.signed()) return new Allow(words + "; signed");
        return new AskHuman(words + ": something puts it back", situation.policy().approversMin());
      }
    }
    return new Allow(
        "no change of ours on %s was undone within %d min"
            .formatted(proposal.service(), within.toMinutes()));
  }

  /**
   * The argument that the earlier step changed, that is as before it again, and is wanted again.
   */
  private static @Nullable String undone(
      PlannedStep earlier, Map<String, String> then, Plan plan, Map<String, String> now) {
    for (var set : earlier.arguments().entrySet()) {
      String name = set.getKey();
      String was = then.get(name);
      if (was == null || was.equals(set.getValue()) || !was.equals(now.get(name))) continue;
      boolean again =
          plan.steps().stream()
              .map(step -> step.arguments().get(name))
              .anyMatch(wanted -> wanted != null && !wanted.equals(was));
      if (again) return name;
    }
    return null;
  }
}
