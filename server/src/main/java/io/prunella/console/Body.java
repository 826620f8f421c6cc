package io.prunella.console;

import io.prunella.yaml.YamlMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a program has sent, read field by field; what is wrong becomes a {@link
 * Problem} that says how.
 */
final class Body {
  private static final int TEXT_MAX = 4_096;
  private final JsonObject json;

  private Body(JsonObject json) {
    this.json = json;
  }

  /**
   * @param fields all that may be there; anything else is refused as a typo
   * @throws Problem 400 or 415
   */
  static Body of(RoutingContext ctx, String... fields) {
    String type = ctx.request().getHeader("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw new Problem(
          415, "unsupported-type", "The body's type is wrong.", type, "application/json");
    }
    JsonObject json;
    try {
      json = ctx.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      throw Problem.bad("The body is no JSON object.", null, "{" + String.join(", ", fields) + "}");
    }
    if (json == null)
      throw Problem.bad("The body is empty.", null, "{" + String.join(", ", fields) + "}");
    List<String> known = Arrays.asList(fields);
    for (String field : json.fieldNames()) {
      if (!known.contains(field)) {
        throw Problem.bad("The body has an unknown field.", field, String.join(", ", fields));
      }
    }
    return new Body(json);
  }

  /** A text; empty when it is absent. */
  String text(String field) {
    Object value = json.getValue(field);
    if (value == null) return "";
    if (!(value instanceof String text)) {
      throw Problem.bad(
          "The field %s has the wrong type.".formatted(field), String.valueOf(value), "a string");
    }
    if (text.length() > TEXT_MAX) {
      throw Problem.bad(
          "The field %s is too long.".formatted(field),
          text.length() + " characters",
          "at most %d characters".formatted(TEXT_MAX));
    }
    return text;
  }

  /** A text that must be there. */
  String needed(String field, String wanted) {
    String text = text(field);
    if (text.isBlank())
      throw new Problem(
          422, "incomplete", "The field %s is missing.".formatted(field), null, wanted);
    return text;
  }

  String oneOf(String field, Set<String> words) {
    String text = needed(field, String.join(" or ", words.stream().sorted().toList()));
    if (!words.contains(text)) {
      throw Problem.bad(
          "The field %s has an unknown value.".formatted(field),
          text,
          String.join(" or ", words.stream().sorted().toList()));
    }
    return text;
  }

  boolean flag(String field) {
    if (json.getValue(field) instanceof Boolean flag) return flag;
    throw Problem.bad(
        "The field %s is missing or has the wrong type.".formatted(field),
        String.valueOf(json.getValue(field)),
        "true or false");
  }

  /** A time span such as {@code 2h}; null when absent. */
  @Nullable Duration span(String field) {
    return span(field, text(field));
  }

  static @Nullable Duration span(String field, String text) {
    if (text.isBlank()) return null;
    var span = YamlMap.span(text.strip());
    if (span.isEmpty() || !span.get().isPositive()) {
      throw Problem.bad(
          "The field %s is no time span.".formatted(field), text, "such as 30m or 2h");
    }
    return span.get();
  }
}
