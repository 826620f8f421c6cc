package io.prunella.control;

import io.prunella.diagnose.Match;
import io.prunella.incident.Incident;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notice;
import io.prunella.remediation.Remediation;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that takes time or touches the world; begun only when its facts are on disk. */
sealed interface Effect {
  /** At most one effect of a key is under way. */
  String key();

  /**
   * @param rivals other runbooks that fit as well, as far as is known without looking at alerts
   */
  record Prepare(
      String key,
      Incident incident,
      @Nullable String remediation,
      Match match,
      Runbook runbook,
      List<Runbook> rivals,
      Target target,
      Instant now)
      implements Effect {}

  /**
   * @param notAfter past it the call does not leave: whoever waits for its end has given it up, or
   *     is about to
   */
  record RunStep(
      String key, String remediation, boolean back, int sends, Action.Call call, Instant notAfter)
      implements Effect {}

  /**
   * @param sends which sending it asks about
   */
  record ProbeStep(String key, String remediation, boolean back, int sends, Action.Call call)
      implements Effect {}

  record ReadChecks(
      String key,
      Remediation remediation,
      Incident incident,
      List<Runbook.Check> checks,
      Instant now)
      implements Effect {}

  /** Looks at what aborts a run. */
  record LookAborts(String key, Remediation remediation, Incident incident, Instant now)
      implements Effect {}

  record Observe(String key, String service, Instant now) implements Effect {}

  record SendNotice(String key, Notice notice, String channel) implements Effect {}

  record Diagnose(String key, Incident incident, Instant now) implements Effect {}
}
