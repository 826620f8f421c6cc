package io.prunella.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.signal.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
  private final Templates templates = new Templates(new Expressions(ExpressionConfig.DEFAULTS));
  private final Readings readings =
      new ReadingsFixture().add(Signal.REPLICAS, "replicas", Double.NaN, _ -> 8).readings();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain                                  | plain",
        "{{ target.service }}                   | cart",
        "a {{ target.service }} b {{params.step}} | a cart b 2",
        "{{ min(int(snapshot.replicas) + params.step, floor(8 * 1.25)) }} | 10",
        "{{ last(\"replicas\") + 1.0 }}         | 9",
        "{{ last(\"replicas\") / 3.0 }}         | 2.6666666666666665",
        "{{ 123456789.25 }}                     | 123456789.25",
        "{{ target.cacheOnly }}                 | true",
        "{{ target.cacheOnly ? \"async\" : \"none\" }} | async",
        "{{ \"prefixes\" in target.labels ? target.labels.prefixes : \"\" }}x | x",
      })
  void fill_template_text(String template, String wanted) {
    assertThat(templates.check(template)).isEmpty();
    assertThat(templates.fill(template, readings, ReadingsFixture.vars())).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ snapshot.nothing }}",
        "{{ target.labels.nothing }}",
        "{{ last(\"cpu\") }}",
        "{{ 1.0 / 0.0 }}",
        "{{ [1] }}",
        "{{ open",
        "{{ \"a\\nb\" }}"
      })
  void fill_noValue_namesTheTemplate(String template) {
    assertThatThrownBy(() -> templates.fill(template, readings, ReadingsFixture.vars()))
        .isInstanceOf(UnboundException.class)
        .hasMessageContaining(template.replace("{{ ", "").replace(" }}", ""));
  }

  /** Label values come from outside: whatever they say, they are one piece of text. */
  @ParameterizedTest
  @ValueSource(strings = {"; rm -rf /", "$(reboot)", "{{ target.service }}", "`id`", "' OR 1=1 --"})
  void fill_hostileLabel_staysText(String hostile) {
    assertThat(templates.fill("x={{ target.labels.unit }}", readings, hostile(hostile)))
        .isEqualTo("x=" + hostile);
  }

  @Test
  void fill_hugeLabelOrNewline_refused() {
    assertThatThrownBy(() ->
            templates.fill("{{ target.labels.unit }}", readings, hostile("x".repeat(1_000_000))))
        .isInstanceOf(UnboundException.class)
        .hasMessageContaining("8192 characters");
    assertThatThrownBy(() -> templates.fill("{{ target.labels.unit }}", readings, hostile("a\nb")))
        .isInstanceOf(UnboundException.class)
        .hasMessageContaining("control characters");
  }

  private static Map<String, Object> hostile(String label) {
    return Vars.of(
        new Target("s", "redis", "cache", "", false, "", Map.of("unit", label)),
        Map.of(),
        Map.of(),
        new Vars.Incident("INC-1", "p", 0.5, 1));
  }

  @Test
  void check_unknownParameter_named() {
    assertThat(templates.problems("{{ params.stepp }}", java.util.Set.of("step")))
        .isEqualTo(List.of("in {{ params.stepp }}: params.stepp is not known, wanted one of step"));
  }
}
