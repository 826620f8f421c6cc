package io.prunella.journal;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A journal on a disk that a test breaks: full for a while, or the power goes before, after or in
 * the middle of an append. What is on it is sealed as the real one seals it. Outlives the servers
 * that write to it.
 */
public final class MemoryDisk implements Journal {
  private final List<Entry> entries = new ArrayList<>();
  private final Function<List<Draft>, Fault> faults;

  /**
   * @param faults what goes wrong when these are appended
   */
  public MemoryDisk(Function<List<Draft>, Fault> faults) {
    this.faults = faults;
  }

  /** What happens to an append. */
  public sealed interface Fault {
    record None() implements Fault {}

    /** Nothing can be written at present. */
    record Full() implements Fault {}

    /**
     * The power goes after so many entries are down: a part of a batch is worse than a journal may
     * do, which is all or none.
     */
    record PowerGoes(int entriesWritten) implements Fault {}
  }

  /** The process is gone: nothing may catch it but the test. */
  public static final class PowerCut extends Error {
    public PowerCut(String where) {
      super(where);
    }
  }

  @Override
  public List<Entry> append(long expectedHead, List<Draft> drafts) {
    if (expectedHead != entries.size()) {
      throw new StaleWriterException(
          "the journal is at %d, this writer believes %d".formatted(entries.size(), expectedHead));
    }
    switch (faults.apply(drafts)) {
      case Fault.None _ -> {}
      case Fault.Full _ ->
          throw new JournalUnavailableException("the disk is full", new IOException("full"));
      case Fault.PowerGoes cut -> {
        seal(drafts.subList(0, Math.min(cut.entriesWritten(), drafts.size())));
        throw new PowerCut("in an append");
      }
    }
    int from = entries.size();
    seal(drafts);
    return List.copyOf(entries.subList(from, entries.size()));
  }

  private void seal(List<Draft> drafts) {
    for (Draft draft : drafts) {
      long seq = entries.size() + 1L;
      String previous = entries.isEmpty() ? Seal.FIRST : entries.getLast().hash();
      String hash =
          Seal.hash(
              seq, draft.at().toString(), draft.actor(), draft.type(), draft.body(), previous);
      entries.add(
          new Entry(seq, draft.at(), draft.actor(), draft.type(), draft.body(), previous, hash));
    }
  }

  @Override
  public long head() {
    return entries.size();
  }

  @Override
  public void replay(long afterSeq, Consumer<Entry> take) {
    List.copyOf(entries.subList((int) afterSeq, entries.size())).forEach(take);
  }

  @Override
  public List<Entry> newest(long beforeSeq, int entriesMax) {
    return entries.reversed().stream().filter(e -> e.seq() < beforeSeq).limit(entriesMax).toList();
  }

  @Override
  public Verdict verify() {
    String previous = Seal.FIRST;
    Instant at = Instant.MIN;
    for (int i = 0; i < entries.size(); i++) {
      Entry e = entries.get(i);
      var row =
          new Rows.Row(
              e.seq(), e.at().toString(), e.actor(), e.type(), e.body(), e.previous(), e.hash());
      String wrong = row.wrong(i + 1L, previous);
      if (wrong == null && e.at().isBefore(at)) {
        wrong = "entry %d is of %s, the one before of %s".formatted(e.seq(), e.at(), at);
      }
      if (wrong != null) return new Verdict(false, i, wrong);
      previous = e.hash();
      at = e.at();
    }
    return new Verdict(true, entries.size(), "whole");
  }

  @Override
  public void close() {}
}
