package io.prunella.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private final Fingerprint print = new Fingerprint(42);

  @Test
  void of_sameBytesAtAnotherPlace_isSame() {
    var random = new Random(1);
    for (int length = 0; length < 300; length++) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      var moved = new byte[length + 13];
      System.arraycopy(bytes, 0, moved, 7, length);
      assertThat(print.of(moved, 7, 7 + length))
          .as("length %d", length)
          .isEqualTo(print.of(bytes, 0, length));
    }
  }

  @Test
  void of_oneBitFlipped_flipsAboutHalfOfTheBits() {
    var random = new Random(2);
    for (int length : new int[] {1, 3, 4, 8, 16, 17, 48, 49, 100, 374}) {
      double flipped = 0;
      for (int round = 0; round < 400; round++) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        long before = print.of(bytes, 0, length);
        int bit = random.nextInt(8 * length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        flipped += Long.bitCount(before ^ print.of(bytes, 0, length));
      }
      assertThat(flipped / 400).as("length %d", length).isBetween(30.0, 34.0);
    }
  }

  @Test
  void of_manySimilarSeries_noneMeet() {
    var seen = new HashSet<Long>();
    for (int pod = 0; pod < 500; pod++) {
      for (int le = 0; le < 200; le++) {
        byte[] text =
            ("request_seconds_bucket pod-" + pod + " le=" + le).getBytes(StandardCharsets.UTF_8);
        seen.add(print.of(text, 0, text.length));
      }
    }
    assertThat(seen).hasSize(100_000);
  }

  @Test
  void of_anotherSeed_isAnotherPrint() {
    byte[] text = "up".getBytes(StandardCharsets.UTF_8);
    assertThat(new Fingerprint(43).of(text, 0, 2)).isNotEqualTo(print.of(text, 0, 2));
  }

  /** Series chosen to meet in one slot by one seed lie as chance has it by another. */
  @Test
  void of_seriesThatFloodASlot_areSpreadByAnotherSeed() {
    int slots = 1 << 8;
    int chosen = 0;
    int[] filled = new int[slots];
    var other = new Fingerprint(43);
    for (int i = 0; chosen < 1000; i++) {
      byte[] text = ("flood{job=\"" + i + "\"}").getBytes(StandardCharsets.UTF_8);
      if ((print.of(text, 0, text.length) & (slots - 1)) != 0) continue;
      chosen++;
      filled[(int) other.of(text, 0, text.length) & (slots - 1)]++;
    }
    // Four in each on average; sixteen in one of them by chance about once in ten thousand tries.
    for (int count : filled) assertThat(count).isLessThan(16);
  }

  @Test
  void ofLabels_orderOfMaking_doesNotMatter() {
    var one = Labels.of(Map.of("__name__", "up", "job", "node", "instance", "a:9100"));
    var other = Labels.of("instance", "a:9100", "__name__", "up", "job", "node");
    assertThat(print.of(one)).isEqualTo(print.of(other));
  }

  @Test
  void ofLabels_bytesMovedBetweenNameAndValue_isAnotherPrint() {
    assertThat(print.of(Labels.of("ab", "c"))).isNotEqualTo(print.of(Labels.of("a", "bc")));
  }

  @Test
  void shard_manyPrints_areSpreadEvenly() {
    var counts = new int[5];
    var random = new Random(3);
    for (int i = 0; i < 100_000; i++) counts[Fingerprint.shard(random.nextLong(), 5)]++;
    for (int count : counts) assertThat(count).isBetween(19_000, 21_000);
  }
}
