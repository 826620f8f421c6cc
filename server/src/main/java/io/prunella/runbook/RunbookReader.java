package io.prunella.runbook;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and checks one runbook. */
public final class RunbookReader {
  /**
   * @param actions what is known of each action by name; null: actions are not checked
   */
  public RunbookReader(Expressions expressions, @Nullable Map<String, ActionTraits> actions) {}

  /**
   * @throws RunbookException with everything that is wrong with it
   */
  public Runbook read(String fileName, String yaml) {
    throw new UnsupportedOperationException("to come");
  }
}
