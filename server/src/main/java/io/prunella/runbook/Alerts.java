package io.prunella.runbook;

import io.prunella.runbook.CheckResult.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges by Prometheus' alerts: which must fire for a runbook to be the answer, and which must not,
 * as its remedy would do harm then. Any thread.
 *
 * <p>An alert fires when its series says so with a value above 0 and was heard within the last five
 * minutes: Prometheus itself takes a series for gone after so long, and its rules are evaluated
 * once a minute as it ships. A series that was ended, or is older, does not fire.
 */
public final class Alerts {
  private static final Duration HEARD_WITHIN = Duration.ofMinutes(5);
  private static final String STATE = "alertstate";
  private static final String FIRING = "firing";
  private static final int SHOWN_CHARS_MAX = 200;

  private final Templates templates;

  public Alerts(Templates templates) {
    this.templates = templates;
  }

  /**
   * What was found of one selector.
   *
   * @param wanted true: such an alert must fire; false: none may
   * @param selector with its labels filled in, as Prometheus writes them
   * @param verdict PASS: as the runbook wants it; INCONCLUSIVE: a label has no value
   * @param seen for people, with the numbers
   */
  public record AlertRead(boolean wanted, String selector, Verdict verdict, String seen) {}

  /**
   * Judges every selector, those that must fire first.
   *
   * @param vars as {@link Vars#of} makes them
   */
  public List<AlertRead> judge(Runbook.When when, Readings readings, Map<String, Object> vars) {
    var firing = readings.alerts().stream().filter(alert -> fires(alert, readings)).toList();
    var reads = new ArrayList<AlertRead>();
    for (Runbook.AlertSelector one : when.alerts()) {
      reads.add(read(one, /* wanted= */ true, firing, readings, vars));
    }
    for (Runbook.AlertSelector one : when.notIf()) {
      reads.add(read(one, /* wanted= */ false, firing, readings, vars));
    }
    return List.copyOf(reads);
  }

  private static boolean fires(Readings.Alert alert, Readings readings) {
    long ageMs = readings.at().toEpochMilli() - alert.timeMs();
    return FIRING.equals(alert.labels().get(STATE))
        && alert.value() > 0
        && ageMs <= HEARD_WITHIN.toMillis();
  }

  private AlertRead read(
      Runbook.AlertSelector selector,
      boolean wanted,
      List<Readings.Alert> firing,
      Readings readings,
      Map<String, Object> vars) {
    var filled = new TreeMap<String, String>();
    for (var label : selector.labels().entrySet()) {
      String value;
      try {
        value = templates.fill(label.getValue(), readings, vars);
      } catch (UnboundException e) {
        return new AlertRead(
            wanted, shown(selector.labels()), Verdict.INCONCLUSIVE, String.valueOf(e.getMessage()));
      }
      if (value.isBlank()) { // it would fit every alert that has no such label
        return new AlertRead(
            wanted,
            shown(selector.labels()),
            Verdict.INCONCLUSIVE,
            "label %s is empty, wanted a value".formatted(label.getKey()));
      }
      filled.put(label.getKey(), value);
    }
    long count =
        firing.stream().filter(a -> a.labels().entrySet().containsAll(filled.entrySet())).count();
    String seen =
        "%d of %d firing alerts, wanted %s"
            .formatted(count, firing.size(), wanted ? "at least 1" : "none");
    boolean holds = wanted == count > 0;
    return new AlertRead(wanted, shown(filled), holds ? Verdict.PASS : Verdict.FAIL, seen);
  }

  private static String shown(Map<String, String> labels) {
    String text =
        new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> "%s=\"%s\"".formatted(label.getKey(), label.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
  }
}
