package io.prunella.detect;

import io.prunella.signal.Meaning;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long one sample takes under stage 1, rows in the order of memory and warm. Gauges with 5 % of
 * noise, one sample a series and turn. Figures: the run prints them; {@code mvn -pl detector
 * test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=org.openjdk.jmh.Main
 * -Dexec.args=ObserveBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ObserveBenchmark {
  @Param({"1000", "100000"})
  int seriesCount;

  private final Stage1 stage = new Stage1(DetectConfig.DEFAULTS);
  private final double[] noise = new double[8192];
  private double[] page = {};
  private int traits;
  private int series;
  private int turn;

  @Setup
  public void warm() {
    var random = new Random(1);
    for (int i = 0; i < noise.length; i++) noise[i] = 100 + 5 * random.nextGaussian();
    page = new double[seriesCount * stage.rowDoubles()];
    traits = Stage1.traits(Fleet.meaning(Meaning.Type.GAUGE, ""));
    for (int i = 0; i < seriesCount; i++) stage.begin(page, i * stage.rowDoubles(), traits);
    for (int i = 0; i < 100 * seriesCount; i++) observe();
  }

  /** One sample of the next series. */
  @Benchmark
  public int observe() {
    if (++series == seriesCount) {
      series = 0;
      turn++;
    }
    double value = noise[(series * 31 + turn * 17) & (noise.length - 1)];
    long timeMs = Fleet.START_MS + turn * 15_000L;
    return stage.observe(page, series * stage.rowDoubles(), traits, timeMs, value);
  }
}
