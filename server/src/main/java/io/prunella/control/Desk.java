package io.prunella.control;

import io.prunella.detect.AlarmBudget;
import io.prunella.journal.Entry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Control as people's side sees it. Any thread. */
public interface Desk {
  /** The latest snapshot; never waits. */
  State state();

  /** What the alarm budget has learnt by now; it is no fact. */
  AlarmBudget budget();

  /** What the steps that are out have said so far. */
  Progress progress();

  /**
   * Hands over a command; the answer comes when its facts are on disk. Stops overtake everything.
   */
  CompletableFuture<Answer> ask(Command command);

  /**
   * Tells of every batch of sealed facts, in order, on control's thread: the listener must not
   * block.
   *
   * @return run it to end the subscription
   */
  Runnable subscribe(Consumer<List<Entry>> listener);

  /** At most so many sealed facts before {@code beforeSeq}, newest first. */
  List<Entry> newest(long beforeSeq, int entriesMax);

  /** Checks the whole trail. */
  io.prunella.journal.Journal.Verdict verify();
}
