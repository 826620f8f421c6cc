package io.prunella.watch;

import io.prunella.detect.Stage1;
import io.prunella.signal.Meaning;
import java.util.Arrays;

/**
 * Makes a window of what was kept: the band at each sample is found by letting the detector see all
 * kept samples again on a row of its own. So it is cold at the beginning of what is kept.
 */
final class Replay {
  private final Stage1 stage1;

  Replay(Stage1 stage1) {
    this.stage1 = stage1;
  }

  /** The window from {@code fromMs} to {@code toMs}, both included. */
  Windows.Window window(ReadWindows.Track track, long fromMs, long toMs, double limit) {
    long[] all = track.timesMs();
    double[] row = new double[stage1.rowDoubles()];
    int traits = Stage1.traits(asScored(track.meaning()));
    stage1.begin(row, 0, traits);
    var times = new long[all.length];
    var values = new double[all.length];
    var lower = new double[all.length];
    var upper = new double[all.length];
    var band = new double[3];
    int count = 0;
    for (int i = 0; i < all.length && all[i] <= toMs; i++) {
      double value = track.values()[i];
      if (Double.isNaN(value)) continue;
      stage1.observe(row, 0, traits, all[i], value);
      if (all[i] < fromMs) continue;
      stage1.band(row, 0, band);
      times[count] = all[i];
      values[count] = value;
      lower[count] = band[1];
      upper[count++] = band[2];
    }
    return new Windows.Window(
        track.labels(),
        track.meaning(),
        Arrays.copyOf(times, count),
        Arrays.copyOf(values, count),
        Arrays.copyOf(lower, count),
        Arrays.copyOf(upper, count),
        limit);
  }

  /** What is kept of a counter are rates already. */
  private static Meaning asScored(Meaning meaning) {
    if (meaning.type() != Meaning.Type.COUNTER) return meaning;
    return new Meaning(
        meaning.service(),
        meaning.instance(),
        meaning.signal(),
        Meaning.Type.GAUGE,
        meaning.worse(),
        meaning.unit(),
        meaning.limit(),
        meaning.title());
  }
}
