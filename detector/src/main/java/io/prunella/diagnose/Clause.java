package io.prunella.diagnose;

import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a declared pattern: asks the evidence a question about the culprit or its
 * neighbours.
 */
sealed interface Clause {
  /**
   * Asks.
   *
   * @return what was seen, as short lines for a person (may be empty); null when the clause does
   *     not hold
   */
  @Nullable List<String> seen(Evidence evidence, String culprit);

  /** Whose symptoms or changes are meant, seen from the culprit. */
  enum Whose {
    CULPRIT,
    CALLERS,
    CALLEES,
    OTHERS,
    ANYONE;

    boolean includes(String service, String culprit, Topology topology) {
      return switch (this) {
        case CULPRIT -> service.equals(culprit);
        case CALLERS -> !service.equals(culprit) && topology.calleesOf(service).contains(culprit);
        case CALLEES -> !service.equals(culprit) && topology.calleesOf(culprit).contains(service);
        case OTHERS -> !service.equals(culprit);
        case ANYONE -> true;
      };
    }
  }

  /**
   * Symptoms that fit. An empty set and null mean any.
   *
   * @param metric pattern that the metric's name must contain
   * @param pointsMin weaker symptoms do not count, in points of {@link Strength}
   * @param servicesMin so many distinct services must show one
   */
  record OfSymptoms(
      Whose whose,
      Set<Signal> signals,
      Set<Shape> shapes,
      @Nullable Direction direction,
      java.util.regex.@Nullable Pattern metric,
      double pointsMin,
      int servicesMin)
      implements Clause {
    private static final int LINES_MAX = 2;

    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      var services = new TreeSet<String>();
      var lines = new ArrayList<String>();
      for (Symptom symptom : evidence.symptoms()) {
        if (!fits(symptom) || !whose.includes(symptom.service(), culprit, evidence.topology()))
          continue;
        if (services.add(symptom.service()) && lines.size() < LINES_MAX)
          lines.add(Words.line(symptom));
      }
      if (services.size() < servicesMin) return null;
      if (services.size() > lines.size())
        lines.add("and %d more services".formatted(services.size() - lines.size()));
      return lines;
    }

    private boolean fits(Symptom symptom) {
      return (signals.isEmpty() || signals.contains(symptom.signal()))
          && (shapes.isEmpty() || shapes.contains(symptom.shape()))
          // Being near a limit is bad news on whichever side the series counts: what is used or
          // what is left.
          && (direction == null || symptom.direction() == direction || symptom.shape().isLimit())
          && (metric == null || metric.matcher(symptom.metric()).find())
          && Strength.points(symptom) >= pointsMin;
    }
  }

  /**
   * A change shortly before the onset of the service it changed, with two minutes' grace after it.
   */
  record OfChange(Whose whose, Set<String> what, Duration within) implements Clause {
    private static final long GRACE_MS = 120_000;

    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      for (Change change : evidence.changes().reversed()) {
        if (!what.isEmpty() && !what.contains(change.what())) continue;
        if (!whose.includes(change.service(), culprit, evidence.topology())) continue;
        long beforeMs = evidence.onsetMs(change.service()) - change.atMs();
        if (beforeMs > within.toMillis() || beforeMs < -GRACE_MS) continue;
        String span = Words.span(Duration.ofMillis(beforeMs));
        return List.of(
            "%s of %s %s %s the onset%s"
                .formatted(
                    change.what(),
                    change.service(),
                    span,
                    beforeMs >= 0 ? "before" : "after",
                    change.detail().isEmpty() ? "" : " (" + change.detail() + ")"));
      }
      return null;
    }
  }

  /** The culprit's role is declared to be one of these. */
  record OfRole(Set<String> roles) implements Clause {
    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      String role = evidence.roleOf().apply(culprit);
      return roles.contains(role) ? List.of("%s is declared as %s".formatted(culprit, role)) : null;
    }
  }

  /** At least one of these holds. */
  record AnyOf(List<Clause> clauses) implements Clause {
    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      List<String> all = null;
      for (Clause clause : clauses) {
        var seen = clause.seen(evidence, culprit);
        if (seen == null) continue;
        if (all == null) all = new ArrayList<>();
        all.addAll(seen);
      }
      return all == null ? null : all.stream().distinct().limit(3).collect(Collectors.toList());
    }
  }

  /** All of these hold. */
  record AllOf(List<Clause> clauses) implements Clause {
    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      var all = new ArrayList<String>();
      for (Clause clause : clauses) {
        var seen = clause.seen(evidence, culprit);
        if (seen == null) return null;
        all.addAll(seen);
      }
      return all.stream().distinct().limit(3).collect(Collectors.toList());
    }
  }

  /** None of these holds. */
  record NoneOf(List<Clause> clauses) implements Clause {
    @Override
    public @Nullable List<String> seen(Evidence evidence, String culprit) {
      return clauses.stream().anyMatch(c -> c.seen(evidence, culprit) != null) ? null : List.of();
    }
  }
}
