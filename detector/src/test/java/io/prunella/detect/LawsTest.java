package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every detector keeps to, whatever comes: no look-ahead, a defined answer to each sample, and
 * eyes that are open again when the nonsense is over. Streams are drawn from a seed: made series
 * with values, times and gaps among them that no one should send.
 */
class LawsTest {
  private static final double[] NASTY = {
    Double.NaN, 1.0 / 0, -1.0 / 0, 1e308, -1e308, 4.9e-324, -4.9e-324, 0, -0.0, 1e-300, 1e99, -7
  };
  private static final long TEN_YEARS_MS = 3650L * 86_400_000;
  private static final int SAMPLES = 1500;

  private record Sample(long timeMs, double value) {}

  /** A made series, one sample in thirty of which is not as it should be. */
  private static List<Sample> stream(Made.Noise noise, long seed) {
    var random = new Random(seed);
    var made = new Made(noise, seed);
    var samples = new ArrayList<Sample>();
    long timeMs = Fleet.START_MS;
    for (int i = 0; i < SAMPLES; i++) {
      timeMs += 15_000;
      double value = made.next(i * 15.0, 15);
      long atMs = timeMs;
      switch (random.nextInt(120)) {
        case 0, 1 -> value = NASTY[random.nextInt(NASTY.length)];
        case 2 -> atMs = timeMs - 15_000; // again
        case 3 -> atMs = timeMs - random.nextInt(100_000_000); // back
        default -> {}
      }
      if (random.nextInt(700) == 0) timeMs += random.nextInt(2) == 0 ? 1_800_000 : TEN_YEARS_MS;
      samples.add(new Sample(atMs, value));
    }
    return samples;
  }

  private static Meaning meaning(Made.Noise noise) {
    boolean counter = noise == Made.Noise.POISSON_COUNTER || noise == Made.Noise.SPARSE_ERRORS;
    return Fleet.meaning(counter ? Meaning.Type.COUNTER : Meaning.Type.GAUGE, "");
  }

  /** All that stage 1 says of the first samples of a stream, and its row after the last. */
  private static List<Object> said(List<Sample> stream, int samples, Meaning meaning) {
    var stage = Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS);
    int traits = Stage1.traits(meaning);
    var row = new double[stage.rowDoubles()];
    stage.begin(row, 0, traits);
    var said = new ArrayList<Object>();
    for (Sample one : stream.subList(0, samples)) {
      int flags = stage.observe(row, 0, traits, one.timeMs(), one.value());
      said.add(flags);
      said.add(stage.surprise(row, 0));
      said.add(stage.score(row, 0));
      assertThat(stage.surprise(row, 0)).isFinite().isGreaterThanOrEqualTo(0);
      assertThat(stage.score(row, 0)).isFinite().isGreaterThanOrEqualTo(0);
      if (flags != Stage1.QUIET) {
        var told = stage.describe(row, 0, Watched.LABELS, meaning, one.timeMs());
        assertThat(told.reason()).doesNotContain("NaN", "Infinity");
        said.add(told);
      }
    }
    return said;
  }

  @ParameterizedTest
  @EnumSource(Made.Noise.class)
  void observe_prefixOfAnyStream_saysTheSame(Made.Noise noise) {
    var stream = stream(noise, 21);
    var whole = said(stream, SAMPLES, meaning(noise));
    for (int samples : new int[] {1, 2, 11, 30, 31, 227, 700, SAMPLES - 1}) {
      var part = said(stream, samples, meaning(noise));
      assertThat(part).as("%d samples", samples).isEqualTo(whole.subList(0, part.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void observe_afterAnyStream_learnsAndSeesAgain(long seed) {
    var noise = Made.Noise.values()[(int) (seed % 3)]; // of the gauges
    var watched = Watched.ranked();
    for (Sample one : stream(noise, seed)) {
      watched.at(one.timeMs(), one.value());
      watched.timeMs = Math.max(watched.timeMs, one.timeMs());
    }
    watched.timeMs += TEN_YEARS_MS;
    var random = new Random(seed);
    watched.feed(400, _ -> 40 + random.nextGaussian());
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[0]).isBetween(38.0, 42.0);
    assertThat(band[1]).isBetween(25.0, 40.0);
    assertThat(band[2]).isBetween(40.0, 55.0);
    assertThat(watched.isOpen()).isFalse();
    assertThat(watched.delay(3, _ -> 80)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void used_prefixOfAnyStream_isToldTheSame(long seed) {
    var whole = told(seed, SAMPLES);
    for (int samples : new int[] {1, 3, 40, 333, SAMPLES - 1}) {
      var part = told(seed, samples);
      assertThat(part).isEqualTo(whole.subList(0, samples));
    }
    assertThat(whole).as("something is told at all").anyMatch(told -> !told.isEmpty());
  }

  /** What a tracker of memory tells after each of the first samples of a drawn stream. */
  private static List<List<Anomaly>> told(long seed, int samples) {
    var random = new Random(seed);
    var part = new LimitPart("shop|shop-1|x", LimitPart.Role.USED, 0.9);
    var meaning =
        new Meaning(
            "shop", "shop-1", Signal.MEMORY, Meaning.Type.GAUGE, null, "bytes", part, "in use");
    var tracker = new LimitTracker(meaning, Labels.EMPTY, DetectConfig.DEFAULTS);
    var told = new ArrayList<List<Anomaly>>();
    long timeMs = Fleet.START_MS;
    double used = 50;
    for (int i = 0; i < samples; i++) {
      timeMs += random.nextInt(400) == 0 ? TEN_YEARS_MS : 15_000;
      used = used > 98 ? 40 : used + 0.3 * random.nextDouble();
      double value = random.nextInt(40) == 0 ? NASTY[random.nextInt(NASTY.length)] : used;
      long atMs = random.nextInt(50) == 0 ? timeMs - random.nextInt(1_000_000) : timeMs;
      tracker.limit(atMs, random.nextInt(300) == 0 ? NASTY[random.nextInt(NASTY.length)] : 100);
      tracker.used(atMs, value);
      var now = tracker.poll(timeMs + 1);
      for (Anomaly one : now) assertThat(one.reason()).doesNotContain("NaN", "Infinity");
      double share = tracker.share();
      assertThat(Double.isNaN(share) || Double.isFinite(share)).as("share %s", share).isTrue();
      assertThat(tracker.exhaustedInSeconds()).isGreaterThanOrEqualTo(0);
      told.add(now);
    }
    return told;
  }
}
