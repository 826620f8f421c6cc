package io.prunella.detect;

import static io.prunella.detect.Row.*;

import io.prunella.signal.Shape;

/**
 * A stretch of one series that is odd: opened on evidence, told again when it changes, closed when
 * the series is back or its new level has stood long enough. What is seen meanwhile is not learnt
 * as normal. Code over a row, as {@link Stage1}.
 */
final class Episode {
  private static final double QUICK = 0.3;
  private static final double SLOW = 0.05;
  private static final int SPIKE_SAMPLES_MAX = 4;
  private static final double TOLD_AGAIN = 1.5; // growth of |z| that is worth a word
  private static final double TREND_SPREADS = 2;
  private static final double TREND_SHARE = 0.1; // of the distance
  private static final double STANDS_SPREADS = 2;
  private static final int CONFIRM_TIMES_MAX = 6;
  private static final double AT_ONCE_Z = 10;
  private static final double AT_ONCE_RECORDS = 4;
  private static final double AT_ONCE_SURPRISE = 8;
  private static final double RARE = 0.001;

  private final DetectConfig config;

  Episode(DetectConfig config) {
    this.config = config;
  }

  /**
   * Farther away than anything of the last day, or to or from a 0 that was never or always there.
   */
  static boolean isAtOnce(double[] page, int at, double x, double z, double worth) {
    double away = Math.abs(z);
    if (away < AT_ONCE_Z || worth < AT_ONCE_SURPRISE) return false;
    double zeros = page[at + ZEROS];
    boolean dropped = x == 0 && zeros < RARE;
    boolean rose = x != 0 && zeros > 1 - RARE;
    double records = dropped || rose ? 1.5 : AT_ONCE_RECORDS;
    return away > records * page[at + Z_LONGEST];
  }

  void open(double[] page, int at, double timeMs, double value, double z, double surprise) {
    page[at + STATE] = OPEN;
    page[at + FROM] = page[at + RUN_COUNT] > 0 ? page[at + RUN_FROM] : timeMs;
    page[at + TO] = 0;
    page[at + LAST_ODD] = timeMs;
    page[at + PEAK_SURPRISE] = surprise;
    page[at + PEAK_Z] = z;
    page[at + PEAK_VALUE] = value;
    page[at + PEAK_EXPECTED] = page[at + EXPECTED];
    page[at + ODD] = Math.max(1, page[at + RUN_COUNT]);
    page[at + CALM] = 0;
    page[at + SHAPE] = Shape.SPIKE.ordinal();
    page[at + TOLD_Z] = Math.abs(z);
    page[at + NOW_QUICK] = value;
    page[at + NOW_SLOW] = value;
    page[at + NOW_ERROR] = 0;
    page[at + ASK_AT] = page[at + FROM] + config.confirmSeconds() * 1000;
    lower(page, at, SETTLED);
  }

  /** One more sample while open: {@link Stage1#QUIET}, {@code CHANGED} or {@code CLOSED}. */
  int go(double[] page, int at, double timeMs, double value, double z, double surprise) {
    double fromSlow = Math.abs(value - page[at + NOW_SLOW]);
    page[at + NOW_QUICK] += QUICK * (value - page[at + NOW_QUICK]);
    page[at + NOW_SLOW] += SLOW * (value - page[at + NOW_SLOW]);
    page[at + NOW_ERROR] += SLOW * (fromSlow - page[at + NOW_ERROR]);
    if (surprise >= config.closeSurprise()) {
      page[at + ODD]++;
      page[at + CALM] = 0;
      page[at + LAST_ODD] = timeMs;
    } else if (++page[at + CALM] >= config.closeSamples()) {
      close(page, at, page[at + LAST_ODD]);
      return Stage1.CLOSED;
    }
    boolean flipped = z * page[at + PEAK_Z] < 0;
    if (page[at + CALM] == 0 && Math.abs(z) > Math.abs(page[at + PEAK_Z])) {
      page[at + PEAK_Z] = z;
      page[at + PEAK_SURPRISE] = Math.max(surprise, page[at + PEAK_SURPRISE]);
      page[at + PEAK_VALUE] = value;
      page[at + PEAK_EXPECTED] = page[at + EXPECTED];
    } else {
      flipped = false;
    }
    if (timeMs >= page[at + ASK_AT] && stands(page, at, timeMs)) {
      settle(page, at, timeMs);
      return Stage1.CLOSED;
    }
    return tell(page, at, flipped);
  }

