package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * What must hold of any bytes at all: the decoders take and refuse what the slow reference does,
 * and decompress what snappy-java does.
 */
final class DecodersFuzz {
  static final long NOW = 1_700_000_000_000L;
  static final IngestConfig CONFIG =
      new IngestConfig(1 << 20, 1 << 20, 1 << 22, 10_000, 8, 32, 64, 600_000, 30_000, 2, 4096, 100);
  static final Reference.Rules RULES = new Reference.Rules(CONFIG, NOW);

  /** One sample, whichever way it was read. */
  private record Seen(Labels labels, long timeMs, long bits) {}

  private final Fingerprint fingerprint = new Fingerprint(5);
  private final LabelCheck check = new LabelCheck(CONFIG);
  private final Request request = new Request();
  private final DecoderV1 v1;
  private final DecoderV2 v2;

  DecodersFuzz() {
    // One table of known series for both, as in the server, and kept from body to body.
    var known = new Known(CONFIG.knownMax());
    v1 = new DecoderV1(fingerprint, known, check, new MetadataBook(100));
    v2 = new DecoderV2(fingerprint, known, check, new MetadataBook(100));
  }

  /** Remote write 1.0. */
  void v1(byte[] body) {
    compare(body, wanted(() -> Reference.read(body, RULES)), () -> v1.decode(request), v1);
  }

  /** Remote write 2.0. */
  void v2(byte[] body) {
    compare(body, wanted(() -> ReferenceV2.read(body, RULES)), () -> v2.decode(request), v2);
  }

  private static Reference.@Nullable Outcome wanted(
      java.util.function.Supplier<Reference.Outcome> reference) {
    try {
      return reference.get();
    } catch (Reference.Bad e) {
      return null; // no message at all
    }
  }

  private interface Decoding {
    void run() throws Wire.Malformed, Request.TooMany;
  }

  private void compare(
      byte[] body, Reference.@Nullable Outcome wanted, Decoding decoding, Block.Source source) {
    request.clear();
    request.body = body.clone();
    request.bodyEnd = body.length;
    request.bound(CONFIG, body.length, NOW);
    try {
      decoding.run();
    } catch (Wire.Malformed e) {
      boolean isSound = wanted != null && !wanted.hasHistograms; // they are not looked into here
      if (isSound) fail("refused as malformed: " + e.getMessage());
      return;
    } catch (Request.TooMany e) {
      assertThat(body.length).as("%s", e.getMessage()).isGreaterThan(1000);
      return;
    }
    List<Seen> seen = seen(source);
    // What nobody looks into, such as labels without samples, may be no message within.
    if (wanted == null || wanted.hasHistograms) return;
    assertThat(seen)
        .isEqualTo(
            wanted.taken.stream()
                .map(one -> new Seen(Labels.of(one.labels()), one.timeMs(), one.bits()))
                .toList());
    assertThat(request.tally.refused()).as("refused").isEqualTo(wanted.refused);
  }

  private List<Seen> seen(Block.Source source) {
    var all = new ArrayList<Seen>();
    var slices = new LabelSlices();
    Samples samples = request.samples;
    for (int i = 0; i < samples.count; i++) {
      source.read(samples.from[i], samples.to[i], slices);
      assertThat(samples.prints[i]).as("print of sample %d", i).isEqualTo(fingerprint.of(slices));
      all.add(new Seen(slices.toLabels(), samples.timesMs[i], samples.bits[i]));
    }
    return all;
  }

  /** A compressed body, against the library that senders use. */
  void snappy(byte[] compressed) {
    var exchange = new Exchange(fingerprint, new Known(1024), check, new MetadataBook(100));
    exchange.begin(compressed.length);
    exchange.add(io.vertx.core.buffer.Buffer.buffer(compressed));
    int declared = exchange.declaredLength();
    byte[] wanted = null;
    try {
      if (declared <= CONFIG.decodedBytesMax()) wanted = Snappy.uncompress(compressed);
    } catch (IOException e) {
      // It is none.
    }
    if (declared < 0 || declared > CONFIG.decodedBytesMax()) {
      assertThat(wanted).as("what has no length that may be").isNull();
      return;
    }
    exchange.request.bound(CONFIG, declared, NOW);
    boolean isSnappy = true;
    try {
      exchange.decode(Negotiation.V1, declared);
    } catch (Wire.Malformed e) {
      isSnappy = !String.valueOf(e.getMessage()).contains("snappy");
    } catch (Request.TooMany e) {
      assertThat(declared).isGreaterThan(1000);
    }
    assertThat(isSnappy).as("taken as snappy").isEqualTo(wanted != null);
    if (wanted != null) {
      assertThat(exchange.request.body).startsWith(wanted);
    }
  }
}
