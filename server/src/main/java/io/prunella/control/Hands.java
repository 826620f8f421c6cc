package io.prunella.control;

import io.prunella.diagnose.Evidence;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.Planner;
import io.prunella.remediation.Planner.Planned;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.runbook.CheckResult;
import io.prunella.runbook.Readings;
import io.prunella.runbook.Runbook;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out effects: the only place in control that touches the world. Any thread; never throws:
 * whatever goes wrong is a report too.
 */
final class Hands {
  private final Ports ports;
  private final LastLook lastLook;
  private final Progress progress;

  Hands(Ports ports, LastLook lastLook, Progress progress) {
    this.ports = ports;
    this.lastLook = lastLook;
    this.progress = progress;
  }

  Report carryOut(Effect effect) {
    return switch (effect) {
      case Effect.Prepare e ->
          new Report.Prepared(e.key(), e.incident().id(), e.remediation(), e.match(), planned(e));
      case Effect.RunStep e ->
          new Report.StepDone(
              e.key(), e.remediation(), e.call().step().id(), e.back(), e.sends(), outcome(e));
      case Effect.ProbeStep e ->
          new Report.Probed(
              e.key(), e.remediation(), e.call().step().id(), e.back(), e.sends(), probe(e));
      case Effect.ReadChecks e -> checks(e);
      case Effect.LookAborts e -> aborts(e);
      case Effect.Observe e -> new Report.Observed(e.key(), e.service(), observed(e));
      case Effect.SendNotice e ->
          new Report.NoticeTried(e.key(), e.notice().id(), e.channel(), failure(e));
      case Effect.Diagnose e -> diagnosis(e);
    };
  }

  private Planned planned(Effect.Prepare e) {
    try {
      Readings readings =
          ports.reader().read(e.target().service(), e.incident().openedAt(), e.now());
      return ports
          .planner()
          .plan(e.incident(), e.match(), e.runbook(), e.rivals(), e.target(), readings);
    } catch (RuntimeException x) {
      return new Planned.NotNow(
          "readings of %s cannot be had: %s".formatted(e.target().service(), x.getMessage()));
    }
  }

  private Outcome outcome(Effect.RunStep e) {
    Action action = ports.actions().get(e.call().step().action());
    if (action == null) {
      return new Outcome.Failed(
          "action %s is not there any more; nothing was sent".formatted(e.call().step().action()));
    }
    String held = lastLook.against(e);
    if (held != null) return new Outcome.Failed(held);
    try {
      return action.run(e.call(), soFar -> progress.begun(e.call().key(), soFar));
    } catch (RuntimeException x) {
      return new Outcome.Unknown("action %s threw: %s".formatted(action.name(), x));
    } finally {
      progress.ended(e.call().key());
    }
  }

  private Action.Probe probe(Effect.ProbeStep e) {
    Action action = ports.actions().get(e.call().step().action());
    if (action == null) return Action.Probe.UNKNOWN;
    try {
      return action.probe(e.call());
    } catch (RuntimeException x) {
      return Action.Probe.UNKNOWN; // a probe that fails tells nothing
    }
  }

  private Report checks(Effect.ReadChecks e) {
    var reads = new ArrayList<CheckRead>();
    Instant freshAt = null;
    try {
      Readings readings =
          ports.reader().read(e.remediation().service(), e.incident().openedAt(), e.now());
      freshAt = Planner.newest(readings);
      var vars = Planner.vars(e.remediation(), e.incident(), e.now());
      for (Runbook.Check check : e.checks()) {
        CheckResult result = ports.checks().judge(check, readings, vars);
        reads.add(new CheckRead(e.now(), check.name(), verdict(result), result.seen()));
      }
    } catch (RuntimeException x) {
      reads.clear();
      freshAt = null;
      reads.add(
          new CheckRead(e.now(), "readings", Verdict.INCONCLUSIVE, String.valueOf(x.getMessage())));
    }
    return new Report.ChecksRead(
        e.key(),
        e.remediation().id(),
        e.remediation().since(),
        Rounds.verdict(reads),
        List.copyOf(reads),
        freshAt);
  }

  /** What cannot be read cannot be told: that is a word too, and it stops the run. */
  private Report aborts(Effect.LookAborts e) {
    var reads = new ArrayList<CheckRead>();
    var conditions = e.remediation().terms().limits().abortIf();
    try {
      Readings readings =
          ports.reader().read(e.remediation().service(), e.incident().openedAt(), e.now());
      var vars = Planner.vars(e.remediation(), e.incident(), e.now());
      for (Runbook.Check one : conditions) {
        CheckResult result = ports.checks().judgeAbort(one, readings, vars);
        reads.add(new CheckRead(e.now(), one.name(), verdict(result), result.seen()));
      }
    } catch (RuntimeException x) {
      reads.clear();
      for (Runbook.Check one : conditions) {
        String why = String.valueOf(x.getMessage());
        reads.add(new CheckRead(e.now(), one.name(), Verdict.INCONCLUSIVE, why));
      }
    }
    return new Report.AbortsLooked(e.key(), e.remediation().id(), e.now(), List.copyOf(reads));
  }

  private static Verdict verdict(CheckResult result) {
    return switch (result.verdict()) {
      case PASS -> Verdict.PASS;
      case FAIL -> Verdict.FAIL;
      case INCONCLUSIVE -> Verdict.INCONCLUSIVE;
    };
  }

  private @Nullable Instant observed(Effect.Observe e) {
    try {
      return Planner.newest(ports.reader().read(e.service(), e.now(), e.now()));
    } catch (RuntimeException x) {
      return null; // no observation
    }
  }

  private @Nullable String failure(Effect.SendNotice e) {
    for (Notifier notifier : ports.notifiers()) {
      if (!notifier.name().equals(e.channel())) continue;
      try {
        notifier.send(e.notice());
        return null;
      } catch (IOException | RuntimeException x) {
        return x.toString();
      }
    }
    return "channel %s is not configured".formatted(e.channel());
  }

  private Report diagnosis(Effect.Diagnose e) {
    var incident = e.incident();
    try {
      var evidence =
          Evidence.of(
              List.copyOf(incident.symptoms().values()),
              incident.changes(),
              ports.topology().get(),
              service -> ports.targets().of(service).map(t -> t.role()).orElse(""),
              e.now());
      return new Report.Diagnosis(
          e.key(),
          incident.id(),
          incident.revision(),
          evidence.suspects(),
          ports.patterns().judge(evidence));
    } catch (RuntimeException x) {
      // A model that fails must not leave an incident without an answer: nothing fits, people lead.
      return new Report.Diagnosis(
          e.key(), incident.id(), incident.revision(), List.of(), List.of());
    }
  }
}
