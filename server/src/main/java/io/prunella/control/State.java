package io.prunella.control;

import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that control knows: the sum of the facts. Immutable; any thread may read it. Maps are in
 * order of their ids' making.
 *
 * @param head sequence number of the last fact in it
 * @param at time of the last fact or tick
 * @param incidents by id
 * @param remediations by id
 * @param stops the stops in force, by id
 * @param deployments deployments that have begun, by id; finished ones are kept for a while
 * @param frozen targets that may not be acted on until a person lifts it, by service
 * @param journalDown why the journal cannot be written, or null while it can: automatic tiers are
 *     off then
 */
public record State(
    long head,
    Instant at,
    Map<String, Incident> incidents,
    Map<String, Remediation> remediations,
    Map<String, Stop> stops,
    Map<String, Deployment> deployments,
    Map<String, Frozen> frozen,
    @Nullable String journalDown) {

  /** A deployment told by webhook or seen in metrics. */
  public record Deployment(
      String id, String service, Instant startedAt, @Nullable Instant finishedAt, String detail) {}

  /** A target that a failed remediation has left behind. */
  public record Frozen(String service, String remediation, String why, Instant at) {}

  /** The remediation whose suggestion has this id ({@code APR-1}). */
  public Optional<Remediation> suggestion(String approval) {
    return remediations.values().stream()
        .filter(r -> r.suggestion() != null && r.suggestion().id().equals(approval))
        .findFirst();
  }
}
