package io.prunella.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any stream of words, drawn from seeds. */
class GroupingPropertiesTest {
  private static final Signal[] SIGNALS = {
    Signal.LATENCY,
    Signal.ERRORS,
    Signal.TRAFFIC,
    Signal.CPU,
    Signal.CPU,
    Signal.MEMORY,
    Signal.MEMORY,
    Signal.NETWORK,
    Signal.DISK,
    Signal.POOL,
    Signal.QUEUE,
    Signal.OTHER,
    Signal.OTHER,
    Signal.OTHER,
    Signal.OTHER,
  };

  @ParameterizedTest
  @CsvSource({"0.1, 0, 20", "1, 50, 200", "10, 500, 2000"})
  void decide_hundredFirstWeeksOfNoise_openAsManyAsAskedFor(double asked, long least, long most) {
    long opened = 0;
    for (long seed = 1; seed <= 100; seed++) opened += incidentsInAWeekOfNoise(seed, asked);
    System.out.printf("grouping: %d incidents in 100 weeks of noise, %s asked%n", opened, asked);
    assertThat(opened).isBetween(least, most);
  }

  /**
   * A week of 12 services with 3,000 series at two anomalies per thousand series and hour, none of
   * them a fault: surprises a little above where an anomaly begins, a little outside their bands,
   * over after some minutes.
   */
  private static long incidentsInAWeekOfNoise(long seed, double asked) {
    var random = new Random(seed);
    var table = new Table(GroupingConfig.DEFAULTS, AlarmBudget.of(asked));
    table
        .calls("s0", "s1", "s2", "s3")
        .calls("s1", "s4", "s5")
        .calls("s2", "s5", "s6")
        .calls("s3", "s7");
    var open = new ArrayList<Symptom>();
    var endsMs = new ArrayList<Long>();
    double perTurn = 3_000 * 2 / 1_000.0 / 240;
    int anomalies = 0;
    for (int turn = 0; turn < 7 * 24 * 240; turn++) {
      table.at = table.at.plusSeconds(15);
      var words = new ArrayList<Symptom>();
      for (int i = open.size() - 1; i >= 0; i--) {
        if (endsMs.get(i) > table.ms()) continue;
        words.add(table.over(open.remove(i)));
        endsMs.remove(i);
      }
      if (random.nextDouble() < perTurn) {
        anomalies++;
        var signal = SIGNALS[random.nextInt(SIGNALS.length)];
        var direction = random.nextInt(3) > 0 ? Direction.UP : Direction.DOWN;
        double nats = Math.min(14, 8 - Math.log(1 - random.nextDouble()));
        double halfBands = 1 - Math.log(1 - random.nextDouble()) * 0.4;
        var word =
            table.surprise(
                "s" + random.nextInt(12),
                signal,
                direction,
                "" + random.nextInt(20),
                nats,
                halfBands);
        words.add(word);
        open.add(word);
        endsMs.add(table.ms() + 30_000 - (long) (Math.log(1 - random.nextDouble()) * 150_000));
      }
      // A turn without a word and without anything remembered decides nothing.
      if (!words.isEmpty() || table.pending.size() > 0) table.turn(words, List.of());
    }
    assertThat(anomalies).as("seed %d", seed).isGreaterThan(850);
    return table.incidents.opened();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void replay_atEachPrefix_equalsWhatDecideSaw(long seed) {
    var table = new Table();
    table.calls("s0", "s1", "s2").calls("s1", "s3");
    var random = new Random(seed);
    var seen = new ArrayList<Incidents>();
    var journalSizes = new ArrayList<Integer>();
    for (int turn = 0; turn < 400; turn++) {
      seen.add(table.incidents);
      journalSizes.add(table.journal.size());
      table.at = table.at.plusSeconds(15);
      table.turn(faults(table, random), changes(table, random));
    }
    assertThat(table.journal).as("seed %d must do something", seed).hasSizeGreaterThan(20);
    var sum = Incidents.EMPTY;
    int turn = 0;
    for (int size = 0; size <= table.journal.size(); size++) {
      for (; turn < seen.size() && journalSizes.get(turn) == size; turn++) {
        assertThat(sum).as("seed %d, turn %d", seed, turn).isEqualTo(seen.get(turn));
      }
      if (size < table.journal.size()) sum = sum.apply(table.journal.get(size));
    }
    assertThat(sum).isEqualTo(table.incidents);
    assertThat(sum.byId()).isEqualTo(table.incidents.byId());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void decide_wordsInAnyOrder_sameFacts(long seed) {
    var straight = run(seed, new Random(0), false);
    assertThat(straight).isNotEmpty();
    for (long order = 1; order <= 3; order++) {
      assertThat(run(seed, new Random(order), true))
          .as("seed %d, order %d", seed, order)
          .isEqualTo(straight);
    }
  }

  @Test
  void decide_tenThousandSymptoms_costIsLinear() {
    for (int count : new int[] {1_000, 10_000, 1_000, 10_000}) { // the first two warm up
      var table = new Table();
      var words = new ArrayList<Symptom>();
      for (int i = 0; i < count; i++) {
        int service = i / 10;
        words.add(
            table.surprise("s" + service, SIGNALS[i % SIGNALS.length], Direction.UP, "" + i % 10));
      }
      var calls = new java.util.TreeMap<String, java.util.Set<String>>();
      for (int i = 0; i < count / 10; i++)
        calls.put("s" + i, java.util.Set.of("s" + (i * 7 + 1) % (count / 10), "auth"));
      table.topology = new io.prunella.diagnose.Topology(calls);
      long began = System.nanoTime();
      int turns = 20;
      for (int turn = 0; turn < turns; turn++) {
        table.at = table.at.plusSeconds(15);
        table.turn(turn == 0 ? words : List.of(), List.of());
      }
      System.out.printf(
          "grouping: %d symptoms, %.2f ms a turn, %d facts, %d open%n",
          count,
          (System.nanoTime() - began) / 1e6 / turns,
          table.journal.size(),
          table.incidents.open().size());
      assertThat(table.pending.size()).isGreaterThanOrEqualTo(count);
    }
  }

  private static List<IncidentFact> run(long seed, Random order, boolean shuffled) {
    var table = new Table();
    table.calls("s0", "s1", "s2").calls("s1", "s3");
    var random = new Random(seed);
    for (int turn = 0; turn < 300; turn++) {
      table.at = table.at.plusSeconds(15);
      var words = faults(table, random);
      var changes = changes(table, random);
      if (shuffled) Collections.shuffle(words, order);
      if (shuffled) Collections.shuffle(changes, order);
      table.turn(words, changes);
    }
    return table.journal;
  }

  /**
   * Some words, most turns none: faults come in bursts over one or two services and end some
   * minutes later.
   */
  private static List<Symptom> faults(Table table, Random random) {
    var words = new ArrayList<Symptom>();
    long slot = table.ms() / 600_000;
    boolean bad = slot % 2 == 0;
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 0;
    for (int i = 0; i < count; i++) {
      String service = "s" + random.nextInt(6);
      Symptom word =
          switch (random.nextInt(10)) {
            case 0 -> table.headroom(service, Signal.MEMORY, 0.9 + random.nextInt(10) / 100.0);
            case 1 -> table.failedChecks(service);
            default ->
                table.surprise(
                    service,
                    SIGNALS[random.nextInt(SIGNALS.length)],
                    Direction.UP,
                    "" + random.nextInt(3),
                    8 + random.nextInt(10),
                    1 + random.nextInt(8));
          };
      words.add(bad ? word : table.over(word));
    }
    return words;
  }

  private static List<Change> changes(Table table, Random random) {
    var changes = new ArrayList<Change>();
    if (random.nextInt(40) == 0)
      changes.add(new Change("s" + random.nextInt(6), "deploy", table.ms() - 30_000, "v"));
    if (random.nextInt(40) == 0)
      changes.add(new Change("s" + random.nextInt(6), "restart", table.ms(), ""));
    return changes;
  }
}
