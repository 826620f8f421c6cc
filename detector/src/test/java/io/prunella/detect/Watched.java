package io.prunella.detect;

import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One series under stage 1, fed by a test, with the anomalies it was told of. */
final class Watched {
  static final Labels LABELS = Labels.of("__name__", "made", "job", "shop");

  final Stage1 stage;
  final double[] row;
  final Meaning meaning;
  final List<Anomaly> told = new ArrayList<>();
  final int traits;
  long timeMs = Fleet.START_MS;

  Watched(Meaning meaning) {
    this(meaning, new Stage1(DetectConfig.DEFAULTS));
  }

  private Watched(Meaning meaning, Stage1 stage) {
    this.stage = stage;
    this.row = new double[stage.rowDoubles()];
    this.meaning = meaning;
    this.traits = Stage1.traits(meaning);
    stage.begin(row, 0, traits);
  }

  static Watched gauge(String unit) {
    return new Watched(Fleet.meaning(Meaning.Type.GAUGE, unit));
  }

  /** A gauge whose samples are ranked as well. */
  static Watched ranked() {
    return new Watched(
        Fleet.meaning(Meaning.Type.GAUGE, ""),
        Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS));
  }

  static Watched of(Signal signal, Meaning.Type type, @Nullable Direction worse) {
    return new Watched(new Meaning("shop", "shop-1", signal, type, worse, "", null, "made"));
  }

  /** One sample, 15 s after the last. */
  int see(double value) {
    timeMs += 15_000;
    return at(timeMs, value);
  }

  int at(long whenMs, double value) {
    int flags = stage.observe(row, 0, traits, whenMs, value);
    hear(flags);
    return flags;
  }

  int tick() {
    int flags = stage.silence(row, 0, traits, timeMs);
    hear(flags);
    return flags;
  }

  /** So many samples of a function of the sample's number. */
  Watched feed(int samples, DoubleUnaryOperator value) {
    for (int i = 0; i < samples; i++) see(value.applyAsDouble(i));
    return this;
  }

  private void hear(int flags) {
    if (flags != Stage1.QUIET) told.add(stage.describe(row, 0, LABELS, meaning, timeMs));
  }

  long opened() {
    return told.stream().map(Anomaly::fromMs).distinct().count();
  }

  boolean isOpen() {
    return stage.isAnomalous(row, 0);
  }

  /** Samples until an anomaly opens, counted from 1; -1 when none does within so many. */
  int delay(int samplesMax, DoubleUnaryOperator value) {
    for (int i = 0; i < samplesMax; i++) {
      if ((see(value.applyAsDouble(i)) & Stage1.OPENED) != 0) return i + 1;
    }
    return -1;
  }
}
