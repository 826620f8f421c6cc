package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The decoders against slow ones, over what fuzzing has found ({@link IngestFuzz}), messages made
 * at random, and both of them damaged.
 */
class DecoderFuzzTest {
  private static final long NOW = DecodersFuzz.NOW;
  private static final int ROUNDS = 10_000;
  private static final Path CORPUS =
      Path.of("src/test/resources/io/prunella/ingest/IngestFuzzInputs");

  private final DecodersFuzz decoders = new DecodersFuzz();

  private Consumer<byte[]> target(String name) {
    return switch (name) {
      case "decodeV1" -> decoders::v1;
      case "decodeV2" -> decoders::v2;
      case "decompress" -> decoders::snappy;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** All kept inputs of a target, in the order of their names. */
  static List<Path> corpus(String target) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"decodeV1", "decodeV2", "decompress"})
  void corpus_asItIsAndDamaged_isReadAsTheReferenceDoes(String name) throws IOException {
    Consumer<byte[]> target = target(name);
    List<Path> files = corpus(name);
    assertThat(files).isNotEmpty();
    int rounds = (name.equals("decompress") ? 1000 : 2 * ROUNDS) / files.size();
    for (Path file : files) {
      byte[] body = Files.readAllBytes(file);
      check(file.getFileName().toString(), body, target);
      for (long seed = 0; seed < rounds; seed++) {
        byte[] damaged = damaged(body, new Random(seed));
        check("%s damaged with seed %d".formatted(file.getFileName(), seed), damaged, target);
      }
    }
  }

  private static void check(String what, byte[] body, Consumer<byte[]> target) {
    try {
      target.accept(body);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "%s, of %d bytes: %s".formatted(what, body.length, Arrays.toString(body)), e);
    }
  }

  @Test
  void decodeV1_randomMessages_areReadAsTheReferenceDoes() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      byte[] body = message(random).toBytes();
      check("seed " + seed, body, decoders::v1);
      check("damaged, seed " + seed, damaged(body, random), decoders::v1);
    }
  }

  @Test
  void decodeV2_randomMessages_areReadAsTheReferenceDoes() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      byte[] body = messageV2(random);
      check("seed " + seed, body, decoders::v2);
      check("damaged, seed " + seed, damaged(body, random), decoders::v2);
    }
  }

  /** Valid messages in any order of fields, with fields that nobody knows. */
  private static Message message(Random random) {
    var request = new Message();
    for (int i = random.nextInt(5); i > 0; i--) {
      noise(request, random);
      request.message(1, series(random));
    }
    return request;
  }

  private static Message series(Random random) {
    var series = new Message();
    int labels = random.nextInt(5);
    var parts = new ArrayList<Runnable>();
    parts.add(() -> series.message(1, label(random, "__name__", "m" + random.nextInt(3))));
    for (int i = 0; i < labels; i++) {
      String name = "l" + i;
      parts.add(() ->
          series.message(
              1,
              label(random, name, "v".repeat(random.nextInt(random.nextInt(8) == 0 ? 300 : 4)))));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      parts.add(() -> series.message(2, sample(random)));
    }
    if (random.nextInt(4) == 0) Collections.shuffle(parts, random);
    parts.forEach(Runnable::run);
    if (random.nextInt(3) == 0) noise(series, random);
    return series;
  }

  private static Message label(Random random, String name, String value) {
    if (random.nextInt(10) == 0) return new Message().text(2, value).text(1, name);
    return Bodies.label(name, value);
  }

  private static Message sample(Random random) {
    long time = NOW - random.nextInt(1_000_000);
    if (random.nextInt(5) == 0) {
      return new Message().number(2, 5).number(2, time).number(9, 1).real(1, random.nextLong());
    }
    return new Message().real(1, random.nextLong()).number(2, time);
  }

  private static void noise(Message to, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> to.number(50, random.nextLong());
      case 1 -> to.real(51, 1.0);
      case 2 -> to.text(52, "noise");
      case 3 -> to.fixed32(53, 7);
      default -> {}
    }
  }

  /** The same of remote write 2.0; some references and labels are bad. */
  private static byte[] messageV2(Random random) {
    var request = new Message();
    var symbols = List.of("", "__name__", "m", "a", "b", "v1", "v2", "größe", "v".repeat(70));
    boolean areSymbolsLast = random.nextInt(8) == 0;
    if (!areSymbolsLast) symbols.forEach(symbol -> request.text(4, symbol));
    for (int i = random.nextInt(5); i > 0; i--) {
      noise(request, random);
      request.message(5, seriesV2(random, symbols.size()));
    }
    if (areSymbolsLast) symbols.forEach(symbol -> request.text(4, symbol));
    return request.toBytes();
  }

  private static Message seriesV2(Random random, int symbols) {
    var refs = new ArrayList<Long>(List.of(1L, 2L));
    for (int i = random.nextInt(3); i > 0; i--) {
      refs.add((long) random.nextInt(symbols));
      refs.add((long) random.nextInt(symbols));
    }
    if (random.nextInt(20) == 0) refs.removeLast();
    if (random.nextInt(20) == 0) refs.add(random.nextLong());
    long[] all = refs.stream().mapToLong(ref -> ref).toArray();
    int cut = random.nextInt(6) == 0 ? random.nextInt(all.length + 1) : all.length;
    var series = new Message();
    var parts = new ArrayList<Runnable>();
    parts.add(() -> series.packed(1, Arrays.copyOf(all, cut)));
    for (int i = cut; i < all.length; i++) {
      long ref = all[i];
      parts.add(() -> series.number(1, ref));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      parts.add(() -> series.message(2, sample(random)));
    }
    if (random.nextInt(4) == 0) {
      parts.add(() -> series.message(4, new Message().real(2, 1.0).number(3, NOW)));
    }
    if (random.nextInt(4) == 0) {
      long help = random.nextInt(symbols + 2);
      parts.add(() -> series.message(5, new Message().number(1, 1).number(3, help)));
    }
    if (random.nextInt(3) == 0) Collections.shuffle(parts, random);
    parts.forEach(Runnable::run);
    if (random.nextInt(3) == 0) noise(series, random);
    return series;
  }

  /** Bytes flipped, cut off and doubled. */
  static byte[] damaged(byte[] body, Random random) {
    if (body.length == 0) return body;
    byte[] damaged = body.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt(256);
        case 2 -> damaged = Arrays.copyOf(damaged, Math.max(1, at));
        default -> {
          var twice = Arrays.copyOf(damaged, damaged.length + damaged.length - at);
          System.arraycopy(damaged, at, twice, damaged.length, damaged.length - at);
          damaged = twice;
        }
      }
    }
    return damaged;
  }
}
