package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two people let a plan begin although the time is wrong, and everybody hears of it. */
class OverrideTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  /** A deployment of the very service holds the plan back. */
  private Remediation held() {
    rig.begin();
    rig.ask(new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, false, "2.1"));
    rig.pass(Duration.ofMinutes(3));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.last().why()).contains("deployment window");
    return rig.last();
  }

  private Answer override(String who, String digest, String reason) {
    return rig.ask(new Command.OverrideHold(who, rig.last().id(), digest, reason));
  }

  private static void assertRefused(Answer answer, int status) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            r -> assertThat(r.httpStatus()).as(r.message()).isEqualTo(status));
  }

  @Test
  void twoPeople_itBegins_andAllAreTold() {
    Remediation held = held();
    String digest = held.plan().digest();
    assertThat(override("ann", digest, "customers cannot pay")).isInstanceOf(Answer.Accepted.class);
    rig.pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).as("one is not enough").isEqualTo(Status.BLOCKED);
    assertThat(override("bob", digest, "I agree")).isInstanceOf(Answer.Accepted.class);
    rig.pass(Duration.ofMinutes(6));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.last().plan().digest()).isEqualTo(digest);
    assertThat(rig.outside.notices)
        .filteredOn(n -> n.kind().equals("override"))
        .extracting(n -> n.severity())
        .containsExactly("warning", "critical");
    var window =
        rig.last().rulings().stream()
            .filter(r -> r.guardrail().equals("deployment window"))
            .findFirst()
            .orElseThrow();
    assertThat(window.ruling()).isInstanceOf(Ruling.Allow.class);
    assertThat(window.ruling().why())
        .contains("OVERRIDDEN by ann (customers cannot pay) and bob (I agree)");
    assertThat(rig.types()).filteredOn("remediation.override-signed"::equals).hasSize(2);
  }

  @Test
  void refusals() {
    String digest = held().plan().digest();
    assertRefused(override("ann", "another", "now"), 409);
    assertRefused(override("ann", digest, " "), 422);
    assertRefused(override("prunella", digest, "now"), 403);
    assertRefused(rig.ask(new Command.OverrideHold("ann", "REM-9", digest, "now")), 404);
    assertThat(override("ann", digest, "now")).isInstanceOf(Answer.Accepted.class);
    assertRefused(override("ann", digest, "now, really"), 409);
  }

  @Test
  void whatIsStopped_cannotBeOverridden() {
    String digest = held().plan().digest();
    rig.ask(new Command.StopAutomation("cy", Stop.Level.STOP_NEW, "all", "drill", null));
    override("ann", digest, "now");
    override("bob", digest, "now");
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.really()).isEmpty();
    assertRefused(override("cy", digest, "now"), 409);
  }

  @Test
  void overrideTooOld_isNoneAnyMore() {
    String digest = held().plan().digest();
    override("ann", digest, "now");
    rig.pass(Overrides.LASTING);
    override("bob", digest, "now");
    rig.pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.really()).isEmpty();
  }

  @Test
  void restart_keepsIt() {
    String digest = held().plan().digest();
    override("ann", digest, "now");
    rig.restart();
    rig.control.settle(rig.now);
    override("bob", digest, "now");
    rig.pass(Duration.ofMinutes(8));
    assertThat(rig.last().overrides())
        .extracting(Remediation.OverrideBy::actor)
        .isEqualTo(List.of("ann", "bob"));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }
}
