package io.prunella.control;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.Decision;

/** Whether people have signed a plan. */
final class Signatures {
  private Signatures() {}

  /**
   * Enough distinct people have approved exactly the plan that the remediation has now, and nobody
   * said no.
   */
  static boolean suffice(Remediation one) {
    var asked = one.suggestion();
    if (asked == null || !asked.planDigest().equals(one.plan().digest())) return false;
    if (asked.decisions().stream().anyMatch(d -> !d.approve())) return false;
    long people = asked.decisions().stream().map(Decision::actor).distinct().count();
    return people >= asked.approversMin();
  }
}
