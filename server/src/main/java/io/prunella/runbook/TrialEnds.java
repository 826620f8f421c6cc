package io.prunella.runbook;

import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a runbook would end by the readings of a test, and who would hear of it: by the same
 * rules as the executor's, without any step. Pure.
 */
final class TrialEnds {
  private static final CheckResult UNSEEN = new CheckResult(Verdict.INCONCLUSIVE, "");

  private final Checks checks;
  private final @Nullable Map<String, ActionTraits> actions;

  /**
   * Made once.
   *
   * @param actions what is known of each action by name; null: a rollback takes back every step
   */
  TrialEnds(Checks checks, @Nullable Map<String, ActionTraits> actions) {
    this.checks = checks;
    this.actions = actions;
  }

  /**
   * An end, and why it would be so.
   *
   * @param end null: nothing in the readings ends the run
   */
  record Told(Trial.@Nullable Final end, String why) {}

  /** What aborts the run at these readings, or null. */
  @Nullable String aborted(Runbook runbook, Readings during, Map<String, Object> vars) {
    String why = null;
    for (Runbook.Check one : runbook.limits().abortIf()) {
      var result = checks.judgeAbort(one, during, vars);
      if (result.verdict() != Verdict.PASS) why = one.name() + ": " + result.seen();
    }
    return why;
  }

  /**
   * How it would end.
   *
   * @param during readings while the steps run; null: nothing aborts it
   * @param after readings until the deadline of the verification; null: it does not come to it
   */
  Told end(
      Runbook runbook,
      @Nullable Readings during,
      @Nullable Readings after,
      Map<String, Object> vars) {
    String aborted = during == null ? null : aborted(runbook, during, vars);
    if (aborted == null && after == null) {
      return new Told(null, "nothing aborts the run, and given.after is missing");
    }
    var verify = runbook.verify();
    var harm = after == null ? UNSEEN : checks.judgeAll(verify.harmless(), after, vars);
    var all = new ArrayList<>(verify.checks());
    all.addAll(verify.harmless());
    var effect = after == null ? UNSEEN : checks.judgeAll(all, after, vars);
    boolean harms = harm.verdict() == Verdict.FAIL;
    BadEnd how = BadEnd.ofVerification(aborted != null, harms, effect.verdict());
    if (how == null) return new Told(Trial.Final.SUCCEEDED, effect.seen());
    return bad(runbook, how, aborted != null ? aborted : harms ? harm.seen() : effect.seen());
  }

  private Told bad(Runbook runbook, BadEnd how, String why) {
    String words = "%s, %s".formatted(how.word(), why);
    var back = runbook.rollback();
    var when = back == null ? null : back.when();
    if (!how.isTakenBack(when, runbook.verify().onInconclusive())) {
      return new Told(Trial.Final.ESCALATED, words + "; it stays as it is");
    }
    boolean canGoBack = back != null && runbook.steps().stream().allMatch(this::isReversible);
    return canGoBack
        ? new Told(Trial.Final.ROLLED_BACK, words)
        : new Told(Trial.Final.ESCALATED, words + "; it cannot be taken back");
  }

  private boolean isReversible(Runbook.Step step) {
    var action = actions == null ? null : actions.get(step.action());
    return action == null || action.reversible();
  }

  /**
   * Who hears of this end, and how loudly.
   *
   * @param waited for {@code BLOCKED}: how long it has waited
   */
  static Trial.Hears hears(
      Runbook.@Nullable Escalation escalation, Runbook.Reason reason, Duration waited) {
    var its = Runbook.Escalation.saidOf(reason, escalation);
    if (reason == Runbook.Reason.BLOCKED) {
      Duration most = its == null ? null : its.blockedFor();
      if (most == null || waited.compareTo(most) < 0) return Trial.Hears.NOBODY;
    }
    if (its == null) return Trial.Hears.ALL;
    return new Trial.Hears(
        its.channel().isEmpty() ? Trial.Hears.ALL.to() : its.channel(), its.severity());
  }

  /** For people: {@code shop-pager, warning}. */
  static String shown(Trial.Hears one) {
    return List.of(one.to(), YamlMap.hyphenated(one.severity())).toString();
  }
}
