package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "0.0000368, s/s, 36.8 µs/s",
    "0, s/s, 0 s/s",
    "2.5, s/s, 2.5 s/s",
    "300, s/s, 300 s/s",
    "0.465, seconds, 465 ms",
    "6442450944, bytes, 6 GiB",
    "1536, bytes/s, 1.5 KiB/s",
    "0.779, ratio, 77.9 %",
    "93, percent, 93 %",
    "0.25, 1/s, 0.250/s",
    "2471318, '', '2,471,318'",
    "12, pods, 12 pods",
  })
  void amount_unit_isReadable(double value, String unit, String said) {
    assertThat(Words.amount(value, unit)).isEqualTo(said);
  }
}
