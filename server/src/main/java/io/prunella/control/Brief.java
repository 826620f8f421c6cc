package io.prunella.control;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import java.util.List;

/**
 * What a person who takes over must know, in a few lines: why, who, what it looks like, what was
 * tried.
 */
final class Brief {
  private static final int LINES_MAX = 5;

  private Brief() {}

  /**
   * @param tried the incident's remediations, in order of proposal
   */
  static String of(Incident incident, List<Remediation> tried, String why) {
    var text = new StringBuilder(why).append('.');
    if (!incident.suspects().isEmpty()) {
      var first = incident.suspects().getFirst();
      text.append("\nCulprit: ")
          .append(first.service())
          .append(" (")
          .append(first.why())
          .append(").");
    }
    if (incident.matches().isEmpty()) text.append("\nNo known pattern fits.");
    incident.matches().stream()
        .limit(2)
        .forEach(match -> {
          text.append("\n%s, %.0f %%".formatted(match.title(), match.probability() * 100));
          match.evidence().stream()
              .limit(LINES_MAX)
              .forEach(line -> text.append("\n  ").append(line));
        });
    if (tried.isEmpty()) text.append("\nNothing was tried.");
    tried.stream()
        .skip(Math.max(0, tried.size() - LINES_MAX))
        .forEach(r ->
            text.append(
                "\n%s %s: %s, %s".formatted(r.id(), r.plan().runbook(), r.status(), r.why())));
    return text.toString();
  }
}
