package io.prunella.remediation;

import io.prunella.runbook.Readings;
import java.time.Instant;

/**
 * The recent past of a service's signals. Called on virtual threads; may block for a short while.
 */
public interface Reader {
  /**
   * Readings at one moment.
   *
   * @param incidentAt when the incident opened, for {@code before(…)}
   * @throws RuntimeException when they cannot be had; that is no data, never a success
   */
  Readings read(String service, Instant incidentAt, Instant now);
}
