package io.prunella.runbook;

import java.util.Map;

/** Judges checks. Any thread. */
public final class Checks {
  public Checks(Expressions expressions) {}

  /**
   * @param vars as {@link Vars#of} makes them
   */
  public CheckResult judge(Runbook.Check check, Readings readings, Map<String, Object> vars) {
    throw new UnsupportedOperationException("to come");
  }
}
