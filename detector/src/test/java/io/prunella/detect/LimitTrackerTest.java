package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTrackerTest {
  private static final double MIB = 1 << 20;
  private static final Labels LABELS = Labels.of("__name__", "redis_memory_used_bytes");

  private long timeMs = Fleet.START_MS;
  private final List<Anomaly> told = new ArrayList<>();

  private static Meaning meaning(Signal signal, LimitPart.Role role, String unit) {
    double headroom = signal == Signal.DISK ? 0.8 : 0.9;
    return new Meaning(
        "shop",
        "shop-1",
        signal,
        Meaning.Type.GAUGE,
        null,
        unit,
        new LimitPart("shop|shop-1|x", role, headroom),
        "in use");
  }

  private static LimitTracker tracker(Signal signal) {
    return new LimitTracker(
        meaning(signal, LimitPart.Role.USED, "bytes"), LABELS, DetectConfig.DEFAULTS);
  }

  /** So many samples, 15 s apart, of use in MiB against a limit of 100 MiB. */
  private void feed(LimitTracker tracker, int samples, DoubleUnaryOperator mib) {
    for (int i = 0; i < samples; i++) {
      timeMs += 15_000;
      tracker.limit(timeMs, 100 * MIB);
      tracker.used(timeMs, mib.applyAsDouble(i) * MIB);
      told.addAll(tracker.poll(timeMs + 1));
    }
  }

  private List<Anomaly> told(Shape shape) {
    return told.stream().filter(a -> a.shape() == shape).toList();
  }

  @Test
  void used_aboveHeadroomFromTheFirstSample_opensAtTheThird() {
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 2, _ -> 95);
    assertThat(told).isEmpty();
    feed(tracker, 1, _ -> 95);
    Anomaly anomaly = told.getLast();
    assertThat(anomaly.shape()).isEqualTo(Shape.HEADROOM);
    assertThat(anomaly.fromMs()).isEqualTo(timeMs - 30_000);
    assertThat(anomaly.upper()).isEqualTo(90 * MIB);
    assertThat(anomaly.reason()).isEqualTo("95 % of 100 MiB in use, 90 % is the threshold");
    assertThat(anomaly.labels()).isEqualTo(LABELS);
    assertThat(tracker.share()).isEqualTo(0.95);
    assertThat(tracker.limit()).isEqualTo(100 * MIB);
  }

  @Test
  void used_oneBlip_opensNothing() {
    feed(tracker(Signal.MEMORY), 50, i -> i % 5 == 0 ? 99 : 85);
    assertThat(told).isEmpty();
  }

  @Test
  void used_aroundTheThreshold_opensOnceAndClosesBelowIt() {
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 40, i -> i % 4 == 0 ? 89 : 91);
    assertThat(told(Shape.HEADROOM)).hasSize(1);
    feed(tracker, 3, _ -> 70);
    assertThat(told(Shape.HEADROOM).getLast().isOpen()).isFalse();
    feed(tracker, 10, _ -> 70);
    assertThat(told(Shape.HEADROOM)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 9.223372036854776E18, Double.NaN, Double.POSITIVE_INFINITY})
  void limit_thatIsNone_raisesNothing(double limit) {
    var tracker = tracker(Signal.MEMORY);
    for (int i = 0; i < 100; i++) {
      timeMs += 15_000;
      tracker.limit(timeMs, limit);
      tracker.used(timeMs, i * 1e9);
      told.addAll(tracker.poll(timeMs + 1));
    }
    assertThat(told).isEmpty();
    assertThat(tracker.share()).isNaN();
    assertThat(tracker.limit()).isNaN();
  }

  @Test
  void free_ofADisk_isUseOfTheRest() {
    var tracker =
        new LimitTracker(
            meaning(Signal.DISK, LimitPart.Role.LIMIT, "bytes"),
            Labels.EMPTY,
            DetectConfig.DEFAULTS);
    tracker.join(meaning(Signal.DISK, LimitPart.Role.FREE, "bytes"), LABELS);
    for (int i = 0; i < 4; i++) {
      timeMs += 15_000;
      tracker.free(timeMs, 15e9);
      tracker.limit(timeMs, 100e9);
      told.addAll(tracker.poll(timeMs + 1));
    }
    assertThat(tracker.share()).isEqualTo(0.85);
    assertThat(told(Shape.HEADROOM)).hasSize(1);
    assertThat(told.getLast().labels()).as("not the limit's").isEqualTo(LABELS);
  }

  @Test
  void used_seriesOfAPool_addUp() {
    var tracker =
        new LimitTracker(
            meaning(Signal.POOL, LimitPart.Role.USED, ""), LABELS, DetectConfig.DEFAULTS);
    for (int i = 0; i < 4; i++) {
      timeMs += 15_000;
      tracker.limit(timeMs, 100);
      tracker.used(timeMs, 50);
      tracker.used(timeMs, 30);
      tracker.used(timeMs, 15);
      told.addAll(tracker.poll(timeMs + 1));
    }
    assertThat(tracker.share()).isEqualTo(0.95);
    assertThat(told(Shape.HEADROOM)).hasSize(1);
  }

  @Test
  void glance_sampleIsThere_countsAtOnce() {
    var tracker = tracker(Signal.MEMORY);
    for (int i = 1; i <= 3; i++) {
      assertThat(told).isEmpty();
      timeMs += 15_000;
      tracker.limit(timeMs, 100 * MIB);
      tracker.used(timeMs, 95 * MIB);
      assertThat(tracker.glance(timeMs)).as("it is still that time").isEmpty();
      told.addAll(tracker.glance(timeMs + 1));
    }
    assertThat(told(Shape.HEADROOM)).hasSize(1);
    assertThat(tracker.isBusy()).as("it is open").isTrue();
  }

  /** Of one time more may come, and to a value that was counted nothing would be added any more. */
  @Test
  void glance_pool_waitsForTheTick() {
    var pool =
        new LimitTracker(
            meaning(Signal.POOL, LimitPart.Role.USED, ""), LABELS, DetectConfig.DEFAULTS);
    for (int i = 0; i < 3; i++) {
      timeMs += 15_000;
      pool.limit(timeMs, 100);
      pool.used(timeMs, 50);
      told.addAll(pool.glance(timeMs + 1));
      pool.used(timeMs, 45);
      assertThat(told).isEmpty();
      told.addAll(pool.poll(timeMs + 1000));
    }
    assertThat(pool.share()).isEqualTo(0.95);
    assertThat(told(Shape.HEADROOM)).hasSize(1);
  }

  @Test
  void glance_limitNotKnownYet_waitsForIt() {
    var tracker = tracker(Signal.MEMORY);
    tracker.used(timeMs, 95 * MIB);
    assertThat(tracker.glance(timeMs + 1)).isEmpty();
    tracker.limit(timeMs, 100 * MIB);
    tracker.glance(timeMs + 1);
    assertThat(tracker.share()).isEqualTo(0.95);
  }

  @Test
  void free_ofACertificate_isItsLifeLeft() {
    var tracker =
        new LimitTracker(
            meaning(Signal.QUOTA, LimitPart.Role.FREE, "unixtime"), LABELS, DetectConfig.DEFAULTS);
    double end = timeMs / 1000.0 + 8 * 86_400;
    for (int i = 0; i < 4; i++) {
      timeMs += 15_000;
      tracker.free(timeMs, end);
      told.addAll(tracker.poll(timeMs + 1));
    }
    assertThat(told(Shape.HEADROOM)).hasSize(1);
    assertThat(tracker.share()).isBetween(0.91, 0.912);
  }

  @ParameterizedTest
  @CsvSource({"MEMORY, 0.12, 3600", "DISK, 0.03, 14400", "MEMORY, 0.4, 1800"})
  void used_leak_exhaustionIsSeenAheadWithItsTime(
      Signal signal, double mibASample, double withinSeconds) {
    var random = new Random(3);
    var tracker = tracker(signal);
    feed(tracker, 200, _ -> 55 + 0.2 * random.nextGaussian());
    assertThat(told(Shape.EXHAUSTION)).isEmpty();
    int samples = (int) (20 / mibASample);
    feed(tracker, samples, i -> 55 + mibASample * i + 0.2 * random.nextGaussian());
    Anomaly anomaly = told(Shape.EXHAUSTION).getFirst();
    assertThat(anomaly.isOpen()).isTrue();
    assertThat(anomaly.reason()).contains("full in about").contains(" to ");
    double left = (100 - 75) / mibASample * 15;
    assertThat(tracker.exhaustedInSeconds()).isBetween(left * 0.8, left * 1.25);
    assertThat(left).isLessThan(withinSeconds);
  }

  @Test
  void used_leakThatStops_isOver() {
    var random = new Random(3);
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 150, i -> 55 + 0.15 * i + 0.2 * random.nextGaussian());
    Anomaly open = told(Shape.EXHAUSTION).getLast();
    assertThat(open.isOpen()).isTrue();
    feed(tracker, 400, _ -> 77 + 0.2 * random.nextGaussian());
    Anomaly over = told(Shape.EXHAUSTION).getLast();
    assertThat(over.isOpen()).isFalse();
    assertThat(over.reason()).as("what was wrong").isEqualTo(open.reason());
  }

  @Test
  void used_stepsAndNoise_areNoTrend() {
    var random = new Random(3);
    feed(tracker(Signal.MEMORY), 2000, i -> 50 + 8 * (i / 500) + 0.5 * random.nextGaussian());
    assertThat(told(Shape.EXHAUSTION)).isEmpty();
  }

  @Test
  void used_sawtooth_isNoTrendOnceItsHeightIsKnown() {
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 200, i -> 30 + 50 * (i % 100) / 100.0);
    told.clear();
    feed(tracker, 2000, i -> 30 + 50 * (i % 100) / 100.0);
    assertThat(told(Shape.EXHAUSTION).stream().filter(Anomaly::isOpen)).isEmpty();
  }

  @Test
  void check_threeFailuresInARow_openAndThreePassesClose() {
    var tracker =
        new LimitTracker(
            new Meaning("shop", "", Signal.HEALTH, Meaning.Type.CHECK, null, "", null, "probe"),
            LABELS,
            DetectConfig.DEFAULTS);
    int[] answers = {1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1};
    var heard = new ArrayList<String>();
    for (int i = 0; i < answers.length; i++) {
      tracker.check(timeMs + i * 15_000L, answers[i]);
      for (Anomaly a : tracker.poll(timeMs + i * 15_000L)) {
        heard.add(i + (a.isOpen() ? " open " : " over ") + a.reason());
      }
    }
    assertThat(heard)
        .containsExactly("6 open 3 checks in a row failed", "13 over 3 checks in a row failed");
  }

  @Test
  void end_seriesIsGone_closesWhatIsOpen() {
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 3, _ -> 95);
    tracker.end(timeMs);
    assertThat(tracker.poll(timeMs + 1)).singleElement().matches(a -> !a.isOpen());
    assertThat(tracker.poll(timeMs + 2)).isEmpty();
  }

  @Test
  void used_nastyValuesAndTimes_areNoSamples() {
    var tracker = tracker(Signal.MEMORY);
    feed(tracker, 3, _ -> 50);
    for (double nasty : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
      timeMs += 15_000;
      tracker.used(timeMs, nasty);
      tracker.poll(timeMs + 1);
    }
    tracker.used(timeMs - 3_600_000, 99 * MIB);
    tracker.poll(timeMs + 1);
    assertThat(tracker.share()).isEqualTo(0.5);
  }
}
