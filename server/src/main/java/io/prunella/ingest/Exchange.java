package io.prunella.ingest;

import io.airlift.compress.v3.snappy.SnappyDecompressor;
import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.Refusal;
import io.prunella.series.Tally;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way in, and all the memory it needs; used again for later requests. The event
 * loop owns it while bytes come in and are decoded, then the shards own the samples, and whoever
 * reports last gives it back.
 */
final class Exchange {
  private static final int KEPT_BYTES_MAX = 4 << 20;

  /** What may befall samples that were made out of a sound histogram. */
  private static final Set<Refusal> OF_SAMPLES =
      EnumSet.of(
          Refusal.BAD_TIME,
          Refusal.TOO_FAR_AHEAD,
          Refusal.OUT_OF_ORDER,
          Refusal.TOO_OLD,
          Refusal.OTHER_VALUE,
          Refusal.SENDER_FULL,
          Refusal.TOO_MANY_SERIES);

  final Request request = new Request();
  private final DecoderV1 v1;
  private final DecoderV2 v2;
  private final SnappyDecompressor snappy = SnappyDecompressor.create();
  private byte[] compressed = new byte[64 << 10];
  private int compressedCount;
  private Samples[] byShard = {};
  private final AtomicInteger left = new AtomicInteger();

  // Written by shards under this exchange's lock, read after the last has reported.
  private final Tally scored = new Tally();
  private @Nullable Throwable fault;
  private boolean isFull;

  Exchange(Fingerprint fingerprint, Known known, LabelCheck check, MetadataBook metadata) {
    v1 = new DecoderV1(fingerprint, known, check, metadata);
    v2 = new DecoderV2(fingerprint, known, check, metadata);
  }

  /** A new request begins. */
  void begin(int expectedBytes) {
    compressedCount = 0;
    if (compressed.length < expectedBytes) compressed = new byte[expectedBytes];
    request.clear();
    scored.clear();
    fault = null;
    isFull = false;
  }

  void add(Buffer chunk) {
    int length = chunk.length();
    if (compressedCount + length > compressed.length) {
      compressed =
          Arrays.copyOf(compressed, Math.max(compressedCount + length, compressed.length * 2));
    }
    chunk.getBytes(compressed, compressedCount);
    compressedCount += length;
  }

  int compressedCount() {
    return compressedCount;
  }

  /** Length of the body once decompressed, as it says itself; -1 when it says nothing sensible. */
  int declaredLength() {
    long length = 0;
    for (int i = 0; i < 5 && i < compressedCount; i++) {
      length |= (compressed[i] & 0x7fL) << (7 * i);
      if (compressed[i] >= 0) return length <= Integer.MAX_VALUE ? (int) length : -1;
    }
    return -1;
  }

  /** Decompresses and walks the body. */
  void decode(Negotiation version, int declared) throws Wire.Malformed, Request.TooMany {
    if (request.body.length < declared) request.body = new byte[declared + declared / 4];
    try {
      int length =
          snappy.decompress(compressed, 0, compressedCount, request.body, 0, request.body.length);
      if (length != declared)
        throw new Wire.Malformed("snappy declares another length than it has");
      request.bodyEnd = length;
    } catch (RuntimeException e) {
      throw new Wire.Malformed("the body is not a snappy block: " + e.getMessage());
    }
    if (version == Negotiation.V2) {
      v2.decode(request);
    } else {
      v1.decode(request);
    }
  }

  /**
   * Hands the samples to their shards.
   *
   * @param done called once, when the last shard has reported; by any thread, also by this one
   */
  void offer(BlockSink sink, Negotiation version, Runnable done) {
    Block.Source source = version == Negotiation.V2 ? v2 : v1;
    var receipt = receipt(done);
    int shards = sink.shards();
    left.set(shards);
    if (shards == 1) {
      offer(sink, 0, request.samples, source, receipt);
      return;
    }
    split(shards);
    for (int i = 0; i < shards; i++) offer(sink, i, byShard[i], source, receipt);
  }

  private void split(int shards) {
    if (byShard.length != shards) {
      byShard = new Samples[shards];
      for (int i = 0; i < shards; i++) byShard[i] = new Samples();
    }
    for (Samples of : byShard) of.count = 0;
    Samples all = request.samples;
    for (int i = 0; i < all.count; i++) {
      byShard[Fingerprint.shard(all.prints[i], shards)].add(
          all.prints[i], all.from[i], all.to[i], all.timesMs[i], all.bits[i]);
    }
  }

  private void offer(
      BlockSink sink, int shard, Samples samples, Block.Source source, Receipt receipt) {
    if (samples.count == 0) {
      receipt.over();
      return;
    }
    var block =
        new Block(
            samples.count,
            samples.prints,
            samples.from,
            samples.to,
            samples.timesMs,
            samples.bits,
            source,
            receipt);
    if (sink.offer(shard, block)) return;
    synchronized (this) {
      isFull = true;
    }
    receipt.over();
  }

  private Receipt receipt(Runnable done) {
    return new Receipt(done);
  }

  /** Where the shards report. */
  private final class Receipt implements Block.Receipt {
    private final Runnable done;

    Receipt(Runnable done) {
      this.done = done;
    }

    @Override
    public void scored(Tally tally) {
      synchronized (Exchange.this) {
        scored.add(tally);
      }
      over();
    }

    @Override
    public void failed(Throwable why) {
      synchronized (Exchange.this) {
        fault = why;
      }
      over();
    }

    @Override
    public int sender() {
      return request.sender;
    }

    void over() {
      if (left.decrementAndGet() == 0) done.run();
    }
  }

  /** What became of the request, shards' and door's counts together. */
  synchronized Tally tally() {
    scored.add(request.tally);
    request.tally.clear();
    return scored;
  }

  /**
   * Native histograms that are in their rows. Whether a sample that was refused was made out of one
   * is not known: then it is the lower number.
   */
  int histogramsWritten() {
    Tally all = tally();
    int refused = 0;
    for (Refusal why : OF_SAMPLES) refused += all.refused(why);
    return Math.max(0, request.histograms - refused);
  }

  synchronized @Nullable Throwable fault() {
    return fault;
  }

  synchronized boolean isFull() {
    return isFull;
  }

  /** True when it is worth keeping for another request. */
  boolean isWorthKeeping() {
    return compressed.length <= KEPT_BYTES_MAX
        && request.body.length <= KEPT_BYTES_MAX
        && request.samples.bytes() <= KEPT_BYTES_MAX
        && v2.bytes() <= KEPT_BYTES_MAX;
  }
}
