package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Notice;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Runbook.Escalation;
import io.prunella.runbook.Runbook.OnInconclusive;
import io.prunella.runbook.Runbook.Reason;
import io.prunella.runbook.Runbook.Severity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A runbook says who hears when it is at its end; of everything else all hear. */
class EscalationTest {
  private final Rig rig = new Rig(new MemoryJournal());

  EscalationTest() {
    rig.channels = List.of("pager", "shop");
  }

  private static Variant book(int tier, boolean reversible) {
    return new Variant(Rig.runbook(tier, Runbook.Mode.AUTO, reversible, 1));
  }

  private static Escalation to(String channel, Reason reason, @Nullable Duration blockedFor) {
    return new Escalation(List.of(reason), blockedFor, channel, Severity.WARNING);
  }

  private Remediation first() {
    return rig.control.state().remediations().get("REM-1");
  }

  /** Kinds of what was told on a channel, with how loud it was. */
  private List<String> heard(String channel) {
    return rig.outside.heard.getOrDefault(channel, List.<Notice>of()).stream()
        .filter(n -> n.kind().equals("escalation") || n.kind().equals("handover"))
        .map(n -> n.kind() + " " + n.severity())
        .toList();
  }

  @Test
  void nothingSaid_allHearIt() {
    rig.runbooks = List.of(book(1, true).made());
    rig.outside.helps = false;
    rig.outside.backDown = true;
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(first().status()).isEqualTo(Status.ROLLBACK_FAILED);
    assertThat(heard("pager")).contains("escalation critical").isEqualTo(heard("shop"));
  }

  @Test
  void rollbackFailed_isToldToWhomTheRunbookNames() {
    var made = book(1, true);
    made.escalation = to("shop", Reason.ROLLBACK_FAILED, null);
    rig.runbooks = List.of(made.made());
    rig.outside.helps = false;
    rig.outside.backDown = true;
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(first().status()).isEqualTo(Status.ROLLBACK_FAILED);
    assertThat(heard("shop")).containsExactly("escalation warning", "handover warning");
    assertThat(heard("pager")).isEmpty();
  }

  @Test
  void anotherReasonThanItNames_allHearIt() {
    var made = book(2, false);
    made.escalation = to("shop", Reason.ROLLBACK_FAILED, null);
    rig.runbooks = List.of(made.made());
    rig.outside.helps = false;
    rig.outside.reversible = false;
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(heard("pager")).contains("escalation critical").isEqualTo(heard("shop"));
  }

  @Test
  void channelThatIsNotConfiguredAnyMore_allHearIt() {
    var made = book(1, true);
    made.escalation = to("gone", Reason.ROLLBACK_FAILED, null);
    rig.runbooks = List.of(made.made());
    rig.outside.helps = false;
    rig.outside.backDown = true;
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(heard("pager")).contains("escalation warning").isEqualTo(heard("shop"));
  }

  @Test
  void indeterminate_isToldToWhomTheRunbookNames() {
    var made = book(2, false);
    made.escalation = to("shop", Reason.INDETERMINATE, null);
    rig.runbooks = List.of(made.made());
    rig.outside.idempotency = Idempotency.N;
    rig.outside.reversible = false;
    rig.outside.lost.add("answer");
    rig.outside.lost.add("probe");
    rig.begin().pass(Duration.ofMinutes(12));
    assertThat(first().status()).isEqualTo(Status.INDETERMINATE);
    assertThat(heard("shop")).containsExactly("escalation warning");
    assertThat(heard("pager")).isEmpty();
  }

