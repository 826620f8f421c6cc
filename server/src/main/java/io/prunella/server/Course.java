package io.prunella.server;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.diagnose.Weighing;
import io.prunella.incident.Grouping;
import io.prunella.incident.GroupingConfig;
import io.prunella.incident.Incident;
import io.prunella.incident.IncidentFact;
import io.prunella.incident.IncidentFact.IncidentOpened;
import io.prunella.incident.IncidentFact.IncidentResolved;
import io.prunella.incident.IncidentFact.SymptomsChanged;
import io.prunella.incident.Incidents;
import io.prunella.incident.Pending;
import io.prunella.server.Hindsight.Cause;
import io.prunella.server.Hindsight.Outcome;
import io.prunella.server.Hindsight.Raised;
import io.prunella.signal.Change;
import io.prunella.signal.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How incidents go at one setting of the knob. One thread. */
final class Course {
  /** Incidents that are told one by one; more are counted. */
  static final int RAISED_MAX = 10_000;

  private final double perWeek;
  private final Grouping grouping;
  private final Instant from;
  private Incidents incidents = Incidents.EMPTY;
  private Pending pending = Pending.EMPTY;
  private final List<Line> raised = new ArrayList<>();
  private final Map<String, Line> open = new LinkedHashMap<>();
  private long opened;
  private long openBefore;

  /** An incident as it goes on; its symptoms are not kept, there may be thousands of them. */
  private static final class Line {
    final Instant openedAt;
    final String title;
    final Cause cause;
    final double level;
    @Nullable Instant endedAt;
    Set<String> services;
    String severity;
    double peak;

    Line(Incident incident, Cause cause, double level) {
      this.openedAt = incident.openedAt();
      this.title = incident.title();
      this.cause = cause;
      this.level = level;
      this.services = incident.services();
      this.severity = severityOf(incident);
    }

    void follow(Incident incident) {
      endedAt = incident.resolvedAt();
      services = incident.services();
      severity = severityOf(incident);
    }

    private static String severityOf(Incident incident) {
      return incident.severity().name().toLowerCase(Locale.ROOT);
    }

    Raised told() {
      return new Raised(
          openedAt, endedAt, List.copyOf(services), title, severity, cause, peak, level);
    }
  }

  Course(GroupingConfig config, AlarmBudget budget, Instant from) {
    this.perWeek = budget.perWeek();
    this.grouping = new Grouping(config, budget);
    this.from = from;
  }

  /** One turn, with what has come since the last one. */
  void turn(Collection<Symptom> symptoms, List<Change> changes, Topology topology, Instant at) {
    var decided = grouping.decide(incidents, pending, symptoms, changes, topology, at);
    pending = decided.pending();
    for (IncidentFact fact : decided.facts()) {
      incidents = incidents.apply(fact);
      switch (fact) {
        case IncidentOpened f -> opened(f);
        case SymptomsChanged f -> follow(f.incident());
        case IncidentResolved f -> resolved(f);
        default -> {} // changes are told with an incident, and nobody diagnoses or leads one here
      }
    }
    for (Line line : open.values()) {
      if (line.cause == Cause.SURPRISE) line.peak = Math.max(line.peak, peakOf(line.services));
    }
  }

  private void opened(IncidentOpened fact) {
    Incident incident = Objects.requireNonNull(incidents.get(fact.incident()));
    Cause cause = cause(fact.symptoms());
    boolean isSurprise = cause == Cause.SURPRISE;
    double peak = peakOf(incident.services());
    var line = new Line(incident, cause, isSurprise ? budget().levelWithout(peak) : 0);
    open.put(incident.id(), line);
    if (fact.at().isBefore(from)) {
      openBefore++;
    } else {
      opened++;
      if (raised.size() < RAISED_MAX) raised.add(line);
    }
  }

  private Line follow(String id) {
    Line line = Objects.requireNonNull(open.get(id));
    line.follow(Objects.requireNonNull(incidents.get(id)));
    return line;
  }

  private void resolved(IncidentResolved fact) {
    Line line = follow(fact.incident());
    open.remove(fact.incident());
    if (line.openedAt.isBefore(from) && fact.at().isBefore(from)) openBefore--;
  }

  private double peakOf(Set<String> services) {
    return services.stream().mapToDouble(pending::peakOf).max().orElse(0);
  }

  private AlarmBudget budget() {
    AlarmBudget learnt = pending.budget();
    return learnt == null ? grouping.budget() : learnt;
  }

  /** The strongest fact among the symptoms, of which surprise is none. */
  private static Cause cause(List<Symptom> symptoms) {
    @Nullable Symptom fact = null;
    for (Symptom symptom : symptoms) {
      if (fact == null && symptom.isOpen() && Weighing.isFact(symptom)) fact = symptom;
    }
    if (fact == null) return Cause.SURPRISE;
    if (fact.shape() == Shape.ALERT) return Cause.ALERT;
    return fact.shape() == Shape.FAILED_CHECKS ? Cause.CHECK : Cause.LIMIT;
  }

  Outcome outcome() {
    return new Outcome(
        perWeek,
        opened,
        openBefore,
        budget().level(),
        budget().candidatesPerWeek(),
        raised.stream().map(Line::told).toList());
  }
}
