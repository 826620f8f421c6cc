package io.prunella.runbook;

import java.util.Map;

/** Fills {@code {{ expression }}} in arguments. Any thread. */
public final class Templates {
  public Templates(Expressions expressions) {}

  /**
   * @param vars as {@link Vars#of} makes them
   * @throws UnboundException when a part of it has no value
   */
  public String fill(String template, Readings readings, Map<String, Object> vars) {
    throw new UnsupportedOperationException("to come");
  }
}
