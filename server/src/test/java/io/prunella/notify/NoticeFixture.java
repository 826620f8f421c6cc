package io.prunella.notify;

import io.prunella.remediation.Notice;
import java.time.Instant;
import java.util.Map;

/** Notices made by hand. */
final class NoticeFixture {
  private NoticeFixture() {}

  static Notice suggestion(String about, Instant at, boolean ended) {
    return new Notice(
        "NOT-" + about + (ended ? "-end" : ""),
        ended ? "incident" : "suggestion",
        ended ? "info" : "warning",
        at,
        about,
        "cart-cache",
        "Free memory of cart-cache?",
        "Memory is at 95 %, \"cache full\".\nApprove or reject until 10:30.",
        "/approvals/" + about,
        ended,
        Map.of("tier", "4", "run-book", "free-cache-memory", "empty", ""));
  }
}
