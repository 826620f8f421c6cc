package io.prunella.control;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.runbook.CheckResult;
import io.prunella.runbook.Runbook;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verification, round by round: so many successes in a row prove it, more failures than allowed or
 * one broken harmless check disprove it. A round without data breaks the row and is no failure.
 */
final class Rounds {
  private final LinkedHashMap<Instant, Verdict> rounds = new LinkedHashMap<>();
  private @Nullable CheckRead harm;
  private String lastSeen = "nothing was read";

  Rounds(Remediation one) {
    Set<String> harmless =
        one.terms().verify().harmless().stream()
            .map(Runbook.Check::name)
            .collect(Collectors.toSet());
    for (CheckRead read : one.checks()) {
      if (read.at().isBefore(one.since())) continue;
      rounds.merge(read.at(), read.verdict(), Rounds::worse);
      if (read.verdict() == Verdict.FAIL && harmless.contains(read.check())) harm = read;
      if (read.verdict() != Verdict.PASS) lastSeen = read.check() + ": " + read.seen();
    }
  }

  /** Of all checks of one round. */
  static Verdict verdict(List<CheckRead> reads) {
    return reads.stream()
        .map(CheckRead::verdict)
        .reduce(Rounds::worse)
        .orElse(Verdict.INCONCLUSIVE);
  }

  private static Verdict worse(Verdict a, Verdict b) {
    if (a == Verdict.FAIL || b == Verdict.FAIL) return Verdict.FAIL;
    return a == Verdict.INCONCLUSIVE || b == Verdict.INCONCLUSIVE
        ? Verdict.INCONCLUSIVE
        : Verdict.PASS;
  }

  boolean isProven(int consecutive) {
    int row = 0;
    for (Verdict verdict : rounds.values()) row = verdict == Verdict.PASS ? row + 1 : 0;
    return row >= Math.max(1, consecutive);
  }

  /** True when a check that must hold all the time has not held. */
  boolean doesHarm() {
    return harm != null;
  }

  /** Why it is disproved, or null. */
  @Nullable String disproved(int failuresMax) {
    CheckRead broken = harm;
    if (broken != null) return "it does harm: %s: %s".formatted(broken.check(), broken.seen());
    long failures = rounds.values().stream().filter(v -> v == Verdict.FAIL).count();
    return failures > failuresMax
        ? "verification failed %d times, at most %d allowed: %s"
            .formatted(failures, failuresMax, lastSeen)
        : null;
  }

  /**
   * What has come of the effect; null while it cannot be said.
   *
   * @param mayProve whether nothing else must be known before it is proven
   * @param isOver whether its time has passed
   */
  CheckResult.@Nullable Verdict effect(Runbook.Verification by, boolean mayProve, boolean isOver) {
    if (disproved(by.failuresMax()) != null) return CheckResult.Verdict.FAIL;
    if (mayProve && isProven(by.consecutiveSuccesses())) return CheckResult.Verdict.PASS;
    if (!isOver) return null;
    boolean isTold = !rounds.isEmpty() && rounds.lastEntry().getValue() != Verdict.INCONCLUSIVE;
    return isTold ? CheckResult.Verdict.FAIL : CheckResult.Verdict.INCONCLUSIVE;
  }

  String lastSeen() {
    return lastSeen;
  }

  /** When the next reading is due. */
  Instant next(Remediation one, Instant from) {
    var verify = one.terms().verify();
    return rounds.isEmpty()
        ? from.plus(verify.settle())
        : rounds.lastEntry().getKey().plus(verify.interval());
  }
}
