package io.prunella.control;

/** What a person gets back for a command. */
public sealed interface Answer {
  /** On disk. {@code id} names what was made or changed. */
  record Accepted(String id) implements Answer {}

  /**
   * Not done.
   *
   * @param httpStatus 403 not allowed, 404 unknown, 409 conflict (plan changed, already decided),
   *     410 expired, 422 something missing, 503 cannot write
   */
  record Refused(int httpStatus, String message) implements Answer {}
}
