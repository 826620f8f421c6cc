package io.prunella.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The recent samples of a shard's series, compressed: chunks of 128 bytes in a chain per row, the
 * oldest given back when a row has had its share or they are too old. The shard's thread only.
 *
 * <p>Times are kept to the millisecond, values as floats with 16 bits of mantissa (a relative error
 * of at most 2⁻¹⁷, 0.00077 %); whoever needs more asks the sender. A sample without a value, such
 * as a counter's first, is there as NaN.
 */
final class Recent {
  /*
   * Gorilla (Pelkonen et al., VLDB 2015) on 25-bit values: delta of deltas for times, XOR for values.
   * Chunk: word 0 = first time << 16 | samples, word 1 = first value << 32 | next chunk + 1, then 14 words of bits, written
   * from the highest down.
   * Row: 5 longs. 0 = last time, 1 = last delta << 32 | last value, 2 = oldest chunk + 1 << 32 | newest chunk + 1,
   * 3 = chunks << 48 | samples of the newest chunk << 32 | bits used in it << 16 | leading zeros << 8 | significant bits,
   * 4 = the word of the newest chunk that is not full yet. Rows are walked through in order, chunks lie anywhere: so a chunk
   * is only touched when a word of it is full, and its head and last word are right only after `settle`.
   */
  private static final int CHUNK_BITS = (ChunkStore.WORDS - 2) * 64;
  private static final int DROPPED_BITS = 7; // of a float's 23 bits of mantissa
  private static final int VALUE_BITS = 32 - DROPPED_BITS;
  private static final int ROWS_PER_PAGE_BITS = 12;
  private static final int ROW_WORDS = 5;
  private static final int SAVED_WORDS = 4; // of a row in a checkpoint: its chunks are settled

  private final int chunksMax;
  private final long spanMs;
  private final ChunkStore chunks = new ChunkStore();
  private final List<long[]> rows = new ArrayList<>();

  /**
   * @param bytesMax bytes that one row's samples may take
   * @param spanMs chunks that lie further back than this are given back
   */
  Recent(int bytesMax, long spanMs) {
    chunksMax = bytesMax / ChunkStore.BYTES;
    this.spanMs = spanMs;
  }

  private static int rowAt(int row) {
    return (row & ((1 << ROWS_PER_PAGE_BITS) - 1)) * ROW_WORDS;
  }

  /** A row begins: without samples. */
  void begin(int row) {
    while (rows.size() <= row >>> ROWS_PER_PAGE_BITS) {
      rows.add(new long[ROW_WORDS << ROWS_PER_PAGE_BITS]);
    }
    int at = rowAt(row);
    Arrays.fill(rows.get(row >>> ROWS_PER_PAGE_BITS), at, at + ROW_WORDS, 0);
  }

  /** Time of the row's newest sample; 0 when it has none. */
  long lastTimeMs(int row) {
    return rows.get(row >>> ROWS_PER_PAGE_BITS)[rowAt(row)];
  }

  /** One more sample, newer than the last. */
  // Long because: one pass over a row packs time and value; a call per part would pass six of its
  // words around.
  void add(int row, long timeMs, double value) {
    long[] meta = rows.get(row >>> ROWS_PER_PAGE_BITS);
    int at = rowAt(row);
    int bits = pack(value);
    long m3 = meta[at + 3];
    if (m3 >>> 48 == 0) {
      beginChunk(meta, at, timeMs, bits);
      return;
    }
    long m1 = meta[at + 1];
    long delta = timeMs - meta[at];
    long dod = delta - (int) (m1 >>> 32);
    if (delta > Integer.MAX_VALUE || dod < -(1 << 19) || dod >= 1 << 19) {
      beginChunk(meta, at, timeMs, bits);
      return;
    }
    // The sample's bits, at most 4 + 20 + 2 + 10 + 25 = 61, in the low end of `code`.
    long code;
    int length;
    if (dod == 0) {
      code = 0;
      length = 1;
    } else if (dod >= -64 && dod < 64) {
      code = 0b10L << 7 | (dod & 0x7f);
      length = 9;
    } else if (dod >= -2048 && dod < 2048) {
      code = 0b110L << 12 | (dod & 0xfff);
      length = 15;
    } else {
      code = 0b111L << 20 | (dod & 0xfffff);
      length = 23;
    }
    int lead = (int) (m3 >>> 8) & 0xff;
    int significant = (int) m3 & 0xff;
    int xor = bits ^ (int) m1;
    if (xor == 0) {
      code <<= 1;
      length += 1;
    } else {
      int xorLead = Integer.numberOfLeadingZeros(xor) - DROPPED_BITS;
      int xorTrail = Integer.numberOfTrailingZeros(xor);
      int trail = VALUE_BITS - lead - significant;
      if (significant > 0 && xorLead >= lead && xorTrail >= trail) {
        code = (code << 2 | 0b10) << significant | (xor >>> trail);
        length += 2 + significant;
      } else {
        lead = xorLead;
        significant = VALUE_BITS - xorLead - xorTrail;
        code = ((code << 2 | 0b11) << 5 | lead) << 5 | significant;
        code = code << significant | (xor >>> xorTrail);
        length += 12 + significant;
      }
    }
    int used = (int) (m3 >>> 16) & 0xffff;
    if (used + length > CHUNK_BITS) {
      beginChunk(meta, at, timeMs, bits);
      return;
    }
    int room = 64 - (used & 63);
    if (length < room) {
      meta[at + 4] |= code << (room - length);
    } else {
      int left = length - room;
      int chunk = (int) meta[at + 2] - 1;
      chunks.set(chunk, 2 + (used >>> 6), meta[at + 4] | code >>> left);
      meta[at + 4] = left == 0 ? 0 : code << (64 - left);
    }
    meta[at] = timeMs;
    meta[at + 1] = delta << 32 | bits;
    meta[at + 3] =
        ((m3 >>> 32) + 1) << 32 | (long) (used + length) << 16 | (long) lead << 8 | significant;
  }

