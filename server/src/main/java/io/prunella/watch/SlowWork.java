package io.prunella.watch;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The long pieces of work of a shard, each a slice in turn: a look at recent samples does not wait
 * until a checkpoint of all rows is written. The shard's thread only. How many there may be is for
 * those to say who begin them.
 */
final class SlowWork {
  private static final class Begun {
    private final Slow work;
    private long dueAt; // in pieces of the inbox

    private Begun(Slow work) {
      this.work = work;
    }
  }

  private final ArrayDeque<Begun> begun = new ArrayDeque<>();
  private long pieces;

  void add(Slow work) {
    var added = new Begun(work);
    added.dueAt = pieces + work.workBetween();
    begun.add(added);
  }

  boolean isEmpty() {
    return begun.isEmpty();
  }

  /** Whether there is another one than the one at hand. */
  boolean hasOthers() {
    return begun.size() > 1;
  }

  /** A piece of the inbox is done. */
  void worked() {
    pieces++;
  }

  /**
   * Whose slice comes next, or null when all of them let the inbox go first.
   *
   * @param isIdle nothing is in the inbox, so that nobody needs to wait
   */
  @Nullable Slow next(boolean isIdle) {
    for (int i = begun.size(); i > 0; i--) {
      Begun one = begun.remove();
      begun.add(one);
      if (!isIdle && one.dueAt > pieces) continue;
      one.dueAt = pieces + one.work.workBetween();
      return one.work;
    }
    return null;
  }

  void end(Slow work) {
    begun.removeIf(one -> one.work == work);
  }

  /** Gives all of them away; none are left. */
  void endAll(Consumer<Slow> each) {
    for (Begun one; (one = begun.poll()) != null; ) each.accept(one.work);
  }
}
