package io.prunella.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlMapTest {
  @Test
  void done_keyNobodyRead_isNamedWithItsLine() {
    var problems = new Problems("a.yml");
    var map = YamlMap.parse("a.yml", "web:\n  port: 1\n  prot: 2\n", problems);
    assertThat(map.map("web").whole("port", 0, 0, 9)).isEqualTo(1);
    map.done();
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(YamlException.class)
        .hasMessage("a.yml:3: unknown key \"web.prot\", wanted one of port");
  }

  @ParameterizedTest
  @CsvSource({
    "'n: x', \"x\"",
    "'n: 10', \"10\"",
    "'n: [1]', a list",
    "'n: {a: 1}', a mapping",
  })
  void whole_wrongValue_saysSeenAndWanted(String yaml, String seen) {
    var problems = new Problems("b.yml");
    assertThat(YamlMap.parse("b.yml", yaml, problems).whole("n", 7, 1, 9)).isEqualTo(7);
    assertThatThrownBy(problems::throwIfAny)
        .hasMessage("b.yml:1: n is " + seen + ", wanted a whole number from 1 to 9");
  }

  @ParameterizedTest
  @CsvSource({"90s, PT1M30S", "1h30m, PT1H30M", "250ms, PT0.25S", "0, PT0S", "2d, PT48H"})
  void span_written_isRead(String text, String wanted) {
    assertThat(YamlMap.span(text)).contains(Duration.parse(wanted));
  }

  @ParameterizedTest
  @CsvSource({"5", "m", "5x", "'5 m'", "''", "-5m"})
  void span_notASpan_isEmpty(String text) {
    assertThat(YamlMap.span(text)).isEmpty();
  }

  @Test
  void parse_notYaml_namesFileAndLine() {
    assertThatThrownBy(() -> YamlMap.parse("c.yml", "a: [1\nb: 2\n", new Problems("c.yml")))
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith("c.yml:2: not YAML:");
  }

  @Test
  void fill_keyTwice_isAProblem() {
    var problems = new Problems("d.yml");
    YamlMap.parse("d.yml", "a: 1\na: 2\n", problems);
    assertThatThrownBy(problems::throwIfAny).hasMessage("d.yml:2: key \"a\" is given twice");
  }

  @Test
  void maps_listOfMappings_areReadInOrder() {
    var problems = new Problems("e.yml");
    var map = YamlMap.parse("e.yml", "l:\n- {n: a}\n- {n: b}\n", problems);
    assertThat(map.maps("l")).extracting(m -> m.text("n")).containsExactly("a", "b");
    map.done();
    problems.throwIfAny();
  }
}
