package io.prunella.series;

/**
 * The value by which Prometheus says that a series has ended. It is one NaN among many and a
 * signalling one, so it is compared as raw bits before anything makes a double of it.
 */
public final class StaleMarker {
  /** The raw bits of the marker. */
  public static final long BITS = 0x7ff0000000000002L;

  private StaleMarker() {}

  /** True when the raw bits of a sample are the marker. */
  public static boolean is(long bits) {
    return bits == BITS;
  }
}
