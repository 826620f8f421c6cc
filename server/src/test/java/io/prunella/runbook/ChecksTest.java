package io.prunella.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.runbook.CheckResult.Verdict;
import io.prunella.signal.Direction;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private final Expressions expressions = new Expressions(ExpressionConfig.DEFAULTS);
  private final Checks checks = new Checks(expressions);

  private CheckResult judge(String expression) {
    assertThat(expressions.check(expression)).isEmpty();
    return checks.judge(new Runbook.Check("it", expression), readings(), ReadingsFixture.vars());
  }

  private static Readings readings() {
    var usedNow = 1_000_000_000.0;
    return new ReadingsFixture()
        .add(Signal.MEMORY, "used", 1e9, m -> m < 10 ? 0.95 * usedNow : 0.4 * usedNow)
        .add(Signal.MEMORY, "cap", Double.NaN, null, LimitPart.Role.LIMIT, 0, _ -> 5e9)
        .add(Signal.DISK, "free", 100, Direction.DOWN, LimitPart.Role.FREE, 0, _ -> 30)
        .add(Signal.DISK, "free2", 100, Direction.DOWN, LimitPart.Role.FREE, 0, _ -> 10)
        .add(Signal.LATENCY, "p99", Double.NaN, m -> m < 2 ? 0.9 : m < 10 ? 0.5 : 0.1)
        .add(Signal.LATENCY, "p99", Double.NaN, _ -> 0.2)
        .add(Signal.HEALTH, "up", Double.NaN, _ -> 1)
        .add(Signal.HEALTH, "up", Double.NaN, _ -> 0)
        .add(Signal.ERRORS, "errors", Double.NaN, null, null, 90_000, _ -> 5)
        .add(Signal.QUEUE, "depth", Double.NaN, m -> m < 5 ? Double.NaN : 3)
        .add(Signal.CPU, "cpu", Double.NaN, m -> 60 - m)
        .add(Signal.POOL, "used", 0, _ -> 3)
        .readings();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "~",
      quoteCharacter = '`',
      value = {
        "the newest of the worst series ~ last(\"latency\") == 0.9 ~ PASS",
        "limits are not values ~ last(\"memory\") < 1000000000.0 ~ PASS",
        "a metric by name ~ last(\"memory\", \"cap\") == 5e9 ~ PASS",
        "whole numbers compare ~ last(\"latency\") < 1 ~ PASS",
        "low is bad for health ~ last(\"health\") == 0 ~ PASS",
        "share of the limit ~ share(\"memory\") > 0.94 && share(\"memory\") < 0.96 ~ PASS",
        "share out of what is free, the worst ~ share(\"disk\") == 0.9 ~ PASS",
        "a limit of zero is none ~ share(\"pool\") < 1 ~ INCONCLUSIVE",
        "no limit ~ share(\"latency\") < 1 ~ INCONCLUSIVE",
        "the window ends it ~ avg(\"latency\", \"1m\") == 0.9 ~ PASS",
        "highest of a window ~ max(\"latency\", \"30m\") == 0.9 ~ PASS",
        "lowest of a window, any series ~ min(\"latency\", \"30m\") == 0.1 ~ PASS",
        "median of two halves ~ quantile(\"latency\", 0.99, \"4m\") > 0.85 ~ PASS",
        "a minute of climbing is 1/60 a second ~ rate(\"cpu\", \"10m\") > 0.015 && rate(\"cpu\","
            + " \"10m\") < 0.018 ~ PASS",
        "before the incident ~ before(\"latency\") == 0.2 ~ PASS",
        "against the time before ~ avg(\"latency\", \"1m\") > before(\"latency\") * 2.0 ~ PASS",
        "stale after a minute ~ last(\"errors\") < 1 ~ INCONCLUSIVE",
        "stale says no for nothing ~ last(\"errors\") >= 0 ~ INCONCLUSIVE",
        "nothing there at all ~ last(\"restarts\") == 0 ~ INCONCLUSIVE",
        "not a number is no data ~ last(\"queue\") < 5 ~ INCONCLUSIVE",
        "not a number is not true either ~ !(last(\"queue\") < 5) ~ INCONCLUSIVE",
        "absent ~ absent(\"restarts\") ~ PASS",
        "stale is absent ~ absent(\"errors\") ~ PASS",
        "there ~ absent(\"health\") ~ FAIL",
        "how many ~ count(\"health\") == 2 ~ PASS",
        "true with a missing part beside it ~ last(\"errors\") > 1 || last(\"cpu\") > 1 ~ PASS",
        "and a missing part decides ~ last(\"errors\") > 1 && last(\"cpu\") > 1 ~ INCONCLUSIVE",
        "divided by nothing ~ last(\"health\") / last(\"health\") < 1.0 ~ INCONCLUSIVE",
        "variables ~ target.cacheOnly && target.role == \"cache\" && incident.seconds > 300 ~ PASS",
        "a label ~ target.labels.unit == \"cart.service\" ~ PASS",
        "a label that is not there ~ target.labels.nothing == \"x\" ~ INCONCLUSIVE",
        "asked whether it is there ~ has(target.labels.nothing) ~ FAIL",
        "numbers out of text ~ int(snapshot.replicas) + params.step == 10 ~ PASS",
        "fractions and whole numbers mix ~ last(\"cpu\") * 2 == 120 && 2 * 0.5 == 1 && 3 / 2.0 != 1"
            + " ~ PASS",
        "a small sum ~ min(int(snapshot.replicas) + params.step, floor(9.7)) == 9.0 ~ PASS",
      })
  void judge_expression_verdict(String what, String expression, Verdict wanted) {
    assertThat(judge(expression).verdict())
        .as("%s: %s", what, judge(expression).seen())
        .isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "share(\"memory\") < 0.8            | share(memory) = 0.95, wanted < 0.8",
        "last(\"memory\") < 5               | last(memory) = 950000000, wanted < 5",
        "avg(\"latency\", \"1m\") < before(\"latency\") * 2.0 | avg(latency, 1m) = 0.9, wanted <"
            + " before(latency) * 2 = 0.4",
        "last(\"errors\") < 5               | last(errors) has no answer: no fresh sample",
        "absent(\"health\")                 | absent(health) = false; wanted absent(\"health\")",
      })
  void judge_words_sayWhatWasSeenAndWanted(String expression, String seen) {
    assertThat(judge(expression).seen()).isEqualTo(seen);
  }

  @Test
  void absent_nothingHeardOfTheServiceAtAll_inconclusive() {
    var nothing = new Readings(ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of());
    var result =
        checks.judge(
            new Runbook.Check("it", "absent(\"health\")"), nothing, ReadingsFixture.vars());
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(result.seen()).contains("no fresh sample of any signal");
  }

  @Test
  void judge_slowScrapes_freshForTwoIntervals() {
    long at = ReadingsFixture.AT.toEpochMilli();
    var track =
        new Readings.Track(
            "up",
            "a",
            new long[] {at - 220_000, at - 160_000, at - 100_000},
            new double[] {1, 1, 1},
            Double.NaN);
    var readings =
        new Readings(
            ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(Signal.HEALTH, List.of(track)));
    var check = new Runbook.Check("it", "last(\"health\") == 1");
    assertThat(checks.judge(check, readings, ReadingsFixture.vars()).verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void judge_samplesOfTheFuture_notLookedAt() {
    long at = ReadingsFixture.AT.toEpochMilli();
    var track =
        new Readings.Track(
            "up", "a", new long[] {at, at + 15_000}, new double[] {0, 1}, Double.NaN);
    var readings =
        new Readings(
            ReadingsFixture.AT, ReadingsFixture.INCIDENT_AT, Map.of(Signal.HEALTH, List.of(track)));
    assertThat(
            checks
                .judge(
                    new Runbook.Check("it", "last(\"health\") == 1"),
                    readings,
                    ReadingsFixture.vars())
                .verdict())
        .isEqualTo(Verdict.FAIL);
  }

  @Test
  void judgeAll_failOverInconclusiveOverPass() {
    var pass = new Runbook.Check("a", "last(\"cpu\") > 1");
    var unclear = new Runbook.Check("b", "last(\"errors\") > 1");
    var fail = new Runbook.Check("c", "last(\"cpu\") < 1");
    assertThat(all(pass, unclear, fail).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(all(pass, unclear).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(all(pass, unclear).seen()).startsWith("b: ");
    assertThat(all(pass).verdict()).isEqualTo(Verdict.PASS);
  }

  private CheckResult all(Runbook.Check... all) {
    return checks.judgeAll(List.of(all), readings(), ReadingsFixture.vars());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "last(\"memroy\") < 1                 | names no signal, wanted one of latency, errors",
        "last(memory) < 1                     | undeclared reference to 'memory'",
        "last(target.role) < 1                | wants a signal's name written out",
        "avg(\"cpu\", \"5 minutes\") < 1      | wanted a time span written out",
        "avg(\"cpu\", \"3h\") < 1             | up to 2h",
        "avg(\"cpu\", target.service) < 1     | (computed)",
        "quantile(\"cpu\", 1.5, \"5m\") < 1   | 0.0 to 1.0 is wanted",
        "last(\"cpu\")                        | it gives double, true or false is wanted",
        "target.rolle == \"x\"                | target.rolle is not known",
        "target[\"rolle\"] == \"x\"           | target.rolle is not known",
        "incident.age > 1                     | incident.age is not known",
        "[1, 2].exists(x, x > 1)              | undeclared reference",
        "1 +                                  | mismatched input",
        "system(\"rm\")                       | undeclared reference to 'system'",
      })
  void check_wrongExpression_saysWhatIsWanted(String expression, String wanted) {
    assertThat(String.join("\n", expressions.check(expression))).contains(wanted);
  }

  @Test
  void check_tooLongOrTooDeep_refused() {
    assertThat(expressions.check("1 < 2 || ".repeat(300) + "true").toString())
        .contains("at most 2000 are wanted");
    assertThat(expressions.check("(".repeat(200) + "true" + ")".repeat(200))).isNotEmpty();
    assertThat(expressions.check("!".repeat(500) + "true")).isNotNull(); // no stack overflow
  }

  @Test
  void evaluate_moreExpressionsThanAreKept_stillRight() {
    var few =
        new Checks(
            new Expressions(
                new ExpressionConfig(
                    ExpressionConfig.DEFAULTS.staleAfter(),
                    ExpressionConfig.DEFAULTS.beforeGap(),
                    2_000,
                    32,
                    400,
                    3)));
    for (int i = 0; i < 10; i++) {
      var check = new Runbook.Check("it", "%d < 5".formatted(i));
      assertThat(few.judge(check, readings(), ReadingsFixture.vars()).verdict())
          .isEqualTo(i < 5 ? Verdict.PASS : Verdict.FAIL);
    }
  }
}
