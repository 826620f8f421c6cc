package io.prunella.remediation;

import io.prunella.diagnose.Match;
import io.prunella.incident.Incident;
import io.prunella.journal.CanonicalJson;
import io.prunella.remediation.Situation.Precondition;
import io.prunella.runbook.Alerts;
import io.prunella.runbook.Alerts.AlertRead;
import io.prunella.runbook.CheckResult;
import io.prunella.runbook.Checks;
import io.prunella.runbook.Readings;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import io.prunella.runbook.Templates;
import io.prunella.runbook.UnboundException;
import io.prunella.runbook.Vars;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a complete plan: reads the target's state, fills the runbook's templates, asks the actions
 * what would change. Blocks on the target; runs on virtual threads, never in a turn. Changes
 * nothing.
 */
public final class Planner {
  private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(10);
  private static final int DIFF_LINES_MAX = 200;
  private static final CanonicalJson JSON = new CanonicalJson(Map.of());

  private final Templates templates;
  private final Checks checks;
  private final Alerts alerts;
  private final Map<String, Action> actions;

  public Planner(Templates templates, Checks checks, Map<String, Action> actions) {
    this.templates = templates;
    this.checks = checks;
    this.alerts = new Alerts(templates);
    this.actions = Map.copyOf(actions);
  }

  /** What planning came to. */
  public sealed interface Planned {
    /**
     * @param alerts what was found of the alerts that must and must not fire
     * @param aborts what was found of the conditions that abort a run: PASS when one does not hold
     * @param unmatchedRivals names of those that fit as well but for their alerts, which do not
     *     fire
     * @param freshAt time of the newest reading, or null
     */
    record Ready(
        Plan plan,
        Terms terms,
        List<Precondition> preconditions,
        List<AlertRead> alerts,
        List<Precondition> aborts,
        List<String> unmatchedRivals,
        @Nullable Instant freshAt)
        implements Planned {
      public Ready {
        preconditions = List.copyOf(preconditions);
        alerts = List.copyOf(alerts);
        aborts = List.copyOf(aborts);
        unmatchedRivals = List.copyOf(unmatchedRivals);
      }

      /** Why the runbook is not the answer as the alerts stand, or null when it is. */
      public @Nullable String unmatched() {
        for (AlertRead one : alerts) {
          if (one.wanted() && one.verdict() != CheckResult.Verdict.PASS) {
            return "runbook %s wants the alert %s: %s"
                .formatted(plan.runbook(), one.selector(), one.seen());
          }
        }
        return null;
      }
    }

    /** No plan can be made at present. */
    record NotNow(String why) implements Planned {}
  }

  /**
   * Plans a runbook against a target.
   *
   * @param rivals others that fit as well, as far as is known without looking at alerts
   */
  public Planned plan(
      Incident incident,
      Match match,
      Runbook runbook,
      List<Runbook> rivals,
      Target target,
      Readings readings) {
    try {
      Map<String, String> snapshot = snapshot(runbook, target);
      var vars =
          Vars.of(target, snapshot, runbook.parameters(), about(incident, match, readings.at()));
      var steps = steps(runbook.steps(), readings, vars);
      Runbook.Rollback back = runbook.rollback();
      var rollback = back == null ? List.<PlannedStep>of() : steps(back.steps(), readings, vars);
      var diff = new ArrayList<String>();
      for (PlannedStep step : steps) {
        diff.addAll(action(step.action()).dryRun(target, step.arguments(), snapshot));
      }
      var plan =
          new Plan(
              incident.id(),
              match.pattern(),
              runbook.name(),
              runbook.digest(),
              runbook.tier(),
              runbook.mode().name().toLowerCase(Locale.ROOT),
              target,
              steps,
              rollback,
              snapshot,
              diff.size() > DIFF_LINES_MAX ? diff.subList(0, DIFF_LINES_MAX) : diff,
              "");
      var held = new ArrayList<Precondition>();
      for (Runbook.Check check : runbook.preconditions()) {
        held.add(named(check, checks.judge(check, readings, vars)));
      }
      var aborts = new ArrayList<Precondition>();
      for (Runbook.Check check : runbook.limits().abortIf()) {
        aborts.add(named(check, checks.judgeAbort(check, readings, vars)));
      }
      return new Planned.Ready(
          digested(plan),
          Terms.of(runbook),
          held,
          alerts.judge(runbook.when(), readings, vars),
          aborts,
          unmatched(rivals, target, snapshot, about(incident, match, readings.at()), readings),
          newest(readings));
    } catch (Action.UnreachableException e) {
      return new Planned.NotNow(
          "%s cannot be read: %s".formatted(target.service(), e.getMessage()));
    } catch (UnboundException e) {
      return new Planned.NotNow(
          "runbook %s cannot be filled in: %s".formatted(runbook.name(), e.getMessage()));
    } catch (RuntimeException e) {
      return new Planned.NotNow("runbook %s cannot be planned: %s".formatted(runbook.name(), e));
    }
  }

