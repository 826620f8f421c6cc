package io.prunella.yaml;

import java.util.List;

/** A document that cannot be used; the message has one line a problem, each with file and line. */
public final class YamlException extends RuntimeException {
  private final List<String> problems;

  public YamlException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each: {@code file:line: key: what was seen, what was wanted}. */
  public List<String> problems() {
    return problems;
  }
}
