package io.prunella.remediation;

import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.AskHuman;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** All guardrails in the order in which they are asked. All are asked and recorded, always. */
public final class Guardrails {
  /**
   * The order of section 7 of the specification: who may stop it, whether it can be recorded, what
   * it rests on, when, how, on what, how much at once, how often, how far.
   */
  static final List<Guardrail> ORDERED =
      List.of(
          rail("stop switch", TimeGuards::stopSwitch),
          rail("maintenance", TimeGuards::maintenance),
          rail("mode", PeopleGuards::mode),
          rail("journal", TimeGuards::journal),
          rail("clock", TimeGuards::clock),
          rail("complete input", TimeGuards::completeInput),
          rail("fresh input", TimeGuards::freshInput),
          rail("still there", TimeGuards::stillThere),
          rail("deployment window", TimeGuards::deploymentWindow),
          rail("tier", PeopleGuards::tier),
          rail("confidence", PeopleGuards::confidence),
          rail("one answer", PeopleGuards::oneAnswer),
          rail("target declared", ReachGuards::targetDeclared),
          rail("production database", PeopleGuards::productionDatabase),
          rail("denied targets", ReachGuards::deniedTargets),
          rail("cache only", PeopleGuards::cacheOnly),
          rail("one service", ReachGuards::oneService),
          rail("short-circuit", PoolGuards::shortCircuit),
          rail("common cause", PoolGuards::commonCause),
          rail("dependency", PoolGuards::dependency),
          rail("failure domain", PoolGuards::failureDomain),
          rail("concurrency", ReachGuards::concurrency),
          rail("lock", ReachGuards::lock),
          rail("frozen target", ReachGuards::frozenTarget),
          rail("attempts", AttemptGuards::attempts),
          rail("cooldown", AttemptGuards::cooldown),
          rail("oscillation", AttemptGuards::oscillation),
          rail("scale-out", ReachGuards::scaleOut),
          rail("controller conflict", ReachGuards::controllerConflict),
          rail("wanted alerts", AlertGuards::wanted),
          rail("vetoing alerts", AlertGuards::vetoing),
          rail("preconditions", PeopleGuards::preconditions),
          rail("abort conditions", PeopleGuards::abortConditions));

  private Guardrails() {}

  private static Guardrail rail(String name, BiFunction<Proposal, Situation, Ruling> judge) {
    return new Guardrail() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Ruling judge(Proposal proposal, Situation situation) {
        return judge.apply(proposal, situation);
      }
    };
  }

  /** Asks every guardrail; one that throws has denied. */
  public static List<RuledBy> judgeAll(Proposal proposal, Situation situation) {
    return judgeAll(ORDERED, proposal, situation);
  }

  static List<RuledBy> judgeAll(List<Guardrail> rails, Proposal proposal, Situation situation) {
    var rulings = new ArrayList<RuledBy>(rails.size());
    for (Guardrail rail : rails) {
      Ruling ruling;
      try {
        ruling = rail.judge(proposal, situation);
      } catch (RuntimeException e) {
        ruling = new Deny("this guardrail failed, which counts as a no: " + e);
      }
      rulings.add(new RuledBy(rail.name(), ruling));
    }
    return List.copyOf(rulings);
  }

  /** The strictest of them: deny, then ask, then defer (the latest), then allow. */
  public static RuledBy strictest(List<RuledBy> rulings) {
    var strictest = new RuledBy("none", new Deny("no guardrail was asked"));
    int rank = -1;
    for (RuledBy one : rulings) {
      int its = rank(one.ruling());
      boolean more =
          its > rank
              || (its == rank
                  && one.ruling() instanceof Defer a
                  && strictest.ruling() instanceof Defer b
                  && a.until().isAfter(b.until()))
              || (its == rank
                  && one.ruling() instanceof AskHuman a
                  && strictest.ruling() instanceof AskHuman b
                  && a.approversMin() > b.approversMin());
      if (more) {
        strictest = one;
        rank = its;
      }
    }
    return strictest;
  }

  private static int rank(Ruling ruling) {
    return switch (ruling) {
      case Allow _ -> 0;
      case Defer _ -> 1;
      case AskHuman _ -> 2;
      case Deny _ -> 3;
    };
  }
}
