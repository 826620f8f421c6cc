package io.prunella.watch;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** How many series each sender has, by the senders' numbers. Bounded; any thread. */
final class SenderSeries {
  private static final int NUMBERS = 1 << 14;

  private final int max;
  private final AtomicIntegerArray counts = new AtomicIntegerArray(NUMBERS);

  /**
   * @param max series that one sender may have; 0 for any number
   */
  SenderSeries(int max) {
    this.max = max == 0 ? Integer.MAX_VALUE : max;
  }

  /** The number under which a sender is counted; 0, and not counted, when it is none. */
  static char number(int sender) {
    return sender > 0 && sender < NUMBERS ? (char) sender : 0;
  }

  /** One more series; false, and not counted, when the sender has as many as it may. */
  boolean enter(char sender) {
    if (sender == 0) return true;
    if (counts.incrementAndGet(sender) <= max) return true;
    counts.decrementAndGet(sender);
    return false;
  }

  /** One more that is there already, whatever the sender may have. */
  void adopt(char sender) {
    if (sender != 0) counts.incrementAndGet(sender);
  }

  /** One series less. */
  void leave(char sender) {
    if (sender != 0) counts.decrementAndGet(sender);
  }

  int of(int sender) {
    return counts.get(number(sender));
  }
}
