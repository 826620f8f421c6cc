package io.prunella.remediation;

import io.prunella.incident.Incident;
import io.prunella.remediation.PolicyConfig.FailureDomains;
import io.prunella.remediation.PolicyConfig.ShortCircuit;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Guardrails that look at the other targets: what many have at once, no runbook for one mends. */
final class PoolGuards {
  private static final int RESTARTS = 2;

  private PoolGuards() {}

  /** Too many ill at once are led by people; after that nothing begins for a while. */
  static Ruling shortCircuit(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("begun already, and may finish");
    Set<String> pool = pool(proposal, situation);
    ShortCircuit policy = tightened(proposal, situation.policy().shortCircuit());
    int max =
        Runbook.ShortCircuit.illMax(
            policy.unhealthyPercentMax(), policy.unhealthyMax(), pool.size());
    Instant now = situation.now();
    var ill = illAt(now, pool, situation.open());
    for (Remediation one : situation.remediations().underWay()) {
      if (pool.contains(one.service())) ill.add(one.service());
    }
    ill.add(proposal.service()); // or nothing would be wanted of it
    String words =
        "%d of %d targets ill (%s), at most %d may be (%d %%)"
            .formatted(ill.size(), pool.size(), named(ill), max, policy.unhealthyPercentMax());
    if (ill.size() > max) return new Deny(words + ": they have one cause, a person leads");
    Instant over = stormOver(pool, max, policy.stormCooldown(), situation);
    Instant until = over == null ? now : over.plus(policy.stormCooldown());
    if (!until.isAfter(now)) return new Allow(words);
    return new Defer(
        "more than %d of %d targets were ill until %s; %d s of calm are wanted"
            .formatted(max, pool.size(), over, policy.stormCooldown().toSeconds()),
        until);
  }

  /** The policy's, or what the runbook says where that is stricter. */
  private static ShortCircuit tightened(Proposal proposal, ShortCircuit policy) {
    var own = proposal.terms().limits().shortCircuit();
    if (own == null) return policy;
    Duration cooldown = policy.stormCooldown();
    Duration longer = own.stormCooldown();
    if (longer != null && longer.compareTo(cooldown) > 0) cooldown = longer;
    return new ShortCircuit(
        Terms.stricter(policy.unhealthyPercentMax(), own.unhealthyPercentMax()),
        Terms.stricter(policy.unhealthyMax(), own.unhealthyMax()),
        cooldown,
        policy.badEndsMax());
  }

  /** Targets of the same environment; the plan's own is always one of them. */
  private static Set<String> pool(Proposal proposal, Situation situation) {
    String environment = proposal.plan().target().environment();
    var pool = new HashSet<String>();
    pool.add(proposal.service());
    for (Target one : situation.around().targets()) {
      if (one.environment().equals(environment)) pool.add(one.service());
    }
    return pool;
  }

  private static TreeSet<String> illAt(
      Instant at, Set<String> pool, Collection<Incident> incidents) {
    var ill = new TreeSet<String>();
    for (Incident one : incidents) {
      Instant ended = one.resolvedAt();
      boolean open = !one.openedAt().isAfter(at) && (ended == null || ended.isAfter(at));
      String culprit = open ? one.culprit() : null;
      if (culprit != null && pool.contains(culprit)) ill.add(culprit);
    }
    return ill;
  }

  /** When too many were last ill, or null when that is longer ago than anyone asks. */
  private static @Nullable Instant stormOver(
      Set<String> pool, int max, Duration cooldown, Situation situation) {
    Instant from = situation.now().minus(cooldown);
    var lately = situation.notOverAt(from);
    var culprits = new HashSet<String>();
    for (Incident one : lately) culprits.add(String.valueOf(one.culprit()));
    if (culprits.size() <= max) return null; // not even all of them together are too many
    for (Incident one : situation.resolved()) { // the latest first
      Instant ended = one.resolvedAt();
      if (ended == null || !ended.isAfter(from)) return null;
      if (illAt(ended.minusMillis(1), pool, lately).size() > max) return ended;
    }
    return null;
  }

  private static String named(Set<String> ill) {
    int shown = 5;
    String first = String.join(", ", ill.stream().limit(shown).toList());
    return ill.size() <= shown ? first : first + ", …";
  }

  /** The same remedy that fails on one target after the other does not meet the cause. */
  static Ruling commonCause(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back is no remedy");
    Instant from = situation.now().minus(situation.policy().attemptsWithin());
    var bad = new TreeSet<String>();
    for (Remediation one :
        situation.remediations().endedBadly(proposal.plan().runbookDigest(), from)) {
      if (!one.service().equals(proposal.service())) bad.add(one.service());
    }
    int max = situation.policy().shortCircuit().badEndsMax();
    String words =
        "runbook %s has ended badly on %d other targets (%s) in %d h, fewer than %d wanted"
            .formatted(
                proposal.plan().runbook(),
                bad.size(),
                bad.isEmpty() ? "none" : named(bad),
                situation.policy().attemptsWithin().toHours(),
                max);
    return bad.size() < max ? new Allow(words) : new Deny(words + ": a common cause");
  }

  /** One failure domain at a time, and only so many in it. */
  static Ruling failureDomain(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    FailureDomains policy = situation.policy().failureDomains();
    String own = domain(proposal.plan().target(), policy);
    if (own == null) {
      return new Allow("%s has no label %s".formatted(proposal.service(), policy.label()));
    }
    Instant retry = situation.now().plus(situation.policy().retryAfter());
    int inOwn = 0;
    for (Remediation other : situation.remediations().underWay()) {
      if (other.id().equals(proposal.id())) continue;
      String domain = domain(other.plan().target(), policy);
      if (domain == null) continue;
      if (!domain.equals(own)) {
        return new Defer(
            "%s is under way in %s %s; one at a time, wanted none outside %s"
                .formatted(other.id(), policy.label(), domain, own),
            retry);
      }
      inOwn++;
    }
    var limits = proposal.terms().limits().concurrency();
    int max = Terms.stricter(policy.perDomainMax(), limits == null ? null : limits.perDomainMax());
    String words = "%d of %d under way in %s %s".formatted(inOwn, max, policy.label(), own);
    return inOwn < max ? new Allow(words) : new Defer(words, retry);
  }

  private static @Nullable String domain(Target target, FailureDomains policy) {
    return target.labels().get(policy.label());
  }

  /**
   * A restart does not mend what the target waits for: its health check fails because somebody it
   * calls is ill, and restarting it makes that worse.
   */
  static Ruling dependency(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    if (proposal.plan().tier() != RESTARTS) return new Allow("the plan does not restart");
    Set<String> callees = situation.around().callees();
    for (Incident one : situation.open()) {
      String culprit = one.culprit();
      if (culprit == null) continue;
      if (culprit.equals(proposal.service()) || !callees.contains(culprit)) continue;
      return new Defer(
          "%s calls %s, which is ill (%s); it is not restarted meanwhile"
              .formatted(proposal.service(), culprit, one.id()),
          situation.now().plus(situation.policy().retryAfter()));
    }
    return new Allow(
        "none of the %d services that %s calls is ill"
            .formatted(callees.size(), proposal.service()));
  }
}