  /** Makes the newest chunk whole, as {@link Reader} wants it. */
  private void settle(long[] meta, int at) {
    int chunk = (int) meta[at + 2] - 1;
    if (chunk < 0) return;
    long m3 = meta[at + 3];
    chunks.set(chunk, 0, chunks.get(chunk, 0) & ~0xffffL | (m3 >>> 32 & 0xffff));
    int used = (int) (m3 >>> 16) & 0xffff;
    if ((used & 63) != 0) chunks.set(chunk, 2 + (used >>> 6), meta[at + 4]);
  }

  /** A float without its lowest bits, rounded, as 25 bits. */
  private static int pack(double value) {
    float single = (float) value;
    if (Float.isNaN(single)) return 0x7fc00000 >>> DROPPED_BITS;
    if (Float.isInfinite(single)) single = Math.copySign(Float.MAX_VALUE, single);
    int raw = Float.floatToRawIntBits(single);
    int rounded = raw + (1 << (DROPPED_BITS - 1));
    // Rounding up may reach the infinities' exponent: then the bits below are just cut.
    if ((rounded & 0x7f800000) == 0x7f800000) rounded = raw;
    return rounded >>> DROPPED_BITS;
  }

  private static double unpack(int bits) {
    return Float.intBitsToFloat(bits << DROPPED_BITS);
  }

  private void beginChunk(long[] meta, int at, long timeMs, int bits) {
    settle(meta, at);
    int count = (int) (meta[at + 3] >>> 48);
    int oldest = (int) (meta[at + 2] >>> 32);
    while (count >= chunksMax || (count > 1 && nextBegins(oldest) <= timeMs - spanMs)) {
      int next = chunks.next(oldest - 1);
      chunks.give(oldest - 1);
      oldest = next;
      count--;
    }
    int chunk = chunks.take();
    chunks.set(chunk, 0, timeMs << 16 | 1);
    chunks.set(chunk, 1, (long) bits << 32);
    if (count == 0) oldest = chunk + 1;
    else chunks.link((int) meta[at + 2] - 1, chunk);
    meta[at] = timeMs;
    meta[at + 1] = bits; // a delta of 0: a chunk can be read without the one before
    meta[at + 2] = (long) oldest << 32 | (chunk + 1);
    meta[at + 3] = (long) (count + 1) << 48 | 1L << 32;
    meta[at + 4] = 0;
  }

  /** First time of the chunk after {@code chunkPlusOne}. */
  private long nextBegins(int chunkPlusOne) {
    return chunks.get(chunks.next(chunkPlusOne - 1) - 1, 0) >>> 16;
  }

  /** The row's samples are given back. */
  void remove(int row) {
    long[] meta = rows.get(row >>> ROWS_PER_PAGE_BITS);
    int at = rowAt(row);
    int chunk = (int) (meta[at + 2] >>> 32);
    while (chunk != 0) {
      int next = chunks.next(chunk - 1);
      chunks.give(chunk - 1);
      chunk = next;
    }
    Arrays.fill(meta, at, at + ROW_WORDS, 0);
  }

  /** Puts all that is kept of a row: how many words, then 4 of the row, then 16 a chunk. */
  void save(int row, Frame to) {
    int at = rowAt(row);
    long[] meta = rows.get(row >>> ROWS_PER_PAGE_BITS);
    settle(meta, at);
    long m3 = meta[at + 3];
    int count = (int) (m3 >>> 48);
    to.putInt(SAVED_WORDS + ChunkStore.WORDS * count);
    to.putLongs(meta, at, 3);
    to.putLong((long) count << 32 | m3 & 0xffffffffL);
    for (int chunk = (int) (meta[at + 2] >>> 32); chunk != 0; chunk = chunks.next(chunk - 1)) {
      chunks.save(chunk - 1, to);
    }
  }

