package io.prunella.control;

/**
 * The right to write and to send: of all servers that share a journal one has it. It is asked just
 * before each call leaves, since a server that was paused may have lost it without knowing.
 */
@FunctionalInterface
public interface Lease {
  /**
   * For a journal that only one process can have open (SQLite and its folder lock): who runs,
   * leads.
   */
  Lease SOLE = () -> true;

  /** Whether it is surely held at this moment, with time enough for a call to leave. Any thread. */
  boolean isHeld();
}
