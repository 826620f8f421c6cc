package io.prunella.detect;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;

/** Face first; the body follows. */
public final class Stage1 {
  public static final int QUIET = 0;
  public static final int OPENED = 1;
  public static final int CHANGED = 2;
  public static final int CLOSED = 4;

  public Stage1(DetectConfig config) {}

  public int rowDoubles() {
    return 48;
  }

  public static int traits(Meaning meaning) {
    return meaning.type().ordinal();
  }

  public void begin(double[] page, int at, int traits) {}

  public int observe(double[] page, int at, int traits, long timeMs, double value) {
    return QUIET;
  }

  public void pause(double[] page, int at) {}

  public int silence(double[] page, int at, int traits, long nowMs) {
    return QUIET;
  }

  public boolean isScored(double[] page, int at) {
    return false;
  }

  public double scored(double[] page, int at) {
    return Double.NaN;
  }

  public void band(double[] page, int at, double[] expectedLowerUpper) {}

  public Anomaly describe(double[] page, int at, Labels labels, Meaning meaning, long nowMs) {
    throw new IllegalStateException("no anomaly is open");
  }
}
