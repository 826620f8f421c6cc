package io.prunella.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.runbook.CheckResult.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsTest {
  private static final Alerts ALERTS =
      new Alerts(new Templates(new Expressions(ExpressionConfig.DEFAULTS)));

  private static Alerts.AlertRead wanted(Map<String, String> selector, Readings.Alert... alerts) {
    return judge(
        new Runbook.When(
            "p", Duration.ZERO, 0, List.of(new Runbook.AlertSelector(selector)), List.of()),
        alerts);
  }

  private static Alerts.AlertRead vetoing(Map<String, String> selector, Readings.Alert... alerts) {
    return judge(
        new Runbook.When(
            "p", Duration.ZERO, 0, List.of(), List.of(new Runbook.AlertSelector(selector))),
        alerts);
  }

  private static Alerts.AlertRead judge(Runbook.When when, Readings.Alert... alerts) {
    var readings =
        new Readings(ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(), List.of(alerts));
    var reads = ALERTS.judge(when, readings, ReadingsFixture.vars());
    assertThat(reads).hasSize(1);
    return reads.getFirst();
  }

  private static Readings.Alert alert(String name, String state, double value, long ageMs) {
    return new Readings.Alert(
        Map.of("__name__", "ALERTS", "alertname", name, "alertstate", state, "env", "prod"),
        ReadingsFixture.AT.toEpochMilli() - ageMs,
        value);
  }

  @ParameterizedTest
  @CsvSource({
    "fires, High, firing, 1, 0, PASS, FAIL",
    "just heard, High, firing, 1, 300000, PASS, FAIL",
    "too old, High, firing, 1, 300001, FAIL, PASS",
    "pending only, High, pending, 1, 0, FAIL, PASS",
    "series was ended, High, firing, NaN, 0, FAIL, PASS",
    "says no, High, firing, 0, 0, FAIL, PASS",
    "another alert, Low, firing, 1, 0, FAIL, PASS",
    "clock of the sender is ahead, High, firing, 1, -5000, PASS, FAIL"
  })
  void oneAlert(
      String reason,
      String name,
      String state,
      double value,
      long ageMs,
      Verdict mustFire,
      Verdict mustNot) {
    var alert = alert(name, state, value, ageMs);
    assertThat(wanted(Map.of("alertname", "High"), alert).verdict()).isEqualTo(mustFire);
    assertThat(vetoing(Map.of("alertname", "High"), alert).verdict()).isEqualTo(mustNot);
  }

  @Test
  void noAlertKnown_doesNotMatch_andHasNoVeto() {
    var wanted = wanted(Map.of("alertname", "High"));
    assertThat(wanted.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(wanted.seen()).isEqualTo("0 of 0 firing alerts, wanted at least 1");
    assertThat(vetoing(Map.of("alertname", "High")).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void everyLabelMustBeEqual_otherLabelsDoNotMatter() {
    var alert = alert("High", "firing", 1, 0);
    assertThat(wanted(Map.of("alertname", "High", "env", "prod"), alert).verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(wanted(Map.of("alertname", "High", "env", "pro"), alert).verdict())
        .isEqualTo(Verdict.FAIL);
    assertThat(wanted(Map.of("alertname", "High", "team", "shop"), alert).verdict())
        .isEqualTo(Verdict.FAIL);
  }

  @Test
  void labelsAreFilledIn() {
    var read =
        wanted(
            Map.of("alertname", "High", "unit", "{{ target.labels.unit }}"),
            new Readings.Alert(
                Map.of("alertname", "High", "alertstate", "firing", "unit", "cart.service"),
                ReadingsFixture.AT.toEpochMilli(),
                1));
    assertThat(read.verdict()).isEqualTo(Verdict.PASS);
    assertThat(read.selector()).isEqualTo("{alertname=\"High\",unit=\"cart.service\"}");
  }

  @Test
  void labelWithoutValue_isInconclusiveBothWays() {
    var selector = Map.of("alertname", "High", "cluster", "{{ target.labels.cluster }}");
    var alert = alert("High", "firing", 1, 0);
    assertThat(wanted(selector, alert).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(vetoing(selector, alert).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  /** What a hostile target says is compared and never read: as a template, a regex or a shell. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "; rm -rf /",
        "$(reboot)",
        "`id`",
        ".*",
        "{{ target.service }}",
        "\", env=~\"",
        "  "
      })
  void hostileLabelValue_isOnlyCompared(String value) {
    var target =
        new Target("cart", "redis", "cache", "staging", true, "", Map.of("cluster", value));
    var vars =
        Vars.of(target, Map.of(), Map.of(), new Vars.Incident("INC-1", "cache-full", 0.9, 600));
    var when =
        new Runbook.When(
            "p",
            Duration.ZERO,
            0,
            List.of(),
            List.of(new Runbook.AlertSelector(Map.of("cluster", "{{ target.labels.cluster }}"))));
    var other = alert("High", "firing", 1, 0);
    var readings =
        new Readings(ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(), List.of(other));
    var read = ALERTS.judge(when, readings, vars).getFirst();
    assertThat(read.verdict()).isEqualTo(value.isBlank() ? Verdict.INCONCLUSIVE : Verdict.PASS);
    if (value.isBlank()) return;
    var labels = new HashMap<>(other.labels());
    labels.put("cluster", value);
    var same = new Readings.Alert(labels, other.timeMs(), 1);
    var with =
        new Readings(ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(), List.of(same));
    assertThat(ALERTS.judge(when, with, vars).getFirst().verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void megabyteInALabel_cannotBeTold_andIsNotShownWhole() {
    var target =
        new Target("cart", "redis", "", "", true, "", Map.of("cluster", "x".repeat(1 << 20)));
    var vars = Vars.of(target, Map.of(), Map.of(), new Vars.Incident("INC-1", "p", 0.9, 600));
    var when =
        new Runbook.When(
            "p",
            Duration.ZERO,
            0,
            List.of(),
            List.of(new Runbook.AlertSelector(Map.of("cluster", "{{ target.labels.cluster }}"))));
    var readings =
        new Readings(ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(), List.of());
    var read = ALERTS.judge(when, readings, vars).getFirst();
    assertThat(read.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(read.seen()).hasSizeLessThan(400).contains("8192");
  }

  @Test
  void selectorWithoutLabels_isRefused() {
    assertThatThrownBy(() -> new Runbook.AlertSelector(Map.of()))
        .hasMessageContaining("has no labels");
  }
}
