package io.prunella.console;

import io.prunella.control.Progress;
import io.prunella.control.Stop;
import io.prunella.remediation.Remediation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is around every page: navigation with its counts, the stop button, who is here.
 *
 * @param active which entry of the navigation is this page's
 * @param path the page's own address, where forms of the frame come back to
 * @param assets where style sheets and modules are
 * @param theme {@code dark}, {@code light} or empty for the system's
 * @param flash words left by the request before, shown once
 */
record Chrome(
    String title,
    String active,
    String path,
    String assets,
    String theme,
    @Nullable Who who,
    int openIncidents,
    int waiting,
    List<Stop> stops,
    List<Remediation> overridden,
    Progress progress,
    @Nullable String journalDown,
    Times times,
    double clockSpeed,
    @Nullable String flash) {
  String csrf() {
    return who == null ? "" : who.csrf();
  }

  boolean may(Role role) {
    return who != null && who.may(role);
  }

  boolean mayOperate() {
    return may(Role.OPERATOR);
  }

  boolean mayApprove() {
    return may(Role.APPROVER);
  }

  long nowMs() {
    return times.now().toEpochMilli();
  }
}
