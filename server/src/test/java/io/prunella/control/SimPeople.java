package io.prunella.control;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * People at the console: they sign, refuse, sign twice or sign a plan that is no more, stop and
 * resume, deploy, take over, abort, and lift what is frozen.
 */
final class SimPeople {
  private static final List<String> NAMES = List.of("ann", "bob", "cy");

  private final Sim sim;
  private final List<Asked> asked = new ArrayList<>();
  private int deployments;

  private record Asked(Command command, CompletableFuture<Answer> answer) {}

  SimPeople(Sim sim) {
    this.sim = sim;
  }

  void act() {
    for (Asked one : asked) check(one);
    asked.clear();
    State state = sim.control.state();
    if (sim.happens(sim.odds.edit())) sim.books.edit(sim.chance);
    if (sim.odds.person() > 0 && sim.nextInt(6) == 0) decide(state);
    if (sim.odds.person() > 0 && sim.nextInt(12) == 0) thaw(state);
    if (sim.odds.person() > 0 && sim.nextInt(12) == 0) interrupt(state);
    if (sim.odds.person() > 0) breakOff(state);
    if (sim.odd && sim.odds.person() > 0) override(state);
    if (sim.odd && sim.odds.person() > 0 && sim.apart.nextInt(40) == 0) maintain();
    if (!sim.happens(sim.odds.person())) return;
    switch (sim.nextInt(10)) {
      case 0, 1 -> stop();
      case 2, 3 -> resume(state);
      case 4, 5 -> deploy(state);
      case 6 -> takeOver(state);
      case 7, 8 -> abort(state);
      default -> review(state);
    }
  }

  /** What a person was told must be so. */
  private void check(Asked one) {
    Answer answer = one.answer().getNow(new Answer.Refused(0, "no answer yet"));
    if (answer instanceof Answer.Accepted && one.command() instanceof Command.Decide d)
      sim.oracle.accepted(d);
  }

  private void ask(Command command) {
    sim.oracle.asked(command);
    asked.add(new Asked(command, sim.control.ask(command)));
  }

  private String somebody() {
    return NAMES.get(sim.nextInt(NAMES.size()));
  }

  private void decide(State state) {
    for (Remediation one : state.remediations().values()) {
      var waits = one.suggestion();
      if (waits == null || one.status() != Status.AWAITING_APPROVAL) continue;
      boolean yes = sim.nextInt(6) > 0;
      String digest =
          switch (sim.nextInt(8)) {
            case 0 -> "another";
            case 1 -> anyDigest(state);
            default -> one.plan().digest();
          };
      String reason = sim.nextInt(4) == 0 ? "" : "looked";
      String who = sim.nextInt(10) == 0 ? "prunella" : somebody(); // it has asked for it itself
      ask(new Command.Decide(waits.id(), who, yes, digest, reason, who + sim.nextInt(3)));
    }
  }

  private String anyDigest(State state) {
    var all = List.copyOf(state.remediations().values());
    return all.get(sim.nextInt(all.size())).plan().digest();
  }

  private void stop() {
    var level = sim.chance.nextBoolean() ? Stop.Level.HALT : Stop.Level.STOP_NEW;
    var names = List.copyOf(sim.services.keySet());
    String scope =
        switch (sim.nextInt(4)) {
          case 0 -> "service:" + names.get(sim.nextInt(names.size()));
          case 1 -> "runbook:" + SimBooks.KINDS.get(sim.nextInt(SimBooks.KINDS.size()));
          case 2 -> "tier:" + (1 + sim.nextInt(4));
          default -> "all";
        };
    Duration lasting = sim.chance.nextBoolean() ? null : Duration.ofMinutes(1 + sim.nextInt(5));
    ask(new Command.StopAutomation(somebody(), level, scope, "looking", lasting));
  }

  /** Somebody presses halt while a call of this service is on its way out. */
  void halt(String service) {
    ask(
        new Command.StopAutomation(
            somebody(), Stop.Level.HALT, "service:" + service, "not now", null));
  }

