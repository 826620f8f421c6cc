package io.prunella.detect;

import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;

/**
 * What of a series' meaning its detector needs, packed into an int: bits 0–1 the type, 2 worse
 * above, 3 worse below, 4 counts things (so that chance alone spreads it), 5–7 the kind of unit, 8
 * each single one counts.
 */
final class Traits {
  static final int COUNTER = 1;
  private static final int TYPE = 3;
  private static final int WORSE_UP = 4;
  private static final int WORSE_DOWN = 8;
  private static final int COUNTS = 16;
  private static final int UNIT_SHIFT = 5;
  private static final int EACH_COUNTS = 256;

  /*
   * Smallest spread that matters to anyone, by kind of unit: without it the first byte or microsecond on a flat series
   * would be infinitely far away. 0 where nothing is known of the unit.
   */
  private static final double[] SPREAD_MIN = {0, 65_536, 0.001, 0.005, 1, 1, 1000};

  private Traits() {}

  static int of(Meaning meaning) {
    int type =
        switch (meaning.type()) {
          case GAUGE -> 0;
          case COUNTER -> COUNTER;
          case CHECK -> 2;
          case INFO -> 3;
        };
    int unit =
        switch (meaning.unit()) {
          case "bytes", "bytes/s" -> 1;
          case "seconds", "s/s", "cores" -> 2;
          case "ratio" -> 3;
          case "percent" -> 4;
          case "ms" -> 5;
          case "µs" -> 6;
          default -> 0;
        };
    int worse =
        meaning.worse() == Direction.UP
            ? WORSE_UP
            : meaning.worse() == Direction.DOWN ? WORSE_DOWN : 0;
    int counts = type == COUNTER && unit == 0 ? COUNTS : 0;
    int each = meaning.signal() == Signal.RESTARTS ? EACH_COUNTS : 0;
    return type | worse | counts | unit << UNIT_SHIFT | each;
  }

  static boolean isCounter(int traits) {
    return (traits & TYPE) == COUNTER;
  }

  static boolean isScored(int traits) {
    return (traits & TYPE) <= COUNTER;
  }

  static boolean isWatched(int traits) {
    return (traits & TYPE) != TYPE;
  }

  static boolean counts(int traits) {
    return (traits & COUNTS) != 0;
  }

  static boolean eachCounts(int traits) {
    return (traits & EACH_COUNTS) != 0;
  }

  static double spreadMin(int traits) {
    return SPREAD_MIN[traits >> UNIT_SHIFT & 7];
  }

  /** True when a distance of this sign is good news. */
  static boolean isGoodNews(int traits, double z) {
    return z > 0 ? (traits & WORSE_DOWN) != 0 : (traits & WORSE_UP) != 0;
  }
}
