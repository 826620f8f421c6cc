package io.prunella.train;

import io.prunella.detect.Anomaly;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.Stage1;
import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * What stage 1 says of the stretches of one series in which nobody has labelled anything: words
 * about anomalies, all of them false. The stretches are joined into one line of calm time.
 *
 * @param name of the series
 * @param group series of one group with the same rows were seen together and move together
 * @param signal what the series is taken to speak of
 * @param spanMs length of the calm time
 * @param words in order of their time
 */
record CalmSeries(String name, String group, Signal signal, long spanMs, List<Word> words) {
  /**
   * One word about an anomaly.
   *
   * @param atMs calm time
   * @param fromMs since when it is odd, calm time
   * @param open false: it is over
   */
  record Word(long atMs, long fromMs, boolean open, Anomaly anomaly) {}

  private static final long BEFORE_MS = 3_600_000; // a person labels late
  private static final long AFTER_MS = 6 * 3_600_000; // an anomaly may stay open for so long
  private static final double LEARNT_SHARE = 0.1; // of the rows, at the beginning: not yet warm
  private static final long GAP_MS = 6 * 3_600_000; // a longer one is no calm time

  /**
   * The signals that a service's series have in turn: what people are paged for, what it is made
   * of, and two that nobody has named.
   */
  private static final Signal[] SIGNALS = {
    Signal.LATENCY,
    Signal.CPU,
    Signal.TRAFFIC,
    Signal.ERRORS,
    Signal.MEMORY,
    Signal.OTHER,
    Signal.NETWORK,
    Signal.POOL,
    Signal.CPU,
    Signal.OTHER
  };

  CalmSeries {
    words = List.copyOf(words);
  }

  /**
   * Runs stage 1 over all of a series and keeps what it says in calm time.
   *
   * @param number of the series in its set, which gives it a signal
   */
  static CalmSeries of(String set, int number, Labelled series) {
    Signal signal = SIGNALS[number % SIGNALS.length];
    var meaning = meaning(signal);
    var labels = Labels.of("__name__", "series_" + number);
    var stage = new Stage1(DetectConfig.DEFAULTS);
    int traits = Stage1.traits(meaning);
    var page = new double[stage.rowDoubles()];
    stage.begin(page, 0, traits);
    var calm = calm(series);
    var words = new ArrayList<Word>();
    long calmMs = 0;
    long fromMs = 0;
    Anomaly open = null;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < series.rows(); i++) {
      long time = series.timesMs()[i];
      int flags = stage.observe(page, 0, traits, time, series.values()[i]);
      if (i > 0 && time <= last) continue; // a time that does not go on is no sample
      if (i > 0 && calm[i] && calm[i - 1] && time - last <= GAP_MS) calmMs += time - last;
      last = time;
      if (open != null && (!calm[i] || (flags & Stage1.CLOSED) != 0)) {
        words.add(new Word(calmMs, fromMs, false, open));
        open = null;
      }
      boolean opens = (flags & Stage1.OPENED) != 0;
      if (!calm[i] || !(opens || (open != null && (flags & Stage1.CHANGED) != 0))) continue;
      var anomaly = stage.describe(page, 0, labels, meaning, time);
      if (opens) fromMs = Math.max(0, calmMs - Math.max(0, time - anomaly.fromMs()));
      open = anomaly;
      words.add(new Word(calmMs, fromMs, true, anomaly));
    }
    if (open != null) words.add(new Word(calmMs, fromMs, false, open));
    return new CalmSeries(series.name(), group(set, series), signal, calmMs, words);
  }

  /** Rows away from all labels, and not at the beginning. */
  private static boolean[] calm(Labelled series) {
    long[] times = series.timesMs();
    var calm = new boolean[times.length];
    int from = Math.max(series.from(), (int) (LEARNT_SHARE * times.length));
    java.util.Arrays.fill(calm, Math.min(from, times.length), times.length, true);
    for (var segment : series.segments()) {
      long begin = times[segment.from()] - BEFORE_MS;
      long end = times[segment.to()] + AFTER_MS;
      for (int i = segment.from(); i >= 0 && times[i] >= begin; i--) calm[i] = false;
      for (int i = segment.from(); i < times.length && times[i] <= end; i++) calm[i] = false;
    }
    return calm;
  }

  private static String group(String set, Labelled series) {
    long[] times = series.timesMs();
    String rows =
        times.length == 0 ? "" : times[0] + "/" + times[times.length - 1] + "/" + times.length;
    return Seen.group(set, series.name()) + "/" + rows + "/" + series.segments().hashCode();
  }

  private static Meaning meaning(Signal signal) {
    Direction worse =
        switch (signal) {
          case LATENCY, ERRORS, CPU, MEMORY, POOL -> Direction.UP;
          default -> null;
        };
    return new Meaning("service", "", signal, Meaning.Type.GAUGE, worse, "", null, "calm series");
  }
}
