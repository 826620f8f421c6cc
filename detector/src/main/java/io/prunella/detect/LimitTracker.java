package io.prunella.detect;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import java.util.List;

/** Face first; the body follows. */
public final class LimitTracker {
  public LimitTracker(Meaning meaning, Labels labels, DetectConfig config) {}

  /** Tells of a further part; the tracker speaks for the part that people look at first. */
  public void join(Meaning meaning, Labels labels) {}

  public void used(long timeMs, double value) {}

  public void limit(long timeMs, double value) {}

  public void free(long timeMs, double value) {}

  public void share(long timeMs, double value) {}

  public void check(long timeMs, double value) {}

  public List<Anomaly> poll(long nowMs) {
    return List.of();
  }

  public double share() {
    return Double.NaN;
  }

  public double limit() {
    return Double.NaN;
  }
}
