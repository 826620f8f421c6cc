package io.prunella.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 2, true",
    "2, 1, 2, true",
    "0.999, 1, 2, false",
    "2.001, 1, 2, false",
    "NaN, 1, 2, false",
    "NaN, -Infinity, Infinity, false",
    "-7, -Infinity, 0, true",
  })
  void told_holdsOnlyWithin(double seen, double least, double most, boolean holds) {
    if (holds) {
      assertThat(Check.told("it", seen, least, most)).startsWith("\u2713 it: ");
    } else {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> Check.told("it", seen, least, most))
          .withMessageContaining("it is " + Check.number(seen) + ", wanted ");
    }
  }

  @Test
  void told_saysSeenAndWanted() {
    assertThat(Check.told("windows", 12, 12, 12)).isEqualTo("\u2713 windows: 12, wanted 12");
    assertThat(Check.told("score", 72.726, 68, Double.POSITIVE_INFINITY))
        .isEqualTo("\u2713 score: 72.73, wanted at least 68");
    assertThat(Check.told("p", 0.01234, Double.NEGATIVE_INFINITY, 0.02))
        .isEqualTo("\u2713 p: 0.0123, wanted at most 0.0200");
  }
}
