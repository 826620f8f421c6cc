package io.prunella.demo;

import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to a simulated service: {@code simulated.scale}, {@code .restart}, {@code
 * .rollback}, {@code .trim} and {@code .archive}. The fleet remembers keys, so a probe tells the
 * truth about an answer that was lost.
 */
final class SimulatedAction implements Action {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

  /** What an action does, and what follows from that. */
  enum Verb {
    /** Argument {@code replicas}. */
    SCALE("scale", Idempotency.D, true, Set.of("replicas")),
    /** A clean restart of all instances, one after another; its state is gone for good. */
    RESTART("restart", Idempotency.N, false, Set.of()),
    /** Argument {@code version}: one of the two that the service knows. */
    ROLLBACK("rollback", Idempotency.D, true, Set.of("version")),
    /** Unlinks the keys that never expire. */
    TRIM("trim", Idempotency.K, false, Set.of()),
    /** Moves old logs to the archive. */
    ARCHIVE("archive", Idempotency.K, false, Set.of());

    private final String word;
    private final Idempotency idempotency;
    private final boolean reversible;
    private final Set<String> arguments;

    Verb(String word, Idempotency idempotency, boolean reversible, Set<String> arguments) {
      this.word = word;
      this.idempotency = idempotency;
      this.reversible = reversible;
      this.arguments = arguments;
    }
  }

  private final Verb verb;
  private final FleetClient fleet;

  SimulatedAction(Verb verb, FleetClient fleet) {
    this.verb = verb;
    this.fleet = fleet;
  }

  /** All of them, on one fleet. */
  static List<Action> all(FleetClient fleet) {
    var all = new ArrayList<Action>();
    for (var verb : Verb.values()) all.add(new SimulatedAction(verb, fleet));
    return all;
  }

  @Override
  public String name() {
    return "simulated." + verb.word;
  }

  @Override
  public Idempotency idempotency() {
    return verb.idempotency;
  }

  @Override
  public boolean reversible() {
    return verb.reversible;
  }

  @Override
  public List<String> problems(Map<String, String> arguments) {
    var problems = new ArrayList<String>();
    for (String name : arguments.keySet()) {
      if (!verb.arguments.contains(name)) {
        problems.add("%s has no argument %s, wanted %s".formatted(name(), name, verb.arguments));
      }
    }
    for (String name : verb.arguments) {
      String value = arguments.get(name);
      if (value == null) {
        problems.add("%s wants the argument %s".formatted(name(), name));
      } else if (name.equals("replicas") && !isReplicas(value)) {
        problems.add(
            "%s: replicas is '%s', wanted a whole number from 1 to %d"
                .formatted(name(), value, SimulatedService.REPLICAS_MAX));
      } else if (name.equals("version") && !value.matches("[0-9A-Za-z][0-9A-Za-z.+-]{0,63}")) {
        problems.add("%s: version is '%s', wanted for instance 2.41.3".formatted(name(), value));
      }
    }
    return problems;
  }

  private static boolean isReplicas(String value) {
    if (!value.matches("[0-9]{1,3}")) return false;
    int replicas = Integer.parseInt(value);
    return replicas >= 1 && replicas <= SimulatedService.REPLICAS_MAX;
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    try {
      return fleet.snapshot(target.service(), timeout);
    } catch (IOException e) {
      throw new UnreachableException(
          "the simulated service %s cannot be read: %s".formatted(target.service(), e.getMessage()),
          e);
    }
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    return switch (verb) {
      case SCALE -> change("replicas", snapshot.get("replicas"), arguments.get("replicas"));
      case ROLLBACK -> change("version", snapshot.get("version"), arguments.get("version"));
      case RESTART ->
          List.of(
              "+ restart of %s instances, one after another".formatted(snapshot.get("replicas")));
      case TRIM -> change("keysWithoutExpiry", snapshot.get("keysWithoutExpiry"), "0");
      case ARCHIVE ->
          List.of(
              "- %s bytes of logs on the fullest disk".formatted(snapshot.get("logBytes")),
              "+ the older ones in the archive");
    };
  }

  private static List<String> change(String what, @Nullable String from, @Nullable String to) {
    return List.of("- %s: %s".formatted(what, from), "+ %s: %s".formatted(what, to));
  }

  @Override
  public Outcome run(Call call) {
    var step = call.step();
    var request =
        new FleetActions.Request(call.key(), call.target().service(), verb.word, step.arguments());
    try {
      return new Outcome.Done(fleet.act(request, step.timeout()).output());
    } catch (FleetClient.RefusedException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    } catch (ConnectException e) {
      return new Outcome.Failed("the fleet does not answer: nothing was sent");
    } catch (IOException e) {
      return new Outcome.Unknown("the fleet's answer was lost: " + e.getMessage());
    }
  }

  @Override
  public Probe probe(Call call) {
    try {
      return fleet
          .probe(call.key(), PROBE_TIMEOUT)
          .map(result -> result.done() ? Probe.APPLIED : Probe.NOT_APPLIED)
          .orElse(Probe.NOT_APPLIED);
    } catch (IOException e) {
      return Probe.UNKNOWN;
    }
  }
}
