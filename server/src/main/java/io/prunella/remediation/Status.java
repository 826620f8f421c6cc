package io.prunella.remediation;

/** Where a remediation stands. The table of moves is {@code Transitions}. */
public enum Status {
  PROPOSED,
  DENIED,
  BLOCKED,
  AWAITING_APPROVAL,
  REJECTED,
  EXPIRED,
  APPROVED,
  INVALIDATED,
  ADMITTED,
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
  ABORTED;

  /** True when nothing more will happen. */
  public boolean isTerminal() {
    return switch (this) {
      case DENIED,
          REJECTED,
          EXPIRED,
          INVALIDATED,
          SUCCEEDED,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          ABORTED ->
          true;
      case PROPOSED,
          BLOCKED,
          AWAITING_APPROVAL,
          APPROVED,
          ADMITTED,
          PREFLIGHT,
          EXECUTING,
          VERIFYING,
          ROLLING_BACK,
          INDETERMINATE,
          ABORTING ->
          false;
    };
  }
}
