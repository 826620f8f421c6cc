package io.prunella.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Anomaly;
import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymptomsTest {
  @ParameterizedTest
  @CsvSource({
    "SPIKE, #surprise",
    "SHIFT, #surprise",
    "TREND, #surprise",
    "SILENCE, #surprise",
    "HEADROOM, #limit",
    "EXHAUSTION, #exhaustion",
    "FAILED_CHECKS, #limit"
  })
  void of_shape_keyNamesSeriesAndClass(Shape shape, String ending) {
    var labels = Labels.of(Labels.NAME, "redis_memory_used_bytes", "instance", "a:9121");
    var meaning =
        new Meaning(
            "redis",
            "a:9121",
            Signal.MEMORY,
            Meaning.Type.GAUGE,
            Direction.UP,
            "bytes",
            null,
            "memory in use");
    var symptom =
        Symptoms.of(
            new Anomaly(labels, meaning, shape, Direction.UP, 1, 2, 3, 4, 5, 6, 7, 8, "why"));
    assertThat(symptom.key()).isEqualTo("redis_memory_used_bytes{instance=\"a:9121\"}" + ending);
    assertThat(symptom.service()).isEqualTo("redis");
    assertThat(symptom.instance()).isEqualTo("a:9121");
    assertThat(symptom.metric()).isEqualTo("redis_memory_used_bytes");
    assertThat(symptom.signal()).isEqualTo(Signal.MEMORY);
    assertThat(new long[] {symptom.fromMs(), symptom.toMs(), symptom.atMs()})
        .containsExactly(1, 2, 3);
    assertThat(
            new double[] {
              symptom.value(),
              symptom.expected(),
              symptom.lower(),
              symptom.upper(),
              symptom.surprise()
            })
        .containsExactly(4, 5, 6, 7, 8);
    assertThat(symptom.reason()).isEqualTo("why");
  }
}
