package io.prunella.detect;

/**
 * Two numbers in one double of a row: as floats of 31 bits each, the last bit of the mantissa given
 * up, or as whole numbers below 2^31. The double's highest two bits stay 0, so that it is finite
 * and survives every copy.
 */
final class Pairs {
  private static final long LOW = 0x7fff_ffffL;

  /** Largest whole number of a pair; all bits that one has. */
  static final long WHOLE_MAX = LOW;

  private static final double FLOAT_MAX = 1e38;

  private Pairs() {}

  static double of(double first, double second) {
    return Double.longBitsToDouble(bits(first) << 31 | bits(second));
  }

  private static long bits(double value) {
    float f = (float) (value > FLOAT_MAX ? FLOAT_MAX : value < -FLOAT_MAX ? -FLOAT_MAX : value);
    return Float.floatToRawIntBits(f) >>> 1;
  }

  static double first(double pair) {
    return Float.intBitsToFloat((int) (Double.doubleToRawLongBits(pair) >>> 31) << 1);
  }

  static double second(double pair) {
    return Float.intBitsToFloat((int) (Double.doubleToRawLongBits(pair) & LOW) << 1);
  }

  static double ofWhole(long first, long second) {
    return Double.longBitsToDouble((first & LOW) << 31 | second & LOW);
  }

  /** The pair with another second number, a whole one; the first stays what it is. */
  static double withSecond(double pair, long second) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(pair) & ~LOW | second & LOW);
  }

  static int firstWhole(double pair) {
    return (int) (Double.doubleToRawLongBits(pair) >>> 31);
  }

  static int secondWhole(double pair) {
    return (int) (Double.doubleToRawLongBits(pair) & LOW);
  }
}
