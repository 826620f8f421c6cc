package io.prunella.console;

import io.prunella.runbook.Runbook;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the console shows of rooms that it does not ask for anything else. Suppliers are called for
 * every page and must not block.
 *
 * @param runbooks the catalogue as loaded
 * @param limits the guardrails' limits in force: name to value, for people
 * @param status sections of the status page: title, then name to value
 * @param extensions cards for the page Now
 * @param problems what was wrong with the runbooks when they were last read; empty: nothing
 * @param reload reads the runbooks again and says what was wrong; the only one that may block
 */
public record ConsoleParts(
    Supplier<List<Runbook>> runbooks,
    Supplier<Map<String, String>> limits,
    Supplier<Map<String, Map<String, String>>> status,
    List<ConsoleExtension> extensions,
    Supplier<List<String>> problems,
    Supplier<List<String>> reload) {
  public static final ConsoleParts NONE = new ConsoleParts(List::of, Map::of, Map::of, List.of());

  /** With runbooks that are never read again. */
  public ConsoleParts(
      Supplier<List<Runbook>> runbooks,
      Supplier<Map<String, String>> limits,
      Supplier<Map<String, Map<String, String>>> status,
      List<ConsoleExtension> extensions) {
    this(runbooks, limits, status, extensions, List::of, List::of);
  }

  public ConsoleParts {
    extensions = List.copyOf(extensions);
  }
}
