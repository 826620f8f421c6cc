package io.prunella.cli;

/** A command that did not do what it was asked for, in a sentence and an exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int exit;

  Failure(int exit, String message) {
    super(message, null, false, false); // told to a person, not to a debugger
    this.exit = exit;
  }

  int exit() {
    return exit;
  }
}
