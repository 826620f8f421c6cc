package io.prunella.remediation;

import java.time.Instant;

/**
 * What a guardrail says of a proposal. The strictest ruling of all rails wins: deny, then ask, then
 * defer, then allow.
 */
public sealed interface Ruling {
  /** One line for a person, with the number seen and the number wanted. */
  String why();

  record Allow(String why) implements Ruling {}

  /** Not now; judged again at {@code until}. */
  record Defer(String why, Instant until) implements Ruling {}

  /** Only with the signatures of so many distinct people. */
  record AskHuman(String why, int approversMin) implements Ruling {}

  record Deny(String why) implements Ruling {}
}
