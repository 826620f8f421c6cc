package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Runbook.AlertSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Prometheus' own alerts say for which incident a runbook is the answer, and when it is not. */
class AlertMatchTest {
  private static final Map<String, String> FULL = Map.of("alertname", "CacheFull");
  private static final Map<String, String> DATABASE = Map.of("alertname", "DatabaseSlow");

  private final Rig rig = new Rig(new MemoryJournal());

  private static Runbook book(String name, List<AlertSelector> alerts, List<AlertSelector> notIf) {
    var made = new Variant(Rig.runbook(3, Runbook.Mode.AUTO, true, 1));
    made.name = name;
    made.when = new Runbook.When("cache-full", Duration.ofSeconds(30), 0.5, alerts, notIf);
    return made.made();
  }

  private static Ruling ruling(Remediation one, String guardrail) {
    return one.rulings().stream()
        .filter(r -> r.guardrail().equals(guardrail))
        .findFirst()
        .orElseThrow()
        .ruling();
  }

  @Test
  void wantedAlert_doesNotFire_nothingIsProposed_thenPeople() {
    rig.runbooks = List.of(book("by-alert", List.of(new AlertSelector(FULL)), List.of()));
    rig.outside.firing.add(DATABASE);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.control.state().remediations()).isEmpty();
    rig.pass(Duration.ofMinutes(10));
    assertThat(rig.outside.notices)
        .anyMatch(n ->
            n.kind().equals("handover")
                && n.text()
                    .contains(
                        "wants the alert {alertname=\"CacheFull\"}: 0 of 1 firing alerts, wanted"
                            + " at least 1"));
  }

  @Test
  void wantedAlert_fires_isProposedAndTold() {
    rig.runbooks = List.of(book("by-alert", List.of(new AlertSelector(FULL)), List.of()));
    rig.outside.firing.add(FULL);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(rig.last().plan().runbook()).isEqualTo("by-alert");
  }

  @Test
  void wantedAlert_doesNotFire_theNextRunbookHasItsTurn() {
    rig.runbooks =
        List.of(
            book("by-alert", List.of(new AlertSelector(FULL)), List.of()),
            book("without", List.of(), List.of()));
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().plan().runbook()).isEqualTo("without");
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void wantedAlert_fires_itsRunbookComesFirst() {
    rig.runbooks =
        List.of(
            book("a-without", List.of(), List.of()),
            book("by-alert", List.of(new AlertSelector(FULL)), List.of()));
    rig.outside.firing.add(FULL);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().plan().runbook()).isEqualTo("by-alert");
  }

  /** Alerts tell apart what fits equally well: no person is asked while only one's fires. */
  @Test
  void oneOfTwoWantedAlertsFires_itsRunbookActs() {
    rig.runbooks =
        List.of(
            book("a-by-database", List.of(new AlertSelector(DATABASE)), List.of()),
            book("by-cache", List.of(new AlertSelector(FULL)), List.of()));
    rig.outside.firing.add(FULL);
    rig.begin().pass(Duration.ofMinutes(10));
    assertThat(rig.last().plan().runbook()).isEqualTo("by-cache");
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void bothWantedAlertsFire_aPersonChooses() {
    rig.runbooks =
        List.of(
            book("a-by-database", List.of(new AlertSelector(DATABASE)), List.of()),
            book("by-cache", List.of(new AlertSelector(FULL)), List.of()));
    rig.outside.firing.addAll(List.of(FULL, DATABASE));
    rig.begin().pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(ruling(rig.last(), "one answer").why()).contains("by-cache");
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void vetoingAlert_fires_waits_untilItIsOver() {
    rig.runbooks = List.of(book("careful", List.of(), List.of(new AlertSelector(DATABASE))));
    rig.outside.firing.add(DATABASE);
    rig.begin().pass(Duration.ofMinutes(5));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    assertThat(rig.last().why())
        .isEqualTo(
            "vetoing alerts: alert {alertname=\"DatabaseSlow\"} fires: 1 of 1 firing alerts, wanted"
                + " none");
    rig.outside.firing.clear();
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void vetoingAlert_stays_peopleLead() {
    rig.runbooks = List.of(book("careful", List.of(), List.of(new AlertSelector(DATABASE))));
    rig.outside.firing.add(DATABASE);
    rig.begin().pass(Duration.ofMinutes(60));
    assertThat(rig.outside.done).isEmpty();
    assertThat(rig.outside.notices).anyMatch(n -> n.kind().equals("handover"));
  }

  @Test
  void vetoingAlert_labelOfTheTargetIsMissing_cannotBeTold_nothingIsDone() {
    var selector =
        new AlertSelector(
            Map.of("alertname", "DatabaseSlow", "cluster", "{{ target.labels.cluster }}"));
    rig.runbooks = List.of(book("careful", List.of(), List.of(selector)));
    rig.begin().pass(Duration.ofMinutes(5));
    assertThat(rig.outside.done).isEmpty();
    assertThat(ruling(rig.last(), "vetoing alerts").why()).contains("cannot be told", "cluster");
  }

  /** Between admission and the first step everything is looked at again, and so are alerts. */
  @Test
  void vetoingAlert_beginsWhileApproved_holdsBack() {
    var made = new Variant(Rig.runbook(4, Runbook.Mode.AUTO, true, 1));
    made.when =
        new Runbook.When(
            "cache-full",
            Duration.ofSeconds(30),
            0.5,
            List.of(),
            List.of(new AlertSelector(DATABASE)));
    rig.runbooks = List.of(made.made());
    rig.begin().pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).isEqualTo(Status.AWAITING_APPROVAL);
    rig.outside.firing.add(DATABASE);
    rig.ask(new Command.Decide("APR-1", "ann", true, rig.last().plan().digest(), "", "k"));
    rig.pass(Duration.ofMinutes(2));
    assertThat(rig.last().status()).isEqualTo(Status.APPROVED);
    assertThat(rig.outside.done).isEmpty();
    rig.outside.firing.clear();
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }
}
