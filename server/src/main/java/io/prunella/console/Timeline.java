package io.prunella.console;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What happened to an incident, in order, told from the state; the facts themselves are on the
 * audit page.
 */
final class Timeline {
  private static final int SYMPTOMS_MAX = 12;

  /**
   * @param tone colour and icon
   * @param who a person's name, or the part of Prunella that did it
   */
  record Event(Instant at, String tone, String what, String who) {}

  private final List<Event> events = new ArrayList<>();

  private Timeline() {}

  static List<Event> of(Incident incident, List<Remediation> remediations) {
    var line = new Timeline();
    line.incident(incident);
    remediations.forEach(line::remediation);
    line.events.sort(Comparator.comparing(Event::at));
    return List.copyOf(line.events);
  }

  private void add(Instant at, String tone, String what, String who) {
    events.add(new Event(at, tone, what, who));
  }

  private void incident(Incident incident) {
    for (Change change : incident.changes()) {
      add(
          Instant.ofEpochMilli(change.atMs()),
          "still",
          change.service() + ": " + change.what() + ", " + change.detail(),
          "metrics");
    }
    var symptoms = Say.telling(incident);
    for (Symptom symptom : symptoms.subList(0, Math.min(SYMPTOMS_MAX, symptoms.size()))) {
      String what = symptom.service() + ": " + symptom.metric() + ", " + symptom.reason();
      add(Instant.ofEpochMilli(symptom.fromMs()), "bad", what, "detector");
    }
    String opened =
        incident.id() + " opened with " + Say.plural(symptoms.size(), "symptom", "symptoms");
    add(incident.openedAt(), "bad", opened, "prunella");
    if (incident.diagnosed()) {
      String culprit = incident.culprit();
      String pattern =
          incident.matches().stream().findFirst().map(Timeline::matched).orElse("no known pattern");
      add(
          incident.openedAt(),
          "busy",
          "diagnosed: "
              + (culprit == null ? "culprit unknown" : culprit + " most suspect")
              + ", "
              + pattern,
          "diagnosis");
    }
    String handedOver = incident.handedOver();
    if (handedOver != null)
      add(
          incident.handedOverAt() == null ? incident.updatedAt() : incident.handedOverAt(),
          "warn",
          "handed to people: " + firstSentence(handedOver),
          "prunella");
    if (incident.resolvedAt() != null) {
      String how = incident.resolution();
      add(incident.resolvedAt(), "good", "resolved" + (how == null ? "" : ": " + how), "prunella");
    }
  }

  /** What follows is the brief, which the page shows at its top. */
  private static String firstSentence(String brief) {
    int end = brief.indexOf(". ");
    return end < 0 ? brief : brief.substring(0, end + 1);
  }

  private static String matched(Match match) {
    return "looks like %s (%d %%)".formatted(match.title(), Numbers.percent(match.probability()));
  }

  private void remediation(Remediation one) {
    String name = Say.title(one);
    add(
        one.proposedAt(),
        "busy",
        "%s proposed: %s on %s".formatted(one.id(), name, one.plan().target().service()),
        "prunella");
    var suggestion = one.suggestion();
    if (suggestion != null) {
      add(
          suggestion.askedAt(),
          "warn",
          suggestion.id() + " asks people: " + suggestion.why(),
          "prunella");
      for (var decision : suggestion.decisions()) {
        String said = decision.reason().isBlank() ? "" : ": " + decision.reason();
        String tone = decision.approve() ? "good" : "still";
        add(
            decision.at(),
            tone,
            suggestion.id() + (decision.approve() ? " approved" : " rejected") + said,
            decision.actor());
      }
    }
    for (var run : one.steps()) {
      Instant at = run.endedAt() == null ? run.intendedAt() : run.endedAt();
      String what =
          (run.back() ? "way back, " : "") + "step " + run.step() + ": " + Say.word(run.state());
      add(
          at,
          Say.tone(run.state()),
          run.output().isBlank() ? what : what + ", " + run.output(),
          "prunella");
    }
    if (one.status().isTerminal()) {
      add(
          one.updatedAt(),
          Say.tone(one.status()),
          one.id() + " " + Say.status(one.status()) + ": " + one.why(),
          "prunella");
    }
    var review = one.review();
    if (review != null) {
      add(
          review.at(),
          review.good() ? "good" : "warn",
          "reviewed: " + (review.good() ? "right" : "wrong") + note(review.note()),
          review.actor());
    }
  }

  private static String note(String note) {
    return note.isBlank() ? "" : ", " + note;
  }
}
