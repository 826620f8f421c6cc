package io.prunella.runbook;

import java.util.List;

/** The expression language of runbooks. */
public final class Expressions {
  public Expressions(ExpressionConfig config) {}

  /** What is wrong with a check; empty when it is well. Nothing is evaluated. */
  public List<String> check(String expression) {
    throw new UnsupportedOperationException("to come");
  }
}
