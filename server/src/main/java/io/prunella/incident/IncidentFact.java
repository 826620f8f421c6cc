package io.prunella.incident;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.journal.Fact;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.List;

/** What can happen to an incident. */
public sealed interface IncidentFact extends Fact {
  /** Which incident. */
  String incident();

  /** It began, with the symptoms that made it one. */
  record IncidentOpened(
      Instant at, String incident, Incident.Severity severity, String title, List<Symptom> symptoms)
      implements IncidentFact {}

  /** Symptoms came or changed; the latest word of each. */
  record SymptomsChanged(
      Instant at, String incident, Incident.Severity severity, String title, List<Symptom> symptoms)
      implements IncidentFact {}

  /** A deploy or another change near the onset belongs to it. */
  record ChangeSeen(Instant at, String incident, Change change) implements IncidentFact {}

  /** Culprit and patterns were worked out for one revision. */
  record IncidentDiagnosed(
      Instant at, String incident, long revision, List<Suspect> suspects, List<Match> matches)
      implements IncidentFact {}

  /** A person leads from here; automation does not act on it any more. */
  record HandedToPeople(Instant at, String incident, String why) implements IncidentFact {}

  /** All symptoms are over. */
  record IncidentResolved(Instant at, String incident, String resolution) implements IncidentFact {}
}
