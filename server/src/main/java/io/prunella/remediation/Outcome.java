package io.prunella.remediation;

/** The world's answer to a step. A failed step is ordinary here, so it is a value. */
public sealed interface Outcome {
  /** Carried out; {@code output} is bounded and has secrets masked. */
  record Done(String output) implements Outcome {}

  /** Surely not carried out, or carried out and refused. */
  record Failed(String why) implements Outcome {}

  /** Nobody saw the end: it may have run. */
  record Unknown(String why) implements Outcome {}
}
