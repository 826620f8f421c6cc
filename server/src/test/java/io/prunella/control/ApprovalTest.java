package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  @BeforeEach
  void aSuggestionWaits() {
    rig.runbooks = List.of(Rig.runbook(4, Runbook.Mode.AUTO, true, 1));
    rig.begin().pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(rig.outside.done).isEmpty();
  }

  private Answer decide(String actor, boolean approve, String digest, String reason, String key) {
    return rig.ask(new Command.Decide("APR-1", actor, approve, digest, reason, key));
  }

  private String digest() {
    return rig.last().plan().digest();
  }

  private static void assertRefused(Answer answer, int status) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            r -> assertThat(r.httpStatus()).as(r.message()).isEqualTo(status));
  }

  @Test
  void decide_approvedWithTheRightDigest_runsAndVerifies() {
    assertThat(decide("ann", true, digest(), "looks right", "k1"))
        .isEqualTo(new Answer.Accepted("APR-1"));
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(journal.entries)
        .anyMatch(e -> e.type().equals("remediation.decided") && e.actor().equals("ann"));
    assertThat(rig.outside.notices)
        .filteredOn(n -> n.kind().equals("suggestion"))
        .extracting(n -> n.ended())
        .containsExactly(false, true);
  }

  @Test
  void decide_approvedLongAfterTheProposal_runsOnWhatIsReadThen() {
    rig.pass(PolicyConfig.DEFAULTS.inputAgeMax().multipliedBy(20));
    decide("ann", true, digest(), "looks right", "k1");
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void decide_wrongDigest_is409AndNothingRuns() {
    assertRefused(decide("ann", true, "0".repeat(64), "", "k1"), 409);
    rig.pass(Duration.ofMinutes(2));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
  }

  @Test
  void decide_unknown_is404() {
    assertRefused(rig.ask(new Command.Decide("APR-9", "ann", true, digest(), "", "")), 404);
  }

  @Test
  void decide_byTheRequester_is403() {
    assertRefused(decide("prunella", true, digest(), "", ""), 403);
    assertRefused(decide(" ", true, digest(), "", ""), 403);
  }

  @Test
  void decide_rejectWithoutReason_is422WithReasonIsHandedToPeople() {
    assertRefused(decide("ann", false, digest(), " ", ""), 422);
    assertThat(decide("ann", false, digest(), "peak hour", "")).isInstanceOf(Answer.Accepted.class);
    assertThat(rig.last().status()).isEqualTo(Status.REJECTED);
    assertThat(rig.control.state().incidents().get("INC-1").handedOver()).contains("peak hour");
  }

  @Test
  void decide_again_sameKeySameAnswerElse409() {
    decide("ann", true, digest(), "", "k1");
    int entries = journal.entries.size();
    assertThat(decide("ann", true, digest(), "", "k1")).isEqualTo(new Answer.Accepted("APR-1"));
    assertThat(journal.entries).hasSize(entries);
    assertRefused(decide("bob", true, digest(), "", "k2"), 409);
    assertRefused(decide("ann", false, digest(), "no", "k1"), 409);
  }

  @Test
  void decide_tooLate_is410AndWasANo() {
    rig.pass(PolicyConfig.DEFAULTS.approvalLasting().plus(Duration.ofMinutes(1)));
    assertThat(rig.last().status()).isEqualTo(Status.EXPIRED);
    assertRefused(decide("ann", true, digest(), "", ""), 410);
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void decide_targetChangedBeforeItCouldBegin_isInvalidatedAndAskedAnew() {
    rig.ask(new Command.StopAutomation("ann", Stop.Level.STOP_NEW, "all", "drill", null));
    decide("ann", true, digest(), "", "k1");
    assertThat(rig.last().status()).isEqualTo(Status.APPROVED);
    rig.target =
        new Target(Rig.SERVICE, "fake", "stateless", "production", false, "elsewhere", Map.of());
    rig.restart().pass(Duration.ofMinutes(3));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isEqualTo(Status.INVALIDATED);
    assertThat(rig.control.state().remediations().get("REM-1").why()).contains("superseded");
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "over"));
    rig.pass(Duration.ofMinutes(3));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(rig.last().suggestion()).isNotNull();
    assertRefused(decide("ann", true, digest(), "", "k9"), 409);
  }

  @Test
  void decide_twoPeopleWanted_onePersonTwiceIsNotEnough() {
    var two = new MemoryJournal();
    var other = new Rig(two);
    var d = PolicyConfig.DEFAULTS;
    other.config =
        ControlConfig.of(
            new PolicyConfig(
                d.windows(),
                d.deploymentMax(),
                25,
                50,
                false,
                3,
                d.attemptsWithin(),
                d.attemptsResetAfter(),
                d.cooldown(),
                3,
                d.inputAgeMax(),
                d.databaseRoles(),
                2,
                d.approvalLasting(),
                d.remediationLasting(),
                d.blockedMax(),
                d.retryAfter(),
                d.indeterminateMax()));
    other.runbooks = List.of(Rig.runbook(4, Runbook.Mode.AUTO, true, 1));
    other.begin().pass(Duration.ofMinutes(2));
    String digest = other.last().plan().digest();
    other.ask(new Command.Decide("APR-1", "ann", true, digest, "", "1"));
    assertRefused(other.ask(new Command.Decide("APR-1", "ann", true, digest, "", "2")), 409);
    assertThat(other.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    other.ask(new Command.Decide("APR-1", "bob", true, digest, "", "3"));
    other.pass(Duration.ofMinutes(5));
    assertThat(other.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void settle_healedMeanwhile_theSuggestionGoes() {
    rig.outside.sick = false;
    rig.pass(Duration.ofMinutes(10));
    Remediation one = rig.last();
    assertThat(one.status()).isEqualTo(Status.ABORTED);
    assertThat(rig.outside.notices.getLast().ended()).isTrue();
    assertThat(rig.control.state().frozen()).isEmpty();
  }
}
