package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  @Test
  void json_anyNameAndNumber_canBeReadBack() {
    var values = new LinkedHashMap<String, Double>();
    values.put("event-f1", 0.5);
    values.put("none", Double.NaN);
    values.put("endless", Double.POSITIVE_INFINITY);
    String hostile = "a \"set\" in C:\\x\n";
    String text =
        Report.write(Report.Kind.JSON, List.of(new Figures(hostile, values)), "evaluate '\u0001'");
    var read = JsonMapper.shared().readTree(text);
    assertThat(read.propertyNames()).containsExactly("command", hostile);
    assertThat(read.path("command").asString()).isEqualTo("evaluate '\u0001'");
    var figures = read.path(hostile);
    assertThat(figures.propertyNames()).containsExactly("event-f1", "none", "endless");
    assertThat(figures.path("event-f1").asDouble()).isEqualTo(0.5);
    assertThat(figures.path("none").isNull()).isTrue();
    assertThat(figures.path("endless").isNull()).isTrue();
    assertThat(text).endsWith("}\n");
  }
}
