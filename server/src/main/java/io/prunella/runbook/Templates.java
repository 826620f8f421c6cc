package io.prunella.runbook;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills <code>{{ expression }}</code> in arguments. What is filled in is one value and never read
 * again as a template, a shell line or a list: hostile label values stay text. Any thread.
 */
public final class Templates {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final int FILLED_CHARS_MAX = 8_192;

  private final Expressions expressions;

  public Templates(Expressions expressions) {
    this.expressions = expressions;
  }

  /**
   * The template with every expression replaced by its value. A number without a fraction is
   * written without one.
   *
   * @param vars as {@link Vars#of} makes them
   * @throws UnboundException when a part has no value, or one that cannot be an argument (a list,
   *     control characters, too long)
   */
  public String fill(String template, Readings readings, Map<String, Object> vars) {
    var filled = new StringBuilder();
    int at = 0;
    for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, at)) {
      int close = template.indexOf(CLOSE, open);
      if (close < 0) throw new UnboundException(template, "%s has no }}".formatted(template));
      filled.append(template, at, open);
      String expression = template.substring(open + OPEN.length(), close).strip();
      filled.append(value(template, expression, readings, vars));
      at = close + CLOSE.length();
      if (filled.length() > FILLED_CHARS_MAX) break;
    }
    filled.append(template, Math.min(at, template.length()), template.length());
    if (filled.length() > FILLED_CHARS_MAX) {
      throw new UnboundException(
          template,
          "%s gives more than the %d characters an argument may have"
              .formatted(template, FILLED_CHARS_MAX));
    }
    return filled.toString();
  }

  /**
   * All arguments of a step.
   *
   * @throws UnboundException as {@link #fill}
   */
  public Map<String, String> fillAll(
      Map<String, String> arguments, Readings readings, Map<String, Object> vars) {
    var filled = new LinkedHashMap<String, String>();
    arguments.forEach((name, template) -> filled.put(name, fill(template, readings, vars)));
    return filled;
  }

  /** What is wrong with a template; empty when it is well. */
  public List<String> check(String template) {
    return problems(template, null);
  }

  List<String> problems(String template, @Nullable Set<String> params) {
    var problems = new ArrayList<String>();
    int at = 0;
    for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, at)) {
      int close = template.indexOf(CLOSE, open);
      if (close < 0) {
        problems.add("%s has no }}".formatted(template));
        return problems;
      }
      String expression = template.substring(open + OPEN.length(), close).strip();
      for (String problem : expressions.problems(expression, /* wantsTruth= */ false, params)) {
        problems.add("in {{ %s }}: %s".formatted(expression, problem));
      }
      at = close + CLOSE.length();
    }
    return problems;
  }

  private String value(
      String template, String expression, Readings readings, Map<String, Object> vars) {
    var value = expressions.evaluate(expression, readings, vars);
    if (value.value() == null) {
      throw new UnboundException(
          template, "{{ %s }} has no value: %s".formatted(expression, value.why()));
    }
    String text =
        switch (value.value()) {
          case String plain -> plain;
          case Double number -> exact(number);
          case Number number -> number.toString();
          case Boolean truth -> truth.toString();
          case Object other ->
              throw new UnboundException(
                  template,
                  "{{ %s }} gives a %s, text or a number is wanted"
                      .formatted(expression, other.getClass().getSimpleName()));
        };
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new UnboundException(
          template,
          "{{ %s }} gives control characters, plain text is wanted".formatted(expression));
    }
    return text;
  }

  private static String exact(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) return Long.toString((long) number);
    return BigDecimal.valueOf(number).toPlainString();
  }
}
