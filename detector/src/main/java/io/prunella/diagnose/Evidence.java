package io.prunella.diagnose;

import io.prunella.signal.Change;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that a pattern may look at. Immutable; symptoms and changes are put in a fixed order, so that
 * no answer depends on the order in which they came.
 *
 * @param symptoms of the whole incident, open ones and those that are over
 * @param changes deploys and the like near the onset
 * @param suspects most suspect first, from {@link Culprit#rank}
 * @param roleOf the declared role of a service ({@code cache}, {@code database}, {@code external},
 *     …); empty when nobody has declared one
 * @param at when this is judged
 */
public record Evidence(
    List<Symptom> symptoms,
    List<Change> changes,
    Topology topology,
    List<Suspect> suspects,
    Function<String, String> roleOf,
    Instant at) {
  public Evidence {
    symptoms = symptoms.stream().sorted(Strength.STRONGEST_FIRST).toList();
    changes =
        changes.stream()
            .sorted(
                Comparator.comparingLong(Change::atMs)
                    .thenComparing(Change::service)
                    .thenComparing(Change::what)
                    .thenComparing(Change::detail))
            .toList();
    suspects = List.copyOf(suspects);
  }

  /** Ranks the culprits and puts the evidence together. */
  public static Evidence of(
      List<Symptom> symptoms,
      List<Change> changes,
      Topology topology,
      Function<String, String> roleOf,
      Instant at) {
    return new Evidence(
        symptoms, changes, topology, Culprit.rank(symptoms, topology, changes), roleOf, at);
  }

  /** The most suspect service, or null when there is none. */
  public @Nullable String culprit() {
    return suspects.isEmpty() ? null : suspects.getFirst().service();
  }

  /** Symptoms of one service, the strongest first. */
  public List<Symptom> of(String service) {
    return symptoms.stream().filter(s -> s.service().equals(service)).toList();
  }

  /** Services with symptoms, in order of their names. */
  public TreeSet<String> services() {
    var services = new TreeSet<String>();
    symptoms.forEach(s -> services.add(s.service()));
    return services;
  }

  /**
   * When a service's symptoms began; the whole incident's onset when it has none, and {@link #at}
   * when nobody has any. Milliseconds since the epoch.
   */
  public long onsetMs(String service) {
    var own =
        symptoms.stream().filter(s -> s.service().equals(service)).mapToLong(Symptom::fromMs).min();
    return own.orElseGet(
        () -> symptoms.stream().mapToLong(Symptom::fromMs).min().orElse(at.toEpochMilli()));
  }
}
