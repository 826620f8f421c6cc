package io.prunella.demo;

import io.prunella.control.State;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges how a scenario ends, by what control's state says after each step. One thread.
 *
 * <p>Acting on any other service than the culprit is wrong at once, however it ends.
 */
final class Ending {
  private final Scenario scenario;
  private final Instant begun;
  private @Nullable Instant detected;
  private @Nullable Instant decided;
  private @Nullable Instant repaired;
  private @Nullable Instant settled;
  private @Nullable String wrong;
  private String present = "no incident has been opened";

  /**
   * @param begun simulated time at which the fault began
   */
  Ending(Scenario scenario, Instant begun) {
    this.scenario = scenario;
    this.begun = begun;
  }

  /**
   * @param asItShould true when the scenario has ended as it should
   * @param came what came, for a person
   */
  record Verdict(boolean asItShould, String came) {}

  /** Looks at the state of one moment. */
  void look(State state, Instant now) {
    if (settled != null || wrong != null) return;
    for (var remediation : since(state)) {
      String target = remediation.plan().target().service();
      if (!remediation.steps().isEmpty() && !target.equals(scenario.culprit())) {
        wrong =
            "%s acted on %s, and only %s may be acted on"
                .formatted(remediation.id(), target, scenario.culprit());
        return;
      }
    }
    var incident = incident(state);
    if (incident == null) return;
    if (detected == null) detected = incident.openedAt();
    var tried =
        since(state).stream().filter(r -> r.plan().incident().equals(incident.id())).toList();
    if (decided == null) {
      decided =
          tried.stream()
              .map(Remediation::proposedAt)
              .findFirst()
              .orElse(incident.handedOver() == null ? null : now);
    }
    present = words(incident, tried);
    switch (scenario.end()) {
      case REPAIRED -> repaired(incident, tried, now);
      case APPROVAL -> approval(incident, tried, now);
      case PEOPLE -> people(incident, tried, now);
      case ROLLED_BACK -> rolledBack(incident, tried, now);
    }
  }

  private List<Remediation> since(State state) {
    return state.remediations().values().stream()
        .filter(r -> !r.proposedAt().isBefore(begun))
        .toList();
  }

  private @Nullable Incident incident(State state) {
    Incident found = null;
    for (var incident : state.incidents().values()) {
      if (incident.openedAt().isBefore(begun)) continue;
      if (!incident.services().contains(scenario.culprit())) continue;
      if (found == null || scenario.culprit().equals(incident.culprit())) found = incident;
    }
    return found;
  }

  private void repaired(Incident incident, List<Remediation> tried, Instant now) {
    boolean well = tried.stream().anyMatch(r -> r.status() == Status.SUCCEEDED);
    if (well && repaired == null) repaired = now;
    if (well && incident.status() == Incident.Status.RESOLVED) {
      settled = now;
    } else if (incident.handedOver() != null) {
      wrong = present;
    } else if (incident.status() == Incident.Status.RESOLVED && tried.isEmpty()) {
      wrong = present;
    }
  }

  private void approval(Incident incident, List<Remediation> tried, Instant now) {
    if (tried.stream().anyMatch(r -> !r.steps().isEmpty()) || incident.handedOver() != null) {
      wrong = present;
    } else if (tried.stream().anyMatch(r -> r.status() == Status.AWAITING_APPROVAL)) {
      settled = now;
    }
  }

  private void people(Incident incident, List<Remediation> tried, Instant now) {
    boolean acted =
        tried.stream()
            .anyMatch(r -> !r.steps().isEmpty() || r.status() == Status.AWAITING_APPROVAL);
    if (acted) {
      wrong = present;
    } else if (incident.handedOver() != null) {
      settled = now;
    }
  }

  private void rolledBack(Incident incident, List<Remediation> tried, Instant now) {
    if (tried.stream().anyMatch(r -> r.status() == Status.SUCCEEDED)) {
      wrong = present;
    } else if (incident.handedOver() != null) {
      if (tried.stream().anyMatch(r -> r.status() == Status.ROLLED_BACK)) {
        settled = now;
      } else {
        wrong = present;
      }
    }
  }

  /** What has come of it, once that is clear. */
  Optional<Verdict> verdict() {
    if (wrong != null) return Optional.of(new Verdict(false, wrong));
    if (settled != null) return Optional.of(new Verdict(true, present));
    return Optional.empty();
  }

  /** How it stands, for one who has waited too long. */
  String present() {
    return present;
  }

  /** Times to detect, to decide and to repair, in simulated seconds since the fault began. */
  List<String> times() {
    return List.of(
        "detected  " + after(detected),
        "decided   " + after(decided),
        "repaired  " + (scenario.end() == Scenario.End.REPAIRED ? after(repaired) : "-"),
        "settled   " + after(settled));
  }

  private String after(@Nullable Instant at) {
    return at == null ? "-" : "after %d s".formatted(Duration.between(begun, at).toSeconds());
  }

  private static String words(Incident incident, List<Remediation> tried) {
    var text = new StringBuilder();
    text.append("%s (%s) is %s".formatted(incident.id(), incident.title(), incident.status()));
    text.append(", culprit ").append(incident.culprit() == null ? "unknown" : incident.culprit());
    if (!incident.matches().isEmpty()) {
      var best = incident.matches().getFirst();
      text.append(", looks like %s (%.2f)".formatted(best.pattern(), best.probability()));
    }
    for (var r : tried) {
      text.append(
          "; %s %s on %s: %s"
              .formatted(r.id(), r.plan().runbook(), r.plan().target().service(), r.status()));
      if (!r.why().isEmpty()) text.append(" (").append(r.why()).append(')');
    }
    if (incident.handedOver() != null)
      text.append("; handed to people: ").append(incident.handedOver());
    return text.toString();
  }
}
