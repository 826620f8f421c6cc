package io.prunella.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that are only ever added, in pages, so that growing copies nothing. A run of bytes lies
 * within one page and is named by where it begins. The shard's thread only.
 */
final class Bytes {
  private static final int PAGE_BITS = 16;
  static final int RUN_MAX = 1 << PAGE_BITS;

  private final List<byte[]> pages = new ArrayList<>();
  private int used = RUN_MAX; // of the last page

  /** Room for a run; answers where it begins. */
  int reserve(int length) {
    if (length > RUN_MAX) {
      throw new IllegalArgumentException(
          "%d bytes in a run, wanted at most %d".formatted(length, RUN_MAX));
    }
    if (used + length > RUN_MAX) {
      pages.add(new byte[RUN_MAX]);
      used = 0;
    }
    int at = ((pages.size() - 1) << PAGE_BITS) + used;
    used += length;
    return at;
  }

  byte[] page(int at) {
    return pages.get(at >>> PAGE_BITS);
  }

  static int offset(int at) {
    return at & (RUN_MAX - 1);
  }

  /** Bytes taken so far, lost ends of pages included. */
  long size() {
    return pages.isEmpty() ? 0 : (long) (pages.size() - 1) * RUN_MAX + used;
  }

  /** Bytes that an unsigned number takes: seven bits each. */
  static int width(int number) {
    return number < 1 << 7
        ? 1
        : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : number < 1 << 28 ? 4 : 5;
  }

  /** Writes an unsigned number; answers where the next byte goes. */
  static int write(byte[] page, int offset, int number) {
    int left = number;
    int at = offset;
    while (left >= 0x80) {
      page[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    page[at++] = (byte) left;
    return at;
  }

  /** Reads an unsigned number at {@code at[0]} and moves it on. */
  static int read(byte[] page, int[] at) {
    int number = 0;
    int shift = 0;
    while (true) {
      byte b = page[at[0]++];
      number |= (b & 0x7f) << shift;
      if (b >= 0) return number;
      shift += 7;
    }
  }
}
