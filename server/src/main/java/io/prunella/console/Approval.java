package io.prunella.console;

import io.prunella.remediation.Remediation;

/** Where a suggestion stands, derived from its remediation: the words of the approval API. */
enum Approval {
  PENDING,
  APPROVED,
  CONSUMED,
  REJECTED,
  EXPIRED,
  INVALIDATED;

  static Approval of(Remediation one) {
    return switch (one.status()) {
      case PROPOSED, BLOCKED, AWAITING_APPROVAL -> PENDING;
      case APPROVED -> APPROVED;
      case REJECTED -> REJECTED;
      case EXPIRED -> EXPIRED;
      case INVALIDATED, DENIED -> INVALIDATED;
      case ADMITTED,
          PREFLIGHT,
          EXECUTING,
          VERIFYING,
          SUCCEEDED,
          ROLLING_BACK,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          INDETERMINATE,
          ABORTING,
          ABORTED ->
          CONSUMED;
    };
  }

  /** True while somebody's decision is wanted. */
  static boolean waits(Remediation one) {
    return one.suggestion() != null && of(one) == PENDING;
  }
}
