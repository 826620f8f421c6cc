package io.prunella.remediation;

/**
 * One way out to people. Called on virtual threads, may block; retried by the caller with the same
 * notice.
 */
public interface Notifier {
  /** The channel's configured name. */
  String name();

  /**
   * Sends it.
   *
   * @throws java.io.IOException when it did not get through; it will be tried again
   */
  void send(Notice notice) throws java.io.IOException;
}
