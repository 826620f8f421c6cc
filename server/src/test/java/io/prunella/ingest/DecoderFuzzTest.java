package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The decoders against a slow one, and against bytes that nobody meant. */
class DecoderFuzzTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final int ROUNDS = 20_000;

  private final Fingerprint fingerprint = new Fingerprint(5);
  private final LabelCheck check = new LabelCheck(IngestConfig.DEFAULTS);
  private final Request request = new Request();

  private DecoderV1 decoderV1() {
    return new DecoderV1(fingerprint, new Known(1024), check, new MetadataBook(100));
  }

  private void fill(byte[] body) {
    request.clear();
    request.body = body.clone();
    request.bodyEnd = body.length;
    request.samplesMax = 10_000;
    request.nowMs = NOW;
    request.aheadMsMax = 1000;
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
    if (random.nextInt(4) == 0) java.util.Collections.shuffle(parts, random);
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

  private record Seen(Labels labels, long timeMs, long bits) {}

  private List<Seen> decoded(DecoderV1 decoder) {
    var all = new ArrayList<Seen>();
    var slices = new LabelSlices();
    Samples samples = request.samples;
    for (int i = 0; i < samples.count; i++) {
      decoder.read(samples.from[i], samples.to[i], slices);
      assertThat(samples.prints[i]).isEqualTo(fingerprint.of(slices));
      all.add(new Seen(slices.toLabels(), samples.timesMs[i], samples.bits[i]));
    }
    return all;
  }

  @Test
  void decodeV1_validMessages_agreesWithTheReference() throws Exception {
    DecoderV1 decoder = decoderV1();
    for (long seed = 0; seed < ROUNDS; seed++) {
      byte[] body = message(new Random(seed)).toBytes();
      fill(body);
      decoder.decode(request);
      var wanted = new ArrayList<Seen>();
      for (Reference.Sample s : Reference.read(body)) {
        wanted.add(new Seen(Labels.of(s.labels()), s.timeMs(), s.bits()));
      }
      assertThat(decoded(decoder)).as("seed %d", seed).isEqualTo(wanted);
      assertThat(request.tally.refused()).as("seed %d", seed).isZero();
    }
  }

  /**
   * Bytes flipped, cut out and doubled: refused as malformed, or taken as the reference takes it.
   */
  @Test
  void decodeV1_damagedMessages_areRefusedOrReadAsTheReferenceDoes() throws Exception {
    DecoderV1 decoder = decoderV1();
    int sound = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      byte[] body = damaged(message(random).toBytes(), random);
      boolean isBad = false;
      List<Reference.Sample> wanted = List.of();
      try {
        wanted = Reference.read(body);
        if (Reference.hasHistograms(body)) continue;
      } catch (Reference.Bad e) {
        isBad = true;
      }
      fill(body);
      try {
        decoder.decode(request);
        // What nobody looks into (exemplars, unknown fields, labels without samples) may be bad
        // within.
        if (!isBad) {
          sound++;
          int seen = request.samples.count + request.tally.refused();
          assertThat(seen).as("seed %d", seed).isEqualTo(wanted.size());
        }
        decoded(decoder);
      } catch (Wire.Malformed e) {
        assertThat(isBad).as("seed %d: %s", seed, e.getMessage()).isTrue();
      }
    }
    assertThat(sound).isGreaterThan(ROUNDS / 20);
  }

  @Test
  void decodeV2_damagedMessages_neverBreak() {
    var decoder = new DecoderV2(fingerprint, new Known(1024), check, new MetadataBook(100));
    var slices = new LabelSlices();
    int sound = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      var body = new Bodies.V2();
      for (int i = random.nextInt(4); i >= 0; i--) {
        var labels = Map.of("__name__", "m" + random.nextInt(3), "a", "v" + random.nextInt(9));
        var series = new Message().packed(1, body.refs(labels));
        if (random.nextInt(4) > 0) series.message(2, sample(random));
        if (random.nextInt(4) == 0) {
          series.message(3, new Message().number(1, 3).number(6, 3).number(15, NOW));
        }
        if (random.nextInt(4) == 0) series.message(4, new Message().real(2, 1.0).number(3, NOW));
        body.series(series);
      }
      fill(damaged(body.toRaw(), random));
      try {
        decoder.decode(request);
        sound++;
      } catch (Wire.Malformed | Request.TooMany e) {
        continue;
      }
      Samples samples = request.samples;
      for (int i = 0; i < samples.count; i++) {
        decoder.read(samples.from[i], samples.to[i], slices);
        assertThat(samples.prints[i]).as("seed %d", seed).isEqualTo(fingerprint.of(slices));
      }
    }
    assertThat(sound).isGreaterThan(ROUNDS / 20);
  }

  private static byte[] damaged(byte[] body, Random random) {
    if (body.length == 0) return body;
    byte[] damaged = body.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt(256);
        case 2 -> damaged = java.util.Arrays.copyOf(damaged, Math.max(1, at));
        default -> {
          var twice = java.util.Arrays.copyOf(damaged, damaged.length + damaged.length - at);
          System.arraycopy(damaged, at, twice, damaged.length, damaged.length - at);
          damaged = twice;
        }
      }
    }
    return damaged;
  }
}
