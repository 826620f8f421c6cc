package io.prunella.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A place in a protobuf message within bytes, moved along by reading. Every read is checked against
 * the message's end; a message that is not well-formed is {@link Malformed}. Not shared.
 */
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Bytes of a sample as almost all are. */
  static final int USUAL_SAMPLE = 16;

  // Of the bytes from 8 on: the tag of the time, and of its bytes that all but the last go on.
  private static final long USUAL_MASK = 0x808080808080ff00L;
  private static final long USUAL_TIME = 0x0080808080801000L;

  byte[] bytes = new byte[0];
  int at;
  int end;

  /** Not a well-formed message. Without a stack trace: senders can cause as many as they like. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String why) {
      super(why, null, false, false);
    }
  }

  void begin(byte[] newBytes, int from, int to) {
    bytes = newBytes;
    at = from;
    end = to;
  }

  boolean hasMore() {
    return at < end;
  }

  /** A number of up to 64 bits, seven to a byte. */
  long varint() throws Malformed {
    if (at < end) {
      byte first = bytes[at];
      if (first >= 0) {
        at++;
        return first;
      }
      // Lengths of labels take two bytes.
      if (at + 1 < end) {
        byte second = bytes[at + 1];
        if (second >= 0) {
          at += 2;
          return (first & 0x7f) | second << 7;
        }
      }
    }
    return longVarint();
  }

  private long longVarint() throws Malformed {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) throw new Malformed("a number is cut off");
      byte b = bytes[at++];
      number |= (b & 0x7fL) << shift;
      if (b >= 0) return number;
    }
    throw new Malformed("a number has more than ten bytes");
  }

  /** A field's number and kind: {@code number << 3 | kind}. */
  int tag() throws Malformed {
    long tag = varint();
    if (tag <= 7 || tag > 0xffffffffL) throw new Malformed("a field has the number 0 or no number");
    return (int) tag;
  }

  /** The length of what follows, which lies within the message. */
  int length() throws Malformed {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new Malformed("a field is longer than the message around it");
    }
    return (int) length;
  }

  /** Passes over a field with a length. */
  void pass() throws Malformed {
    int length = length();
    at += length;
  }

  long fixed64() throws Malformed {
    if (end - at < 8) throw new Malformed("a double is cut off");
    long bits = (long) LONG.get(bytes, at);
    at += 8;
    return bits;
  }

  /** Passes over a field that nobody asked for. */
  void skip(int tag) throws Malformed {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case BYTES -> pass();
      case FIXED32 -> {
        if (end - at < 4) throw new Malformed("a field is cut off");
        at += 4;
      }
      default -> throw new Malformed("a field has the wire type " + (tag & 7));
    }
  }

  /**
   * True when the {@link #USUAL_SAMPLE} bytes at a place are a sample as every sender writes it, in
   * both formats: the value, then a time of six bytes.
   */
  static boolean isUsualSample(byte[] bytes, int at) {
    long time = (long) LONG.get(bytes, at + 8);
    return bytes[at] == (1 << 3 | FIXED64) && (time & USUAL_MASK) == USUAL_TIME;
  }

  /** The time of a usual sample. */
  static long usualTime(byte[] bytes, int at) {
    long time = (long) LONG.get(bytes, at + 8) >>> 16;
    return (time & 0x7f)
        | (time >>> 1 & 0x7f << 7)
        | (time >>> 2 & 0x7f << 14)
        | (time >>> 3 & 0x7fL << 21)
        | (time >>> 4 & 0x7fL << 28)
        | (time >>> 5 & 0x7fL << 35);
  }

  /** The raw bits of a usual sample's value. */
  static long usualValue(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at + 1);
  }

  static long zigzag(long number) {
    return (number >>> 1) ^ -(number & 1);
  }
}
