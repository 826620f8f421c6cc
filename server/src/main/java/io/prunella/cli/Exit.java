package io.prunella.cli;

/** Exit codes; the same for every command. */
final class Exit {
  static final int OK = 0;

  /** Failed, or the server said no. */
  static final int FAILED = 1;

  static final int WRONG_USE = 2;
  static final int NOT_ALLOWED = 4;

  /** The plan has changed, it is decided already, or it has expired. */
  static final int CONFLICT = 5;

  static final int NOT_FOUND = 6;
  static final int NOT_REACHED = 7;
  static final int INTERRUPTED = 130;

  private Exit() {}
}
