package io.prunella.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A seeded 64-bit hash of label bytes: how a known series is found without looking at its labels.
 * Immutable, for any thread.
 *
 * <p>Two prints are made with it: the hash of bytes as a sender wrote them, and the {@linkplain
 * #of(LabelSlices) series' own print}, which is the same whatever order and encoding the labels
 * came in. Neither is ever 0, so that tables may use 0 for "nothing". The seed is drawn anew by
 * each process and never leaves it: who does not know it cannot make many series meet in one slot.
 */
public final class Fingerprint {
  /*
   * wyhash (Wang Yi, final version 3, public domain): products of 64 x 64 bits folded, three lanes wide. Its constants are
   * drawn from the seed instead of being those published, because an operand that equals a published constant makes the
   * product 0 and with it collisions that need no knowledge of the seed.
   */
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final long start;
  private final long k0;
  private final long k1;
  private final long k2;
  private final long k3;

  /**
   * @param seed any number; the same seed gives the same prints
   */
  public Fingerprint(long seed) {
    k0 = secret(seed + 1);
    k1 = secret(seed + 2);
    k2 = secret(seed + 3);
    k3 = secret(seed + 4);
    start = secret(seed) ^ fold(secret(seed + 5), k1);
  }

  /** SplitMix64's finisher (Steele, Lea, Flood, 2014), made odd. */
  private static long secret(long seed) {
    long z = seed * 0x9e3779b97f4a7c15L + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (z ^ (z >>> 31)) | 1;
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  /** The hash of the bytes from {@code from} until before {@code to}; never 0. */
  public long of(byte[] bytes, int from, int to) {
    int length = to - from;
    long seed = start;
    long a;
    long b;
    if (length <= 16) {
      if (length >= 4) {
        int shift = (length >>> 3) << 2;
        a = ((long) int4(bytes, from) << 32) | int4(bytes, from + shift) & 0xffffffffL;
        b = ((long) int4(bytes, to - 4) << 32) | int4(bytes, to - 4 - shift) & 0xffffffffL;
      } else if (length > 0) {
        a =
            ((bytes[from] & 0xffL) << 16)
                | ((bytes[from + (length >>> 1)] & 0xffL) << 8)
                | (bytes[to - 1] & 0xffL);
        b = 0;
      } else {
        a = 0;
        b = 0;
      }
    } else {
      int at = from;
      int left = length;
      if (left > 48) {
        long seed1 = seed;
        long seed2 = seed;
        do {
          seed = fold(long8(bytes, at) ^ k1, long8(bytes, at + 8) ^ seed);
          seed1 = fold(long8(bytes, at + 16) ^ k2, long8(bytes, at + 24) ^ seed1);
          seed2 = fold(long8(bytes, at + 32) ^ k3, long8(bytes, at + 40) ^ seed2);
          at += 48;
          left -= 48;
        } while (left > 48);
        seed ^= seed1 ^ seed2;
      }
      while (left > 16) {
        seed = fold(long8(bytes, at) ^ k1, long8(bytes, at + 8) ^ seed);
        at += 16;
        left -= 16;
      }
      a = long8(bytes, to - 16);
      b = long8(bytes, to - 8);
    }
    a ^= k1;
    b ^= seed;
    long low = a * b;
    long high = Math.unsignedMultiplyHigh(a, b);
    return orOne(fold(low ^ k0 ^ length, high ^ k1));
  }

  /** The series' own print: labels in order of their names' bytes, none empty, none twice. */
  public long of(LabelSlices labels) {
    long print = labels.size();
    for (int i = 0; i < labels.size(); i++) {
      print =
          join(
              print,
              of(labels.bytes(), labels.nameFrom(i), labels.nameTo(i)),
              of(labels.bytes(), labels.valueFrom(i), labels.valueTo(i)));
    }
    return orOne(print);
  }

  /** The same print out of whole labels. */
  public long of(Labels labels) {
    return of(LabelSlices.of(labels));
  }

  /**
   * Goes on with a running print by two hashes; what is made depends on the order. With it a table
   * of symbols is hashed once and a series by its references.
   */
  public long join(long print, long first, long second) {
    return fold(print ^ first ^ k2, second ^ k3) + print;
  }

  /** Which of {@code shards} owns the series with this print. */
  public static int shard(long print, int shards) {
    return (int) (((print >>> 32) * shards) >>> 32);
  }

  private static long orOne(long print) {
    return print == 0 ? 1 : print;
  }

  private static long long8(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  private static int int4(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }
}