  private List<String> unmatched(
      List<Runbook> rivals,
      Target target,
      Map<String, String> snapshot,
      Vars.Incident about,
      Readings readings) {
    var unmatched = new ArrayList<String>();
    for (Runbook one : rivals) {
      var vars = Vars.of(target, snapshot, one.parameters(), about);
      boolean matches =
          alerts.judge(one.when(), readings, vars).stream()
              .allMatch(a -> !a.wanted() || a.verdict() == CheckResult.Verdict.PASS);
      if (!matches) unmatched.add(one.name());
    }
    return unmatched;
  }

  private static Precondition named(Runbook.Check check, CheckResult result) {
    return new Precondition(check.name(), result.verdict(), result.seen());
  }

  private Map<String, String> snapshot(Runbook runbook, Target target) {
    var all = new TreeMap<String, String>();
    for (Runbook.Step step : runbook.steps()) {
      action(step.action()).snapshot(target, SNAPSHOT_TIMEOUT).forEach(all::putIfAbsent);
    }
    return all;
  }

  private List<PlannedStep> steps(
      List<Runbook.Step> steps, Readings readings, Map<String, Object> vars) {
    var planned = new ArrayList<PlannedStep>();
    for (Runbook.Step step : steps) {
      Action action = action(step.action());
      var arguments = new TreeMap<String, String>();
      step.arguments()
          .forEach((name, value) -> arguments.put(name, templates.fill(value, readings, vars)));
      var problems = action.problems(arguments);
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(
            "step %s: %s".formatted(step.id(), String.join("; ", problems)));
      }
      planned.add(
          new PlannedStep(
              step.id(),
              action.name(),
              arguments,
              step.timeout(),
              action.idempotency(),
              action.reversible()));
    }
    return planned;
  }

  private Action action(String name) {
    Action action = actions.get(name);
    if (action == null) {
      throw new IllegalArgumentException(
          "action %s is unknown; known are %s"
              .formatted(name, actions.keySet().stream().sorted().toList()));
    }
    return action;
  }

  /** What expressions may know of an incident. */
  public static Vars.Incident about(Incident incident, Match match, Instant now) {
    return about(incident, match.pattern(), match.probability(), now);
  }

  private static Vars.Incident about(
      Incident incident, String pattern, double probability, Instant now) {
    return new Vars.Incident(
        incident.id(),
        pattern,
        probability,
        Duration.between(incident.openedAt(), now).toSeconds());
  }

  /** Variables for the checks of a remediation that is under way. */
  public static Map<String, Object> vars(Remediation one, Incident incident, Instant now) {
    return Vars.of(
        one.plan().target(),
        one.plan().snapshot(),
        one.terms().params(),
        about(incident, one.plan().pattern(), one.confidence().match(), now));
  }

  /**
   * How confident one may be in a plan.
   *
   * @param match probability of the pattern, 0 to 1
   * @param past all remediations that are remembered
   * @param resetAfter healthy for so long after a success, the cure has lasted
   */
  public static Remediation.Confidence confidence(
      double match,
      Plan plan,
      java.util.Collection<Remediation> past,
      Instant now,
      java.time.Duration resetAfter) {
    return TrackRecord.confidence(match, plan, past, now, resetAfter);
  }

  /** The plan with its digest. */
  static Plan digested(Plan plan) {
    return new Plan(
        plan.incident(),
        plan.pattern(),
        plan.runbook(),
        plan.runbookDigest(),
        plan.tier(),
        plan.mode(),
        plan.target(),
        plan.steps(),
        plan.rollback(),
        plan.snapshot(),
        plan.diff(),
        JSON.digest(plan));
  }

  /**
   * Whether a plan made anew would do the same: same runbook and mode, target, calls and way back.
   * The snapshot and the dry run may tell other numbers; a difference in them that matters shows in
   * the calls.
   */
  public static boolean doSame(Plan signed, Plan fresh) {
    return signed.runbookDigest().equals(fresh.runbookDigest())
        && signed.mode().equals(fresh.mode())
        && signed.target().equals(fresh.target())
        && signed.steps().equals(fresh.steps())
        && signed.rollback().equals(fresh.rollback());
  }

  /** Time of the newest sample; null when there is none. */
  public static @Nullable Instant newest(Readings readings) {
    long newest = Long.MIN_VALUE;
    for (var tracks : readings.tracks().values()) {
      for (Readings.Track track : tracks) {
        int last = track.timesMs().length - 1;
        if (last >= 0) newest = Math.max(newest, track.timesMs()[last]);
      }
    }
    return newest == Long.MIN_VALUE ? null : Instant.ofEpochMilli(newest);
  }
}
