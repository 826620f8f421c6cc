package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import io.prunella.server.PastSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastStoreTest {
  private static final Instant FROM = Instant.parse("2026-03-03T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-03-03T04:00:00Z");

  @TempDir Path folder;

  private static List<PastSeries> window() {
    var one = new PastSeries(Labels.of("__name__", "a", "job", "wäre \"so\"\n"));
    double[] values = {1.5, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e308};
    for (int i = 0; i < values.length; i++) one.add(1_000L * i * i + 7, values[i]);
    return List.of(one, new PastSeries(Labels.of("__name__", "b")));
  }

  private PastStore store(String... asked) {
    return new PastStore(folder, List.of(asked), Map.of("cluster", "eu"));
  }

  @Test
  void get_whatWasKept_isTheSameBitForBit() throws IOException {
    store("x").keep(FROM, TO, window());
    var read = store("x").get(FROM, TO);
    assertThat(read).hasSize(2);
    for (int k = 0; k < 2; k++) {
      PastSeries wanted = window().get(k);
      PastSeries seen = read.get(k);
      assertThat(seen.labels()).isEqualTo(wanted.labels());
      assertThat(seen.size()).isEqualTo(wanted.size());
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(seen.timeMs(i)).isEqualTo(wanted.timeMs(i));
        assertThat(Double.doubleToRawLongBits(seen.value(i)))
            .isEqualTo(Double.doubleToRawLongBits(wanted.value(i)));
      }
    }
  }

  @Test
  void get_anotherWindowOrHistory_isNotThere() throws IOException {
    store("ab", "c").keep(FROM, TO, window());
    assertThat(store("ab", "c").get(FROM, TO.plusSeconds(1))).isNull();
    assertThat(store("a", "bc").get(FROM, TO)).isNull();
    assertThat(new PastStore(folder, List.of("ab", "c"), Map.of()).get(FROM, TO)).isNull();
  }

  @Test
  void get_damagedAtAnyByte_isNotThereOrTheSame() throws IOException {
    var store = store("x");
    store.keep(FROM, TO, window());
    Path file;
    try (var all = Files.walk(folder)) {
      file = all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] good = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x55;
      Files.write(file, bad);
      var read = store.get(FROM, TO);
      if (read == null) refused++;
      else assertThat(read.getFirst().size()).as("byte %d", i).isEqualTo(6);
      Files.write(file, java.util.Arrays.copyOf(good, i));
      assertThat(store.get(FROM, TO)).as("cut at %d", i).isNull();
    }
    assertThat(refused).isGreaterThan(good.length - 12); // but for what names time and system
    Files.write(file, good);
    assertThat(store.get(FROM, TO)).hasSize(2);
  }

  @Test
  void tooMuch_isRememberedForThatWindowOnly() throws IOException {
    store("x").tooMuch(FROM, TO);
    assertThat(store("x").isTooMuch(FROM, TO)).isTrue();
    assertThat(store("x").isTooMuch(FROM, TO.minusSeconds(1))).isFalse();
    assertThat(store("y").isTooMuch(FROM, TO)).isFalse();
  }
}
