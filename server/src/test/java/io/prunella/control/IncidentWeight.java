package io.prunella.control;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.incident.IncidentFact.IncidentDiagnosed;
import io.prunella.incident.IncidentFact.IncidentOpened;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A world with many open incidents, folded from facts as the server does: each has five symptoms of
 * a service of its own, three suspects and two matches with evidence. To be weighed, not run.
 */
public final class IncidentWeight {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private IncidentWeight() {}

  /** The whole state; keep it reachable while it is weighed. */
  public static Object world(int incidents) {
    World world = World.EMPTY;
    for (int i = 1; i <= incidents; i++) {
      String id = world.incidents().nextId();
      String service = "service-" + i;
      var symptoms = new ArrayList<Symptom>();
      for (String metric : List.of("latency", "errors", "cpu", "memory", "restarts"))
        symptoms.add(symptom(service, metric));
      world =
          world.apply(
              new IncidentOpened(
                  AT, id, Incident.Severity.WARNING, service + " is slow, with errors", symptoms));
      world =
          world.apply(
              new IncidentDiagnosed(
                  AT,
                  id,
                  1,
                  List.of(
                      new Suspect(service, 0.8, "its memory rose first, by 5.1 of its spread"),
                      new Suspect("database-" + i % 50, 0.15, "it is called by the service"),
                      new Suspect("gateway-" + i % 20, 0.05, "it calls the service")),
                  List.of(match("memory-leak", 0.91), match("load-surge", 0.06))));
    }
    return world;
  }

  private static Match match(String pattern, double probability) {
    return new Match(
        pattern,
        pattern,
        probability,
        List.of("memory has grown for " + 40 + " min", "traffic is as before", "it was restarted"),
        "declared",
        "");
  }

  private static Symptom symptom(String service, String metric) {
    return new Symptom(
        "%s{instance=\"%s-0:8080\",job=\"%s\"}#surprise".formatted(metric, service, service),
        service,
        service + "-0:8080",
        Signal.LATENCY,
        metric,
        Direction.UP,
        Shape.SHIFT,
        AT.toEpochMilli() - 60_000,
        0,
        AT.toEpochMilli(),
        4.2,
        1.1,
        0.8,
        1.6,
        17.5,
        "%s of %s is 4.2, expected 1.1 (0.8 to 1.6)".formatted(metric, service));
  }
}
