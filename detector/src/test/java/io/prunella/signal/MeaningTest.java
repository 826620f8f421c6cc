package io.prunella.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeaningTest {
  @ParameterizedTest
  @CsvSource({
    "COUNTER, seconds, s/s",
    "COUNTER, bytes, bytes/s",
    "COUNTER, ms, ms/s",
    "COUNTER, '', 1/s",
    "COUNTER, 1/s, 1/s",
    "GAUGE, seconds, seconds",
    "GAUGE, '', ''",
    "CHECK, '', ''",
  })
  void scoredUnit_ofACounter_isItsRates(Meaning.Type type, String unit, String scored) {
    var meaning = new Meaning("shop", "a", Signal.OTHER, type, null, unit, null, "t");
    assertThat(meaning.scoredUnit()).isEqualTo(scored);
  }
}
