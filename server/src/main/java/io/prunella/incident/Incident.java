package io.prunella.incident;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Symptoms that belong together. Immutable: the sum of its facts.
 *
 * @param id {@code INC-1}, {@code INC-2}, … in order of opening
 * @param revision goes up whenever symptoms, culprit or matches change; a diagnosis of an older
 *     revision is dropped
 * @param title one line for a person
 * @param symptoms by {@link Symptom#key()}, the latest word of each
 * @param suspects most suspect first; empty until diagnosed
 * @param matches most probable first; empty until diagnosed, and empty when no pattern fits
 * @param diagnosed true when suspects and matches were worked out from these symptoms and changes;
 *     false while newer ones wait for it (the earlier suspects and matches stay until then)
 * @param changes deploys and the like near the onset
 * @param handedOver why a person leads it, or null while automation may still act
 * @param handedOverAt since when a person leads it, or null
 */
public record Incident(
    String id,
    long revision,
    Status status,
    Severity severity,
    String title,
    Instant openedAt,
    Instant updatedAt,
    @Nullable Instant resolvedAt,
    Set<String> services,
    Map<String, Symptom> symptoms,
    List<Suspect> suspects,
    List<Match> matches,
    boolean diagnosed,
    List<Change> changes,
    @Nullable String handedOver,
    @Nullable String resolution,
    @Nullable Instant handedOverAt) {

  /** One that people do not lead, or of which it is not known since when. */
  public Incident(
      String id,
      long revision,
      Status status,
      Severity severity,
      String title,
      Instant openedAt,
      Instant updatedAt,
      @Nullable Instant resolvedAt,
      Set<String> services,
      Map<String, Symptom> symptoms,
      List<Suspect> suspects,
      List<Match> matches,
      boolean diagnosed,
      List<Change> changes,
      @Nullable String handedOver,
      @Nullable String resolution) {
    this(
        id,
        revision,
        status,
        severity,
        title,
        openedAt,
        updatedAt,
        resolvedAt,
        services,
        symptoms,
        suspects,
        matches,
        diagnosed,
        changes,
        handedOver,
        resolution,
        null);
  }

  /** Where an incident stands. */
  public enum Status {
    OPEN,
    RESOLVED
  }

  /** How bad it is, from its symptoms. */
  public enum Severity {
    WARNING,
    CRITICAL
  }

  /** The service ranked most likely to be the cause, or null before diagnosis. */
  public @Nullable String culprit() {
    return suspects.isEmpty() ? null : suspects.getFirst().service();
  }
}
