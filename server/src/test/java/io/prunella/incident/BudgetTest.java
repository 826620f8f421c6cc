package io.prunella.incident;

import static io.prunella.signal.Signal.CPU;
import static io.prunella.signal.Signal.ERRORS;
import static io.prunella.signal.Signal.LATENCY;
import static io.prunella.signal.Signal.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the alarm budget and grouping go together. */
class BudgetTest {
  private static final long WEEK_SECONDS = 7 * 86_400;

  private static Table table(double perWeek) {
    return new Table(GroupingConfig.DEFAULTS, AlarmBudget.of(perWeek));
  }

  private static List<Symptom> pair(Table table, String service, double nats, double halfBands) {
    return List.of(
        table.surprise(service, LATENCY, Direction.UP, "0", nats, halfBands),
        table.surprise(service, CPU, Direction.UP, "0", nats, halfBands));
  }

  private static AlarmBudget budget(Table table) {
    AlarmBudget budget = table.pending.budget();
    if (budget == null) throw new AssertionError("a turn was taken, wanted a budget");
    return budget;
  }

  /** Plays a pair of surprises for three minutes, and its end. */
  private static void wobble(Table table, String service, double nats, double halfBands) {
    var words = pair(table, service, nats, halfBands);
    table.turn(words, List.of());
    table.passes(180);
    table.turn(words.stream().map(table::over).toList(), List.of());
    table.passes(300);
  }

  @Test
  void decide_sameSurprises_openByWhatIsAskedFor() {
    // A surprise of latency and one of CPU: 1.2 and 0.8 of the line.
    for (double one : new double[] {0.1, 1, 10}) {
      var table = table(one);
      wobble(table, "cart", 12, 2.5);
      assertThat(table.incidents.opened()).as("%s a week", one).isEqualTo(one < 1 ? 0 : 1);
      table = table(one);
      wobble(table, "cart", 9, 2.2);
      assertThat(table.incidents.opened()).as("%s a week", one).isEqualTo(one > 1 ? 1 : 0);
    }
  }

  @Test
  void decide_manyWobbles_noMoreThanTheBudget_yetAFaultOpens() {
    var table = table(1);
    for (int i = 0; i < 100; i++) {
      wobble(table, "s" + i % 20, 12, 1.8 + i % 7 * 0.4);
      table.passes(3_600);
    }
    assertThat(table.incidents.opened()).isBetween(1L, 12L);
    assertThat(budget(table).level()).isGreaterThan(1.2);
    long before = table.incidents.opened();
    table.turn(
        table.surprise("db", LATENCY, Direction.UP, "0", 14, 40),
        table.surprise("db", ERRORS, Direction.UP, "0", 14, 40),
        table.surprise("db", CPU, Direction.UP, "0", 14, 40));
    table.passes(75);
    assertThat(table.incidents.opened()).isEqualTo(before + 1);
  }

  @Test
  void decide_quietWeeks_lowerTheLevelToTheFloor() {
    var table = table(1);
    table.turn();
    double begun = budget(table).level();
    table.passes(12 * WEEK_SECONDS);
    assertThat(begun).isBetween(0.95, 1.05);
    assertThat(budget(table).level()).isEqualTo(AlarmBudget.FLOOR);
  }

  @Test
  void decide_limitsAndWhatStandsBesideThem_areNotCounted() {
    var table = table(1);
    table.turn(table.headroom("redis", MEMORY, 0.95));
    table.turn(pair(table, "redis", 14, 30), List.of());
    table.passes(300);
    assertThat(table.incidents.opened()).isEqualTo(1);
    assertThat(budget(table).learnt()).containsExactly(untouched(table).learnt(), within(1e-9));
  }

  @Test
  void decide_surprisesThatALimitFollows_countNoMore() {
    var table = table(1);
    table.turn(pair(table, "redis", 12, 6), List.of());
    table.passes(90);
    assertThat(table.incidents.opened()).isEqualTo(1);
    assertThat(budget(table).level()).isGreaterThan(untouched(table).level());
    table.turn(table.failedChecks("redis"));
    table.passes(15);
    assertThat(budget(table).learnt()).containsExactly(untouched(table).learnt(), within(1e-9));
  }

  @Test
  void decide_neighboursOfOneIncident_countOnce() {
    var table = table(1);
    table.calls("front", "cart");
    var words = new java.util.ArrayList<>(pair(table, "cart", 12, 6));
    words.addAll(pair(table, "front", 12, 6));
    table.turn(words, List.of());
    table.passes(300);
    assertThat(table.incidents.opened()).isEqualTo(1);
    var alone = table(1);
    alone.turn(pair(alone, "cart", 12, 6), List.of());
    alone.passes(300);
    assertThat(budget(table).learnt()).containsExactly(budget(alone).learnt(), within(1e-9));
  }

  @Test
  void decide_sameWordsAnyOrder_sameBudget() {
    var straight = table(1);
    var reversed = table(1);
    for (int i = 0; i < 10; i++) {
      var words = pair(straight, "s" + i, 9 + i, 2 + i);
      straight.turn(words, List.of());
      reversed.turn(words.reversed(), List.of());
      straight.passes(120);
      reversed.passes(120);
    }
    assertThat(budget(reversed).learnt()).isEqualTo(budget(straight).learnt());
    assertThat(reversed.journal).isEqualTo(straight.journal).isNotEmpty();
  }

  /** A budget that has watched for as long and has seen nothing. */
  private static AlarmBudget untouched(Table table) {
    var budget = AlarmBudget.of(1);
    for (var at = Table.START; !at.isAfter(table.at); at = at.plusSeconds(15)) {
      budget = budget.at(at.toEpochMilli());
    }
    return budget;
  }
}
