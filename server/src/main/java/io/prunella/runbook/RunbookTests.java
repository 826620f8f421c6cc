package io.prunella.runbook;

import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.signal.Signal;
import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests that a runbook brings along: made-up readings in, verdicts and finished arguments
 * out. Touches nothing. Any thread.
 */
public final class RunbookTests {
  private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration HISTORY = Duration.ofHours(1);
  private static final Duration LASTED_MIN = Duration.ofMinutes(10);
  private static final int INTERVAL_MS = 15_000;

  private final Checks checks;
  private final Templates templates;
  private final Alerts alerts;
  private final TrialEnds ends;
  private final @Nullable Map<String, ActionTraits> actions;

  /**
   * Made once.
   *
   * @param actions what is known of each action by name; null: their arguments are not checked
   */
  public RunbookTests(Expressions expressions, @Nullable Map<String, ActionTraits> actions) {
    this.checks = new Checks(expressions);
    this.templates = new Templates(expressions);
    this.alerts = new Alerts(templates);
    this.ends = new TrialEnds(checks, actions);
    this.actions = actions;
  }

  /**
   * One expectation that was not met.
   *
   * @param line of the test in the runbook's file
   */
  public record Failure(String test, int line, String why) {}

  /** All its tests; empty when all is as expected. */
  public List<Failure> run(Runbook runbook) {
    var failures = new ArrayList<Failure>();
    for (Trial trial : runbook.trials()) {
      var told = new ArrayList<String>();
      run(runbook, trial, told);
      told.forEach(why -> failures.add(new Failure(trial.name(), trial.line(), why)));
    }
    return failures;
  }

  private void run(Runbook runbook, Trial trial, List<String> told) {
    if (!runbook.target().accepts(trial.target())) {
      told.add(
          "given a target of kind %s, role %s and labels %s, which this runbook may not act on"
              .formatted(
                  trial.target().kind(),
                  trial.target().role(),
                  new java.util.TreeSet<>(trial.target().labels().keySet())));
      return;
    }
    var vars = vars(runbook, trial);
    var readings = readings(runbook, trial.signals(), trial.alerts());
    var expected = trial.expected();
    if (expected.alerts() != null) alerts(runbook, expected.alerts(), readings, vars, told);
    if (expected.preconditions() != null) preconditions(runbook, trial, readings, vars, told);
    boolean acts =
        expected.preconditions() != Verdict.FAIL
            && expected.preconditions() != Verdict.INCONCLUSIVE
            && (expected.alerts() == null || expected.alerts() == Verdict.PASS);
    if (acts || !expected.steps().isEmpty()) {
      plan(runbook.steps(), expected.steps(), readings, vars, told);
    }
    if (runbook.rollback() != null && (acts || !expected.rollback().isEmpty())) {
      plan(runbook.rollback().steps(), expected.rollback(), readings, vars, told);
    } else {
      expected.rollback().keySet().forEach(id -> told.add("there is no step %s".formatted(id)));
    }
    if (expected.mayBegin() != null) mayBegin(runbook, trial, expected.mayBegin(), told);
    if (expected.abort() != null && trial.during() != null) {
      abort(runbook, expected.abort(), readings(runbook, trial.during(), List.of()), vars, told);
    }
    if (expected.verify() != null && trial.after() != null) {
      var result =
          checks.judgeAll(
              runbook.verify().checks(), readings(runbook, trial.after(), List.of()), vars);
      differs("verify", expected.verify(), result, told);
    }
    if (expected.end() != null) end(runbook, trial, expected.end(), vars, told);
    if (expected.escalate() != null && trial.over() != null) {
      var hears =
          TrialEnds.hears(runbook.escalation(), trial.over().reason(), trial.over().waited());
      if (!hears.equals(expected.escalate())) {
        told.add(
            "escalate: %s expected, but it was %s"
                .formatted(TrialEnds.shown(expected.escalate()), TrialEnds.shown(hears)));
      }
    }
  }

  private void end(
      Runbook runbook,
      Trial trial,
      Trial.Final wanted,
      Map<String, Object> vars,
      List<String> told) {
    var during = trial.during() == null ? null : readings(runbook, trial.during(), List.of());
    var after = trial.after() == null ? null : readings(runbook, trial.after(), List.of());
    var seen = ends.end(runbook, during, after, vars);
    if (seen.end() == wanted) return;
    String end = seen.end() == null ? "none" : YamlMap.hyphenated(seen.end());
    told.add(
        "final: %s expected, but it was %s (%s)"
            .formatted(YamlMap.hyphenated(wanted), end, seen.why()));
  }

  /** What one of them spoils is spoilt; of several the first that fails is told. */
  private void alerts(
      Runbook runbook,
      Verdict wanted,
      Readings readings,
      Map<String, Object> vars,
      List<String> told) {
    var reads = alerts.judge(runbook.when(), readings, vars);
    var result = new CheckResult(Verdict.PASS, "%d looked at".formatted(reads.size()));
    for (Alerts.AlertRead one : reads) {
      boolean worse =
          one.verdict() == Verdict.FAIL
              ? result.verdict() != Verdict.FAIL
              : one.verdict() == Verdict.INCONCLUSIVE && result.verdict() == Verdict.PASS;
      if (worse) result = new CheckResult(one.verdict(), one.selector() + ": " + one.seen());
    }
    differs("alerts", wanted, result, told);
  }

