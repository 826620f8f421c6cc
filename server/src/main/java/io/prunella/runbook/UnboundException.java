package io.prunella.runbook;

/** Something in a template has no value: the message names it. A plan cannot be made then. */
public final class UnboundException extends RuntimeException {
  private final String template;

  UnboundException(String template, String why) {
    super(why);
    this.template = template;
  }

  /** The template as written. */
  public String template() {
    return template;
  }
}
