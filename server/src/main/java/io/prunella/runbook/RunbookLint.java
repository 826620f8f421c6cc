package io.prunella.runbook;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a runbook may not be, although each of its parts reads well. */
final class RunbookLint {
  private final Expressions expressions;
  private final Templates templates;
  private final @Nullable Map<String, ActionTraits> actions;

  RunbookLint(Expressions expressions, @Nullable Map<String, ActionTraits> actions) {
    this.expressions = expressions;
    this.templates = new Templates(expressions);
    this.actions = actions;
  }

  /** A check must be a known, typed expression over known parameters. */
  void check(Runbook.Check check, int line, Set<String> parameters, Problems problems) {
    for (String problem :
        expressions.problems(check.expression(), /* wantsTruth= */ true, parameters)) {
      problems.add(line, "check \"%s\": %s".formatted(check.name(), problem));
    }
  }

  /** Every expression in a template must be bound. */
  void template(
      String template, String where, int line, Set<String> parameters, Problems problems) {
    for (String problem : templates.problems(template, parameters)) {
      problems.add(line, "%s: %s".formatted(where, problem));
    }
  }

  /** A step must call a known action, and every template in it must be bound. */
  void step(Runbook.Step step, YamlMap item, Set<String> parameters, Problems problems) {
    step.arguments()
        .forEach((name, template) -> {
          String where = "step \"%s\", argument %s".formatted(step.id(), name);
          template(template, where, item.lineOf("with"), parameters, problems);
        });
    if (actions == null || step.action().isEmpty()) return;
    var action = actions.get(step.action());
    if (action == null) {
      item.problem(
          "action",
          "is \"%s\", wanted one of %s"
              .formatted(step.action(), String.join(", ", new TreeSet<>(actions.keySet()))));
      return;
    }
    boolean constant = step.arguments().values().stream().noneMatch(v -> v.contains("{{"));
    if (!constant) return; // then its tests show the finished arguments to the action
    for (String problem : action.problems().apply(step.arguments())) {
      problems.add(item.lineOf("with"), "step \"%s\": %s".formatted(step.id(), problem));
    }
  }

  /** The whole: tier, reversibility, the way back. */
  void judge(Runbook runbook, YamlMap spec, Problems problems) {
    for (Runbook.Step step : runbook.steps()) fits(runbook, step, spec);
    if (runbook.rollback() != null) {
      for (Runbook.Step step : runbook.rollback().steps()) fits(runbook, step, spec);
    }
    boolean canGoBack = runbook.rollback() != null;
    for (Runbook.Step step : runbook.steps()) {
      var action = actions == null ? null : actions.get(step.action());
      if (action == null) continue;
      if (runbook.tier() == 1 && !action.reversible()) {
        spec.problem(
            "tier",
            "is 1, but step \"%s\" (%s) cannot be taken back: wanted 2 or more"
                .formatted(step.id(), step.action()));
      }
      if (action.reversible() && !canGoBack) {
        spec.problem(
            "rollback",
            "is missing: step \"%s\" (%s) can be taken back, so its way back is wanted"
                .formatted(step.id(), step.action()));
      }
    }
    if (runbook.target().cacheOnly() && runbook.tier() < 3) {
      problems.add(
          spec.lineOf("tier"),
          "spec.tier: is %d, wanted 3 or 4 where target.cacheOnly says that data is lost"
              .formatted(runbook.tier()));
    }
  }

  /** A target's kind is the prefix of the actions that fit it. */
  private static void fits(Runbook runbook, Runbook.Step step, YamlMap spec) {
    int dot = step.action().indexOf('.');
    String kind = dot < 0 ? step.action() : step.action().substring(0, dot);
    for (String wanted : runbook.target().kinds()) {
      if (kind.isEmpty() || wanted.equals(kind)) continue;
      spec.problem(
          "target",
          "has kind %s, but step \"%s\" calls %s, which acts on kind %s"
              .formatted(wanted, step.id(), step.action(), kind));
    }
  }
}
