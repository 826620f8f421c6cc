package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentTest {
  private static final double PRECISION = Math.pow(2, -17);

  private record Sample(long timeMs, double value) {}

  private static List<Sample> read(Recent recent, int row) {
    var all = new ArrayList<Sample>();
    recent.read(row, (time, value) -> all.add(new Sample(time, value)));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "walk", "rate", "spikes", "nasty", "jitter"})
  void read_whatWasAdded_isThereWithinTheStatedPrecision(String kind) {
    var random = new Random(kind.hashCode());
    var recent = new Recent(8 * 1024, 7_200_000);
    var added = new ArrayList<Sample>();
    recent.begin(0);
    long time = 1_700_000_000_123L;
    double level = 310e6;
    for (int i = 0; i < 400; i++) {
      time += kind.equals("jitter") ? 14_000 + random.nextInt(2000) : 15_000;
      if (kind.equals("nasty") && i % 50 == 49) time += 3_600_000;
      level += random.nextGaussian() * 1e6;
      double value =
          switch (kind) {
            case "constant" -> 1;
            case "rate" -> random.nextInt(32) / 15.0;
            case "spikes" -> i % 37 == 0 ? 1e12 : 0.001;
            case "nasty" -> new double[] {Double.NaN, 0, -0.0, -1e-30, 1e30, Math.PI}[i % 6];
            default -> level;
          };
      recent.add(0, time, value);
      added.add(new Sample(time, value));
    }
    List<Sample> seen = read(recent, 0);
    List<Sample> wanted = added.subList(added.size() - seen.size(), added.size());
    assertThat(seen.size()).isGreaterThan(kind.equals("nasty") ? 50 : 395);
    for (int i = 0; i < seen.size(); i++) {
      double value = wanted.get(i).value();
      assertThat(seen.get(i).timeMs()).isEqualTo(wanted.get(i).timeMs());
      if (Double.isNaN(value)) {
        assertThat(seen.get(i).value()).isNaN();
      } else {
        assertThat(seen.get(i).value())
            .isCloseTo(value, org.assertj.core.data.Offset.offset(Math.abs(value) * PRECISION));
      }
    }
    assertThat(recent.lastTimeMs(0)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e300, -1e300, Double.MAX_VALUE, Float.MAX_VALUE, 1e-320})
  void read_valueBeyondAFloat_isClampedAndFinite(double value) {
    var recent = new Recent(1024, 7_200_000);
    recent.begin(0);
    recent.add(0, 1000, value);
    recent.add(0, 2000, value);
    for (Sample sample : read(recent, 0)) {
      assertThat(sample.value()).isFinite();
      assertThat(Math.signum(sample.value())).isIn(Math.signum(value), 0.0);
    }
  }

  @Test
  void add_twoHoursOfNoise_takesAtMostAKilobyteAndKeepsMostOfIt() {
    var random = new Random(5);
    var recent = new Recent(1024, 7_200_000);
    recent.begin(0);
    for (int i = 1; i <= 5000; i++) recent.add(0, 15_000L * i, 100 + random.nextGaussian());
    assertThat(recent.chunks()).isEqualTo(8);
    List<Sample> seen = read(recent, 0);
    assertThat(seen.getLast().timeMs()).isEqualTo(15_000L * 5000);
    assertThat(seen.size()).as("samples kept of 480 in two hours").isGreaterThan(330);
  }

  @Test
  void add_samplesFarApart_chunksTooOldAreGivenBack() {
    var recent = new Recent(1024, 7_200_000);
    recent.begin(0);
    for (int i = 1; i <= 100; i++) recent.add(0, 3_600_000L * i, i);
    assertThat(read(recent, 0).getFirst().timeMs()).isGreaterThanOrEqualTo(3_600_000L * 96);
  }

  @Test
  void remove_thenOthers_useTheChunksAgain() {
    var random = new Random(6);
    var recent = new Recent(1024, 7_200_000);
    long bytes = 0;
    for (int round = 0; round < 100; round++) { // more than a page has room for
      for (int row = 0; row < 20; row++) {
        recent.begin(row);
        for (int i = 1; i < 300; i++) recent.add(row, 15_000L * i, random.nextDouble());
      }
      for (int row = 0; row < 20; row++) recent.remove(row);
      if (round == 0) bytes = recent.bytes();
    }
    assertThat(recent.chunks()).isZero();
    assertThat(recent.bytes()).isEqualTo(bytes);
  }

  @Test
  void seen_timesOfThePast_areToldApart() {
    var recent = new Recent(256, 7_200_000);
    recent.begin(0);
    for (int i = 1; i < 500; i++) recent.add(0, 15_000L * i, i * Math.E);
    assertThat(recent.seen(0, 15_000L * 490)).isEqualTo(Recent.Seen.TAKEN);
    assertThat(recent.seen(0, 15_000L * 490 + 1)).isEqualTo(Recent.Seen.MISSING);
    assertThat(recent.seen(0, 15_000L)).isEqualTo(Recent.Seen.TOO_OLD);
  }

  @Test
  void load_whatWasSaved_goesOnAsBefore() {
    var random = new Random(7);
    var one = new Recent(1024, 7_200_000);
    var other = new Recent(1024, 7_200_000);
    other.begin(3);
    other.add(3, 1, 1); // other chunks are taken already
    one.begin(0);
    other.begin(9);
    for (int i = 1; i < 333; i++) one.add(0, 15_000L * i, random.nextDouble());
    var saved = new Frame(8);
    one.save(0, saved);
    other.load(9, saved.bytes, 0);
    for (int i = 333; i < 700; i++) {
      double value = random.nextDouble();
      one.add(0, 15_000L * i, value);
      other.add(9, 15_000L * i, value);
    }
    assertThat(read(other, 9)).isEqualTo(read(one, 0));
  }
}
