package io.prunella.watch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow, written and read big-endian: what a checkpoint is made of. One owner. */
final class Frame {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  byte[] bytes;
  int length;

  Frame(int bytesFirst) {
    bytes = new byte[bytesFirst];
  }

  /** Room for some more bytes; answers where they begin. */
  private int grow(int more) {
    int at = length;
    length += more;
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
    }
    return at;
  }

  void putByte(byte value) {
    int at = grow(1);
    bytes[at] = value;
  }

  void putShort(int value) {
    int at = grow(2);
    SHORT.set(bytes, at, (short) value);
  }

  void putInt(int value) {
    int at = grow(4);
    INT.set(bytes, at, value);
  }

  /** Puts a number over one that is there already. */
  void setInt(int at, int value) {
    INT.set(bytes, at, value);
  }

  void putLong(long value) {
    int at = grow(8);
    LONG.set(bytes, at, value);
  }

  void putLongs(long[] from, int begin, int count) {
    int at = grow(8 * count);
    byte[] to = bytes;
    for (int i = 0; i < count; i++) LONG.set(to, at + 8 * i, from[begin + i]);
  }

  void putDoubles(double[] from, int begin, int count) {
    int at = grow(8 * count);
    byte[] to = bytes;
    for (int i = 0; i < count; i++) {
      LONG.set(to, at + 8 * i, Double.doubleToRawLongBits(from[begin + i]));
    }
  }

  void putBytes(byte[] from, int begin, int count) {
    int at = grow(count);
    System.arraycopy(from, begin, bytes, at, count);
  }

  /** Takes numbers that were put; fast from the first call on, as a restart makes few. */
  static void doublesAt(byte[] bytes, int at, double[] to, int begin, int count) {
    ByteBuffer.wrap(bytes, at, 8 * count).asDoubleBuffer().get(to, begin, count);
  }

  static int shortAt(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }
}
