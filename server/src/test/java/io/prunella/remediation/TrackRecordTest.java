package io.prunella.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.Review;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.TrackRecord.Label;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackRecordTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final Duration RESET = Duration.ofHours(1);

  @Test
  void nothingKnown_isThePriorAlone() {
    Confidence fresh = confidence(List.of());
    assertThat(fresh.record()).isBetween(0.91, 0.93);
    assertThat(fresh.value()).isCloseTo(0.95 * fresh.record(), within());
    assertThat(fresh.counts()).isEqualTo("here worked 0 of 0; on other services 0 of 0");
  }

  /** What the same outcome is worth, from the nearest evidence to the farthest. */
  @Test
  void failure_weighsLessTheFartherItIs() {
    double here = bound(ended("basket", "d1", Status.ESCALATED, days(1)));
    double otherVersion = bound(ended("basket", "d0", Status.ESCALATED, days(1)));
    double otherService = bound(ended("orders", "d1", Status.ESCALATED, days(1)));
    double both = bound(ended("orders", "d0", Status.ESCALATED, days(1)));
    double none = confidence(List.of()).record();
    assertThat(List.of(here, otherVersion, otherService, both, none))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void evidence_fades() {
    double fresh = bound(ended("basket", "d1", Status.ROLLED_BACK, days(0)));
    double older = bound(ended("basket", "d1", Status.ROLLED_BACK, days(90)));
    double old = bound(ended("basket", "d1", Status.ROLLED_BACK, days(900)));
    assertThat(fresh).isLessThan(older);
    assertThat(older).isLessThan(old);
    assertThat(old)
        .isCloseTo(confidence(List.of()).record(), org.assertj.core.data.Offset.offset(1e-3));
  }

  @Test
  void rejection_isAWeakNo() {
    double rejected = bound(one("basket", "d1", Status.REJECTED, days(1), false, null));
    double failed = bound(ended("basket", "d1", Status.ESCALATED, days(1)));
    assertThat(rejected).isBetween(failed, confidence(List.of()).record()).isGreaterThan(failed);
  }

  @Test
  void success_thatDidNotLast_isAFailure() {
    var cured = ended("basket", "d1", Status.SUCCEEDED, NOW.minus(Duration.ofDays(2)));
    var again =
        one("basket", "d1", Status.DENIED, cured.since().plus(RESET.dividedBy(2)), false, null);
    var later =
        one("basket", "d1", Status.DENIED, cured.since().plus(RESET.multipliedBy(2)), false, null);
    assertThat(TrackRecord.label(cured, later.proposedAt(), RESET)).isEqualTo(Label.EFFECTIVE);
    assertThat(TrackRecord.label(cured, again.proposedAt(), RESET)).isEqualTo(Label.RECURRED);
    assertThat(confidence(List.of(cured, again)).record())
        .isLessThan(confidence(List.of(cured, later)).record());
    assertThat(confidence(List.of(cured, again)).counts()).contains("worked 0 of 1, 1 came back");
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, true, good, EFFECTIVE",
    "SUCCEEDED, true, bad, FAILED",
    "ROLLED_BACK, true, none, FAILED",
    "ROLLBACK_FAILED, true, none, FAILED",
    "ESCALATED, true, none, FAILED",
    "ABORTED, true, none, FAILED",
    "ABORTED, false, none, NONE",
    "DENIED, false, none, NONE",
    "EXPIRED, false, none, NONE",
    "REJECTED, false, none, REJECTED",
    "VERIFYING, true, none, NONE"
  })
  void label_ofAnEnd(Status status, boolean acted, String review, Label label) {
    var said = review.equals("none") ? null : new Review(NOW, "ann", review.equals("good"), "seen");
    var one = one("basket", "d1", status, days(1), acted, said);
    assertThat(TrackRecord.label(one, null, RESET)).isEqualTo(label);
  }

  /** Whatever the past, confidence is never more than the match: it can only lower autonomy. */
  @Test
  void anyPast_neverRaisesTheMatch() {
    var chance = new SplittableRandom(1);
    var ends = List.of(Status.SUCCEEDED, Status.ESCALATED, Status.REJECTED, Status.ROLLED_BACK);
    for (int i = 0; i < 200; i++) {
      var past = new ArrayList<Remediation>();
      for (int n = chance.nextInt(40); n > 0; n--) {
        Status end = ends.get(chance.nextInt(ends.size()));
        String service = chance.nextBoolean() ? "basket" : "orders";
        past.add(one(service, "d1", end, days(chance.nextInt(300)), end != Status.REJECTED, null));
      }
      Confidence seen = confidence(past);
      assertThat(seen.value()).isBetween(0.0, seen.match());
      assertThat(seen.record()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void otherRunbookOrPattern_tellsNothing() {
    var other = ended("basket", "d1", Status.ESCALATED, days(1));
    var plan = other.plan();
    var foreign =
        new Plan(
            "INC-9",
            plan.pattern(),
            "another",
            "d1",
            plan.tier(),
            plan.mode(),
            plan.target(),
            plan.steps(),
            plan.rollback(),
            plan.snapshot(),
            plan.diff(),
            "x");
    assertThat(TrackRecord.confidence(0.95, foreign, List.of(other), NOW, RESET).record())
        .isEqualTo(confidence(List.of()).record());
  }

  private static Instant days(int ago) {
    return NOW.minus(Duration.ofDays(ago));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-4);
  }

  private static double bound(Remediation past) {
    return confidence(List.of(past)).record();
  }

  private static Confidence confidence(List<Remediation> past) {
    return TrackRecord.confidence(0.95, plan("basket", "d1"), past, NOW, RESET);
  }

  private static Remediation ended(String service, String digest, Status status, Instant at) {
    return one(service, digest, status, at, true, null);
  }

  private static Plan plan(String service, String digest) {
    var target = new Target(service, "sim", "cache", "production", true, "", Map.of());
    return new Plan(
        "INC-1",
        "cache-full",
        "trim",
        digest,
        3,
        "auto",
        target,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        "d");
  }

  private static Remediation one(
      String service,
      String digest,
      Status status,
      Instant at,
      boolean acted,
      @Nullable Review review) {
    var run = new StepRun("s", "k", false, StepState.ACKED, at, at, "");
    return new Remediation(
        "REM-" + at.toEpochMilli(),
        plan(service, digest),
        status,
        new Confidence(0.9, 0.95, 0.9, 0, 0),
        List.of(),
        null,
        acted ? List.of(run) : List.of(),
        List.of(),
        "",
        at,
        at,
        null,
        false,
        review);
  }
}
