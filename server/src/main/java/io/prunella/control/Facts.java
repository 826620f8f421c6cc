package io.prunella.control;

import static java.util.Map.entry;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.prunella.incident.IncidentFact;
import io.prunella.journal.CanonicalJson;
import io.prunella.journal.Draft;
import io.prunella.journal.Entry;
import io.prunella.journal.Fact;
import io.prunella.remediation.RemediationFact;
import io.prunella.remediation.Ruling;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Facts as the journal keeps them: a name and canonical JSON. The table is explicit: a class may be
 * renamed, a name never, and what was written is read by every later version (golden files in the
 * tests). New components come with a meaning for their absence.
 */
public final class Facts {
  /** Every type of fact there is, by the name that the journal knows. */
  static final Map<String, Class<? extends Fact>> TYPES =
      Map.ofEntries(
          entry("incident.opened", IncidentFact.IncidentOpened.class),
          entry("incident.symptoms", IncidentFact.SymptomsChanged.class),
          entry("incident.change", IncidentFact.ChangeSeen.class),
          entry("incident.diagnosed", IncidentFact.IncidentDiagnosed.class),
          entry("incident.handed-over", IncidentFact.HandedToPeople.class),
          entry("incident.resolved", IncidentFact.IncidentResolved.class),
          entry("remediation.proposed", RemediationFact.Proposed.class),
          entry("remediation.judged", RemediationFact.Judged.class),
          entry("remediation.moved", RemediationFact.Moved.class),
          entry("remediation.suggested", RemediationFact.SuggestionMade.class),
          entry("remediation.decided", RemediationFact.DecisionMade.class),
          entry("remediation.step-intended", RemediationFact.StepIntended.class),
          entry("remediation.step-ended", RemediationFact.StepEnded.class),
          entry("remediation.checked", RemediationFact.Checked.class),
          entry("remediation.abort-looked", RemediationFact.AbortLooked.class),
          entry("remediation.window-restarted", RemediationFact.WindowRestarted.class),
          entry("remediation.override-signed", RemediationFact.OverrideSigned.class),
          entry("remediation.reviewed", RemediationFact.Reviewed.class),
          entry("control.started", ControlFact.Started.class),
          entry("control.journal-back", ControlFact.JournalBack.class),
          entry("stop.placed", ControlFact.StopPlaced.class),
          entry("stop.overdue", ControlFact.StopOverdue.class),
          entry("stop.lifted", ControlFact.StopLifted.class),
          entry("deployment.began", ControlFact.DeploymentBegan.class),
          entry("deployment.ended", ControlFact.DeploymentEnded.class),
          entry("target.frozen", ControlFact.TargetFrozen.class),
          entry("target.thawed", ControlFact.TargetThawed.class),
          entry("notice.owed", ControlFact.NoticeOwed.class),
          entry("notice.settled", ControlFact.NoticeSettled.class));

  private static final Map<Class<?>, String> NAMES =
      TYPES.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey, (a, b) -> a));

  /** A ruling says which it is. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "ruling")
  private interface RulingSaysWhich {}

  private static final CanonicalJson JSON =
      new CanonicalJson(Map.of(Ruling.class, RulingSaysWhich.class));

  private Facts() {}

  /** A fact as it goes into the journal. */
  static Draft draft(String actor, Fact fact) {
    return new Draft(fact.at(), actor, name(fact), JSON.write(fact));
  }

  static String name(Fact fact) {
    String name = NAMES.get(fact.getClass());
    if (name == null) {
      throw new IllegalStateException(
          "%s has no name in the table of facts".formatted(fact.getClass().getSimpleName()));
    }
    return name;
  }

  /**
   * The fact of an entry.
   *
   * @throws IllegalStateException when this version does not know its type, or cannot read it
   */
  public static Fact read(Entry entry) {
    return read(entry.type(), entry.body(), "entry " + entry.seq());
  }

  static Fact read(String type, String body, String where) {
    Class<? extends Fact> known = TYPES.get(type);
    if (known == null) {
      throw new IllegalStateException(
          "%s has type %s, which this version does not know: it was written by a newer one; known are %s"
              .formatted(where, type, TYPES.keySet().stream().sorted().toList()));
    }
    try {
      return JSON.read(body, known);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "%s (%s) cannot be read: %s".formatted(where, type, e.getMessage()), e);
    }
  }
}
