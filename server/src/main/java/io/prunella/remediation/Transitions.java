package io.prunella.remediation;

import static io.prunella.remediation.Status.*;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The lifecycle of a remediation as a table: the only moves there are. Deciding keeps to it before
 * a fact is written, applying checks it again when the fact is read back.
 */
public final class Transitions {
  private static final Map<Status, Set<Status>> NEXT = table();

  private Transitions() {}

  private static Map<Status, Set<Status>> table() {
    var next = new EnumMap<Status, Set<Status>>(Status.class);
    put(next, PROPOSED, DENIED, BLOCKED, AWAITING_APPROVAL, ADMITTED);
    put(next, BLOCKED, PROPOSED, DENIED);
    put(next, AWAITING_APPROVAL, REJECTED, EXPIRED, APPROVED);
    put(next, APPROVED, ADMITTED, INVALIDATED);
    put(next, ADMITTED, PREFLIGHT, PROPOSED);
    put(next, PREFLIGHT, EXECUTING, DENIED, PROPOSED);
    put(next, EXECUTING, VERIFYING, ROLLING_BACK, INDETERMINATE);
    put(next, VERIFYING, SUCCEEDED, ROLLING_BACK, ESCALATED, INDETERMINATE);
    put(next, ROLLING_BACK, ROLLED_BACK, ROLLBACK_FAILED, INDETERMINATE);
    put(next, INDETERMINATE, VERIFYING, ROLLING_BACK, ESCALATED);
    put(next, ABORTING, ABORTED, ROLLING_BACK);
    for (Status from : Status.values()) {
      var to = next.computeIfAbsent(from, _ -> EnumSet.noneOf(Status.class));
      if (!from.isTerminal() && from != ABORTING) to.add(ABORTING);
    }
    next.replaceAll((_, to) -> Collections.unmodifiableSet(to));
    return Collections.unmodifiableMap(next);
  }

  private static void put(
      Map<Status, Set<Status>> next, Status from, Status first, Status... rest) {
    next.put(from, EnumSet.of(first, rest));
  }

  /** Where a remediation may go from here; empty for terminal states. */
  public static Set<Status> next(Status from) {
    return NEXT.getOrDefault(from, Set.of());
  }

  /**
   * @throws IllegalStateException when the table does not have this move
   */
  static void check(String remediation, Status from, Status to) {
    if (!next(from).contains(to)) {
      throw new IllegalStateException(
          "remediation %s cannot go from %s to %s; it may go to %s"
              .formatted(remediation, from, to, next(from)));
    }
  }

  /** The table as a Mermaid state diagram, for the docs. */
  public static String diagram() {
    var text = new StringBuilder("stateDiagram-v2\n  [*] --> PROPOSED\n");
    for (Status from : Status.values()) {
      for (Status to : next(from)) {
        if (to != ABORTING) text.append("  ").append(from).append(" --> ").append(to).append('\n');
      }
      if (from.isTerminal()) text.append("  ").append(from).append(" --> [*]\n");
    }
    return text.toString();
  }
}
