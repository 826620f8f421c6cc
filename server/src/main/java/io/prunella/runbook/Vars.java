package io.prunella.runbook;

import java.util.Map;

/** What an expression may name besides the signals. */
public final class Vars {
  private Vars() {}

  /**
   * The variables {@code target}, {@code snapshot}, {@code params} and {@code incident}.
   *
   * @param snapshot the target's state before, as the action told it; empty when not taken yet
   * @param params the runbook's parameters with the values in force
   */
  public static Map<String, Object> of(
      Target target, Map<String, String> snapshot, Map<String, Object> params, Incident incident) {
    return Map.of(
        "target",
        Map.of(
            "service", target.service(),
            "kind", target.kind(),
            "role", target.role(),
            "environment", target.environment(),
            "cacheOnly", target.cacheOnly(),
            "address", target.address(),
            "labels", target.labels()),
        "snapshot",
        Map.copyOf(snapshot),
        "params",
        Map.copyOf(params),
        "incident",
        Map.of(
            "id", incident.id(),
            "pattern", incident.pattern(),
            "confidence", incident.confidence(),
            "seconds", incident.seconds()));
  }

  /**
   * What an expression may know of the incident.
   *
   * @param confidence probability of the pattern, 0 to 1
   * @param seconds how long it has lasted
   */
  public record Incident(String id, String pattern, double confidence, long seconds) {}
}
