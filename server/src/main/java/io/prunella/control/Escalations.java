package io.prunella.control;

import static io.prunella.remediation.Status.BLOCKED;
import static io.prunella.remediation.Status.DENIED;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Ruling;
import io.prunella.runbook.Runbook.Escalation;
import io.prunella.runbook.Runbook.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who hears that a runbook is at its end, and how loudly: as the runbook says, and where it says
 * nothing, everybody.
 */
final class Escalations {
  private Escalations() {}

  /** What the runbook says of this reason, or null when it says nothing. */
  static @Nullable Escalation of(Remediation one, Reason reason) {
    return Escalation.saidOf(reason, one.terms().escalation());
  }

  static String severity(@Nullable Escalation its, String otherwise) {
    return its == null ? otherwise : its.severity().name().toLowerCase(Locale.ROOT);
  }

  /** The channel that is wanted, or all: also when it is not configured any more. */
  static List<String> channels(Turn turn, @Nullable Escalation its) {
    var all = turn.ports.channels();
    return its != null && all.contains(its.channel()) ? List.of(its.channel()) : all;
  }

  /** What waits for longer than its runbook wants goes to people. */
  static boolean blocked(Turn turn, Remediation one) {
    Escalation its = of(one, Reason.BLOCKED);
    if (one.status() != BLOCKED || its == null || its.blockedFor() == null) return false;
    Instant until = one.proposedAt().plus(its.blockedFor());
    if (turn.now.isBefore(until)) return false;
    String why =
        "%s %s on %s waits since %s, longer than %d min: %s"
            .formatted(
                one.id(),
                one.plan().runbook(),
                one.service(),
                one.proposedAt(),
                its.blockedFor().toMinutes(),
                one.why());
    turn.handOver(one.plan().incident(), why, its);
    Incident incident = turn.openIncident(one.plan());
    return incident != null && incident.handedOver() != null; // then there is a move to make
  }

  /** What the runbook of the last attempt says, when it is attempts that are used up. */
  static @Nullable Escalation exhausted(Turn turn, Incident incident) {
    var tried = turn.world().remediations().ofIncident(incident.id());
    if (tried.isEmpty()) return null;
    Remediation last = tried.getLast();
    boolean used =
        tried.stream().filter(Remediation::hasActed).count() >= turn.config().policy().attemptsMax()
            || (last.status() == DENIED
                && last.rulings().stream()
                    .anyMatch(r ->
                        r.guardrail().equals("attempts") && r.ruling() instanceof Ruling.Deny));
    return used ? of(last, Reason.ATTEMPTS_EXHAUSTED) : null;
  }
}
