package io.prunella.runbook;

import io.prunella.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code parameters}: typed, ranged, each with a default. */
final class ParameterReader {
  private final YamlMap parameters;

  ParameterReader(YamlMap parameters) {
    this.parameters = parameters;
  }

  private enum Type {
    INTEGER,
    NUMBER,
    STRING,
    BOOLEAN
  }

  /** The defaults, by name: Long, Double, String or Boolean. */
  Map<String, Object> read() {
    var values = new LinkedHashMap<String, Object>();
    for (String name : parameters.keys()) {
      var parameter = parameters.map(name);
      var value = value(parameter);
      if (value != null) values.put(name, value);
    }
    return values;
  }

  private static @Nullable Object value(YamlMap parameter) {
    if (!parameter.has("default")) {
      parameter.problem("default", "is missing, wanted the value where nobody gives another");
    }
    parameter.text("description", "");
    var type = parameter.choice("type", Type.class, Type.STRING);
    if (!parameter.has("type")) {
      parameter.problem("type", "is missing, wanted one of integer, number, string, boolean");
    }
    return switch (type) {
      case INTEGER -> {
        long min = parameter.whole("minimum", Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
        long max = parameter.whole("maximum", Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
        yield parameter.whole("default", min, min, max);
      }
      case NUMBER -> {
        double min =
            parameter.number("minimum", -Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE);
        double max =
            parameter.number("maximum", Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE);
        yield parameter.number("default", min, min, max);
      }
      case BOOLEAN -> parameter.flag("default", /* otherwise= */ false);
      case STRING -> string(parameter);
    };
  }

  private static String string(YamlMap parameter) {
    String value = parameter.text("default", "");
    var oneOf = parameter.texts("oneOf");
    if (!oneOf.isEmpty() && !oneOf.contains(value)) {
      parameter.problem(
          "default", "is \"%s\", wanted one of %s".formatted(value, String.join(", ", oneOf)));
    }
    return value;
  }
}
