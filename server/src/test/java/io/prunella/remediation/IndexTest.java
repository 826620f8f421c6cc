package io.prunella.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.RemediationFact.Moved;
import io.prunella.remediation.RemediationFact.Proposed;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.runbook.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked for together is what a look at each remediation would find. */
class IndexTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T09:00:00Z");
  private static final int FACTS = 600;
  private static final int INCIDENTS = 20;
  private static final List<String> SERVICES = List.of("shop", "cart", "mail");

  private Remediations all = Remediations.EMPTY;
  private Instant now = BEGIN;

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyFact_indexAsMadeAnew(long seed) {
    var chance = new SplittableRandom(seed);
    int ended = 0;
    for (int i = 0; i < FACTS; i++) {
      now = now.plusSeconds(chance.nextInt(3)); // often none: many facts of one moment
      live(chance);
      assertThat(all.index()).as("seed %d, fact %d", seed, i).isEqualTo(Index.of(all.all()));
      ended = (int) all.all().stream().filter(one -> one.status().isTerminal()).count();
    }
    assertThat(ended).isGreaterThan(FACTS / 20);
    asked(now.minusSeconds(chance.nextInt(FACTS)));
  }

  /** One thing that may happen now. */
  private void live(SplittableRandom chance) {
    var open = all.open();
    if (open.isEmpty() || chance.nextInt(8) == 0) {
      String service = SERVICES.get(chance.nextInt(SERVICES.size()));
      propose(all.nextId(), "INC-" + chance.nextInt(INCIDENTS), service);
      return;
    }
    Remediation one = open.get(chance.nextInt(open.size()));
    boolean free = one.run("scale", false) == null;
    if (one.status() == Status.PROPOSED && free && chance.nextInt(6) == 0) {
      propose(one.id(), one.plan().incident(), one.service());
    } else if (one.status() == Status.EXECUTING && free) {
      all = all.apply(new StepIntended(now, one.id(), "scale", "key", false));
    } else if (one.status() == Status.EXECUTING && chance.nextInt(3) == 0) {
      again(one);
    } else {
      var next = List.copyOf(Transitions.next(one.status()));
      Status to = next.get(chance.nextInt(next.size()));
      Instant deadline = to.isTerminal() ? null : now.plusSeconds(60);
      all = all.apply(new Moved(now, one.id(), one.status(), to, "", deadline));
    }
  }

  /** Sent, lost, found not to have happened, sent once more: it acts at a later time. */
  private void again(Remediation one) {
    var run = one.run("scale", false);
    if (run == null || run.sends() > 1 || run.state() != StepState.INTENT) return;
    all = all.apply(new StepEnded(now, one.id(), "scale", false, StepState.UNKNOWN, ""));
    all = all.apply(new StepEnded(now, one.id(), "scale", false, StepState.NOT_APPLIED, ""));
    now = now.plusSeconds(1);
    all = all.apply(new StepIntended(now, one.id(), "scale", "key", false));
  }

  private void propose(String id, String incident, String service) {
    var target = new Target(service, "fake", "stateless", "production", false, "", Map.of());
    var plan = GuardCases.plan(incident, "surge", target, "auto", 1, "8", "10");
    all = all.apply(new Proposed(now, id, plan, new Confidence(1, 1, 1, 0, 0), Terms.NONE, now));
  }

  private void asked(Instant after) {
    assertThat(all.open())
        .containsExactlyInAnyOrderElementsOf(these(one -> !one.status().isTerminal()));
    assertThat(all.underWay()).containsExactlyInAnyOrderElementsOf(these(Remediation::isUnderWay));
    for (int i = 0; i < INCIDENTS; i++) {
      String incident = "INC-" + i;
      assertThat(all.ofIncident(incident))
          .containsExactlyInAnyOrderElementsOf(
              these(one -> one.plan().incident().equals(incident)));
    }
    Predicate<Remediation> over =
        one -> one.hasActed() && one.status().isTerminal() && one.since().isAfter(after);
    for (String service : SERVICES) {
      Predicate<Remediation> here = one -> one.service().equals(service);
      assertThat(all.actedOn(service, after))
          .containsExactlyInAnyOrderElementsOf(
              these(here.and(one -> one.hasActed() && one.actedAt().isAfter(after))))
          .isSortedAccordingTo((a, b) -> a.actedAt().compareTo(b.actedAt()));
      assertThat(all.endedOn(service, after))
          .containsExactlyInAnyOrderElementsOf(these(here.and(over)))
          .isSortedAccordingTo((a, b) -> a.since().compareTo(b.since()));
    }
    assertThat(all.endedBadly("d", after))
        .containsExactlyInAnyOrderElementsOf(
            these(over.and(one -> one.status() != Status.SUCCEEDED)));
  }

  private List<Remediation> these(Predicate<Remediation> wanted) {
    return all.all().stream().filter(wanted).toList();
  }
}
