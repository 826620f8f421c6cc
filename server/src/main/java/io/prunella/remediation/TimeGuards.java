package io.prunella.remediation;

import io.prunella.diagnose.Symptom;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Ruling.Allow;
import io.prunella.remediation.Ruling.Defer;
import io.prunella.remediation.Ruling.Deny;
import io.prunella.remediation.Situation.Closed;
import io.prunella.remediation.Situation.Deploying;
import io.prunella.remediation.Situation.Maintenance;
import io.prunella.runbook.CronWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** What is seen must be whole enough: half the data missing looks like a quiet fleet. */
  static Ruling completeInput(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    String blind = situation.around().blind();
    if (blind == null) return new Allow("as much comes in as before");
    return new Defer(blind, situation.now().plus(situation.policy().retryAfter()));
  }

  /** A clock that jumps makes old readings fresh and windows open. */
  static Ruling clock(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    Duration max = situation.policy().clockSkewMax();
    Duration behind = situation.around().clockBehind();
    Instant retry = situation.now().plus(situation.policy().retryAfter());
    if (behind.compareTo(max) > 0) {
      return new Defer(
          "the clock stands %d s behind the journal, at most %d s wanted"
              .formatted(behind.toSeconds(), max.toSeconds()),
          retry);
    }
    Instant freshAt = proposal.freshAt();
    Duration ahead = freshAt == null ? Duration.ZERO : Duration.between(situation.now(), freshAt);
    if (ahead.compareTo(max) > 0) {
      return new Defer(
          "the newest reading is %d s ahead of the clock, at most %d s wanted"
              .formatted(ahead.toSeconds(), max.toSeconds()),
          retry);
    }
    return new Allow(
        "%d s behind the journal, readings %d s ahead, at most %d s"
            .formatted(behind.toSeconds(), Math.max(0, ahead.toSeconds()), max.toSeconds()));
  }

  /** People work on it: automation leaves it alone. The way back may still be walked. */
  static Ruling maintenance(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back does not wait");
    Defer held = null;
    for (Maintenance one : situation.around().maintenances()) {
      if (!one.covers(proposal.plan())) continue;
      held =
          later(
              held,
              new Defer(
                  "%s (%s) until %s: %s".formatted(one.id(), one.scope(), one.until(), one.why()),
                  one.until()));
    }
    return held != null ? held : new Allow("no maintenance of %s".formatted(proposal.service()));
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

  /**
   * What is over by itself is not acted on: its incident stays open for a while only to see that it
   * does not come back.
   */
  static Ruling stillThere(Proposal proposal, Situation situation) {
    if (proposal.stage() != Stage.ADMISSION) return new Allow("looked at before the first step");
    var symptoms = situation.incident().symptoms().values();
    long open = symptoms.stream().filter(Symptom::isOpen).count();
    String words =
        "%d of %d symptoms of %s are still there, at least 1 wanted"
            .formatted(open, symptoms.size(), situation.incident().id());
    return open > 0
        ? new Allow(words)
        : new Defer(words, situation.now().plus(situation.policy().retryAfter()));
  }

  /** A rollback may overrun a window; a forward step may not begin in one. */
  static Ruling deploymentWindow(Proposal proposal, Situation situation) {
    if (proposal.stage() == Stage.ROLLBACK) return new Allow("the way back may overrun a window");
    Defer held = null;
    var own = proposal.terms().limits().windows();
    var closing = new ArrayList<>(situation.policy().windows());
    if (own != null) closing.addAll(own.deny());
    for (CronWindow window : closing) {
      var closed = window.heldAt(situation.now());
      if (closed.isPresent())
        held = later(held, new Defer(closed.get().why(), closed.get().until()));
    }
    for (Closed closed : situation.around().calendars()) {
      held = later(held, new Defer(closed.why(), closed.until()));
    }
    Defer outside = outside(situation.policy().allowWindows(), situation.now());
    if (outside != null) held = later(held, outside);
    Defer outsideOwn = own == null ? null : outside(own.allow(), situation.now());
    if (outsideOwn != null) held = later(held, outsideOwn);
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

  /** When there are times in which steps may begin, they begin only inside one. */
  private static @Nullable Defer outside(List<CronWindow> allowed, Instant now) {
    if (allowed.isEmpty()) return null;
    Instant opens = null;
    for (CronWindow window : allowed) {
      Instant next = window.opensAt(now).orElse(null);
      if (next == null) continue;
      if (!next.isAfter(now)) return null;
      if (opens == null || next.isBefore(opens)) opens = next;
    }
    return new Defer(
        "outside of the %d windows in which something may begin".formatted(allowed.size()),
        opens != null ? opens : now.plus(STOP_LOOKED_AT_AFTER));
  }

  private static Defer later(@Nullable Defer a, Defer b) {
    return a != null && a.until().isAfter(b.until()) ? a : b;
  }
}
