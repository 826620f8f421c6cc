package io.prunella.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final Agreement.Lines LINES = Agreement.Lines.DEFAULTS;

  private static Symptom odd(Signal signal, String metric, double nats, double halfBands) {
    return new Symptom(
        metric,
        "cart",
        "",
        signal,
        metric,
        Direction.UP,
        Shape.SHIFT,
        0,
        0,
        0,
        10 + halfBands,
        10,
        9,
        11,
        nats,
        "odd");
  }

  private static Agreement of(Symptom... symptoms) {
    return Agreement.of(Weighing.of(List.of(symptoms)), LINES);
  }

  @Test
  void of_belowTheLines_isTheirShare() {
    var two = of(odd(Signal.LATENCY, "a", 9, 1), odd(Signal.CPU, "b", 10, 1));
    assertThat(two.harm()).isCloseTo(0.5, within(1e-9)); // 9 and 6 of 30
    assertThat(two.lone()).isCloseTo(9 / 28.0, within(1e-9));
    assertThat(two.busy()).isZero();
  }

  @Test
  void of_harmThatNobodyAgreesWith_isLoneOnly() {
    var one = of(odd(Signal.LATENCY, "a", 12, 1));
    assertThat(one.harm()).isZero();
    assertThat(one.lone()).isCloseTo(12 / 28.0, within(1e-9));
  }

  @Test
  void of_littleHarm_isHeldDownByIt() {
    var mostlyBusy =
        of(
            odd(Signal.LATENCY, "a", 5, 1),
            odd(Signal.CPU, "b", 30, 1),
            odd(Signal.MEMORY, "c", 30, 1));
    assertThat(mostlyBusy.harm()).isCloseTo(0.5, within(1e-9));
    assertThat(mostlyBusy.most()).isEqualTo(Math.max(mostlyBusy.harm(), mostlyBusy.busy()));
  }

  @Test
  void of_beyondTheLine_growsWithoutACap() {
    var far = of(odd(Signal.LATENCY, "a", 12, 100));
    var farther = of(odd(Signal.LATENCY, "a", 12, 10_000));
    assertThat(Weighing.of(List.of(odd(Signal.LATENCY, "a", 12, 100))).points()).isEqualTo(30);
    assertThat(farther.lone()).isGreaterThan(far.lone());
    assertThat(far.lone()).isGreaterThan(2);
  }

  @Test
  void of_nothing_isZero() {
    assertThat(of().most()).isZero();
  }

  @Test
  void standing_countsOnlyWhatLasts() {
    var words = List.of(odd(Signal.LATENCY, "a", 12, 6), odd(Signal.CPU, "b", 12, 6));
    var agreement = Agreement.of(Weighing.of(words), LINES);
    var standing = Standing.NONE.then(0, agreement, LINES);
    assertThat(standing.statistic(59_999, words, LINES)).isZero();
    assertThat(standing.statistic(60_000, words, LINES)).isEqualTo(agreement.harm());
    assertThat(standing.then(61_000, of(), LINES).isNone()).isTrue();
  }

  @Test
  void standing_oneSeriesForVeryLong_countsByItself() {
    var gauge = odd(Signal.OTHER, "gauge", 12, 8);
    long long90 = Duration.ofMinutes(90).toMillis();
    assertThat(Standing.NONE.statistic(long90 - 1, List.of(gauge), LINES)).isZero();
    assertThat(Standing.NONE.statistic(long90, List.of(gauge), LINES)).isGreaterThan(1);
  }

  @Test
  void size_isNeverLessThanPoints() {
    var symptoms = new ArrayList<Symptom>();
    for (Signal signal : Signal.values()) {
      for (int i = 0; i < 4; i++) {
        symptoms.add(odd(signal, signal + "_" + i, 3 + 4 * i, 0.5 + 3 * i));
        var weighed = Weighing.of(symptoms);
        assertThat(weighed.size()).isGreaterThanOrEqualTo(weighed.points() - 1e-9);
        assertThat(weighed.harmSize()).isGreaterThanOrEqualTo(weighed.harmPoints() - 1e-9);
      }
    }
  }
}
