package io.prunella.journal;

import java.util.List;
import java.util.function.Consumer;

/**
 * What has happened: append-only, hash-chained, on disk. One writer; readers on any thread.
 *
 * <p>{@link #append} returns only when the entries survive a power cut.
 */
public interface Journal extends AutoCloseable {
  /**
   * Seals facts, all or none.
   *
   * @param expectedHead the sequence number that the writer believes to be the last
   * @return the sealed entries, in order
   * @throws StaleWriterException when someone else has written since: this writer must stop
   * @throws JournalUnavailableException when they could not be made durable (full disk, lost
   *     database); nothing was written
   */
  List<Entry> append(long expectedHead, List<Draft> drafts);

  /** Sequence number of the last entry, 0 when empty. */
  long head();

  /** Hands over the entries after {@code afterSeq} in order. */
  void replay(long afterSeq, Consumer<Entry> take);

  /**
   * At most {@code entriesMax} entries, newest first, with a sequence number below {@code
   * beforeSeq}.
   */
  List<Entry> newest(long beforeSeq, int entriesMax);

  /** Reads everything again and checks chain, hashes, gaps and signed checkpoints. */
  Verdict verify();

  @Override
  void close();

  /**
   * What verification found.
   *
   * @param intact true when the whole trail is as it was written
   * @param entries how many entries were read
   * @param message one line for a person; names the first entry that is wrong
   */
  record Verdict(boolean intact, long entries, String message) {}

  /** Someone else has written to the journal. */
  final class StaleWriterException extends RuntimeException {
    public StaleWriterException(String message) {
      super(message);
    }
  }

  /** The journal cannot write at present. */
  final class JournalUnavailableException extends RuntimeException {
    public JournalUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
