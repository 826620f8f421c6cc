package io.prunella.control;

import io.prunella.journal.MemoryDisk.PowerCut;
import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The network between the server and a target: it loses, delays and repeats requests, loses
 * answers, and the server may die at either end of a call.
 */
final class SimAction implements Action {
  private final Sim sim;
  private final String name;
  private final Idempotency idempotency;
  private final boolean reversible;

  SimAction(Sim sim, String name, Idempotency idempotency, boolean reversible) {
    this.sim = sim;
    this.name = name;
    this.idempotency = idempotency;
    this.reversible = reversible;
  }

  static Map<String, Action> all(Sim sim) {
    return Map.of(
        "sim.scale", new SimAction(sim, "sim.scale", Idempotency.D, true),
        "sim.set", new SimAction(sim, "sim.set", Idempotency.D, true),
        "sim.restart", new SimAction(sim, "sim.restart", Idempotency.N, false),
        "sim.trim", new SimAction(sim, "sim.trim", Idempotency.K, false),
        "sim.keyed", new SimAction(sim, "sim.keyed", Idempotency.K, true));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Idempotency idempotency() {
    return idempotency;
  }

  @Override
  public boolean reversible() {
    return reversible;
  }

  @Override
  public List<String> problems(Map<String, String> arguments) {
    return List.of();
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    if (sim.happens(sim.odds.unreachable())) throw new UnreachableException("connection refused");
    return Map.of("replicas", "" + sim.service(target).replicas);
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    return List.of("+ " + new TreeMap<>(arguments));
  }

  @Override
  public Outcome run(Call call) {
    sim.oracle.sent(call, sim.clock(), /* leads= */ sim.calling == sim.control);
    SimService there = sim.service(call.target());
    if (sim.happens(sim.odds.crashInCall())) throw new PowerCut("before a call left");
    if (sim.happens(sim.odds.refused())) return new Outcome.Failed("refused");
    if (sim.happens(sim.odds.requestLost())) return new Outcome.Unknown("the request was lost");
    boolean helps = sim.happens(sim.odds.helps());
    boolean harms = sim.happens(sim.odds.harms());
    if (sim.happens(sim.odds.requestLate())) {
      sim.later(5 + sim.chance.nextInt(120), () -> there.apply(call, helps, harms, sim.time));
      return new Outcome.Unknown("no answer in time");
    }
    there.apply(call, helps, harms, sim.time);
    if (idempotency != Idempotency.N && sim.happens(sim.odds.requestTwice()))
      there.apply(call, helps, harms, sim.time);
    if (sim.happens(sim.odds.crashInCall())) throw new PowerCut("before an answer came");
    if (sim.happens(sim.odds.answerLost())) return new Outcome.Unknown("the answer was lost");
    return new Outcome.Done("done");
  }

  @Override
  public Probe probe(Call call) {
    if (sim.happens(sim.odds.probeBlind())) return Probe.UNKNOWN;
    if (sim.happens(sim.odds.unreachable())) throw new IllegalStateException("connection refused");
    return sim.service(call.target()).applied.containsKey(call.key())
        ? Probe.APPLIED
        : Probe.NOT_APPLIED;
  }
}
