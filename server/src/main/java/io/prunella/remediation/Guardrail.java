package io.prunella.remediation;

/**
 * A rule that judges a proposal. Pure: it looks at nothing but its arguments and changes nothing.
 * An exception counts as a deny.
 */
public interface Guardrail {
  /** Short and stable, in words: {@code deployment window}. */
  String name();

  /** What it says, with the number seen and the number wanted. */
  Ruling judge(Proposal proposal, Situation situation);
}
