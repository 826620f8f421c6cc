package io.prunella.remediation;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.AskHuman;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import io.prunella.runbook.Target;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Guardrails that decide what may be touched, and how much of it. */
final class ReachGuards {
  private static final String REPLICAS = "replicas";

  /** How a target says that nobody else steers it. */
  private static final Set<String> NOBODY = Set.of("", "none", "null");

  private ReachGuards() {}

  static Ruling targetDeclared(Proposal proposal, Situation situation) {
    Target planned = proposal.plan().target();
    Target declared = situation.declared();
    if (planned.service().isBlank())
      return new Deny("the target has no name; exactly one is wanted");
    if (declared == null)
      return new Deny("%s is not declared as a target".formatted(planned.service()));
    if (!declared.equals(planned)) {
      return new Deny(
          "the declaration of %s has changed since the plan was made".formatted(planned.service()));
    }
    return new Allow("%s, kind %s".formatted(planned.service(), planned.kind()));
  }

  /** What the runbook leaves alone, whoever signs. */
  static Ruling deniedTargets(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back of what was done");
    Target target = proposal.plan().target();
    var denied = proposal.terms().limits().denied(target);
    if (denied == null)
      return new Allow("the runbook does not leave %s alone".formatted(target.service()));
    return new Deny(
        "%s has role \"%s\", environment \"%s\": the runbook leaves %s alone"
            .formatted(target.service(), target.role(), target.environment(), denied));
  }

  /**
   * Decision 5: only the ranked culprit is acted on, never a second service, not even after a
   * rollback.
   */
  static Ruling oneService(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back of the same service");
    String service = proposal.service();
    for (Remediation other : situation.remediations().ofIncident(situation.incident().id())) {
      if (other.hasActed() && !other.service().equals(service)) {
        return new Deny(
            "%s was acted on for this incident (%s): one service per incident, wanted no second"
                .formatted(other.service(), other.id()));
      }
    }
    String culprit = situation.incident().culprit();
    if (proposal.stage() == Stage.ADMISSION && !service.equals(culprit)) {
      return new Deny("the culprit is %s, the plan acts on %s".formatted(culprit, service));
    }
    return new Allow("%s is the culprit and the only service acted on".formatted(service));
  }

  static Ruling concurrency(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    long others =
        situation.remediations().underWay().stream()
            .filter(r -> !r.id().equals(proposal.id()))
            .count();
    var own = proposal.terms().limits().concurrency();
    int max = Terms.stricter(situation.policy().concurrentMax(), own == null ? null : own.max());
    String words = "%d of %d under way".formatted(others, max);
    return others < max
        ? new Allow(words)
        : new Defer(words, situation.now().plus(situation.policy().retryAfter()));
  }

  static Ruling lock(Proposal proposal, Situation situation) {
    for (Remediation other : situation.remediations().underWay()) {
      if (!other.id().equals(proposal.id()) && other.service().equals(proposal.service())) {
        return new Defer(
            "%s holds %s (%s)".formatted(other.id(), proposal.service(), other.status()),
            situation.now().plus(situation.policy().retryAfter()));
      }
    }
    return new Allow("nobody else acts on %s".formatted(proposal.service()));
  }

  static Ruling frozenTarget(Proposal proposal, Situation situation) {
    String frozen = situation.frozen();
    if (frozen == null) return new Allow("%s is not frozen".formatted(proposal.service()));
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back of what froze it");
    return new Deny(
        "%s is frozen until a person lifts it: %s".formatted(proposal.service(), frozen));
  }

  /**
   * What somebody else steers, or is changing now, is not changed under their hands: it would be
   * put back, or two changes would meet. The target itself tells of it.
   */
  static Ruling controllerConflict(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back to what was");
    var told = proposal.plan().snapshot();
    String controller = told.getOrDefault("controller", "");
    if (!NOBODY.contains(controller)) {
      return new Deny(
          "%s steers %s and would put it back; wanted none"
              .formatted(controller, proposal.service()));
    }
    if (told.getOrDefault("changing", "false").equals("true")) {
      return new Defer(
          "%s is being changed by somebody else".formatted(proposal.service()),
          situation.now().plus(situation.policy().retryAfter()));
    }
    return new Allow("%s tells of nobody else that steers it".formatted(proposal.service()));
  }