  @Test
  void attemptsExhausted_isToldToWhomTheRunbookNames() {
    var made = book(1, true);
    made.escalation = to("shop", Reason.ATTEMPTS_EXHAUSTED, null);
    made.limits = new Runbook.Limits(null, null, 1, null);
    rig.runbooks = List.of(made.made());
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(first().status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(heard("shop")).contains("handover warning");
    assertThat(heard("pager")).doesNotContain("handover warning", "handover critical");
  }

  @Test
  void blockedForLongerThanItWants_peopleLead() {
    var window = new CronWindow("all day", "0 9 * * *", Duration.ofHours(8), "UTC");
    var made = book(3, true);
    made.limits =
        new Runbook.Limits(
            null,
            null,
            null,
            null,
            List.of(),
            new Runbook.Windows(List.of(window), List.of(), List.of()),
            null,
            null,
            null,
            null);
    made.escalation = to("shop", Reason.BLOCKED, Duration.ofMinutes(20));
    rig.runbooks = List.of(made.made());
    rig.begin().pass(Duration.ofMinutes(19));
    assertThat(first().status()).isEqualTo(Status.BLOCKED);
    assertThat(heard("shop")).doesNotContain("handover warning");
    rig.pass(Duration.ofMinutes(3));
    assertThat(first().status()).isEqualTo(Status.ABORTED);
    assertThat(heard("shop")).contains("handover warning");
    assertThat(heard("pager")).doesNotContain("handover warning");
    assertThat(rig.outside.done).isEmpty();
  }

  /** What was told in all, in order. */
  private List<String> told() {
    return rig.outside.notices.stream().map(n -> n.kind() + " " + n.severity()).toList();
  }

  @Test
  void stepFailsAndIsNotTakenBack_isToldOnce() {
    rig.channels = List.of("pager");
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, /* reversible= */ false, 2));
    rig.outside.reversible = false;
    var runs = new AtomicInteger();
    rig.outside.whileRunning =
        () -> {
          if (runs.incrementAndGet() == 2) rig.outside.lost.add("failed");
        };
    rig.begin().pass(Duration.ofMinutes(30));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(first().why()).contains("step fix-2 failed", "; it cannot be taken back");
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
    assertThat(told()).containsExactly("escalation critical", "handover critical");
    assertThat(rig.outside.notices.getFirst().text()).contains("it cannot be taken back");
  }

  @Test
  void haltedWhilePeopleLead_isToldOnce() {
    rig.channels = List.of("pager");
    rig.runbooks = List.of(Rig.runbook(1, Runbook.Mode.AUTO, true, 2));
    rig.begin();
    while (rig.outside.done.isEmpty()) rig.tick();
    rig.control.ask(new Command.TakenOver("ann", "INC-1", "mine"));
    rig.ask(new Command.StopAutomation("ann", Stop.Level.HALT, "all", "wait", null));
    rig.pass(Duration.ofMinutes(5));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(told().stream().filter(kind -> kind.startsWith("escalation"))).hasSize(1);
  }

  private static Runbook verified(@Nullable OnInconclusive then) {
    var made = book(1, true);
    var verify = Rig.runbook(1, Runbook.Mode.AUTO, true, 1).verify();
    made.verify =
        new Runbook.Verification(
            verify.settle(),
            verify.interval(),
            verify.consecutiveSuccesses(),
            verify.failuresMax(),
            verify.deadline(),
            verify.checks(),
            verify.harmless(),
            then);
    return made.made();
  }

  private void verifyInSilence(Runbook runbook) {
    rig.runbooks = List.of(runbook);
    rig.outside.whileRunning = () -> rig.outside.silent = true;
    rig.begin().pass(Duration.ofMinutes(20));
  }

  @Test
  void nothingCanBeTold_isTakenBackUnlessTheRunbookWantsItToStay() {
    verifyInSilence(verified(null));
    assertThat(rig.outside.backTries).isEqualTo(1);
  }

  @Test
  void nothingCanBeTold_staysAndPeopleLeadWhereTheRunbookWantsIt() {
    verifyInSilence(verified(OnInconclusive.ESCALATE));
    assertThat(first().status()).isEqualTo(Status.ESCALATED);
    assertThat(first().why()).contains("nothing could be told, so it stays as it is");
    assertThat(rig.outside.backTries).isZero();
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
  }

  @Test
  void itIsSeenNotToHelp_isTakenBackAllTheSame() {
    rig.runbooks = List.of(verified(OnInconclusive.ESCALATE));
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(20));
    assertThat(first().status()).isEqualTo(Status.ROLLED_BACK);
  }
}
