package io.prunella.control;

// Long because: one scenario for each failure that others have had, side by side.
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.action.HttpCall;
import io.prunella.action.HttpConfig;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Incident;
import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Situation.Closed;
import io.prunella.remediation.Status;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Runbook.Check;
import io.prunella.runbook.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Failures that automation elsewhere has had, each replayed in small. {@link GuardRemovedTest}
 * shows that each fails here too once its guard is taken away.
 */
class FailuresTest {
  private static final String MORE = "{{ int(snapshot.replicas) + 2 }}";

  private final MemoryJournal journal = new MemoryJournal();
  private final Rig rig = new Rig(journal);

  /** A runbook like the rig's, from which each scenario changes what it is about. */
  private static final class Book {
    int tier = 1;
    Duration lasting = Duration.ofSeconds(30);
    Map<String, String> forward = Map.of("n", "1");
    Map<String, String> back = Map.of("back", "yes");
    boolean reversible = true;
    List<Check> preconditions = List.of();
    String success = "share(\"memory\") < 0.8";
    List<Check> harmless = List.of();
    Duration interval = Duration.ofSeconds(30);
    Duration deadline = Duration.ofMinutes(5);

    List<Runbook> made() {
      var base = Rig.runbook(tier, Runbook.Mode.AUTO, reversible, 1);
      var timeout = Duration.ofSeconds(20);
      var rollback =
          new Runbook.Rollback(
              List.of(new Runbook.Step("undo", "fake.fix", back, timeout)),
              List.of(new Check("there", "share(\"memory\") > 0.0")),
              Duration.ofMinutes(3));
      return List.of(
          new Runbook(
              base.name(),
              base.version(),
              base.digest(),
              "",
              tier,
              Runbook.Mode.AUTO,
              "frees memory",
              "",
              "",
              Map.of(),
              new Runbook.When("cache-full", lasting, 0),
              base.target(),
              preconditions,
              base.limits(),
              List.of(new Runbook.Step("fix-1", "fake.fix", forward, timeout)),
              new Runbook.Verification(
                  interval,
                  interval,
                  3,
                  1,
                  deadline,
                  List.of(new Check("memory", success)),
                  harmless),
              reversible ? rollback : null));
    }
  }

  private static Target target(String service, String kind, Map<String, String> labels) {
    return new Target(service, kind, "stateless", "production", false, "", labels);
  }

  /** Healthy targets, so that few that are ill are few. */
  private static List<Target> healthy(int count) {
    var all = new ArrayList<Target>();
    for (int i = 0; i < count; i++) all.add(target("healthy-" + i, "other", Map.of()));
    return all;
  }

  private long underWay() {
    return rig.control.state().remediations().values().stream()
        .filter(Remediation::isUnderWay)
        .count();
  }

  private TreeSet<String> actedOn() {
    var services = new TreeSet<String>();
    for (Remediation one : rig.control.state().remediations().values()) {
      if (one.hasActed()) services.add(one.service());
    }
    return services;
  }

