package io.prunella.detect;

import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.EnumMap;
import java.util.Map;

/** Counts the anomalies that open on made series when nothing is wrong. */
final class Fleet {
  static final long START_MS = 1_780_000_000_000L;

  private Fleet() {}

  static Meaning meaning(Meaning.Type type, String unit) {
    return new Meaning("shop", "shop-1", Signal.OTHER, type, null, unit, null, "made");
  }

  /** Anomalies that opened, by kind of noise; {@code series} of each kind. */
  static Map<Made.Noise, Integer> opened(int series, double hours, double seconds, long seed) {
    var stage = new Stage1(DetectConfig.DEFAULTS);
    var counts = new EnumMap<Made.Noise, Integer>(Made.Noise.class);
    var row = new double[stage.rowDoubles()];
    for (Made.Noise noise : Made.Noise.values()) {
      int opened = 0;
      for (int i = 0; i < series; i++) {
        var made = new Made(noise, seed + i);
        int traits =
            Stage1.traits(
                meaning(made.isCounter() ? Meaning.Type.COUNTER : Meaning.Type.GAUGE, ""));
        stage.begin(row, 0, traits);
        for (double t = 0; t < hours * 3600; t += seconds) {
          long timeMs = START_MS + (long) (t * 1000);
          int flags = stage.observe(row, 0, traits, timeMs, made.next(t, seconds));
          if ((flags & Stage1.OPENED) != 0) opened++;
        }
      }
      counts.put(noise, opened);
    }
    return counts;
  }

  public static void main(String[] args) {
    int series = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    double hours = args.length > 1 ? Double.parseDouble(args[1]) : 24;
    var opened = opened(series, hours, 15, 1);
    opened.forEach((noise, count) ->
        System.out.printf(
            "%-16s %6d opened, %.2f a 1000 series-hours%n",
            noise, count, count / (series * hours) * 1000));
    int all = opened.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "all %d: %.2f a 1000 series-hours%n", all, all / (series * hours * opened.size()) * 1000);
  }
}
