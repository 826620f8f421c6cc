package io.prunella.runbook;

import java.util.List;

/** A runbook that is refused whole, with everything that is wrong with it, by file and line. */
public final class RunbookException extends RuntimeException {
  private final List<String> problems;

  RunbookException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each: {@code file:line: what, value seen, value wanted}. */
  public List<String> problems() {
    return problems;
  }
}
