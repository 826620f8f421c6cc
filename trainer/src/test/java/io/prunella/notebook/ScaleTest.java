package io.prunella.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  private static List<String> texts(Scale scale, int about) {
    return scale.ticks(about).stream().map(Scale.Tick::text).toList();
  }

  private static double ms(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  @Test
  void at_endsAndMiddle_lieOnTheirPixels() {
    var linear = new Scale(Scale.Kind.LINEAR, 10, 20, 300, 100);
    assertThat(linear.at(10)).isEqualTo(300);
    assertThat(linear.at(15)).isEqualTo(200);
    assertThat(linear.at(20)).isEqualTo(100);
    var log = new Scale(Scale.Kind.LOG, 0.01, 1, 0, 100);
    assertThat(log.at(0.1)).isEqualTo(50, within(1e-9));
    assertThat(log.at(0)).isInfinite();
  }

  @Test
  void ticks_linear_areRoundNumbers() {
    assertThat(texts(new Scale(Scale.Kind.LINEAR, 0, 1, 0, 1), 5))
        .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(texts(new Scale(Scale.Kind.LINEAR, -3, 14, 0, 1), 4))
        .containsExactly("0", "5", "10");
    assertThat(texts(new Scale(Scale.Kind.LINEAR, 0, 3e6, 0, 1), 3))
        .containsExactly("0", "1M", "2M", "3M");
  }

  @Test
  void ticks_powers_areAllWithin() {
    assertThat(texts(new Scale(Scale.Kind.LOG, 0.001, 1, 0, 1), 9))
        .containsExactly("0.001", "0.01", "0.1", "1");
  }

  @Test
  void ticks_times_sayHoursWithinADayAndDaysAbove() {
    var hours =
        new Scale(Scale.Kind.TIME, ms("2026-01-05T22:00:00Z"), ms("2026-01-06T04:00:00Z"), 0, 1);
    assertThat(texts(hours, 6))
        .containsExactly("22:00", "23:00", "6 Jan", "01:00", "02:00", "03:00", "04:00");
    var weeks =
        new Scale(Scale.Kind.TIME, ms("2026-01-05T22:00:00Z"), ms("2026-01-26T04:00:00Z"), 0, 1);
    assertThat(texts(weeks, 9)).hasSizeBetween(5, 18).allMatch(text -> text.endsWith(" Jan"));
  }

  @ParameterizedTest
  @CsvSource({"LINEAR, 1, 1e12", "LINEAR, -1e-9, 1e-9", "LOG, 1e-12, 1e12", "TIME, 0, 1e13"})
  void ticks_anyRange_areFewAndInOrder(Scale.Kind kind, double least, double most) {
    var ticks = new Scale(kind, least, most, 0, 1).ticks(8);
    assertThat(ticks).hasSizeBetween(1, 25);
    assertThat(ticks).extracting(Scale.Tick::at).isSorted();
    assertThat(ticks).allMatch(tick -> tick.at() >= least && tick.at() <= most * (1 + 1e-9));
  }

  @ParameterizedTest
  @CsvSource({"LINEAR, 2, 2", "LINEAR, NaN, 1", "LINEAR, 0, Infinity", "LOG, 0, 1"})
  void scale_noRange_isRefusedWithIt(Scale.Kind kind, double least, double most) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Scale(kind, least, most, 0, 1))
        .withMessageContaining("the axis goes from %s to %s, wanted", least, most);
  }
}