  private int tell(double[] page, int at, boolean flipped) {
    int shape = shape(page, at);
    double z = Math.abs(page[at + PEAK_Z]);
    if (shape == (int) page[at + SHAPE] && !flipped && z <= TOLD_AGAIN * page[at + TOLD_Z]) {
      return Stage1.QUIET;
    }
    page[at + SHAPE] = shape;
    page[at + TOLD_Z] = z;
    return Stage1.CHANGED;
  }

  private static int shape(double[] page, int at) {
    int now = (int) page[at + SHAPE];
    if (page[at + ODD] <= SPIKE_SAMPLES_MAX) return now;
    if (page[at + CALM] > 0) return now;
    double side = Math.signum(page[at + PEAK_Z]);
    double away = side * (page[at + NOW_SLOW] - page[at + EXPECTED]);
    double growth = side * (page[at + NOW_QUICK] - page[at + NOW_SLOW]);
    double noise = Math.max(page[at + SPREAD], page[at + NOW_ERROR] / 4);
    boolean grows = growth > Math.max(TREND_SPREADS * noise, TREND_SHARE * away);
    if (grows) return Shape.TREND.ordinal();
    return now == Shape.TREND.ordinal() && growth > 0.5 * noise ? now : Shape.SHIFT.ordinal();
  }

  /**
   * True when the level since the anomaly opened stands still, or has been waited for long enough.
   */
  private boolean stands(double[] page, int at, double timeMs) {
    double confirmMs = config.confirmSeconds() * 1000;
    double noise = Math.max(page[at + SPREAD], page[at + NOW_ERROR]);
    double moved = Math.abs(page[at + NOW_QUICK] - page[at + NOW_SLOW]);
    boolean calm = page[at + CALM] == 0 && moved <= STANDS_SPREADS * noise;
    if (calm || timeMs - page[at + FROM] >= CONFIRM_TIMES_MAX * confirmMs) return true;
    page[at + ASK_AT] = timeMs + confirmMs / 4;
    return false;
  }

  /**
   * The level since the anomaly opened is the new normal; the spread may have grown with it, but is
   * not forgotten.
   */
  private void settle(double[] page, int at, double timeMs) {
    page[at + LEVEL] = page[at + NOW_SLOW];
    page[at + TREND] = 0;
    double most = Math.max(10 * page[at + NOW_ERROR], 0.1 * Math.abs(page[at + NOW_SLOW]));
    page[at + ERROR] = Math.max(page[at + NOW_ERROR], Math.min(page[at + ERROR], most));
    Season.reseat(page, at + SEASON, timeMs, page[at + NOW_SLOW]);
    close(page, at, timeMs);
    raise(page, at, SETTLED);
  }

  void close(double[] page, int at, double toMs) {
    page[at + STATE] = OVER;
    page[at + TO] = Math.max(1, toMs);
    page[at + Z_LONGEST] =
        Math.max(page[at + Z_LONGEST], Math.min(Normal.Z_KEPT_MAX, Math.abs(page[at + PEAK_Z])));
    page[at + HABIT] = Math.max(page[at + HABIT], config.evidenceOpen());
    // Not normal, but no longer unheard of: the tail counts it once.
    if (page[at + PEAK_Z] != 0) Normal.learnTails(page, at, page[at + PEAK_Z]);
    calm(page, at);
  }

  /** Forgets the evidence gathered. */
  static void calm(double[] page, int at) {
    page[at + EVIDENCE_UP] = 0;
    page[at + EVIDENCE_DOWN] = 0;
    page[at + RUN_PEAK] = 0;
    page[at + RUN_COUNT] = 0;
    page[at + RUN_Z] = 0;
  }

  /** Samples stopped coming. */
  int fallSilent(double[] page, int at, double surprise) {
    raise(page, at, SILENT);
    if (isOpen(page, at)) {
      page[at + SHAPE] = Shape.SILENCE.ordinal();
      return Stage1.CHANGED;
    }
    calm(page, at);
    open(page, at, page[at + SEEN], page[at + SCORED], 0, surprise);
    page[at + SHAPE] = Shape.SILENCE.ordinal();
    return Stage1.OPENED;
  }
}
