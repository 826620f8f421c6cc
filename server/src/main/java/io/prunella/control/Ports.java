package io.prunella.control;

import io.prunella.diagnose.Pattern;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.Planner;
import io.prunella.remediation.Reader;
import io.prunella.runbook.Checks;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.Targets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Everything outside that control was given. */
record Ports(
    ControlConfig config,
    Grouping grouping,
    Pattern patterns,
    Supplier<RunbookCatalogue> runbooks,
    Targets targets,
    Checks checks,
    Planner planner,
    Map<String, Action> actions,
    Reader reader,
    List<Notifier> notifiers,
    Supplier<Topology> topology,
    Outlook outlook) {
  List<String> channels() {
    return notifiers.stream().map(Notifier::name).toList();
  }
}