  /** Takes back what {@link #save} put at a place, into a row that has begun. */
  void load(int row, byte[] bytes, int from) {
    int words = Frame.intAt(bytes, from);
    int count = (words - SAVED_WORDS) / ChunkStore.WORDS;
    long saved = Frame.longAt(bytes, from + 4 + 8 * 3);
    if (words != SAVED_WORDS + ChunkStore.WORDS * count || count != (int) (saved >>> 32)) {
      throw new IllegalArgumentException(
          "%d words for %d chunks of recent samples".formatted(words, saved >>> 32));
    }
    if (count == 0) return;
    int first = chunks.load(bytes, from + 4 + 8 * SAVED_WORDS);
    int last = first;
    for (int i = 1; i < count; i++) {
      int chunk = chunks.load(bytes, from + 4 + 8 * SAVED_WORDS + i * ChunkStore.BYTES);
      chunks.link(last, chunk);
      last = chunk;
    }
    long[] meta = rows.get(row >>> ROWS_PER_PAGE_BITS);
    int at = rowAt(row);
    for (int k = 0; k < 2; k++) meta[at + k] = Frame.longAt(bytes, from + 4 + 8 * k);
    meta[at + 2] = (long) (first + 1) << 32 | (last + 1);
    long samples = chunks.get(last, 0) & 0xffff;
    meta[at + 3] = (long) count << 48 | samples << 32 | saved & 0xffffffffL;
    int used = (int) (saved >>> 16) & 0xffff;
    meta[at + 4] = (used & 63) == 0 ? 0 : chunks.get(last, 2 + (used >>> 6));
  }

  /** Takes what is kept of a row, oldest first. */
  interface Taker {
    void take(long timeMs, double value);
  }

  /** Tells all that is kept of a row; NaN for samples without a value. */
  void read(int row, Taker taker) {
    long[] meta = rows.get(row >>> ROWS_PER_PAGE_BITS);
    settle(meta, rowAt(row));
    int chunk = (int) (meta[rowAt(row) + 2] >>> 32);
    for (; chunk != 0; chunk = chunks.next(chunk - 1)) new Reader(chunks, chunk - 1).read(taker);
  }

  /** What became of a time in a row's past. */
  enum Seen {
    /** There is a sample of exactly this time. */
    TAKEN,
    /** Samples around it are there, none of this time. */
    MISSING,
    /** It lies before all that is remembered. */
    TOO_OLD
  }

  /** Whether a row has had a sample of this time; some microseconds. */
  Seen seen(int row, long timeMs) {
    long[] oldest = {Long.MAX_VALUE};
    boolean[] found = {false};
    read(
        row,
        (at, value) -> {
          oldest[0] = Math.min(oldest[0], at);
          if (at == timeMs) found[0] = true;
        });
    return found[0] ? Seen.TAKEN : timeMs < oldest[0] ? Seen.TOO_OLD : Seen.MISSING;
  }

  long bytes() {
    return chunks.bytes() + (long) rows.size() * (8 * ROW_WORDS << ROWS_PER_PAGE_BITS);
  }

  /** ChunkStore in use. */
  int chunks() {
    return chunks.inUse();
  }

  /** Walks the bits of one chunk. */
  private static final class Reader {
    private final ChunkStore chunks;
    private final int chunk;
    private int used;

    Reader(ChunkStore chunks, int chunk) {
      this.chunks = chunks;
      this.chunk = chunk;
    }

    void read(Taker taker) {
      long head = chunks.get(chunk, 0);
      long time = head >>> 16;
      int bits = (int) (chunks.get(chunk, 1) >>> 32);
      long delta = 0;
      int lead = 0;
      int significant = 0;
      taker.take(time, unpack(bits));
      for (int left = (int) (head & 0xffff) - 1; left > 0; left--) {
        if (next(1) == 1) {
          int width = next(1) == 0 ? 7 : next(1) == 0 ? 12 : 20;
          delta += (next(width) << (64 - width)) >> (64 - width);
        }
        time += delta;
        if (next(1) == 1) {
          if (next(1) == 1) {
            lead = (int) next(5);
            significant = (int) next(5);
          }
          bits ^= (int) next(significant) << (VALUE_BITS - lead - significant);
        }
        taker.take(time, unpack(bits));
      }
    }

    private long next(int length) {
      int word = 2 + (used >>> 6);
      int from = used & 63;
      used += length;
      long first = chunks.get(chunk, word) << from;
      if (from + length > 64) first |= chunks.get(chunk, word + 1) >>> (64 - from);
      return first >>> (64 - length);
    }
  }
}
