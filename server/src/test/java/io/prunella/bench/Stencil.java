package io.prunella.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One remote-write request over some series, compressed once, in which only values and times change
 * from pass to pass. They are written into the compressed bytes at known places: so a sender costs
 * next to nothing beside what it sends to.
 */
final class Stencil {
  /*
   * A value, the tag of the time and the time are 15 bytes side by side: a hole. The compressor below never lets a copy
   * begin, end or lie in a hole, and so a hole's bytes stand in the compressed stream as they are.
   */
  private static final int HOLE = 15;
  private static final int HASH_BITS = 14;
  private static final int FAR_MAX = 65_535;

  private final byte[] compressed;
  private final int[] holes; // where they are in the compressed bytes
  private final List<Fleet.Series> series;
  private final double[] values;
  final int rawBytes;

  private Stencil(byte[] raw, int[] rawHoles, List<Fleet.Series> series) {
    this.series = series;
    this.rawBytes = raw.length;
    holes = new int[rawHoles.length];
    compressed = compress(raw, rawHoles, holes);
    values = new double[series.size()];
    for (int i = 0; i < values.length; i++) values[i] = series.get(i).level();
  }

  /** A request of remote write 1.0. */
  static Stencil v1(List<Fleet.Series> series) {
    var body = new Message();
    var rawHoles = new int[series.size()];
    for (int i = 0; i < rawHoles.length; i++) {
      var one = new Message();
      String[] labels = series.get(i).labels();
      for (int k = 0; k < labels.length; k += 2) {
        one.bytes(1, new Message().text(1, labels[k]).text(2, labels[k + 1]));
      }
      one.bytes(2, sample());
      body.bytes(1, one);
      rawHoles[i] = body.size() - HOLE;
    }
    return new Stencil(body.toByteArray(), rawHoles, series);
  }

  /** A request of remote write 2.0. */
  static Stencil v2(List<Fleet.Series> series) {
    Map<String, Integer> symbols = new HashMap<>(Map.of("", 0));
    var table = new Message().text(4, "");
    var rest = new Message();
    var rawHoles = new int[series.size()];
    for (int i = 0; i < rawHoles.length; i++) {
      var refs = new Message();
      for (String text : series.get(i).labels()) {
        Integer known = symbols.get(text);
        if (known == null) {
          known = symbols.size();
          symbols.put(text, known);
          table.text(4, text);
        }
        refs.number(known);
      }
      int type = series.get(i).kind() == Fleet.Kind.COUNTER ? 1 : 2;
      var one = new Message().bytes(1, refs);
      one.bytes(5, new Message().number(1 << 3).number(type)).bytes(2, sample());
      rest.bytes(5, one);
      rawHoles[i] = rest.size() - HOLE;
    }
    for (int i = 0; i < rawHoles.length; i++) rawHoles[i] += table.size();
    rest.writeTo(table);
    return new Stencil(table.toByteArray(), rawHoles, series);
  }

  private static Message sample() {
    var sample = new Message();
    sample.number(1 << 3 | 1);
    for (int i = 0; i < 8; i++) sample.write(0);
    return sample.number(2 << 3).number(1L << 40); // a time of six bytes, as those of our days
  }

  int samples() {
    return holes.length;
  }

  /**
   * Takes the next pass's values. @param noise a number apart from those of other passes and
   * requests
   */
  byte[] fill(long timeMs, long noise) {
    for (int i = 0; i < holes.length; i++) {
      // SplitMix64's finisher: neighbours in time and in the request have nothing to do with each
      // other.
      long z = (noise + i) * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      int bits = (int) (z >>> 40) & 0xffff;
      Fleet.Series one = series.get(i);
      double value =
          switch (one.kind()) {
            case COUNTER -> values[i] += bits & 31;
            case GAUGE -> one.level() * (1 + (bits - 32_768) / 1e6);
            case CONSTANT -> one.level();
          };
      put(holes[i], Double.doubleToRawLongBits(value), timeMs);
    }
    return compressed;
  }

  private void put(int at, long bits, long timeMs) {
    for (int k = 0; k < 8; k++) compressed[at + k] = (byte) (bits >>> (8 * k));
    for (int k = 0; k < 5; k++) compressed[at + 9 + k] = (byte) (timeMs >>> (7 * k) | 0x80);
    compressed[at + 14] = (byte) (timeMs >>> 35);
  }

  /**
   * Snappy's block format; tells where in the result each hole begins.
   *
   * @see <a href="https://github.com/google/snappy/blob/main/format_description.txt">the format</a>
   */
  static byte[] compress(byte[] raw, int[] rawHoles, int[] holes) {
    var out = new Message();
    out.number(raw.length);
    var isHole = new boolean[raw.length + 4];
    for (int hole : rawHoles) Arrays.fill(isHole, hole, hole + HOLE, true);
    var last = new int[1 << HASH_BITS];
    Arrays.fill(last, -1);
    int literal = 0;
    int at = 0;
    int[] hole = {0};
    while (at + 4 <= raw.length) {
      if (isHole[at] || isHole[at + 1] || isHole[at + 2] || isHole[at + 3]) {
        at++;
        continue;
      }
      int slot = (int4(raw, at) * 0x1e35a7bd) >>> (32 - HASH_BITS);
      int before = last[slot];
      last[slot] = at;
      if (before < 0 || at - before > FAR_MAX || int4(raw, before) != int4(raw, at)) {
        at++;
        continue;
      }
      int length = 4;
      while (at + length < raw.length
          && !isHole[at + length]
          && !isHole[before + length]
          && raw[at + length] == raw[before + length]) length++;
      literal(out, raw, literal, at, rawHoles, holes, hole);
      copy(out, at - before, length);
      at += length;
      literal = at;
    }
    literal(out, raw, literal, raw.length, rawHoles, holes, hole);
    return out.toByteArray();
  }

  private static void literal(
      Message out, byte[] raw, int from, int to, int[] rawHoles, int[] holes, int[] hole) {
    int length = to - from;
    if (length == 0) return;
    int less = length - 1;
    if (less < 60) {
      out.write(less << 2);
    } else {
      int bytes = less < 1 << 8 ? 1 : less < 1 << 16 ? 2 : 3;
      out.write((59 + bytes) << 2);
      for (int k = 0; k < bytes; k++) out.write(less >>> (8 * k));
    }
    int begin = out.size();
    out.write(raw, from, length);
    for (; hole[0] < holes.length && rawHoles[hole[0]] < to; hole[0]++) {
      holes[hole[0]] = begin + rawHoles[hole[0]] - from;
    }
  }

  private static void copy(Message out, int far, int length) {
    for (int left = length; left > 0; ) {
      int part = Math.min(64, left);
      out.write((part - 1) << 2 | 2);
      out.write(far);
      out.write(far >>> 8);
      left -= part;
    }
  }

  private static int int4(byte[] raw, int at) {
    return (raw[at] & 0xff)
        | (raw[at + 1] & 0xff) << 8
        | (raw[at + 2] & 0xff) << 16
        | raw[at + 3] << 24;
  }

  /** A protobuf message under construction. */
  private static final class Message extends ByteArrayOutputStream {
    Message number(long value) {
      long left = value;
      for (; left >= 0x80; left >>>= 7) write((int) left | 0x80);
      write((int) left);
      return this;
    }

    Message text(int field, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(field << 3 | 2).number(bytes.length);
      write(bytes, 0, bytes.length);
      return this;
    }

    Message bytes(int field, Message value) {
      number(field << 3 | 2).number(value.size());
      value.writeTo(this);
      return this;
    }

    void writeTo(Message other) {
      other.write(buf, 0, count);
    }
  }
}
