package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.Anomaly;
import io.prunella.detect.Candidate;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.Judge;
import io.prunella.detect.Siblings;
import io.prunella.detect.Stage1;
import io.prunella.series.Fingerprint;
import io.prunella.series.Labels;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.ServiceRules;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JuryTest {
  private static final Meaning GAUGE =
      new Meaning("shop", "", Signal.OTHER, Meaning.Type.GAUGE, null, "", null, "made");
  private final List<Anomaly> told = Collections.synchronizedList(new ArrayList<>());

  private record Says(ToDoubleFunction<double[]> what) implements Judge {
    @Override
    public double probability(double[] candidate) {
      return what.applyAsDouble(candidate);
    }

    @Override
    public double threshold() {
      return 0.5;
    }
  }

  private static Anomaly word(int series, long atMs, long toMs) {
    return new Anomaly(
        Labels.of("__name__", "made", "series", String.valueOf(series)),
        GAUGE,
        Shape.SPIKE,
        Direction.UP,
        1000,
        toMs,
        atMs,
        5,
        1,
        0,
        2,
        12,
        "made");
  }

  /** What the judge is asked with, in these tests, is what it answers. */
  private static Says echo() {
    return new Says(numbers -> numbers[0]);
  }

  private static Jury.Facts facts(double first) {
    var numbers = new double[Candidate.OF_ANOMALY.size()];
    numbers[0] = first;
    return new Jury.Facts(numbers, new Siblings());
  }

  /** As ticks do: tells of siblings, here that there are none, until nobody waits for any. */
  private static void settle(Jury jury) {
    do {
      answer(jury, new Siblings());
      jury.settle();
    } while (!jury.services().isEmpty());
  }

  private static void answer(Jury jury, @Nullable Siblings siblings) {
    var all = new HashMap<String, @Nullable Siblings>();
    for (String service : jury.services()) all.put(service, siblings);
    jury.answer(all);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void take_doubtedAtFirst_isToldOnceItIsBelieved(boolean live) {
    try (var jury = new Jury(echo(), told::add, () -> 0, live)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(0.1));
      settle(jury);
      jury.take(word(1, 20, 0), Stage1.CHANGED, facts(0.2));
      settle(jury);
      assertThat(told).isEmpty();
      jury.take(word(1, 30, 0), Stage1.CHANGED, facts(0.9));
      settle(jury);
      jury.take(word(1, 40, 0), Stage1.CHANGED, facts(0.1));
      settle(jury);
      jury.take(word(1, 50, 50), Stage1.CLOSED, null);
      settle(jury);
      assertThat(told).extracting(Anomaly::atMs).containsExactly(30L, 40L, 50L);
      assertThat(jury.judged.sum()).isEqualTo(3); // of what is told nobody is asked again
      assertThat(jury.heldBack.sum()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void take_doubtedToTheEnd_isNeverTold_andTheNextIsJudgedAnew(boolean live) {
    try (var jury = new Jury(echo(), told::add, () -> 0, live)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(0.1));
      settle(jury);
      jury.take(word(1, 20, 20), Stage1.CLOSED, null);
      settle(jury);
      jury.take(word(1, 30, 0), Stage1.OPENED, facts(0.8));
      settle(jury);
      jury.take(word(1, 40, 40), Stage1.CLOSED, null);
      settle(jury);
      assertThat(told).extracting(Anomaly::atMs).containsExactly(30L, 40L);
    }
  }

  @Test
  void take_whatIsNotAsked_isTold() {
    try (var jury = new Jury(echo(), told::add, () -> 0, true)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, null);
      settle(jury);
      assertThat(told).hasSize(1);
      assertThat(jury.judged.sum()).isZero();
    }
  }

  @Test
  void take_judgeThatBreaksDown_leavesStage1sWord() {
    var broken =
        new Says(_ -> {
          throw new IllegalStateException("made");
        });
    try (var jury = new Jury(broken, told::add, () -> 0, true)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(0));
      settle(jury);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void take_moreThanTheBudget_leavesStage1sWord_andIsCounted() {
    try (var jury = new Jury(echo(), told::add, () -> 0, true)) {
      for (int i = 0; i < 1500; i++) {
        jury.take(word(i, 10, 0), Stage1.OPENED, facts(0.1));
        settle(jury);
      }
      assertThat(jury.judged.sum()).isEqualTo(1000);
      assertThat(jury.overflowed.sum()).isEqualTo(500);
      assertThat(told).hasSize(500);
    }
  }

  @Test
  void take_samplesCome_earnsBudgetAgain() {
    var samples = new java.util.concurrent.atomic.AtomicLong();
    try (var jury = new Jury(echo(), told::add, samples::get, true)) {
      for (int i = 0; i < 2000; i++) {
        samples.addAndGet(1000);
        jury.take(word(i, 10, 0), Stage1.OPENED, facts(0.1));
        settle(jury);
      }
      assertThat(jury.judged.sum()).isEqualTo(2000);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void take_moreThanWaits_isToldAtOnce_andLastWordsStayLast() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var slow =
        new Says(numbers -> {
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return 0.9;
        });
    try (var jury = new Jury(slow, told::add, () -> Long.MAX_VALUE / 2, true)) {
      jury.take(word(0, 10, 0), Stage1.OPENED, facts(1));
      answer(jury, new Siblings());
      begun.await();
      for (int i = 1; i <= 5000; i++) jury.take(word(i, 10, 0), Stage1.OPENED, facts(1));
      assertThat(told).hasSize(5000 - 4096);
      assertThat(jury.overflowed.sum()).isEqualTo(5000 - 4096);
      for (int i = 0; i <= 5000; i++) jury.take(word(i, 20, 20), Stage1.CLOSED, null);
      go.countDown();
      settle(jury);
      for (int i = 0; i <= 5000; i++) {
        Labels labels = word(i, 0, 0).labels();
        var mine = told.stream().filter(a -> a.labels().equals(labels)).toList();
        if (i % 500 == 0) assertThat(mine.getLast().isOpen()).as("series %d", i).isFalse();
      }
    }
    assertThat(told.stream().filter(a -> !a.isOpen()).count()).isEqualTo(5001);
  }

  @Test
  void take_opensAgainBeforeTheEndWasTold_isTold() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var first = new AtomicInteger();
    var judge =
        new Says(numbers -> {
          if (first.getAndIncrement() > 0) return 0;
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return 1;
        });
    try (var jury = new Jury(judge, told::add, () -> 0, true)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(1));
      answer(jury, new Siblings());
      begun.await();
      jury.take(word(1, 20, 20), Stage1.CLOSED, null);
      jury.take(word(1, 30, 0), Stage1.OPENED, facts(0));
      go.countDown();
      settle(jury);
      assertThat(told).extracting(Anomaly::atMs).containsExactly(10L, 30L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void take_waitsUntilItsServiceIsHeardOf_andIsJudgedByIt(boolean live) {
    var said = new Says(numbers -> numbers[Candidate.ALWAYS]); // how many siblings
    try (var jury = new Jury(said, told::add, () -> 0, live)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(1));
      jury.answer(Map.of("mail", odd(), "cart", odd()));
      jury.settle();
      assertThat(told).isEmpty();
      assertThat(jury.judged.sum()).isZero();
      assertThat(jury.services()).containsExactly("shop");
      answer(jury, odd());
      jury.settle();
      assertThat(told).hasSize(1);
      assertThat(jury.services()).isEmpty();
    }
  }

  @Test
  void take_siblingsThatCannotBeHeardOf_isJudgedByItsOwnRow() {
    try (var jury = new Jury(echo(), told::add, () -> 0, true)) {
      jury.take(word(1, 10, 0), Stage1.OPENED, facts(0.9));
      jury.take(word(2, 10, 0), Stage1.OPENED, facts(0.1));
      answer(jury, null);
      jury.settle();
      assertThat(told).extracting(Anomaly::labels).containsExactly(word(1, 0, 0).labels());
      jury.take(word(3, 10, 0), Stage1.OPENED, facts(0.9)); // and nobody answers before the end
    }
    assertThat(told).hasSize(2);
    assertThat(told.getLast().labels()).isEqualTo(word(3, 0, 0).labels());
  }

  /** One series that is far away. */
  private static Siblings odd() {
    var stage1 = new Stage1(DetectConfig.DEFAULTS);
    var page = new double[stage1.rowDoubles()];
    int traits = Stage1.traits(GAUGE);
    stage1.begin(page, 0, traits);
    var random = new Random(2);
    for (int i = 0; i < 100; i++) {
      stage1.observe(page, 0, traits, i * 15_000L, random.nextGaussian() + (i > 98 ? 50 : 0));
    }
    var siblings = new Siblings();
    siblings.add(page, 0);
    return siblings;
  }

  /** A whole watch: a gauge that leaps, judged by one who believes nothing, or everything. */
  @ParameterizedTest
  @EnumSource(WatchConfig.Delivery.class)
  void watch_judged_tellsWhatTheJudgeLetsThrough(WatchConfig.Delivery delivery) {
    assertThat(leaps(new Says(_ -> 0), delivery)).isZero();
    assertThat(leaps(new Says(_ -> 1), delivery)).isPositive();
    assertThat(leaps(null, delivery)).isPositive();
  }

  private Watch watch(
      int shards, WatchConfig.Delivery delivery, @Nullable Judge judge, Fingerprint fingerprint) {
    return new Watch(
        WatchConfig.DEFAULTS.withShards(shards).withDelivery(delivery),
        DetectConfig.DEFAULTS,
        judge,
        fingerprint,
        Catalogue.shipped(ServiceRules.DEFAULTS),
        _ -> null,
        told::add,
        _ -> {});
  }

  private int leaps(@Nullable Judge judge, WatchConfig.Delivery delivery) {
    told.clear();
    var fingerprint = new Fingerprint(7);
    var feed = new Feed(fingerprint);
    var random = new Random(1);
    try (var watch = watch(1, delivery, judge, fingerprint)) {
      long time = WatchFixture.START;
      for (int i = 0; i < 200; i++) {
        time += WatchFixture.STEP;
        feed.add(WatchFixture.gauge(1), time, 100 + random.nextGaussian() + (i > 190 ? 50 : 0));
      }
      feed.send(watch);
      watch.settle(time);
      assertThat(watch.jury().isThere()).isEqualTo(judge != null);
      if (judge != null) assertThat(watch.jury().judged()).isPositive();
      return told.size();
    }
  }

  /** Ten gauges of a service over two shards, nine of which leap at once; the last leaps alone. */
  @ParameterizedTest
  @EnumSource(WatchConfig.Delivery.class)
  void watch_judged_isToldHowManySiblingsAreOdd(WatchConfig.Delivery delivery) {
    var asked = Collections.synchronizedList(new ArrayList<double[]>());
    var judge =
        new Says(numbers -> {
          asked.add(numbers.clone());
          return 1;
        });
    var fingerprint = new Fingerprint(7);
    var feed = new Feed(fingerprint);
    var random = new Random(1);
    try (var watch = watch(2, delivery, judge, fingerprint)) {
      long time = WatchFixture.START;
      for (int i = 0; i < 300; i++) {
        time += WatchFixture.STEP;
        for (int series = 0; series < 10; series++) {
          boolean leaps = series < 9 ? i >= 200 && i < 210 : i >= 290;
          feed.add(
              WatchFixture.gauge(series), time, 100 + random.nextGaussian() + (leaps ? 50 : 0));
        }
        feed.send(watch);
        watch.settle(time);
      }
    }
    int siblings = Candidate.OF_ANOMALY.indexOf("siblings");
    int open = Candidate.OF_ANOMALY.indexOf("siblings-open");
    assertThat(asked).hasSizeGreaterThanOrEqualTo(10);
    for (double[] one : asked) {
      assertThat(one[siblings]).isCloseTo(Math.log1p(9), within(0.04));
    }
    assertThat(asked.getFirst()[open]).isCloseTo(8 / 9.0, within(0.04));
    assertThat(asked.getLast()[open]).isZero();
  }

  @Test
  void numbers_onlyOfGaugesThatSpeakNow() {
    var stage1 = new Stage1(DetectConfig.DEFAULTS);
    var page = new double[stage1.rowDoubles()];
    int traits = Stage1.traits(GAUGE);
    stage1.begin(page, 0, traits);
    Anomaly open = word(1, 10, 0);
    assertThat(Jury.facts(stage1, page, 0, traits, open, Stage1.OPENED))
        .isNotNull()
        .satisfies(f -> assertThat(f.numbers()).hasSize(Candidate.OF_ANOMALY.size()));
    assertThat(Jury.facts(stage1, page, 0, traits, word(1, 10, 10), Stage1.CLOSED)).isNull();
    var counter =
        new Meaning("shop", "", Signal.ERRORS, Meaning.Type.COUNTER, null, "", null, "made");
    var counted =
        new Anomaly(
            open.labels(), counter, Shape.SPIKE, Direction.UP, 1, 0, 1, 1, 1, 1, 1, 1, "made");
    assertThat(Jury.facts(stage1, page, 0, traits, counted, Stage1.OPENED)).isNull();
  }
}
