package io.prunella.remediation;

import io.prunella.remediation.Remediation.Confidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What guardrails judge: this plan, for this incident, with this confidence, at this stage.
 *
 * @param id the remediation's, so that it is not taken for another one in its own way
 * @param stage when it is judged
 * @param signed true when enough people have signed this very plan
 * @param freshAt time of the newest reading that it rests on, or null
 */
public record Proposal(
    String id,
    Plan plan,
    Confidence confidence,
    Terms terms,
    Stage stage,
    boolean signed,
    @Nullable Instant freshAt) {
  /** When guardrails are asked. */
  public enum Stage {
    /** Whether it may begin. */
    ADMISSION,
    /** Before each forward step. */
    STEP,
    /** Before each step back: only stop, journal and lock count. */
    ROLLBACK
  }

  /** A remediation as it stands, with the time of the newest reading that counts now. */
  public static Proposal of(
      Remediation remediation, Stage stage, boolean signed, @Nullable Instant freshAt) {
    return new Proposal(
        remediation.id(),
        remediation.plan(),
        remediation.confidence(),
        remediation.terms(),
        stage,
        signed,
        freshAt);
  }

  String service() {
    return plan.target().service();
  }
}
