package io.prunella.remediation;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import io.prunella.remediation.Situation.Deploying;
import java.time.Duration;
import java.time.Instant;

/** Guardrails that decide whether now is a time to act. */
final class TimeGuards {
  private static final Duration STOP_LOOKED_AT_AFTER = Duration.ofMinutes(15);

  private TimeGuards() {}

  /** STOP_NEW lets finish what runs; HALT lets nothing be sent, not even a step back. */
  static Ruling stopSwitch(Proposal proposal, Situation situation) {
    var stop = situation.stop(proposal.plan());
    if (stop.isEmpty()) return new Allow("no stop in force");
    boolean begins = proposal.stage() == Stage.ADMISSION;
    if (!begins && !stop.get().halt())
      return new Allow("stop %s lets finish what runs".formatted(stop.get().id()));
    return new Defer(
        "stop %s (%s): %s".formatted(stop.get().id(), stop.get().scope(), stop.get().why()),
        situation.now().plus(STOP_LOOKED_AT_AFTER));
  }

  static Ruling journal(Proposal proposal, Situation situation) {
    String down = situation.journalDown();
    return down == null
        ? new Allow("can be written")
        : new Deny("the journal cannot be written, so nothing runs by itself: " + down);
  }

  static Ruling freshInput(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("checked before the first step");
    Instant freshAt = proposal.freshAt();
    Duration max = situation.policy().inputAgeMax();
    Instant retry = situation.now().plus(situation.policy().retryAfter());
    if (freshAt == null) {
      return new Defer(
          "no readings of %s, wanted some not older than %d s"
              .formatted(proposal.service(), max.toSeconds()),
          retry);
    }
    long age = Math.max(0, Duration.between(freshAt, situation.now()).toSeconds());
    String words =
        "newest reading is %d s old, at most %d s wanted".formatted(age, max.toSeconds());
    return age <= max.toSeconds() ? new Allow(words) : new Defer(words, retry);
  }

  /** A rollback may overrun a window; a forward step may not begin in one. */
  static Ruling deploymentWindow(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back may overrun a window");
    Defer held = null;
    for (DenyWindow window : situation.policy().windows()) {
      var closed = window.closedAt(situation.now());
      if (closed.isPresent())
        held = later(held, new Defer(closed.get().why(), closed.get().until()));
    }
    for (Deploying one : situation.deployments()) {
      boolean near =
          one.service().equals(proposal.service())
              || situation.neighbours().contains(one.service());
      if (!near) continue;
      Instant ends = one.startedAt().plus(situation.policy().deploymentMax());
      if (!ends.isAfter(situation.now())) continue;
      held =
          later(
              held,
              new Defer(
                  "deployment %s of %s is in progress since %s"
                      .formatted(one.id(), one.service(), one.startedAt()),
                  ends));
    }
    return held != null
        ? held
        : new Allow(
            "no deployment of %s or its %d neighbours, no window closed"
                .formatted(proposal.service(), situation.neighbours().size()));
  }

  private static Defer later(@org.jspecify.annotations.Nullable Defer a, Defer b) {
    return a != null && a.until().isAfter(b.until()) ? a : b;
  }
}
