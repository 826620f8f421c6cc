package io.prunella.server;

import io.prunella.remediation.PolicyConfig;
import io.prunella.runbook.CronWindow;
import io.prunella.watch.JuryFigures;
import io.prunella.watch.WatchFigures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Limits and figures in words for the console's pages. */
final class Limits {
  private static final double MIB = 1 << 20;

  private Limits() {}

  /** What the guardrails hold to. */
  static Map<String, String> of(PolicyConfig policy) {
    var limits = new LinkedHashMap<String, String>();
    limits.put("Scale-out per action", "at most %d %%".formatted(policy.scaleOutPercentMax()));
    limits.put(
        "Scale-out per incident", "at most %d %%".formatted(policy.scaleOutCumulativePercentMax()));
    limits.put("Services per incident", "1: only the culprit");
    limits.put(
        "Attempts",
        "at most %d in %s, then a person"
            .formatted(policy.attemptsMax(), span(policy.attemptsWithin())));
    limits.put("Attempts count anew after", span(policy.attemptsResetAfter()) + " of health");
    limits.put("Between attempts", span(policy.cooldown()));
    limits.put("Remediations at once", "at most " + policy.concurrentMax());
    limits.put(
        "Production databases",
        "a person approves; roles " + String.join(", ", policy.databaseRoles()));
    limits.put("People for tier 4", String.valueOf(policy.approversMin()));
    limits.put("An unanswered suggestion", "is a no after " + span(policy.approvalLasting()));
    limits.put(
        "Deployment windows",
        policy.windows().isEmpty() ? "none configured" : windows(policy.windows()));
    limits.put(
        "Only in windows", policy.allowWindows().isEmpty() ? "no" : windows(policy.allowWindows()));
    limits.put(
        "Calendars",
        policy.calendars().isEmpty()
            ? "none configured"
            : String.join(
                ", ",
                policy.calendars().stream()
                    .map(c -> c.onlyNamed() ? c.name() + " (of runbooks that name it)" : c.name())
                    .toList()));
    limits.put(
        "Ill at once",
        "at most %d %% or %d targets, then a person; %s of calm after"
            .formatted(
                policy.shortCircuit().unhealthyPercentMax(),
                policy.shortCircuit().unhealthyMax(),
                span(policy.shortCircuit().stormCooldown())));
    limits.put(
        "Failure domains",
        "one label %s at a time, %d in it"
            .formatted(policy.failureDomains().label(), policy.failureDomains().perDomainMax()));
    limits.put("Readings count as fresh for", span(policy.inputAgeMax()));
    return limits;
  }

  /** How the data plane is doing. */
  static Map<String, String> of(WatchFigures figures, JuryFigures jury) {
    var told = new LinkedHashMap<String, String>();
    told.put(
        "Series",
        "%,d, %,d of them odd at present".formatted(figures.series(), figures.anomalous()));
    told.put("Samples taken", "%,d".formatted(figures.samples()));
    told.put("Blocks waiting", "%,d".formatted(figures.blocksWaiting()));
    told.put("Refused for lack of room", "%,d".formatted(figures.refusedSeries()));
    told.put(
        "Second look at anomalies",
        jury.isThere()
            ? "%,d judged, %,d held back, %,d left to the detector for want of room"
                .formatted(jury.judged(), jury.heldBack(), jury.overflowed())
            : "no model: the detector's word stands");
    told.put("State of detectors", "%.1f MiB".formatted(figures.stateBytes() / MIB));
    told.put("Recent samples", "%.1f MiB".formatted(figures.recentBytes() / MIB));
    return told;
  }

  private static String windows(List<CronWindow> windows) {
    return String.join(
        "; ",
        windows.stream()
            .map(
                w -> "%s: %s for %s, %s".formatted(w.name(), w.cron(), span(w.lasting()), w.zone()))
            .toList());
  }

  /** {@code PT1H30M} is {@code 1 h 30 min}. */
  private static String span(Duration span) {
    var words = new StringBuilder();
    if (span.toHours() > 0) words.append(span.toHours()).append(" h ");
    if (span.toMinutesPart() > 0) words.append(span.toMinutesPart()).append(" min ");
    if (span.toSecondsPart() > 0 || words.isEmpty())
      words.append(span.toSecondsPart()).append(" s");
    return words.toString().strip();
  }
}
