package io.prunella.runbook;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code match}: what an incident, and the alerts beside it, must be like. */
final class MatchReader {
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");

  /** What is said of an alert's series without asking: it is an alert, and it fires. */
  private static final Set<String> GIVEN = Set.of("__name__", "alertstate");

  private final RunbookLint lint;
  private final Set<String> parameters;
  private final Problems problems;

  MatchReader(RunbookLint lint, Set<String> parameters, Problems problems) {
    this.lint = lint;
    this.parameters = parameters;
    this.problems = problems;
  }

  Runbook.When read(YamlMap match) {
    if (!match.has("for")) {
      match.problem("for", "is missing, wanted how long the incident must have lasted, e.g. 2m");
    }
    return new Runbook.When(
        RunbookReader.name(match, "pattern"),
        RunbookReader.within(
            match, "for", Duration.ofMinutes(5), Duration.ZERO, Duration.ofDays(1)),
        match.number("minConfidence", 0.8, 0, 1),
        selectors(match, "alerts"),
        selectors(match, "notIf"));
  }

  private List<Runbook.AlertSelector> selectors(YamlMap match, String key) {
    var selectors = new ArrayList<Runbook.AlertSelector>();
    var items = match.maps(key);
    RunbookReader.bound(match, key, items.size());
    for (YamlMap item : items) {
      Map<String, String> labels = item.textMap("labels");
      if (labels.isEmpty()) {
        item.refuse("has no labels, wanted at least one: every alert is meant by none");
        continue;
      }
      RunbookReader.bound(item, "labels", labels.size());
      labels.forEach((name, value) -> label(item, name, value));
      selectors.add(new Runbook.AlertSelector(labels));
    }
    return selectors;
  }

  private void label(YamlMap item, String name, String value) {
    if (!LABEL.matcher(name).matches()) {
      item.problem("labels", "has \"%s\", wanted a label's name".formatted(name));
    }
    if (GIVEN.contains(name)) {
      item.problem("labels", "has %s, wanted others: only alerts that fire count".formatted(name));
    }
    if (value.isBlank()) {
      item.problem("labels", "has %s without a value, wanted one".formatted(name));
    }
    lint.template(value, "label " + name, item.lineOf("labels"), parameters, problems);
  }
}
