package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.series.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies made to take much more memory than they have bytes: what takes a byte or two in a request
 * may not take any number of bytes here.
 */
class HostileBodiesTest {
  private static final long NOW = Door.NOW;
  private static final int BODY_BYTES = 8 << 20;
  private static final long ALLOCATED_MAX = 80L << 20; // 64 MiB are a million samples' and growing

  private final LabelCheck check = new LabelCheck(IngestConfig.DEFAULTS);
  private final Exchange exchange =
      new Exchange(new Fingerprint(3), new Known(1024), check, new MetadataBook(10));

  /** A message, and as many of one field of it as there is room for. */
  private static byte[] filled(byte[] begin, byte[] again) {
    var all = new ByteArrayOutputStream(BODY_BYTES + again.length);
    all.writeBytes(begin);
    while (all.size() < BODY_BYTES) all.writeBytes(again);
    return all.toByteArray();
  }

  private static byte[] many(Message one) {
    return filled(new byte[0], one.toBytes());
  }

  private static Message named() {
    return new Message().message(1, Bodies.label("__name__", "m"));
  }

  private static Message namedV2(Message rest) {
    return new Message()
        .text(4, "")
        .text(4, "__name__")
        .text(4, "m")
        .bytes(5, concat(new Message().packed(1, 1, 2).toBytes(), rest.toBytes()));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static Message sample() {
    return new Message().message(2, Bodies.sample(NOW, 1));
  }

  private static byte[] body(String shape) {
    return switch (shape) {
      case "v1 samples without anything" ->
          many(new Message().message(1, new Message().bytes(2, new byte[0])));
      case "v1 labels" -> {
        byte[] labels = many(new Message().message(1, new Message().text(2, "x")));
        yield new Message().bytes(1, concat(labels, sample().toBytes())).toBytes();
      }
      case "v1 labels in two places" -> {
        byte[] labels = many(new Message().message(1, new Message().text(2, "x")));
        yield new Message()
            .bytes(1, concat(concat(named().toBytes(), sample().toBytes()), labels))
            .toBytes();
      }
      case "v1 buckets" ->
          new Message()
              .bytes(1, concat(named().toBytes(), new Message().bytes(4, buckets()).toBytes()))
              .toBytes();
      case "v1 spans" -> {
        byte[] spans = many(new Message().bytes(11, new byte[0]));
        yield new Message()
            .bytes(1, concat(named().toBytes(), new Message().bytes(4, spans).toBytes()))
            .toBytes();
      }
      case "v1 bounds" -> {
        byte[] bounds = new Message().bytes(16, new byte[BODY_BYTES]).toBytes();
        yield new Message()
            .bytes(1, concat(named().toBytes(), new Message().bytes(4, bounds).toBytes()))
            .toBytes();
      }
      case "v2 symbols" -> many(new Message().bytes(4, new byte[0]));
      case "v2 series" -> many(new Message().bytes(5, new byte[0]));
      case "v2 references" ->
          namedV2(new Message().bytes(1, new byte[BODY_BYTES]).message(2, Bodies.sample(NOW, 1)))
              .toBytes();
      case "v2 references one by one" -> {
        byte[] refs = many(new Message().number(1, 1));
        yield new Message()
            .text(4, "")
            .text(4, "x")
            .bytes(5, concat(refs, sample().toBytes()))
            .toBytes();
      }
      case "v2 buckets" -> namedV2(new Message().bytes(3, buckets())).toBytes();
      default -> throw new IllegalArgumentException(shape);
    };
  }

  /** A histogram with a bucket a byte. */
  private static byte[] buckets() {
    return new Message()
        .number(1, 0)
        .message(11, new Message().number(2, BODY_BYTES))
        .bytes(12, new byte[BODY_BYTES])
        .number(15, NOW)
        .toBytes();
  }

  @ParameterizedTest
  @CsvSource({
    "v1 samples without anything, 'bad_time'",
    "v1 labels, 'too_many_labels'",
    "v1 labels in two places, 'too_many_labels'",
    "v1 buckets, 'bad_histogram'",
    "v1 spans, 'bad_histogram'",
    "v1 bounds, 'bad_histogram'",
    "v2 symbols, 'more than 1048576 symbols'",
    "v2 series, 'more than 1000000 samples'",
    "v2 references, 'too_many_labels'",
    "v2 references one by one, 'too_many_labels'",
    "v2 buckets, 'bad_histogram'",
  })
  void decode_bodyThatWantsToGrow_isRefusedAtABoundedPrice(String shape, String why) {
    byte[] body = body(shape);
    byte[] compressed = Bodies.snappy(body);
    exchange.begin(compressed.length);
    exchange.add(io.vertx.core.buffer.Buffer.buffer(compressed));
    exchange.request.bound(IngestConfig.DEFAULTS, body.length, NOW);
    exchange.request.body = new byte[body.length]; // accounted for by the door
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    String said;
    try {
      exchange.decode(
          shape.startsWith("v1") ? Negotiation.V1 : Negotiation.V2, exchange.declaredLength());
      said = exchange.tally().message();
    } catch (Request.TooMany | Wire.Malformed e) {
      said = String.valueOf(e.getMessage());
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(said).contains(why);
    assertThat(allocated).as("bytes allocated for %d", body.length).isLessThan(ALLOCATED_MAX);
  }

  @Test
  void isWorthKeeping_afterManySymbols_isNot() throws Exception {
    var body = new Message();
    for (int i = 0; i < 300_000; i++) body.bytes(4, new byte[0]);
    byte[] compressed = Bodies.snappy(body.toBytes());
    exchange.begin(compressed.length);
    exchange.add(io.vertx.core.buffer.Buffer.buffer(compressed));
    exchange.request.bound(IngestConfig.DEFAULTS, 600_000, NOW);
    assertThat(exchange.isWorthKeeping()).isTrue();
    exchange.decode(Negotiation.V2, exchange.declaredLength());
    assertThat(exchange.isWorthKeeping()).isFalse();
  }
}
