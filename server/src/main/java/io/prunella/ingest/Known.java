package io.prunella.ingest;

import java.util.Arrays;

/**
 * Label bytes, as senders write them, of which it is known that they are fine, and the print of
 * their series: what a known series costs instead of being checked. Bounded; forgets what was not
 * asked for in the longest time, which costs being checked again. Any thread reads without a lock;
 * adding takes one.
 */
final class Known {
  /*
   * Entries lie in the order in which they came, and senders repeat their order: so the entry after the one found last is
   * looked at first, which walks through memory and is right for almost every sample. Only then a table of entries is asked.
   *
   * Forgetting: two generations, each of half the room. What is found in the old one moves to the young one; when that is
   * full, the old one is dropped and the young one becomes the old.
   *
   * An entry is two longs: hash ^ print, print. A reader that meets one half written finds that no hash fits what the halves
   * make together (Hyatt's lockless hashing of chess transposition tables, 1999).
   */
  private static final int ENTRIES_FIRST = 1 << 12;

  private final int entriesMax; // of one generation
  private volatile Generation young;
  private volatile Generation old;

  /** Where the last entry was found: one reader's. */
  static final class Place {
    private int next;
  }

  /**
   * @param entriesMax rounded up to a power of two
   */
  Known(int entriesMax) {
    this.entriesMax = Math.max(1, Integer.highestOneBit(Math.max(1, entriesMax - 1)));
    young = new Generation(Math.min(this.entriesMax, ENTRIES_FIRST));
    old = new Generation(1);
  }

  /** The series' print, or 0 when these bytes are not known. */
  long print(long hash) {
    return print(hash, new Place());
  }

  /** The same, looking first behind where the reader found the last one. */
  long print(long hash, Place place) {
    Generation now = young;
    long[] pairs = now.pairs;
    int at = 2 * place.next;
    if (at < pairs.length) {
      long print = pairs[at + 1];
      if ((pairs[at] ^ print) == hash && print != 0) {
        place.next++;
        return print;
      }
    }
    return lookUp(now, hash, place);
  }

  private long lookUp(Generation now, long hash, Place place) {
    int entry = now.find(hash);
    if (entry >= 0) {
      long print = now.pairs[2 * entry + 1];
      if ((now.pairs[2 * entry] ^ print) == hash) {
        place.next = entry + 1;
        return print;
      }
    }
    Generation before = old;
    entry = before.find(hash);
    if (entry < 0) return 0;
    long print = before.pairs[2 * entry + 1];
    if ((before.pairs[2 * entry] ^ print) != hash) return 0;
    add(hash, print);
    return print;
  }

  synchronized void add(long hash, long print) {
    Generation now = young;
    if (now.find(hash) >= 0) return;
    if (now.count == now.capacity()) {
      if (now.capacity() < entriesMax) {
        now = new Generation(now);
      } else {
        old = now;
        now = new Generation(now.capacity());
      }
      now.add(hash, print);
      young = now;
    } else {
      now.add(hash, print);
    }
  }

  /** Entries in order of arrival, and a table that finds them. */
  private static final class Generation {
    final long[] pairs;
    private final int[] slots; // entry + 1; 0: empty
    private int count;

    Generation(int capacity) {
      pairs = new long[2 * capacity];
      slots = new int[2 * capacity];
    }

    /** The same entries with room for as many again. */
    Generation(Generation full) {
      pairs = Arrays.copyOf(full.pairs, full.pairs.length * 2);
      slots = new int[full.slots.length * 2];
      count = full.count;
      for (int i = 0; i < count; i++) put(pairs[2 * i] ^ pairs[2 * i + 1], i);
    }

    int capacity() {
      return pairs.length / 2;
    }

    int find(long hash) {
      int mask = slots.length - 1;
      for (int at = (int) (hash >>> 20) & mask; ; at = (at + 1) & mask) {
        int entry = slots[at] - 1;
        if (entry < 0) return -1;
        if ((pairs[2 * entry] ^ pairs[2 * entry + 1]) == hash) return entry;
      }
    }

    void add(long hash, long print) {
      pairs[2 * count] = hash ^ print;
      pairs[2 * count + 1] = print;
      put(hash, count++);
    }

    private void put(long hash, int entry) {
      int mask = slots.length - 1;
      int at = (int) (hash >>> 20) & mask;
      while (slots[at] != 0) at = (at + 1) & mask;
      slots[at] = entry + 1;
    }
  }
}
