package io.prunella.remediation;

import static io.prunella.remediation.GuardCases.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Proposal.Stage;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the other targets say: how many are ill, under way, or of one cause. */
class PoolGuardsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "6 targets: 2 ill are 40 %, 6, 1, 0, ADMISSION, Allow",
    "6 targets: 3 are too many, 6, 2, 0, ADMISSION, Deny",
    "acted on counts as ill, 6, 1, 1, ADMISSION, Deny",
    "what has begun may finish, 6, 2, 0, STEP, Allow",
    "the way back as well, 6, 2, 0, ROLLBACK, Allow",
    "one alone is no storm, 1, 0, 0, ADMISSION, Allow",
    "one of two is no storm, 2, 0, 0, ADMISSION, Allow",
    "both of two may be chance, 2, 1, 0, ADMISSION, Allow",
    "all three are not, 3, 2, 0, ADMISSION, Deny",
    "nor three of four, 4, 2, 0, ADMISSION, Deny",
    "never more than 10, 100, 9, 0, ADMISSION, Allow",
    "11 of 100, 100, 10, 0, ADMISSION, Deny"
  })
  void shortCircuit(String reason, int targets, int ill, int underWay, Stage stage, String says) {
    var one = new Case();
    one.stage = stage;
    fill(one, targets);
    for (int i = 0; i < ill; i++)
      one.incidents.add(incident("INC-2" + i, "svc-" + i, NOW.minusSeconds(60), null));
    for (int i = 0; i < underWay; i++)
      one.others.add(
          past("REM-2" + i, "INC-2" + i, "svc-" + (ill + i), Status.EXECUTING, NOW, true));
    assertSays(one.judge("short-circuit"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "over for 9 min, 9, production, Defer",
    "over for 11 min, 11, production, Allow",
    "elsewhere, 1, staging, Allow"
  })
  void shortCircuit_stormCooldown(String reason, int calmMinutes, String environment, String says) {
    var one = new Case();
    fill(one, 6);
    one.pool.replaceAll(
        t -> new Target(t.service(), t.kind(), t.role(), environment, false, "", Map.of()));
    Instant calm = NOW.minus(Duration.ofMinutes(calmMinutes));
    for (int i = 0; i < 3; i++)
      one.incidents.add(incident("INC-2" + i, "svc-" + i, calm.minusSeconds(600), calm));
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, says);
    if (ruling instanceof Ruling.Defer defer)
      assertThat(defer.until()).isEqualTo(calm.plus(Duration.ofMinutes(10)));
  }

  private static void fill(Case one, int targets) {
    one.pool.add(new Target("shop", "fake", "stateless", "production", false, "", Map.of()));
    for (int i = 0; i < targets - 1; i++) {
      one.pool.add(new Target("svc-" + i, "fake", "stateless", "production", false, "", Map.of()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "failed on one other, cart, cart, ROLLED_BACK, 60, Allow",
    "failed on two others, cart, mail, ROLLED_BACK, 60, Deny",
    "worked on two others, cart, mail, SUCCEEDED, 60, Allow",
    "failed on two others long ago, cart, mail, ROLLED_BACK, 300, Allow"
  })
  void commonCause(
      String reason, String first, String second, Status status, int minutesAgo, String says) {
    var one = new Case();
    Instant at = NOW.minus(Duration.ofMinutes(minutesAgo));
    one.others.add(past("REM-1", "INC-2", first, status, at, true));
    one.others.add(past("REM-2", "INC-3", second, status, at, true));
    assertSays(one.judge("common cause"), says);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no label, -, a, Allow",
    "nobody else, a, -, Allow",
    "another zone, a, b, Defer",
    "the same zone: one at a time, a, a, Defer"
  })
  void failureDomain(String reason, String own, String other, String says) {
    var one = new Case();
    if (!own.equals("-")) one.labels = Map.of("zone", own);
    if (!other.equals("-")) one.others.add(inZone("REM-1", "cart", other));
    assertSays(one.judge("failure domain"), says);
  }

  /** Two are under way in the target's own zone; the policy lets five, four in a zone. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing of its own, , , Allow, Allow",
    "as the policy says, 5, 4, Allow, Allow",
    "room for one more, 3, 3, Allow, Allow",
    "stricter everywhere, 2, , Defer, Allow",
    "stricter in a zone, , 2, Allow, Defer",
    "only alone, 1, 1, Defer, Defer",
    "looser than the policy counts for nothing, 9, 9, Allow, Allow"
  })
  void ownConcurrency(
      String reason,
      @Nullable Integer max,
      @Nullable Integer perDomainMax,
      String says,
      String inZone) {
    var one = new Case();
    one.labels = Map.of("zone", "a");
    one.policy = PolicyConfig.DEFAULTS.withConcurrency(5, 4);
    one.limits = concurrency(max, perDomainMax);
    one.others.add(inZone("REM-1", "cart", "a"));
    one.others.add(inZone("REM-2", "mail", "a"));
    assertSays(one.judge("concurrency"), says);
    assertSays(one.judge("failure domain"), inZone);
    one.stage = Stage.ROLLBACK;
    assertSays(one.judge("concurrency"), "Allow");
    assertSays(one.judge("failure domain"), "Allow");
  }

  @Test
  void ownConcurrency_looserThanThePolicy_doesNotLoosenIt() {
    var one = new Case();
    one.labels = Map.of("zone", "a");
    one.policy = PolicyConfig.DEFAULTS.withConcurrency(2, 2);
    one.limits = concurrency(9, 9);
    one.others.add(inZone("REM-1", "cart", "a"));
    one.others.add(inZone("REM-2", "mail", "a"));
    assertThat(one.judge("concurrency").why()).isEqualTo("2 of 2 under way");
    assertSays(one.judge("concurrency"), "Defer");
    assertThat(one.judge("failure domain").why()).isEqualTo("2 of 2 under way in zone a");
    assertSays(one.judge("failure domain"), "Defer");
  }

  private static Remediation inZone(String id, String service, String zone) {
    var running = past(id, "INC-2", service, Status.EXECUTING, NOW, true);
    var target = new Target(service, "fake", "", "", false, "", Map.of("zone", zone));
    return new Remediation(
        id,
        plan("INC-2", "surge", target, "auto", 1, "8", "10"),
        Status.EXECUTING,
        running.confidence(),
        List.of(),
        null,
        running.steps(),
        List.of(),
        "",
        NOW,
        NOW,
        null,
        false,
        null);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "what it calls is ill, 2, cart, false, Defer",
    "it was ill, 2, cart, true, Allow",
    "somebody else is ill, 2, mail, false, Allow",
    "no restart, 1, cart, false, Allow"
  })
  void dependency(String reason, int tier, String ill, boolean over, String says) {
    var one = new Case();
    one.tier = tier;
    one.incidents.add(
        incident("INC-2", ill, NOW.minusSeconds(600), over ? NOW.minusSeconds(60) : null));
    assertSays(one.judge("dependency"), says);
  }

  /** Of ten targets; the plan's own counts as ill. */
  @ParameterizedTest
  @CsvSource({
    "nothing of its own, , , 3, Allow",
    "as the policy says, 40, , 3, Allow",
    "stricter share, 30, , 3, Deny",
    "stricter share and fewer ill, 30, , 2, Allow",
    "stricter number, , 3, 3, Deny",
    "a single one, , 1, 1, Deny",
    "a single one that is its own, , 1, 0, Allow",
    "looser than the policy counts for nothing, 90, 50, 4, Deny"
  })
  void ownShortCircuit(
      String reason, @Nullable Integer percent, @Nullable Integer max, int ill, String says) {
    var one = new Case();
    if (percent != null || max != null) {
      one.limits = limits(null, new Runbook.ShortCircuit(percent, max, null));
    }
    fill(one, 10);
    for (int i = 0; i < ill; i++) {
      one.incidents.add(incident("INC-1" + i, "svc-" + i, NOW.minusSeconds(60), null));
    }
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, says);
    assertThat(ruling.why()).contains("of 10 targets");
  }

  @Test
  void ownStormCooldown_longerThanThePolicys_counts() {
    var one = new Case();
    fill(one, 10);
    Instant over = NOW.minusSeconds(1_200);
    for (int i = 0; i < 9; i++) {
      one.incidents.add(incident("INC-1" + i, "svc-" + i, over.minusSeconds(600), over));
    }
    assertSays(one.judge("short-circuit"), "Allow");
    one.limits = limits(null, new Runbook.ShortCircuit(null, null, Duration.ofMinutes(30)));
    Ruling ruling = one.judge("short-circuit");
    assertSays(ruling, "Defer");
    assertThat(((Ruling.Defer) ruling).until()).isEqualTo(NOW.plusSeconds(600));
    one.limits = limits(null, new Runbook.ShortCircuit(null, null, Duration.ofMinutes(5)));
    assertSays(one.judge("short-circuit"), "Allow");
  }
}
