package io.prunella.watch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Blocks of 16 words, each named by a number from 0 on, outside the heap: they are most of what a
 * watch keeps, and the collector would copy every page of them once. A block's word 1 has the
 * number + 1 of the next one in its lower half, 0 for none. The memory is given back when nobody
 * refers to this any more. The shard's thread only.
 */
final class ChunkStore {
  static final int WORDS = 16;
  static final int BYTES = 8 * WORDS;

  /** 1 MiB a page: making one takes about a millisecond, in which nothing else is done. */
  private static final int PAGE_BITS = 13;

  private static final int LINE_BYTES = 64;
  private static final long LOWER = 0xffffffffL;

  private static final ValueLayout.OfLong SAVED =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Arena arena = Arena.ofAuto();
  private MemorySegment[] pages = new MemorySegment[16];
  private int end; // chunks that were ever made
  private int free; // chunk + 1; those behind it are linked as those of a row are
  private int freed;

  private static long at(int chunk, int word) {
    return (long) (chunk & ((1 << PAGE_BITS) - 1)) * BYTES + 8L * word;
  }

  long get(int chunk, int word) {
    return pages[chunk >>> PAGE_BITS].get(ValueLayout.JAVA_LONG, at(chunk, word));
  }

  void set(int chunk, int word, long value) {
    pages[chunk >>> PAGE_BITS].set(ValueLayout.JAVA_LONG, at(chunk, word), value);
  }

  /** The number + 1 of the next one; 0 for none. */
  int next(int chunk) {
    return (int) get(chunk, 1);
  }

  /** Says which one follows. */
  void link(int chunk, int next) {
    set(chunk, 1, get(chunk, 1) & ~LOWER | (next + 1));
  }

  /** One that nobody uses; its words are those of whoever had it before. */
  int take() {
    if (free > 0) {
      int chunk = free - 1;
      free = next(chunk);
      freed--;
      return chunk;
    }
    int page = end >>> PAGE_BITS;
    if (page == pages.length) pages = Arrays.copyOf(pages, 2 * page);
    if (end == page << PAGE_BITS) pages[page] = arena.allocate(BYTES << PAGE_BITS, LINE_BYTES);
    return end++;
  }

  /** Nobody uses it any more. */
  void give(int chunk) {
    set(chunk, 1, free);
    free = chunk + 1;
    freed++;
  }

  /** Puts all of its words. */
  void save(int chunk, Frame to) {
    for (int word = 0; word < WORDS; word++) to.putLong(get(chunk, word));
  }

  /** Takes one with the words that {@link #save} put, and none that follows. */
  int load(byte[] from, int at) {
    int chunk = take();
    var saved = MemorySegment.ofArray(from);
    var page = pages[chunk >>> PAGE_BITS];
    MemorySegment.copy(saved, SAVED, at, page, ValueLayout.JAVA_LONG, at(chunk, 0), WORDS);
    set(chunk, 1, get(chunk, 1) & ~LOWER);
    return chunk;
  }

  int inUse() {
    return end - freed;
  }

  /** Bytes that all take, whether used or not. */
  long bytes() {
    return (long) (end + (1 << PAGE_BITS) - 1 >>> PAGE_BITS) * (BYTES << PAGE_BITS);
  }
}