  /** By what the runbook itself says; the policy is not known here, and is never looser. */
  private static void mayBegin(Runbook runbook, Trial trial, boolean wanted, List<String> told) {
    TargetClass denied = runbook.limits().denied(trial.target());
    String why = denied == null ? null : denied + " is left alone";
    var windows = runbook.limits().windows();
    if (why == null && windows != null && trial.at() != null) why = windows.closedAt(trial.at());
    var circuit = runbook.limits().shortCircuit();
    Trial.Pool pool = trial.pool();
    if (why == null && circuit != null && pool != null) {
      int max = circuit.illMax(pool.of());
      if (pool.ill() > max) why = "%d ill, at most %d may be".formatted(pool.ill(), max);
    }
    if (wanted && why != null) told.add("mayBegin: it was expected, but it may not: " + why);
    if (!wanted && why == null)
      told.add("mayBegin: it was not expected, but nothing is against it");
  }

  private void abort(
      Runbook runbook,
      boolean wanted,
      Readings readings,
      Map<String, Object> vars,
      List<String> told) {
    String why = ends.aborted(runbook, readings, vars);
    if (wanted && why == null) told.add("abort: it was expected, but nothing aborts the run");
    if (!wanted && why != null)
      told.add("abort: none was expected, but there was (%s)".formatted(why));
  }

  private void preconditions(
      Runbook runbook,
      Trial trial,
      Readings readings,
      Map<String, Object> vars,
      List<String> told) {
    var wanted = trial.expected().preconditions();
    var result = checks.judgeAll(runbook.preconditions(), readings, vars);
    if (wanted != null) differs("preconditions", wanted, result, told);
    String because = trial.expected().because();
    if (because != null && !result.seen().startsWith(because + ": ")) {
      told.add("because of \"%s\" was expected, but it was %s".formatted(because, result.seen()));
    }
  }

  private static void differs(String what, Verdict wanted, CheckResult result, List<String> told) {
    if (result.verdict() == wanted) return;
    told.add(
        "%s: %s expected, but it was %s (%s)"
            .formatted(what, word(wanted), word(result.verdict()), result.seen()));
  }

  private static String word(Verdict verdict) {
    return YamlMap.hyphenated(verdict);
  }

  private void plan(
      List<Runbook.Step> steps,
      Map<String, Map<String, String>> expected,
      Readings readings,
      Map<String, Object> vars,
      List<String> told) {
    for (String id : expected.keySet()) {
      if (steps.stream().noneMatch(step -> step.id().equals(id))) {
        told.add("a step %s was expected, there is none".formatted(id));
      }
    }
    for (Runbook.Step step : steps) {
      Map<String, String> arguments;
      try {
        arguments = templates.fillAll(step.arguments(), readings, vars);
      } catch (UnboundException e) {
        told.add("step %s: %s".formatted(step.id(), e.getMessage()));
        continue;
      }
      expected
          .getOrDefault(step.id(), Map.of())
          .forEach((name, wanted) -> {
            String seen = arguments.get(name);
            if (wanted.equals(seen)) return;
            told.add(
                "step %s, %s: \"%s\" expected, but it was %s"
                    .formatted(
                        step.id(), name, wanted, seen == null ? "not there" : "\"" + seen + "\""));
          });
      var action = actions == null ? null : actions.get(step.action());
      if (action == null) continue;
      for (String problem : action.problems().apply(arguments)) {
        told.add("step %s: %s".formatted(step.id(), problem));
      }
    }
  }

  private static Map<String, Object> vars(Runbook runbook, Trial trial) {
    return Vars.of(
        trial.target(),
        trial.snapshot(),
        trial.params(),
        new Vars.Incident(
            "INC-1",
            runbook.when().pattern(),
            Math.max(0.9, runbook.when().confidenceMin()),
            lasted(runbook).toSeconds()));
  }

  private static Duration lasted(Runbook runbook) {
    var lasting = runbook.when().lasting();
    return lasting.compareTo(LASTED_MIN) > 0 ? lasting : LASTED_MIN;
  }

  private static Readings readings(
      Runbook runbook, Map<Signal, List<Trial.Given>> signals, List<Map<String, String>> firing) {
    var incidentAt = AT.minus(lasted(runbook));
    var tracks = new EnumMap<Signal, List<Readings.Track>>(Signal.class);
    signals.forEach((signal, given) ->
        tracks.put(signal, given.stream().map(one -> track(one, incidentAt)).toList()));
    return new Readings(AT, incidentAt, tracks, firing.stream().map(RunbookTests::alert).toList());
  }

  private static Readings.Alert alert(Map<String, String> given) {
    var labels = new HashMap<>(given);
    labels.putIfAbsent("alertstate", "firing");
    return new Readings.Alert(labels, AT.toEpochMilli(), 1);
  }

  private static Readings.Track track(Trial.Given given, Instant incidentAt) {
    long fromMs = incidentAt.minus(HISTORY).toEpochMilli();
    int count = (int) ((AT.toEpochMilli() - fromMs) / INTERVAL_MS) + 1;
    var times = new long[count];
    var values = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = AT.toEpochMilli() - (long) (count - 1 - i) * INTERVAL_MS;
      values[i] = times[i] < incidentAt.toEpochMilli() ? given.before() : given.last();
    }
    return new Readings.Track(given.metric(), "", times, values, given.limit());
  }
}
