package io.prunella.watch;

import io.prunella.series.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The distinct strings of a shard's labels, each stored once and named by a number. Numbers are
 * given in order and never taken back; {@link LabelStore} makes a new one of these when too much of
 * it is unused. The shard's thread only.
 */
final class Symbols {
  private static final int CACHE = 1 << 12;

  private final Fingerprint hash;
  private final Bytes bytes = new Bytes();
  private int[] slots = new int[1 << 12]; // symbol + 1; 0: empty
  private int[] begins = new int[1 << 10]; // by symbol: where its length and bytes are
  private int[] tags = new int[1 << 10]; // by symbol: upper half of its hash
  private int count;
  private final int[] walk = new int[1];
  // Names and values repeat a lot: the strings made last, by the symbol's low bits.
  private final String[] texts = new String[CACHE];
  private final int[] textOf = new int[CACHE];

  Symbols(Fingerprint hash) {
    this.hash = hash;
    Arrays.fill(textOf, -1);
  }

  /** The number of a string, given now when it has none yet. */
  int of(byte[] from, int begin, int end) {
    long print = hash.of(from, begin, end);
    int tag = (int) (print >>> 32);
    int mask = slots.length - 1;
    int at = (int) print & mask;
    for (; slots[at] != 0; at = (at + 1) & mask) {
      int symbol = slots[at] - 1;
      if (tags[symbol] == tag && isEqual(symbol, from, begin, end)) return symbol;
    }
    int symbol = store(from, begin, end, tag);
    slots[at] = symbol + 1;
    if (2 * count > slots.length) grow();
    return symbol;
  }

  private boolean isEqual(int symbol, byte[] from, int begin, int end) {
    byte[] page = bytes.page(begins[symbol]);
    walk[0] = Bytes.offset(begins[symbol]);
    int length = Bytes.read(page, walk);
    return length == end - begin
        && Arrays.equals(page, walk[0], walk[0] + length, from, begin, end);
  }

  private int store(byte[] from, int begin, int end, int tag) {
    int length = end - begin;
    int run = bytes.reserve(Bytes.width(length) + length);
    byte[] page = bytes.page(run);
    int at = Bytes.write(page, Bytes.offset(run), length);
    System.arraycopy(from, begin, page, at, length);
    if (count == begins.length) {
      begins = Arrays.copyOf(begins, count * 2);
      tags = Arrays.copyOf(tags, count * 2);
    }
    begins[count] = run;
    tags[count] = tag;
    return count++;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    int[] at = new int[1];
    for (int symbol = 0; symbol < count; symbol++) {
      byte[] page = bytes.page(begins[symbol]);
      at[0] = Bytes.offset(begins[symbol]);
      int length = Bytes.read(page, at);
      int slot = (int) hash.of(page, at[0], at[0] + length) & mask;
      while (slots[slot] != 0) slot = (slot + 1) & mask;
      slots[slot] = symbol + 1;
    }
  }

  /** The string of a number. */
  String text(int symbol) {
    int cached = symbol & (CACHE - 1);
    if (textOf[cached] == symbol) return texts[cached];
    byte[] page = bytes.page(begins[symbol]);
    int[] at = {Bytes.offset(begins[symbol])};
    int length = Bytes.read(page, at);
    String text = new String(page, at[0], length, StandardCharsets.UTF_8);
    texts[cached] = text;
    textOf[cached] = symbol;
    return text;
  }

  /** Puts a string's length and bytes. */
  void put(int symbol, Frame to) {
    byte[] page = bytes.page(begins[symbol]);
    walk[0] = Bytes.offset(begins[symbol]);
    int length = Bytes.read(page, walk);
    to.putInt(length);
    to.putBytes(page, walk[0], length);
  }

  /** The same string's number in another store. */
  int copyTo(Symbols other, int symbol) {
    byte[] page = bytes.page(begins[symbol]);
    int[] at = {Bytes.offset(begins[symbol])};
    int length = Bytes.read(page, at);
    return other.of(page, at[0], at[0] + length);
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes.size() + 4L * (slots.length + begins.length + tags.length);
  }
}
