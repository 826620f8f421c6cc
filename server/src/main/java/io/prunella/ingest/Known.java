package io.prunella.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Label bytes, as senders write them, of which it is known that they are fine, and the print of
 * their series: what a known series costs instead of being checked. Bounded; forgets at random when
 * full, which costs being checked again. Any thread, without a lock.
 */
final class Known {
  /*
   * Sets of 8 entries, an entry two longs: hash ^ print, print. Two threads that write one entry at once may leave halves of
   * both; then no hash fits what the halves make together (Hyatt's lockless hashing of chess transposition tables, 1999).
   */
  private static final int WAYS = 8;
  private static final int LONGS = 2 * WAYS;

  private final int setsMax;
  private final AtomicInteger replaced = new AtomicInteger();
  private volatile long[] slots;

  /**
   * @param entriesMax rounded up to a power of two
   */
  Known(int entriesMax) {
    setsMax = Math.max(1, Integer.highestOneBit(Math.max(1, entriesMax - 1)) * 2 / WAYS);
    slots = new long[LONGS * Math.min(setsMax, 1 << 10)];
  }

  /** The series' print, or 0 when these bytes are not known. */
  long print(long hash) {
    long[] all = slots;
    int at = at(all, hash);
    for (int end = at + LONGS; at < end; at += 2) {
      long print = all[at + 1];
      if ((all[at] ^ print) == hash) return print;
    }
    return 0;
  }

  private static int at(long[] all, long hash) {
    return ((int) (hash >>> 20) & (all.length / LONGS - 1)) * LONGS;
  }

  void add(long hash, long print) {
    long[] all = slots;
    int begin = at(all, hash);
    for (int at = begin; at < begin + LONGS; at += 2) {
      if (all[at + 1] == 0 || (all[at] ^ all[at + 1]) == hash) {
        put(all, at, hash, print);
        return;
      }
    }
    put(all, begin + 2 * (int) (hash >>> 61), hash, print);
    if (replaced.incrementAndGet() > all.length / LONGS && all.length / LONGS < setsMax) grow(all);
  }

  private static void put(long[] all, int at, long hash, long print) {
    all[at] = hash ^ print;
    all[at + 1] = print;
  }

  /** Twice the room, with what is known; what others add meanwhile is checked once more. */
  private synchronized void grow(long[] full) {
    if (slots != full) return;
    long[] bigger = new long[full.length * 2];
    for (int from = 0; from < full.length; from += 2) {
      long print = full[from + 1];
      if (print == 0) continue;
      long hash = full[from] ^ print;
      int begin = at(bigger, hash);
      for (int at = begin; at < begin + LONGS; at += 2) {
        if (bigger[at + 1] == 0) {
          put(bigger, at, hash, print);
          break;
        }
      }
    }
    replaced.set(0);
    slots = bigger;
  }
}