  private void assertNothingSent() {
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.outside.backTries).isZero();
  }

  private void stop() {
    rig.ask(new Command.StopAutomation("ann", Stop.Level.STOP_NEW, "all", "migration", null));
  }

  /**
   * Reddit, 2016-08-11 (r/announcements, 4y0m56): an autoscaler that people had switched off was
   * switched on again by the package manager, in the middle of a migration.
   */
  @Test
  void F01_switchedOff_staysSoOverARestart() {
    rig.begin();
    stop();
    rig.restart().pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
  }

  /** The same: it then read half-migrated data and took what was missing for gone. */
  @Test
  void F01_halfOfTheInputIsMissing_waits() {
    rig.outlook =
        new Outlook() {
          @Override
          public List<Closed> closedAt(Instant now) {
            return List.of();
          }

          @Override
          public @Nullable String blind() {
            return "10 samples came, usually 40";
          }
        };
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
  }

  /**
   * Slack, 2021-01-04 (engineering post): lost packets made processors look idle, and the web tier
   * was scaled in while it was short of capacity.
   */
  @Test
  void F02_looksIdleDuringAnIncident_isNotScaledIn() {
    var book = new Book();
    book.forward = Map.of("replicas", "7");
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.last().why()).contains("nothing is scaled in");
  }

  /**
   * Amazon Kinesis, 2020-11-25 (aws.amazon.com/message/11201): a small addition of capacity pushed
   * every front-end over a limit of its operating system.
   */
  @Test
  void F03_moreCapacityHarmsTheOthers_isTakenBack() {
    var book = new Book();
    book.forward = Map.of("replicas", MORE);
    book.back = Map.of("back", "yes", "replicas", "{{ snapshot.replicas }}");
    book.harmless = List.of(new Check("threads", "last(\"memory\") > 50.0"));
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(6));
    Remediation first = rig.control.state().remediations().get("REM-1");
    assertThat(first.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(first.why()).contains("it does harm: threads");
    assertThat(rig.outside.replicas).isEqualTo("8");
  }

  /**
   * Amazon DynamoDB, 2025-10-19 (AWS' summary): a worker that had been held up for long applied an
   * old plan over a newer one.
   */
  @Test
  void F04_workerWhoseLeaseIsOver_sendsNothing() {
    rig.lease = () -> false;
    rig.begin().pass(Duration.ofMinutes(3));
    assertNothingSent();
    assertThat(rig.control.state().remediations().get("REM-1").steps().getFirst().output())
        .contains("does not lead");
  }

  /**
   * Google's disk eraser (Site Reliability Engineering, chapter 7): a retried request had an empty
   * set of machines, which meant all of them.
   */
  @Test
  void F05_emptyTarget_isAnErrorAndNotEverything() {
    rig.target = target(" ", "fake", Map.of());
    assertThatThrownBy(rig::begin).hasMessageContaining("no service name");
  }

  /**
   * Google Cloud, 2019-06-02 (incident 19009): maintenance took the network's control plane down in
   * several locations at once.
   */
  @Test
  void F06_twoZones_oneAfterTheOther() {
    rig.target = target(Rig.SERVICE, "fake", Map.of("zone", "a"));
    rig.more = new ArrayList<>(healthy(8));
    rig.more.add(target("cart", "fake", Map.of("zone", "b")));
    rig.outside.alsoSick.add("cart");
    rig.begin();
    long most = 0;
    for (int i = 0; i < 80; i++) {
      rig.tick();
      most = Math.max(most, underWay());
    }
    assertThat(most).isEqualTo(1);
    assertThat(actedOn()).containsExactly(Rig.SERVICE, "cart");
  }

  /**
   * Microsoft Azure, 2012-02-29 (its summary): machines with the leap day's bug were healed by
   * moving them to healthy hosts, one after the other.
   */
  @Test
  void F07_remedyHasFailedOnTwo_isNotTriedOnAThird() {
    rig.target = target(Rig.SERVICE, "fake", Map.of("zone", "a"));
    rig.more = new ArrayList<>(healthy(8));
    rig.more.add(target("cart", "fake", Map.of("zone", "a")));
    rig.more.add(target("mail", "fake", Map.of("zone", "a")));
    rig.outside.alsoSick.addAll(List.of("cart", "mail"));
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(actedOn()).hasSize(2);
  }

  /**
   * Facebook, 2010-09-23 (its note): an error while reading a value was taken for an invalid value,
   * and mended by a write that made more errors.
   */
  @Test
  void F08_whatCannotBeRead_isNotTakenForBad() {
    var book = new Book();
    book.preconditions = List.of(new Check("invalid", "last(\"errors\") > 0.1"));
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(40));
    assertNothingSent();
  }

  /**
   * GitHub, 2018-10-21 (its analysis): 43 seconds without a network were enough for a promotion
   * that took a day to mend.
   */
  @Test
  void F09_blipOf45Seconds_nothingIsDone() {
    var book = new Book();
    book.lasting = Duration.ofMinutes(1);
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofSeconds(45));
    rig.outside.sick = false;
    rig.pass(Duration.ofMinutes(20));
    assertNothingSent();
  }

  /** The same: what is still there after a short while is not acted on before its time either. */
  @Test
  void F09_lastsLessThanItsRunbookWants_nothingIsDone() {
    var book = new Book();
    book.lasting = Duration.ofMinutes(10);
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(9));
    assertNothingSent();
    rig.pass(Duration.ofMinutes(3));
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  /**
   * Twilio, 2013-07-18 (its post-mortem): a primary Redis was restarted and came up without its
   * data; cards were charged again and again.
   */
  @Test
  void F10_productionDatabase_isNotRestartedByItself() {
    rig.target = new Target(Rig.SERVICE, "fake", "database", "production", false, "", Map.of());
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
  }

  /**
   * Kubernetes' cluster autoscaler (kubernetes/autoscaler#446): its cache was empty after a start,
   * so that every node looked unused.
   */
  @Test
  void F11_justStarted_waitsForTwoObservations() {
    rig.begin();
    stop();
    rig.pass(Duration.ofMinutes(5));
    rig.restart();
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "over"));
    assertNothingSent();
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  /** KEDA (kedacore/keda#3064, #965): a metric that had stopped coming was read as a value. */
  @Test
  void F12_samplesStopComing_isNoSuccess() {
    var book = new Book();
    book.interval = Rig.TICK;
    book.deadline = Duration.ofMinutes(2);
    rig.runbooks = book.made();
    rig.begin();
    while (rig.control.state().remediations().values().stream().noneMatch(Remediation::hasActed)) {
      rig.tick();
    }
    rig.outside.stuckAt = rig.now.plusSeconds(1);
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isEqualTo(Status.ROLLBACK_FAILED);
  }

  /**
   * OpenShift (openshift/machine-api-operator#898): machines under remediation were counted as
   * healthy, and more were taken down than the bound allowed.
   */
  @Test
  void F13_halfOfTheFleetIsIll_nothingBegins() {
    rig.more = new ArrayList<>(healthy(4));
    for (int i = 0; i < 4; i++) {
      rig.more.add(target("ill-" + i, "fake", Map.of()));
      rig.outside.alsoSick.add("ill-" + i);
    }
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
  }

  /**
   * Kubernaut (#616, #715, #1090): the same memory was doubled five times, each time "remediated",
   * since every recurrence was a new incident.
   */
  @Test
  void F14_comesBackAfterEverySuccess_threeTimesThenPeople() {
    rig.runbooks = new Book().made();
    rig.begin();
    for (int i = 0; i < 5; i++) {
      rig.outside.sick = true;
      rig.pass(Duration.ofMinutes(25));
    }
    assertThat(rig.outside.done.values()).hasSize(3).containsOnly(1);
  }

  /**
   * Signet (Signet-AI/signetai#1784): its limiter let daemons and operators pass, which were all
   * callers there were.
   */
  @Test
  void F15_whoeverAsks_theGuardsAreAsked() {
    var book = new Book();
    book.tier = 4;
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(2));
    String digest = rig.last().plan().digest();
    stop();
    for (String actor : List.of("operator", "daemon", "admin")) {
      rig.ask(new Command.Decide("APR-1", actor, true, digest, "now", actor));
      rig.ask(new Command.FreezeLifted(actor, Rig.SERVICE, "now"));
      rig.ask(new Command.ReviewGiven(actor, "REM-1", true, "now"));
    }
    rig.pass(Duration.ofMinutes(20));
    assertThat(rig.last().status()).isEqualTo(Status.APPROVED);
    assertNothingSent();
  }

  /** Cruise Control (linkedin/cruise-control#1516): one broker's failure was healed twice. */
  @Test
  void F16_sameAlertAgainAndAgain_oneRemediation() {
    rig.runbooks = new Book().made();
    rig.begin();
    for (int i = 0; i < 12; i++) {
      var word = rig.word();
      for (int again = 0; again < 3; again++) rig.control.submit(new Command.SymptomSeen(word));
      rig.tick();
    }
    assertThat(rig.control.state().remediations()).hasSize(1);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  /** Cruise Control (#1367): what broke while healing was switched off was never healed. */
  @Test
  void F17_brokeWhileSwitchedOff_isHealedAfterwards() {
    rig.runbooks = new Book().made();
    rig.begin();
    stop();
    rig.pass(Duration.ofMinutes(10));
    assertNothingSent();
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "over"));
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  /** Cruise Control (#704): a fix that threw left the executor busy for ever. */
  @Test
  void F18_actionThrowsAnywhere_nothingStaysUnderWay() {
    for (String phase : List.of("snapshot", "dryRun", "run", "probe")) {
      var one = new Rig(new MemoryJournal());
      one.runbooks = new Book().made();
      one.outside.throwsIn.add(phase);
      if (phase.equals("probe")) one.outside.lost.add("answer");
      one.outside.helps = false; // or what heals by itself would need nobody
      one.begin().pass(Duration.ofMinutes(60));
      assertThat(one.control.state().remediations().values())
          .as(phase)
          .noneMatch(Remediation::isUnderWay);
      assertThat(one.control.state().incidents().get("INC-1").handedOver()).as(phase).isNotNull();
    }
  }

  /** StackStorm (StackStorm/st2#3871): a lost connection had the action carried out twice. */
  @Test
  void F19_requestLost_whatIsNotRepeatableIsNotRepeated() {
    rig.runbooks = new Book().made();
    rig.outside.idempotency = Idempotency.N;
    rig.outside.lost.add("request");
    rig.begin().pass(Duration.ofMinutes(3));
    assertThat(rig.last().status()).isEqualTo(Status.ABORTED);
    assertNothingSent();
  }

  /** Rundeck (rundeck/rundeck#7139): after a restart executions were "running" for ever. */
  @Test
  void F20_serverDiesDuringAStep_itsEndIsFoundOut() {
    rig.runbooks = new Book().made();
    rig.begin();
    while (rig.outside.done.isEmpty()) rig.tick();
    int intent = rig.types().indexOf("remediation.step-intended");
    var after = new Rig(MemoryJournal.cut(journal, intent + 1));
    after.runbooks = rig.runbooks;
    after.now = rig.now;
    after.outside.done.putAll(rig.outside.done);
    after.outside.sick = false;
    after.begin().pass(Duration.ofMinutes(10));
    assertThat(after.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(after.last().steps().getFirst().output()).contains("the server ended before");
    assertThat(after.outside.probes).isEqualTo(1);
    assertThat(after.outside.done.values()).containsExactly(1);
  }

  /**
   * Argo Rollouts (argoproj/argo-rollouts#1292): an abort with nothing in progress scaled the
   * stable version to nothing.
   */
  @Test
  void F21_wayBackToNothing_isNotBegun() {
    var book = new Book();
    book.forward = Map.of("replicas", MORE);
    book.back = Map.of("back", "yes", "replicas", "0");
    rig.runbooks = book.made();
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.outside.replicas).isEqualTo("8");
  }

  /** Argo Rollouts (#3020, #3941): traffic went back to a version that was far too small. */
  @Test
  void F22_wayBackToTooFew_isNotBegun() {
    var book = new Book();
    book.forward = Map.of("replicas", MORE);
    book.back = Map.of("back", "yes", "replicas", "2");
    rig.runbooks = book.made();
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.last().why()).contains("at least 8 wanted");
  }

  /**
   * Flux' helm-controller (fluxcd/helm-controller#1169): a rollback that failed like the upgrade
   * was tried without end.
   */
  @Test
  void F23_wayBackIsDown_onceMoreThenPeople() {
    rig.runbooks = new Book().made();
    rig.outside.helps = false;
    rig.outside.backDown = true;
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(rig.last().status()).isEqualTo(Status.ROLLBACK_FAILED);
    assertThat(rig.outside.backTries).isEqualTo(2);
    assertThat(rig.control.state().frozen()).containsKey(Rig.SERVICE);
    assertThat(rig.outside.notices).anyMatch(n -> n.severity().equals("critical"));
  }

  /** Comp AI (trycompai/comp#2493): what had not been verified could not be rolled back. */
  @Test
  void F24_endWasUnknown_canBeTakenBack() {
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, true, 2));
    rig.outside.helps = false;
    rig.outside.lost.add("answer");
    var runs = new int[1];
    rig.outside.whileRunning =
        () -> {
          if (++runs[0] == 2) rig.outside.lost.add("failed");
        };
    rig.begin().pass(Duration.ofMinutes(4));
    assertThat(rig.control.state().remediations().get("REM-1").status())
        .isEqualTo(Status.ROLLED_BACK);
  }

  /**
   * Argo CD (argoproj/argo-cd#21599, #23057, #25579): backing off was reset too early, or never.
   */
  @Test
  void F25_whateverHappens_restsBetweenAttempts() {
    for (long seed = 1; seed <= 4; seed++) {
      var random = new Random(seed);
      var one = new Rig(new MemoryJournal());
      one.runbooks = new Book().made();
      one.begin();
      for (int i = 0; i < 400; i++) {
        if (random.nextInt(8) == 0) one.outside.sick = true;
        one.outside.helps = random.nextBoolean();
        if (random.nextInt(40) == 0) one.restart();
        one.tick();
      }
      Instant rested = Instant.MIN;
      for (Remediation each : one.control.state().remediations().values()) {
        Instant acted = each.actedAt();
        if (acted == null) continue;
        assertThat(acted).as("seed %d, %s", seed, each.id()).isAfterOrEqualTo(rested);
        rested = each.since().plus(PolicyConfig.DEFAULTS.cooldown());
      }
      assertThat(rested).isAfter(Instant.MIN);
    }
  }

  /** Descheduler (kubernetes-sigs/descheduler#1064): pods went back and forth every two minutes. */
  @Test
  void F26_somethingPutsItBack_isNotDoneAgain() {
    var book = new Book();
    book.forward = Map.of("replicas", MORE);
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(12));
    assertThat(rig.outside.replicas).isEqualTo("10");
    rig.outside.replicas = "8";
    rig.outside.sick = true;
    rig.pass(Duration.ofMinutes(20));
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(rig.last().suggestion()).asString().contains("something puts it back");
    assertThat(rig.outside.replicas).isEqualTo("8");
  }

  /**
   * Health checks that ask the database (Builders' Library, "Implementing health checks"): the
   * database is slow, and everything that calls it is restarted.
   */
  @Test
  void F27_whatItCallsIsIll_isNotRestarted() {
    var book = new Book();
    book.tier = 2;
    book.lasting = Duration.ofMinutes(1);
    rig.runbooks = book.made();
    rig.more = new ArrayList<>(healthy(8));
    rig.more.add(target("db", "other", Map.of()));
    rig.outside.alsoSick.add("db");
    rig.begin()
        .pass(Duration.ofSeconds(45)); // two incidents: that one calls the other is seen then
    rig.topology = new Topology(Map.of(Rig.SERVICE, java.util.Set.of("db")));
    rig.pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.control.state().incidents().values())
        .extracting(Incident::culprit)
        .contains(Rig.SERVICE, "db");
    assertThat(rig.last().why()).startsWith("dependency");
  }

  /** PagerDuty, Alertmanager and others (their documentation): every event may come again. */
  @Test
  void F28_sameEventAgain_countsOnce() {
    rig.begin();
    for (boolean finished : new boolean[] {false, true}) {
      for (int i = 0; i < 3; i++) {
        var posted = new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, finished, "");
        assertThat(rig.ask(posted)).isEqualTo(new Answer.Accepted("dep-1"));
      }
    }
    assertThat(rig.types()).filteredOn(t -> t.equals("deployment.began")).hasSize(1);
    assertThat(rig.types()).filteredOn(t -> t.equals("deployment.ended")).hasSize(1);
  }

  /**
   * Node Healthcheck Operator (docs/workflow.md): a condition that flipped began its wait anew, and
   * the remediation with it.
   */
  @Test
  void F29_symptomsTakeTurns_theWaitGoesOn() {
    var book = new Book();
    book.lasting = Duration.ofMinutes(2);
    rig.runbooks = book.made();
    rig.begin();
    for (int i = 0; i < 24; i++) {
      long over = rig.now.toEpochMilli();
      boolean even = i % 2 == 0;
      rig.control.submit(
          new Command.SymptomSeen(rig.word(Rig.SERVICE, "heap_bytes", even ? 0 : over)));
      rig.tick();
    }
    assertThat(rig.control.state().incidents()).hasSize(1);
    assertThat(rig.control.state().remediations()).hasSize(1);
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  /**
   * Cruise Control's purgatory: reviews were kept in memory, and what was approved was not looked
   * at again.
   */
  @Test
  void F30_signedButChangedSince_isSuperseded() {
    var book = new Book();
    book.tier = 4;
    book.forward = Map.of("replicas", MORE);
    rig.runbooks = book.made();
    rig.begin().pass(Duration.ofMinutes(2));
    rig.restart();
    stop();
    String digest = rig.last().plan().digest();
    rig.ask(new Command.Decide("APR-1", "ann", true, digest, "", "k"));
    rig.outside.replicas = "9";
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "over"));
    rig.pass(Duration.ofMinutes(5));
    Remediation first = rig.control.state().remediations().get("REM-1");
    assertThat(first.status()).isEqualTo(Status.INVALIDATED);
    assertThat(first.why()).contains("superseded");
    assertNothingSent();
  }

  /** Robusta (utils/rate_limiter.py): its limiter forgot everything with the process. */
  @Test
  void F31_restartBetweenAttempts_theyStillCount() {
    rig.runbooks = new Book().made();
    rig.begin();
    for (int i = 0; i < 5; i++) {
      rig.outside.sick = true;
      rig.pass(Duration.ofMinutes(25));
      rig.restart();
    }
    assertThat(rig.outside.done.values()).hasSize(3).containsOnly(1);
  }

  /** Keep (one_until_resolved): an alert of one service kept another one's from being acted on. */
  @Test
  void F32_oneServiceWasHealed_theOtherDoesNotWait() {
    rig.runbooks = new Book().made();
    rig.more = new ArrayList<>(healthy(8));
    rig.more.add(target("cart", "fake", Map.of()));
    rig.begin();
    while (rig.control.state().remediations().isEmpty()
        || rig.last().status() != Status.SUCCEEDED) {
      rig.tick();
    }
    rig.outside.alsoSick.add("cart");
    rig.pass(PolicyConfig.DEFAULTS.cooldown().minusMinutes(2));
    assertThat(actedOn()).containsExactly(Rig.SERVICE, "cart");
  }

  /** Keep (cloudwatch_provider.py): it fetched whatever address a message without proof named. */
  @Test
  void F33_addressThatNobodyDeclared_isNotCalled() {
    var action = HttpCall.once(HttpConfig.DEFAULTS);
    var target =
        new Target(Rig.SERVICE, "http", "", "", false, "http://127.0.0.1:9/latest", Map.of());
    var step =
        new PlannedStep(
            "s",
            action.name(),
            Map.of("path", "/"),
            Duration.ofSeconds(2),
            action.idempotency(),
            false);
    assertThat(action.run(new Action.Call(target, step, "k", Map.of())))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.why()).contains("not declared"));
  }

  /** Vault (its documentation): what cannot be recorded must not be done. */
  @Test
  void F34_journalIsFull_nothingIsDone() {
    rig.begin().pass(Rig.TICK);
    journal.full = true;
    rig.pass(Duration.ofMinutes(20));
    assertNothingSent();
    assertThat(rig.control.state().journalDown()).contains("full");
  }

  /** Alertmanager (prometheus/alertmanager#5447): windows were wrong where the clocks change. */
  @Test
  void F35_morningAfterTheClocksChange_theWindowMovesWithThem() {
    rig.runbooks = new Book().made();
    rig.config =
        ControlConfig.of(
            PolicyConfig.DEFAULTS.withWindows(
                List.of(
                    new CronWindow("release", "0 9 * * *", Duration.ofHours(1), "Europe/Paris"))));
    rig.now = Instant.parse("2026-03-29T07:05:00Z"); // 09:05 there, a day before it was 08:05
    rig.begin().pass(Duration.ofMinutes(20));
    assertNothingSent();
    rig.pass(Duration.ofMinutes(45));
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  /** Datadog, 2023-03-08 (its post-mortem): monitoring went down with what it watched. */
  @Test
  void F36_nothingIsSeenAnyMore_nothingIsDone() {
    rig.runbooks = new Book().made();
    rig.outside.silent = true;
    rig.begin().pass(Duration.ofMinutes(60));
    assertNothingSent();
  }

  /**
   * Amazon S3, 2017-02-28 (aws.amazon.com/message/41926): one wrong argument of a playbook's
   * command removed far too many servers.
   */
  @Test
  void F37_argumentOutOfEveryRange_isNotSent() {
    for (String odd : List.of("-1", "0", "1", "11", "1e1", "9999999999", "ten", "10;", "")) {
      var one = new Rig(new MemoryJournal());
      var book = new Book();
      book.forward = Map.of("replicas", odd);
      one.runbooks = book.made();
      one.begin().pass(Duration.ofMinutes(3));
      assertThat(one.outside.done).as(odd).isEmpty();
    }
  }

  /** Arithmetic: three times a quarter more is nearly twice as much. */
  @Test
  void F38_growsAgainAndAgain_atMostHalfMoreThanAtTheStart() {
    var book = new Book();
    book.forward = Map.of("replicas", MORE);
    book.success = "share(\"memory\") > 0.0";
    rig.runbooks = book.made();
    rig.outside.helps = false;
    rig.begin().pass(Duration.ofMinutes(90));
    assertThat(rig.outside.replicas).isEqualTo("12");
    assertThat(rig.control.state().incidents()).hasSize(1);
  }
}
