package io.prunella.runbook;

import io.prunella.signal.Signal;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code tests}. */
final class TrialReader {
  private static final int TRIALS_MAX = 50;

  private final Runbook.Needs needs;
  private final Map<String, Object> parameters;

  TrialReader(Runbook.Needs needs, Map<String, Object> parameters) {
    this.needs = needs;
    this.parameters = parameters;
  }

  List<Trial> read(YamlMap spec, Problems problems) {
    var trials = new ArrayList<Trial>();
    var items = spec.maps("tests");
    if (items.isEmpty()) spec.problem("tests", "is missing, wanted at least one test");
    if (items.size() > TRIALS_MAX) {
      spec.problem(
          "tests", "has %d entries, at most %d are wanted".formatted(items.size(), TRIALS_MAX));
    }
    for (YamlMap item : items) {
      var given = item.map("given");
      trials.add(
          new Trial(
              item.text("name"),
              target(given.map("target")),
              given.textMap("snapshot"),
              params(given.map("params")),
              signals(given.map("signals")),
              given.has("after") ? signals(given.map("after")) : null,
              given.has("during") ? signals(given.map("during")) : null,
              alerts(given),
              at(given),
              pool(given),
              over(given),
              expected(item, given, problems),
              item.line()));
    }
    return trials;
  }

  private Target target(YamlMap target) {
    return new Target(
        target.text("service", "tried"),
        target.text("kind", needs.kinds().isEmpty() ? "" : needs.kinds().getFirst()),
        target.text("role", needs.roles().isEmpty() ? "stateless" : needs.roles().getFirst()),
        target.text("environment", "staging"),
        target.flag("cacheOnly", /* otherwise= */ false),
        target.text("address", ""),
        labels(target.textMap("labels")));
  }

  /** What is required and not given is there, with a value that does not matter. */
  private Map<String, String> labels(Map<String, String> given) {
    var labels = new LinkedHashMap<>(given);
    for (String label : needs.labels()) labels.putIfAbsent(label, "tried");
    return labels;
  }

  private Map<String, Object> params(YamlMap params) {
    var values = new LinkedHashMap<>(parameters);
    for (String name : params.keys()) {
      Object otherwise = parameters.get(name);
      switch (otherwise) {
        case null -> params.text(name, ""); // read, so that it is told once
        case Long whole ->
            values.put(name, params.whole(name, whole, Long.MIN_VALUE, Long.MAX_VALUE));
        case Double number ->
            values.put(name, params.number(name, number, -Double.MAX_VALUE, Double.MAX_VALUE));
        case Boolean flag -> values.put(name, params.flag(name, flag));
        default -> values.put(name, params.text(name, ""));
      }
      if (otherwise == null) {
        params.problem(
            name, "is no parameter, wanted one of " + String.join(", ", parameters.keySet()));
      }
    }
    return values;
  }

  private static @Nullable Instant at(YamlMap given) {
    if (!given.has("at")) return null;
    String text = given.text("at");
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      given.problem("at", "is \"%s\", wanted a time such as 2026-03-06T17:00:00Z".formatted(text));
      return null;
    }
  }

  private static Trial.@Nullable Pool pool(YamlMap given) {
    if (!given.has("pool")) return null;
    var pool = given.map("pool");
    int of = (int) pool.whole("of", 1, 1, 1_000_000);
    return new Trial.Pool((int) pool.whole("ill", 1, 1, of), of);
  }

  private static Trial.@Nullable Over over(YamlMap given) {
    if (!given.has("end")) return null;
    return EscalationReader.end(given, "end");
  }

  private static Trial.@Nullable Hears hears(YamlMap expect) {
    if (!expect.has("escalate")) return null;
    var escalate = expect.map("escalate");
    return new Trial.Hears(
        escalate.text("to", Trial.Hears.ALL.to()),
        escalate.choice("severity", Runbook.Severity.class, Runbook.Severity.CRITICAL));
  }

  private static List<Map<String, String>> alerts(YamlMap given) {
    var alerts = new ArrayList<Map<String, String>>();
    for (YamlMap item : given.maps("alerts")) {
      var labels = item.textMap("labels");
      if (labels.isEmpty()) item.refuse("has no labels, wanted those of an alert that fires");
      alerts.add(labels);
    }
    return alerts;
  }

  private static Map<Signal, List<Trial.Given>> signals(YamlMap signals) {
    var given = new EnumMap<Signal, List<Trial.Given>>(Signal.class);
    for (String name : signals.keys()) {
      var signal = SignalFunctions.signal(name);
      var map = signals.map(name);
      if (signal == null) {
        signals.problem(name, "is no signal, wanted one of " + Expressions.signalNames());
      }
      var one = one(map, name);
      if (signal != null) given.put(signal, List.of(one));
    }
    return given;
  }

  private static Trial.Given one(YamlMap map, String name) {
    double any = Double.MAX_VALUE;
    String metric = map.text("metric", name);
    if (map.has("share")) {
      double share = map.number("share", 0, 0, any);
      return new Trial.Given(metric, map.number("before", share, 0, any), share, 1);
    }
    if (!map.has("last")) map.problem("last", "is missing, wanted a number (or share)");
    double last = map.number("last", 0, -any, any);
    return new Trial.Given(
        metric,
        map.number("before", last, -any, any),
        last,
        map.number("limit", Double.NaN, 0, any));
  }

  private static Trial.Expected expected(YamlMap item, YamlMap given, Problems problems) {
    var expect = item.map("expect");
    if (expect.keys().isEmpty()) {
      item.problem("expect", "is empty, wanted what must come out");
    }
    boolean ends = expect.has("final");
    if (expect.has("verify") != given.has("after") && !(ends && given.has("after"))) {
      problems.add(item.lineOf("expect"), "expect.verify and given.after go together");
    }
    if (ends && !given.has("after") && !given.has("during")) {
      problems.add(
          item.lineOf("expect"), "expect.final wants given.after or given.during to tell it by");
    }
    if (expect.has("escalate") != given.has("end")) {
      problems.add(item.lineOf("expect"), "expect.escalate and given.end go together");
    }
    if (expect.has("mayBegin") != (given.has("at") || given.has("pool"))) {
      problems.add(item.lineOf("expect"), "expect.mayBegin and given.at or given.pool go together");
    }
    if (expect.has("abort") != given.has("during") && !(ends && given.has("during"))) {
      problems.add(item.lineOf("expect"), "expect.abort and given.during go together");
    }
    return new Trial.Expected(
        verdict(expect, "alerts"),
        expect.has("mayBegin") ? expect.flag("mayBegin", /* otherwise= */ false) : null,
        verdict(expect, "preconditions"),
        expect.has("because") ? expect.text("because") : null,
        verdict(expect, "verify"),
        expect.has("abort") ? expect.flag("abort", /* otherwise= */ false) : null,
        ends ? expect.choice("final", Trial.Final.class, Trial.Final.SUCCEEDED) : null,
        hears(expect),
        byStep(expect.map("steps")),
        byStep(expect.map("rollback")));
  }

  private static CheckResult.@Nullable Verdict verdict(YamlMap expect, String key) {
    if (!expect.has(key)) return null;
    return expect.choice(key, CheckResult.Verdict.class, CheckResult.Verdict.PASS);
  }

  private static Map<String, Map<String, String>> byStep(YamlMap steps) {
    var byStep = new LinkedHashMap<String, Map<String, String>>();
    for (String id : steps.keys()) byStep.put(id, steps.textMap(id));
    return byStep;
  }
}