  /** Two people want it now, or one of them twice; sometimes about another plan. */
  private void override(State state) {
    for (Remediation one : state.remediations().values()) {
      if (one.status() != Status.BLOCKED || sim.apart.nextInt(4) > 0) continue;
      String digest = sim.apart.nextInt(6) == 0 ? "another" : one.plan().digest();
      String who = NAMES.get(sim.apart.nextInt(NAMES.size()));
      ask(new Command.OverrideHold(who, one.id(), digest, "customers wait"));
    }
  }

  /** Somebody works on a service, for a while that ends by itself. */
  private void maintain() {
    var names = List.copyOf(sim.services.keySet());
    String scope = "service:" + names.get(sim.apart.nextInt(names.size()));
    var level = sim.apart.nextBoolean() ? Stop.Level.MAINTENANCE : Stop.Level.SILENCE;
    var lasting = Duration.ofMinutes(1 + sim.apart.nextInt(10));
    ask(new Command.StopAutomation("bob", level, scope, "at work", lasting));
  }

  private void resume(State state) {
    for (String id : state.stops().keySet()) {
      if (sim.nextInt(3) > 0) ask(new Command.ResumeAutomation(somebody(), id, "well again"));
    }
  }

  /** All stops are lifted: what waits must go on. */
  void resumeAll() {
    for (String id : sim.control.state().stops().keySet())
      ask(new Command.ResumeAutomation("ann", id, "the day is over"));
  }

  /** The server died: nobody knows whether what was asked has happened. */
  void forgotten() {
    asked.clear();
  }

  private void deploy(State state) {
    var names = List.copyOf(sim.services.keySet());
    String service = names.get(sim.nextInt(names.size()));
    for (State.Deployment one : state.deployments().values()) {
      if (one.finishedAt() == null && sim.chance.nextBoolean())
        ask(new Command.DeploymentPosted("ci", one.id(), one.service(), true, ""));
    }
    if (sim.chance.nextBoolean())
      ask(new Command.DeploymentPosted("ci", "dep-" + deployments++, service, false, "2.1"));
  }

  private void takeOver(State state) {
    for (Incident one : state.incidents().values()) {
      if (one.status() == Incident.Status.OPEN && sim.nextInt(4) == 0)
        ask(new Command.TakenOver(somebody(), one.id(), "mine"));
    }
  }

  private void thaw(State state) {
    for (String service : state.frozen().keySet()) {
      if (sim.nextInt(3) > 0) ask(new Command.FreezeLifted(somebody(), service, "looked at it"));
    }
  }

  private void abort(State state) {
    for (Remediation one : state.remediations().values()) {
      if (!one.status().isTerminal() && sim.chance.nextBoolean())
        ask(new Command.AbortRemediation(somebody(), one.id(), "not now"));
    }
  }

  /** What is under way is stopped short, wherever it is. */
  private void interrupt(State state) {
    for (Remediation one : state.remediations().values()) {
      if (!one.isUnderWay() || sim.nextInt(3) > 0) continue;
      String scope = "service:" + one.service();
      ask(
          sim.chance.nextBoolean()
              ? new Command.AbortRemediation(somebody(), one.id(), "not like this")
              : new Command.StopAutomation(somebody(), Stop.Level.HALT, scope, "wait", null));
    }
  }

  /** The way back is broken off too, which is too rare a moment to be met by chance alone. */
  private void breakOff(State state) {
    for (Remediation one : state.remediations().values()) {
      if (one.status() == Status.ROLLING_BACK && sim.nextInt(8) == 0)
        ask(new Command.AbortRemediation(somebody(), one.id(), "leave it as it is"));
    }
  }

  private void review(State state) {
    for (Remediation one : state.remediations().values()) {
      if (one.reviewWanted())
        ask(new Command.ReviewGiven(somebody(), one.id(), sim.nextInt(3) > 0, "seen"));
    }
  }
}
