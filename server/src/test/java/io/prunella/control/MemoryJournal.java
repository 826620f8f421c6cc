package io.prunella.control;

import io.prunella.journal.Draft;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A journal that forgets with the process; it can be cut anywhere and can be out of order. */
final class MemoryJournal implements Journal {
  final List<Entry> entries = new ArrayList<>();
  boolean full;

  /** The first so many entries of another one, as if the power had gone right after them. */
  static MemoryJournal cut(MemoryJournal whole, int entries) {
    var journal = new MemoryJournal();
    journal.entries.addAll(whole.entries.subList(0, entries));
    return journal;
  }

  @Override
  public List<Entry> append(long expectedHead, List<Draft> drafts) {
    if (full)
      throw new JournalUnavailableException("the disk is full", new java.io.IOException("full"));
    if (expectedHead != entries.size()) {
      throw new StaleWriterException("at %d, not %d".formatted(entries.size(), expectedHead));
    }
    var sealed = new ArrayList<Entry>();
    for (Draft draft : drafts) {
      sealed.add(
          new Entry(
              entries.size() + sealed.size() + 1,
              draft.at(),
              draft.actor(),
              draft.type(),
              draft.body(),
              "",
              ""));
    }
    entries.addAll(sealed);
    return sealed;
  }

  @Override
  public long head() {
    return entries.size();
  }

  @Override
  public void replay(long afterSeq, Consumer<Entry> take) {
    entries.subList((int) afterSeq, entries.size()).forEach(take);
  }

  @Override
  public List<Entry> newest(long beforeSeq, int entriesMax) {
    return entries.reversed().stream().filter(e -> e.seq() < beforeSeq).limit(entriesMax).toList();
  }

  @Override
  public Verdict verify() {
    return new Verdict(true, entries.size(), "");
  }

  @Override
  public void close() {}
}
