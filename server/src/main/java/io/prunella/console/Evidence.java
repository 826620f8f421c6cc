package io.prunella.console;

import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.series.Labels;
import io.prunella.signal.Change;
import io.prunella.signal.Signal;
import io.prunella.watch.Windows;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The charts of an incident: its most telling symptoms, and one signal beside them that is well.
 */
final class Evidence {
  private static final int SYMPTOMS_MAX = 4;
  private static final int SERIES_MAX = 64;
  private static final Duration BEFORE = Duration.ofMinutes(30);
  static final Duration AFTER = Duration.ofMinutes(10);
  static final Duration WINDOW_MAX = Duration.ofHours(2);

  private final Windows windows;

  Evidence(Windows windows) {
    this.windows = windows;
  }

  /** Most telling first, the one that is well last; fewer, or none, when the series are gone. */
  CompletableFuture<List<Chart>> of(
      Incident incident, List<Remediation> remediations, Instant now) {
    Instant to =
        incident.resolvedAt() == null ? now : earlier(now, incident.resolvedAt().plus(AFTER));
    Instant onset = onset(incident);
    Instant from = later(onset.minus(BEFORE), to.minus(WINDOW_MAX));
    List<Symptom> symptoms = toShow(incident);
    var reads = new ArrayList<CompletableFuture<List<Window>>>();
    for (Symptom symptom : symptoms) {
      var selector =
          new Selector(symptom.service(), null, Map.of(Labels.NAME, symptom.metric()), null);
      reads.add(windows.read(selector, from.toEpochMilli(), to.toEpochMilli(), SERIES_MAX));
    }
    String subject = subject(incident);
    var beside =
        windows.read(
            new Selector(subject, null, Map.of(), null),
            from.toEpochMilli(),
            to.toEpochMilli(),
            SERIES_MAX);
    var all = new ArrayList<CompletableFuture<?>>(reads);
    all.add(beside);
    List<Chart.Mark> marks = marks(incident, remediations);
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> {
          var charts = new ArrayList<Chart>();
          var shown = new HashSet<Labels>();
          for (int i = 0; i < symptoms.size(); i++) {
            pick(symptoms.get(i), reads.get(i).join(), shown)
                .ifPresent(w -> charts.add(Chart.of(w, marks)));
          }
          if (charts.isEmpty()) return List.of(); // beside nothing it would pass for the trouble
          wellOne(incident, beside.join(), shown).ifPresent(w -> charts.add(Chart.of(w, marks)));
          return List.copyOf(charts);
        });
  }

  private static String subject(Incident incident) {
    String culprit = incident.culprit();
    if (culprit != null) return culprit;
    return incident.services().stream().sorted().findFirst().orElse("");
  }

  private static Instant onset(Incident incident) {
    long first =
        incident.symptoms().values().stream()
            .mapToLong(Symptom::fromMs)
            .min()
            .orElse(incident.openedAt().toEpochMilli());
    return earlier(Instant.ofEpochMilli(first), incident.openedAt());
  }

  /**
   * One of each service and metric, so that twelve pods with one trouble do not hide the second
   * trouble.
   */
  private static List<Symptom> toShow(Incident incident) {
    var byMetric = new LinkedHashMap<String, Symptom>();
    for (Symptom symptom : Say.telling(incident)) {
      byMetric.putIfAbsent(symptom.service() + "\n" + symptom.metric(), symptom);
    }
    return byMetric.values().stream().limit(SYMPTOMS_MAX).toList();
  }

  private static java.util.Optional<Window> pick(
      Symptom symptom, List<Window> found, Set<Labels> shown) {
    var filled = found.stream().filter(w -> w.timesMs().length > 1).toList();
    var exact =
        filled.stream().filter(w -> symptom.key().startsWith(w.labels().toString())).findFirst();
    var near =
        filled.stream().filter(w -> w.meaning().instance().equals(symptom.instance())).findFirst();
    return exact
        .or(() -> near)
        .or(() -> filled.stream().findFirst())
        .filter(w -> shown.add(w.labels()));
  }

  private static java.util.Optional<Window> wellOne(
      Incident incident, List<Window> found, Set<Labels> shown) {
    var odd = new HashSet<String>();
    incident.symptoms().values().forEach(s -> odd.add(s.metric()));
    return found.stream()
        .filter(w ->
            w.timesMs().length > 1
                && !shown.contains(w.labels())
                && !odd.contains(w.labels().metric()))
        .filter(w -> !Chart.isOdd(w, w.timesMs().length - 1))
        .min(Comparator.comparingInt(w -> rank(w.meaning().signal())));
  }

  /** What a person would look at first to see how far the trouble reaches. */
  private static int rank(Signal signal) {
    return switch (signal) {
      case TRAFFIC -> 0;
      case LATENCY -> 1;
      case ERRORS -> 2;
      case CPU -> 3;
      case MEMORY -> 4;
      case DISK, POOL, QUEUE, NETWORK, QUOTA, HEALTH, RESTARTS, REPLICAS -> 5;
      case CHANGE, OTHER -> 6;
    };
  }

  private static List<Chart.Mark> marks(Incident incident, List<Remediation> remediations) {
    var marks = new ArrayList<Chart.Mark>();
    for (Change change : incident.changes()) {
      marks.add(new Chart.Mark(Instant.ofEpochMilli(change.atMs()), change.what(), "change"));
    }
    marks.add(new Chart.Mark(incident.openedAt(), incident.id() + " opened", "opened"));
    for (Remediation one : remediations) {
      if (one.suggestion() != null)
        marks.add(new Chart.Mark(one.suggestion().askedAt(), "suggested", "asked"));
      if (!one.steps().isEmpty())
        marks.add(new Chart.Mark(one.steps().getFirst().intendedAt(), "acted", "acted"));
    }
    if (incident.resolvedAt() != null)
      marks.add(new Chart.Mark(incident.resolvedAt(), "resolved", "done"));
    return marks;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
