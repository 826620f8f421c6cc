package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.AlarmBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetKeeperTest {
  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  @TempDir Path storage;
  private AlarmBudget budget = AlarmBudget.of(1).with(0, 3).with(0, 0.7);

  @Test
  void read_nothingKept_isNew() {
    assertThat(BudgetKeeper.read(storage, 2).learnt()).isEqualTo(AlarmBudget.of(2).learnt());
    assertThat(BudgetKeeper.read(storage, 2).perWeek()).isEqualTo(2);
  }

  @Test
  void tick_anHourOn_isKept() {
    try (var keeper = new BudgetKeeper(storage, () -> budget)) {
      keeper.tick(START);
      keeper.tick(START.plusSeconds(3_599));
      assertThat(storage).isEmptyDirectory();
      keeper.tick(START.plusSeconds(3_600));
      var kept = BudgetKeeper.read(storage, 0.5);
      assertThat(kept.learnt()).isEqualTo(budget.learnt());
      assertThat(kept.perWeek()).isEqualTo(0.5);
    }
  }

  @Test
  void close_afterATick_isKept() {
    var keeper = new BudgetKeeper(storage, () -> budget);
    keeper.tick(START);
    budget = budget.with(0, 9);
    keeper.close();
    assertThat(BudgetKeeper.read(storage, 1).learnt()).isEqualTo(budget.learnt());
  }

  @Test
  void close_beforeAnyTick_leavesWhatIsOnDisk() throws IOException {
    Files.writeString(storage.resolve("alarm-budget"), "as it was");
    new BudgetKeeper(storage, () -> budget).close();
    assertThat(storage.resolve("alarm-budget")).hasContent("as it was");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "alarm-budget 2\n1.0\n", "alarm-budget 1\n1.0\n2.0\n", "alarm-budget 1\nx\n"})
  void read_damaged_isSetAsideAndLearntAnew(String text) throws IOException {
    Path file = storage.resolve("alarm-budget");
    Files.writeString(file, text);
    assertThat(BudgetKeeper.read(storage, 1).learnt()).isEqualTo(AlarmBudget.of(1).learnt());
    assertThat(file).doesNotExist();
    assertThat(storage.resolve("alarm-budget.damaged")).hasContent(text);
  }
}
