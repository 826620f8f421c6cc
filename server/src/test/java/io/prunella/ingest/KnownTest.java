package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownTest {
  private static long hash(long i) {
    long z = (i + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    return z ^ (z >>> 27);
  }

  @Test
  void print_halfFull_knowsAlmostAllAfterASecondSight() {
    var known = new Known(200_000);
    for (int pass = 0; pass < 4; pass++) {
      for (int i = 0; i < 100_000; i++) {
        if (known.print(hash(i)) == 0) known.add(hash(i), hash(-i) | 1);
      }
    }
    int there = 0;
    for (int i = 0; i < 100_000; i++) if (known.print(hash(i)) == (hash(-i) | 1)) there++;
    assertThat(there).isGreaterThan(98_000);
    assertThat(known.print(hash(100_001))).isZero();
  }

  @Test
  void add_moreThanRoom_forgetsAndStaysRight() {
    var known = new Known(1024);
    for (int i = 0; i < 1_000_000; i++) known.add(hash(i), i + 1L);
    for (int i = 0; i < 1_000_000; i++) assertThat(known.print(hash(i))).isIn(0L, i + 1L);
  }

  /** Many threads write and read at once: what is found is right, never another's. */
  @Test
  void print_underRaces_isRightOrNothing() {
    var known = new Known(2048);
    var threads =
        IntStream.range(0, 4)
            .mapToObj(seed ->
                CompletableFuture.supplyAsync(() -> {
                  var random = new Random(seed);
                  int wrong = 0;
                  for (int round = 0; round < 500_000; round++) {
                    long i = random.nextInt(20_000);
                    long print = known.print(hash(i));
                    if (print != 0 && print != (hash(~i) | 1)) wrong++;
                    if (print == 0) known.add(hash(i), hash(~i) | 1);
                  }
                  return wrong;
                }))
            .toList();
    for (var thread : threads) assertThat(thread.join()).isZero();
  }
}
