package io.prunella.remediation;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.AskHuman;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.runbook.Target;

/** Guardrails that decide how much automation may do without a person. */
final class PeopleGuards {
  private PeopleGuards() {}

  static Ruling mode(Proposal proposal, Situation situation) {
    return switch (proposal.plan().mode()) {
      case "auto" -> new Allow("runbook %s may act by itself".formatted(proposal.plan().runbook()));
      case "suggest" ->
          ask(proposal, situation, "runbook %s only suggests".formatted(proposal.plan().runbook()));
      case "observe" ->
          new Deny(
              "runbook %s only observes: this is what it would have done"
                  .formatted(proposal.plan().runbook()));
      default ->
          new Deny("mode is %s, wanted observe, suggest or auto".formatted(proposal.plan().mode()));
    };
  }

  static Ruling tier(Proposal proposal, Situation situation) {
    int tier = proposal.plan().tier();
    if (tier >= 1 && tier <= 3) return new Allow("tier %d acts by itself".formatted(tier));
    if (tier == 4) return ask(proposal, situation, "tier 4: a person approves first");
    return new Deny("tier is %d, wanted 1 to 4: people lead".formatted(tier));
  }

  /** Confidence can lower autonomy, never lift a guard. */
  static Ruling confidence(Proposal proposal, Situation situation) {
    double seen = proposal.confidence().value();
    double wanted = proposal.terms().confidenceMin();
    if (!(seen >= 0 && seen <= 1))
      return new Deny("confidence is %s, wanted 0 to 1".formatted(seen));
    String words = "confidence %.2f, wanted at least %.2f".formatted(seen, wanted);
    return seen >= wanted ? new Allow(words) : ask(proposal, situation, words);
  }

  /** Of several runbooks that fit equally well none is the obvious one: a person chooses. */
  static Ruling oneAnswer(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("chosen before the first step");
    var rivals = situation.around().rivals();
    if (rivals.isEmpty())
      return new Allow("no other runbook fits %s as well".formatted(proposal.service()));
    return ask(
        proposal,
        situation,
        "%s fits %s as well as %s; wanted one that is the only one"
            .formatted(String.join(", ", rivals), proposal.service(), proposal.plan().runbook()));
  }

  /** Decision 1 of the specification: in production a person approves what touches a database. */
  static Ruling productionDatabase(Proposal proposal, Situation situation) {
    Target target = proposal.plan().target();
    boolean database = situation.policy().databaseRoles().contains(target.role());
    if (!database)
      return new Allow(
          "role of %s is %s, no database".formatted(target.service(), word(target.role())));
    if (!target.isProduction()) {
      return new Allow(
          "%s is a database, environment %s".formatted(target.service(), target.environment()));
    }
    return ask(
        proposal,
        situation,
        "%s is a database, environment %s: no automatic change"
            .formatted(target.service(), word(target.environment())));
  }

  /**
   * Decision 2: what loses data is automatic only where the operator has said that it does no harm.
   */
  static Ruling cacheOnly(Proposal proposal, Situation situation) {
    if (!proposal.terms().needsCacheOnly()) return new Allow("the runbook does not lose data");
    Target target = proposal.plan().target();
    if (target.cacheOnly())
      return new Allow("%s is declared cacheOnly".formatted(target.service()));
    return ask(
        proposal,
        situation,
        "%s is not declared cacheOnly: its data may be wanted".formatted(target.service()));
  }

  static Ruling preconditions(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("checked before the first step");
    for (Precondition one : situation.preconditions()) {
      if (one.verdict() == Verdict.PASS) continue;
      return new Defer(
          "%s %s: %s"
              .formatted(
                  one.name(),
                  one.verdict() == Verdict.FAIL ? "does not hold" : "cannot be told",
                  one.seen()),
          situation.now().plus(situation.policy().retryAfter()));
    }
    int count = situation.preconditions().size();
    return new Allow(count == 0 ? "none wanted" : "all %d hold".formatted(count));
  }

  /**
   * What aborts a run keeps it from beginning, and from going on; what cannot be told counts as if
   * it held.
   */
  static Ruling abortConditions(Proposal proposal, Situation situation) {
    var declared = proposal.terms().limits().abortIf();
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back is not aborted");
    if (declared.isEmpty()) return new Allow("none declared");
    var found = situation.aborts();
    String why = null;
    if (found.size() != declared.size()) {
      why = "%d of %d were looked at, wanted all".formatted(found.size(), declared.size());
    }
    for (Precondition one : found) {
      if (one.verdict() == Verdict.PASS || why != null) continue;
      String how = one.verdict() == Verdict.FAIL ? "holds" : "cannot be told";
      why = "%s %s: %s".formatted(one.name(), how, one.seen());
    }
    if (why == null) return new Allow("none of %d holds".formatted(found.size()));
    return proposal.stage() == Stage.STEP
        ? new Deny(why)
        : new Defer(why, situation.now().plus(situation.policy().retryAfter()));
  }

  private static Ruling ask(Proposal proposal, Situation situation, String why) {
    if (proposal.signed()) return new Allow(why + "; signed");
    if (proposal.stage() == Stage.ROLLBACK)
      return new Allow(why + "; the way back needs no signature");
    return new AskHuman(why, situation.policy().approversMin());
  }

  private static String word(String value) {
    return value.isEmpty() ? "not declared" : value;
  }
}
