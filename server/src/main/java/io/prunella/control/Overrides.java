package io.prunella.control;

import static io.prunella.remediation.Status.BLOCKED;

import io.prunella.control.Answer.Accepted;
import io.prunella.control.Answer.Refused;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.OverrideBy;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.RemediationFact.OverrideSigned;
import io.prunella.remediation.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The emergency override: two people, each with a reason, let a plan begin although the time is
 * wrong for it. It lifts windows and rest, bound to one plan's digest, for a short while; never a
 * stop, a lock, the journal, what may be reached or how often.
 */
final class Overrides {
  static final int PEOPLE_MIN = 2;
  static final Duration LASTING = Duration.ofMinutes(30);
  private static final Set<String> LIFTED = Set.of("deployment window", "cooldown");

  private Overrides() {}

  /** Whether enough people want it, and not too long ago for it to begin. */
  static boolean isInForce(Remediation one, Instant now) {
    var signed = signatures(one);
    long people = signed.stream().map(OverrideBy::actor).distinct().count();
    return people >= PEOPLE_MIN
        && (one.hasActed() || now.isBefore(signed.getFirst().at().plus(LASTING)));
  }

  /** Whether enough people want it by now, and it is still held back by what they can lift. */
  static boolean frees(Remediation one, Instant now) {
    return isInForce(one, now)
        && one.rulings().stream()
            .anyMatch(r -> LIFTED.contains(r.guardrail()) && !(r.ruling() instanceof Ruling.Allow));
  }

  private static List<OverrideBy> signatures(Remediation one) {
    return one.overrides().stream()
        .filter(o -> o.planDigest().equals(one.plan().digest()))
        .toList();
  }

  /** The rulings, with what is lifted allowed, and said so. */
  static List<RuledBy> lift(Remediation one, List<RuledBy> rulings, Instant now) {
    if (!isInForce(one, now)) return rulings;
    return rulings.stream().map(r -> lifted(one, r)).toList();
  }

  private static RuledBy lifted(Remediation one, RuledBy ruled) {
    if (!LIFTED.contains(ruled.guardrail()) || ruled.ruling() instanceof Ruling.Allow) return ruled;
    String why = "%s; OVERRIDDEN by %s".formatted(ruled.ruling().why(), people(one));
    return new RuledBy(ruled.guardrail(), new Ruling.Allow(why));
  }

  /** Who wants it, and why. */
  static String people(Remediation one) {
    return signatures(one).stream()
        .map(o -> "%s (%s)".formatted(o.actor(), o.reason()))
        .collect(Collectors.joining(" and "));
  }

  static Answer sign(Turn turn, Command.OverrideHold c) {
    Remediation one = turn.world().remediations().get(c.remediation());
    if (one == null)
      return new Refused(404, "remediation %s is unknown".formatted(c.remediation()));
    if (c.actor().isBlank() || c.actor().equals(one.terms().requester()))
      return new Refused(403, "%s has requested it and cannot override".formatted(c.actor()));
    if (one.status() != BLOCKED) {
      return new Refused(
          409,
          "%s is %s; only what is held back by its time can be overridden"
              .formatted(one.id(), one.status()));
    }
    for (RuledBy ruled : one.rulings()) {
      if (ruled.ruling() instanceof Ruling.Allow || LIFTED.contains(ruled.guardrail())) continue;
      return new Refused(
          409,
          "%s is held back by %s, which nobody can override: %s"
              .formatted(one.id(), ruled.guardrail(), ruled.ruling().why()));
    }
    if (!c.planDigest().equals(one.plan().digest())) {
      return new Refused(
          409,
          "the plan of %s has digest %s, the override is about %s: look at the plan again"
              .formatted(one.id(), one.plan().digest(), c.planDigest()));
    }
    if (c.reason().isBlank()) return new Refused(422, "an override needs a reason");
    if (signatures(one).stream().anyMatch(o -> o.actor().equals(c.actor())))
      return new Refused(
          409, "%s has signed already; another person is wanted".formatted(c.actor()));
    turn.add(
        c.actor(),
        new OverrideSigned(
            turn.now, one.id(), c.actor(), c.planDigest(), Counter.bounded(c.reason())));
    Remediation signed = turn.remediation(one.id());
    boolean inForce = isInForce(signed, turn.now);
    Ends.tell(
        turn,
        signed,
        "override",
        inForce ? "critical" : "warning",
        inForce
            ? "EMERGENCY OVERRIDE: %s begins although %s; %s"
                .formatted(one.id(), one.why(), people(signed))
            : "%s wants to override what holds %s back; a second person is wanted: %s"
                .formatted(c.actor(), one.id(), Counter.bounded(c.reason())));
    if (inForce) turn.after(() -> turn.memory.forget("prepare:" + one.id()));
    return new Accepted(one.id());
  }
}
