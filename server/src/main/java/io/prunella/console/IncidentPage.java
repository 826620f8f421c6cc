package io.prunella.console;

import io.prunella.control.State;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import java.util.List;

/** One incident, with everything that was done about it. */
record IncidentPage(
    Incident incident,
    List<Remediation> remediations,
    List<Chart> charts,
    List<Timeline.Event> timeline,
    List<Symptom> symptoms,
    List<Before> before) {

  /** The same pattern earlier, and how it ended: also when it did not help. */
  record Before(Incident incident, String service, String action, String tone, String outcome) {}

  private static final int BEFORE_MAX = 5;
  private static final int FOREMOST = 12;

  /** The symptoms that are shown at once, most telling first. */
  List<Symptom> foremost() {
    return symptoms.subList(0, Math.min(FOREMOST, symptoms.size()));
  }

  /** The others: an incident may have hundreds. */
  List<Symptom> furtherSymptoms() {
    return symptoms.subList(foremost().size(), symptoms.size());
  }

  static List<Remediation> remediationsOf(State state, String incident) {
    return state.remediations().values().stream()
        .filter(r -> r.plan().incident().equals(incident))
        .toList();
  }

  static IncidentPage of(State state, Incident incident, List<Chart> charts, Times times) {
    var remediations = remediationsOf(state, incident.id());
    return new IncidentPage(
        incident,
        remediations,
        charts,
        Timeline.of(incident, remediations),
        Say.telling(incident),
        before(state, incident, times));
  }

  private static List<Before> before(State state, Incident incident, Times times) {
    if (incident.matches().isEmpty()) return List.of();
    String pattern = incident.matches().getFirst().pattern();
    return state.incidents().values().stream()
        .filter(
            other -> other.openedAt().isBefore(incident.openedAt()) && !other.matches().isEmpty())
        .filter(other -> other.matches().getFirst().pattern().equals(pattern))
        .toList()
        .reversed()
        .stream()
        .limit(BEFORE_MAX)
        .map(other -> earlier(state, other, times))
        .toList();
  }

  private static Before earlier(State state, Incident other, Times times) {
    String service = other.culprit() == null ? "" : other.culprit();
    var acted =
        remediationsOf(state, other.id()).stream().filter(r -> !r.steps().isEmpty()).toList();
    if (acted.isEmpty()) {
      boolean over = other.resolvedAt() != null;
      return new Before(
          other,
          service,
          "nothing was run",
          over ? "still" : "warn",
          over ? "ended by itself or by people" : "open");
    }
    Remediation last = acted.getLast();
    String took =
        other.resolvedAt() == null
            ? ""
            : " in " + times.between(other.openedAt(), other.resolvedAt());
    boolean worked = last.status() == io.prunella.remediation.Status.SUCCEEDED;
    return new Before(
        other,
        service,
        Say.title(last),
        Say.tone(last.status()),
        worked ? "resolved" + took : Say.status(last.status()));
  }

  /** True when automation may still act, so a person could take over. */
  boolean canTakeOver() {
    return incident.status() == Incident.Status.OPEN && incident.handedOver() == null;
  }
}