  /** At most 25 % per action, of whole instances rounded down; 50 % over the incident. */
  static Ruling scaleOut(Proposal proposal, Situation situation) {
    Ruling back = back(proposal.plan());
    if (back instanceof Deny || proposal.stage() == Stage.ROLLBACK) return back;
    Integer wanted = null;
    for (PlannedStep step : proposal.plan().steps()) {
      String text = step.arguments().get(REPLICAS);
      if (text == null) continue;
      OptionalInt count = count(text);
      if (count.isEmpty())
        return new Deny(
            "step %s wants %s replicas, a whole number is wanted".formatted(step.id(), text));
      if (wanted != null && wanted != count.getAsInt())
        return new Deny("two steps want different numbers of replicas");
      wanted = count.getAsInt();
    }
    if (wanted == null) return new Allow("the plan does not scale");
    OptionalInt current = count(proposal.plan().snapshot().get(REPLICAS));
    if (current.isEmpty() || current.getAsInt() < 1) {
      return new Deny("the present number of replicas is unknown, so growth cannot be judged");
    }
    return judged(proposal, situation, current.getAsInt(), wanted);
  }

  /** The way back leads to what was, never below it, or what is left could not carry the load. */
  private static Ruling back(Plan plan) {
    OptionalInt before = count(plan.snapshot().get(REPLICAS));
    for (PlannedStep step : plan.rollback()) {
      String text = step.arguments().get(REPLICAS);
      if (text == null) continue;
      OptionalInt count = count(text);
      int least = Math.max(1, before.orElse(1));
      if (count.isEmpty() || count.getAsInt() < least) {
        return new Deny(
            "step %s back leads to %s replicas, at least %d wanted"
                .formatted(step.id(), text, least));
      }
    }
    return new Allow("the way back to what was");
  }

  private static Ruling judged(Proposal proposal, Situation situation, int current, int wanted) {
    if (wanted < current) {
      return new Deny(
          "from %d to %d replicas: nothing is scaled in while an incident is open"
              .formatted(current, wanted));
    }
    int percent =
        Terms.stricter(
            situation.policy().scaleOutPercentMax(),
            proposal.terms().limits().scaleOutPercentMax());
    Boolean ownStep = proposal.terms().limits().minStepOne();
    boolean stepOne = ownStep != null ? ownStep : situation.policy().minStepOne();
    int byAction = Math.floorDiv(current * percent, 100);
    int start = atStart(proposal, situation, current);
    int cumulative =
        Terms.stricter(
            situation.policy().scaleOutCumulativePercentMax(),
            proposal.terms().limits().scaleOutCumulativePercentMax());
    int byIncident = Math.floorDiv(start * cumulative, 100);
    int step = wanted - current;
    int grown = wanted - start;
    String words =
        "from %d to %d replicas: %d more, at most %d (%d %%); %d since the incident began with %d, at most %d (%d %%)"
            .formatted(
                current, wanted, step, byAction, percent, grown, start, byIncident, cumulative);
    if (step <= byAction && grown <= byIncident) return new Allow(words);
    boolean small = step == 1 && byAction == 0 && grown <= Math.max(1, byIncident);
    if (!small) return new Deny(words);
    if (stepOne) return new Allow(words + "; one more is allowed (minStepOne)");
    return proposal.signed()
        ? new Allow(words + "; signed")
        : new AskHuman(words + "; a person decides for so few", situation.policy().approversMin());
  }

  /** Replicas before the first remediation of this incident touched them. */
  private static int atStart(Proposal proposal, Situation situation, int current) {
    for (Remediation one : situation.remediations().ofIncident(situation.incident().id())) {
      if (!one.hasActed() || !one.service().equals(proposal.service())) continue;
      OptionalInt count = count(one.plan().snapshot().get(REPLICAS));
      if (count.isPresent()) return count.getAsInt();
    }
    return current;
  }

  private static OptionalInt count(@Nullable String text) {
    return text != null && text.matches("\\d{1,6}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
