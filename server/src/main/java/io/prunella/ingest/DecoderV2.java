package io.prunella.ingest;

import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Refusal;
import java.util.Arrays;

/**
 * Walks an {@code io.prometheus.write.v2.Request} (remote write 2.0-rc.4) in place. Each symbol is
 * hashed once; a known series costs its references' hashes put together and one look-up. One
 * thread.
 */
final class DecoderV2 implements Block.Source {
  private static final int SYMBOLS = 4 << 3 | Wire.BYTES;
  private static final int TIMESERIES = 5 << 3 | Wire.BYTES;
  private static final int REFS_PACKED = 1 << 3 | Wire.BYTES;
  private static final int REF = 1 << 3;
  private static final int SAMPLES = 2 << 3 | Wire.BYTES;
  private static final int HISTOGRAMS = 3 << 3 | Wire.BYTES;
  private static final int EXEMPLARS = 4 << 3 | Wire.BYTES;
  private static final int METADATA = 5 << 3 | Wire.BYTES;

  private final Fingerprint fingerprint;
  private final Known known;
  private final LabelCheck check;
  private final MetadataBook metadata;
  private final LabelSlices slices = new LabelSlices();
  private final Wire wire = new Wire();
  private final Wire inner = new Wire();
  private final Wire part = new Wire();
  private final Histogram histogram = new Histogram();
  private final HistogramBook book;
  private final long[] quantiles = new long[HistogramBook.SHARES.length];
  private final long[] prints = new long[2 + quantiles.length]; // of derived series
  private final int[] places = new int[2 * prints.length]; // of their references: from, to
  private final Sift sift;
  private Request request = new Request();

  private int[] symbolFrom = new int[1024];
  private int[] symbolTo = new int[1024];
  private long[] symbolHash = new long[1024];
  private int symbols;
  private int[] seriesFrom = new int[2048];
  private int[] seriesTo = new int[2048];
  private int series;

  private int[] refs = new int[64]; // of the series at hand
  private int refCount;
  private boolean areRefsSound;
  private int metadataType;

  DecoderV2(Fingerprint fingerprint, Known known, LabelCheck check, MetadataBook metadata) {
    this.fingerprint = fingerprint;
    this.known = known;
    this.check = check;
    this.metadata = metadata;
    book = check.histograms();
    sift = new Sift(check.replicas());
  }

  /** Fills the request's samples, each with its series' print and where its labels are. */
  void decode(Request of) throws Wire.Malformed, Request.TooMany {
    request = of;
    sift.begin(of);
    symbols = 0;
    series = 0;
    wire.begin(of.body, 0, of.bodyEnd);
    // Symbols may come after the series that need them.
    while (wire.hasMore()) {
      int tag = wire.tag();
      if (tag == SYMBOLS) {
        int length = wire.length();
        symbol(wire.at, wire.at + length);
        wire.at += length;
      } else if (tag == TIMESERIES) {
        int length = wire.length();
        if (series == seriesFrom.length) {
          seriesFrom = Arrays.copyOf(seriesFrom, series * 2);
          seriesTo = Arrays.copyOf(seriesTo, series * 2);
        }
        seriesFrom[series] = wire.at;
        wire.at += length;
        seriesTo[series++] = wire.at;
      } else {
        wire.skip(tag);
      }
    }
    if (symbols > 0 && symbolFrom[0] != symbolTo[0]) {
      throw new Wire.Malformed("the first symbol is not empty");
    }
    for (int i = 0; i < series; i++) series(seriesFrom[i], seriesTo[i]);
  }

  private int symbol(int from, int to) {
    if (symbols == symbolFrom.length) {
      int length = symbols * 2;
      symbolFrom = Arrays.copyOf(symbolFrom, length);
      symbolTo = Arrays.copyOf(symbolTo, length);
      symbolHash = Arrays.copyOf(symbolHash, length);
    }
    symbolFrom[symbols] = from;
    symbolTo[symbols] = to;
    symbolHash[symbols] = fingerprint.of(request.body, from, to);
    return symbols++;
  }

  private void series(int from, int to) throws Wire.Malformed, Request.TooMany {
    Wire in = inner;
    in.begin(request.body, from, to);
    Samples samples = request.samples;
    int first = samples.count;
    refCount = 0;
    areRefsSound = true;
    metadataType = 0;
    int floats = 0;
    int histograms = 0;
    int exemplars = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case REFS_PACKED -> {
          int length = in.length();
          int end = in.at + length;
          in.end = end;
          while (in.hasMore()) ref(in.varint());
          in.end = to;
        }
        case REF -> ref(in.varint());
        case SAMPLES -> {
          sample(in);
          floats++;
        }
        case HISTOGRAMS -> {
          in.pass();
          histograms++;
        }
        case EXEMPLARS -> {
          exemplar(in);
          exemplars++;
        }
        case METADATA -> metadata(in);
        default -> in.skip(tag);
      }
    }
    request.floats += floats;
    request.exemplars += exemplars;
    int asked = Math.max(1, samples.count - first + histograms);
    long print = isTaken(samples.count - first, histograms, exemplars) ? print(asked) : 0;
    if (print == 0) {
      samples.count = first;
      request.exemplars -= exemplars;
      return;
    }
    if (floats == 0 && histograms == 0) {
      request.exemplars -= exemplars;
      request.refuse(Refusal.NO_SAMPLES, 1, slicesOf().describe());
      return;
    }
    int at = samples.count > first || histograms > 0 ? keepRefs(refs, refCount) : 0;
    for (int i = first; i < samples.count; i++) {
      samples.prints[i] = print;
      samples.from[i] = at;
      samples.to[i] = at + 4 * refCount;
    }
    if (histograms > 0) histograms(from, to);
  }

  private void ref(long ref) {
    if (ref < 0 || ref >= symbols) {
      areRefsSound = false;
      return;
    }
    if (refCount == refs.length) refs = Arrays.copyOf(refs, refCount * 2);
    refs[refCount++] = (int) ref;
  }

  /** The print of the series at hand; 0 when it is refused. */
  private long print(int asked) {
    if (!isSound()) {
      request.refuse(Refusal.BAD_REFERENCE, asked, "a series");
      return 0;
    }
    long hash = hash();
    long print = known.print(hash);
    if (print != 0) return print;
    LabelSlices labels = slicesOf();
    Refusal why = check.refuse(labels);
    if (why != null) {
      request.refuse(why, asked, labels.describe());
      return 0;
    }
    if (metadataType != 0) metadata.put(labels.toLabels().metric(), metadataType);
    print = fingerprint.of(labels);
    known.add(hash, print);
    return print;
  }

  private boolean isSound() {
    return areRefsSound && refCount % 2 == 0;
  }

  private long hash() {
    long hash = refCount / 2;
    for (int i = 0; i < refCount; i += 2) {
      hash = fingerprint.join(hash, symbolHash[refs[i]], symbolHash[refs[i + 1]]);
    }
    return hash;
  }

  /** False when another replica says it too, or there is no room for the cluster. */
  private boolean isTaken(int samples, int histograms, int exemplars) {
    if (!sift.isOn() || !isSound()) return true;
    long hash = hash();
    Sift.Verdict verdict = sift.of(hash);
    if (verdict == Sift.Verdict.UNKNOWN) {
      verdict = sift.learn(hash, asWritten());
    }
    if (verdict == Sift.Verdict.TAKE) return true;
    boolean isLeftOut = verdict == Sift.Verdict.LEAVE_OUT;
    if (isLeftOut) {
      request.exemplars += exemplars; // what the caller takes away again
      request.histograms += histograms;
      request.histogramsLeftOut += histograms;
    }
    sift.tell(request, verdict, isLeftOut ? samples : samples + histograms, slices);
    return false;
  }

  private LabelSlices slicesOf() {
    check.sort(asWritten());
    return slices;
  }

  private LabelSlices asWritten() {
    slices.clear(request.body);
    for (int i = 0; i + 1 < refCount; i += 2) add(slices, refs[i], refs[i + 1]);
    return slices;
  }

  private void add(LabelSlices labels, int name, int value) {
    if (symbolFrom[value] == symbolTo[value]) return;
    labels.add(symbolFrom[name], symbolTo[name], symbolFrom[value], symbolTo[value]);
  }

  /** Puts references behind the request, four bytes each, for whoever reads the labels later. */
  private int keepRefs(int[] these, int count) throws Request.TooMany {
    int at = request.append(4 * count);
    byte[] body = request.body;
    for (int i = 0; i < count; i++) {
      int ref = these[i];
      body[at + 4 * i] = (byte) ref;
      body[at + 4 * i + 1] = (byte) (ref >>> 8);
      body[at + 4 * i + 2] = (byte) (ref >>> 16);
      body[at + 4 * i + 3] = (byte) (ref >>> 24);
    }
    return at;
  }

  private void sample(Wire in) throws Wire.Malformed, Request.TooMany {
    int length = in.length();
    int whole = in.end;
    in.end = in.at + length;
    long bits = 0;
    long timeMs = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == (1 << 3 | Wire.FIXED64)) {
        bits = in.fixed64();
      } else if (tag == 2 << 3) {
        timeMs = in.varint();
      } else {
        in.skip(tag);
      }
    }
    in.end = whole;
    request.add(timeMs, bits);
  }

  /** Exemplars are looked at and not kept: nothing here would use them. */
  private void exemplar(Wire in) throws Wire.Malformed {
    int length = in.length();
    part.begin(in.bytes, in.at, in.at + length);
    in.at += length;
    while (part.hasMore()) part.skip(part.tag());
  }

  private void metadata(Wire in) throws Wire.Malformed {
    int length = in.length();
    part.begin(in.bytes, in.at, in.at + length);
    in.at += length;
    while (part.hasMore()) {
      int tag = part.tag();
      switch (tag) {
        case 1 << 3 -> metadataType = (int) part.varint();
        case 3 << 3, 4 << 3 -> {
          long ref = part.varint();
          if (ref < 0 || ref >= symbols) areRefsSound = false;
        }
        default -> part.skip(tag);
      }
    }
  }

  /** Native histograms become a few series each, as a classic summary has them. */
  private void histograms(int from, int to) throws Wire.Malformed, Request.TooMany {
    int nameAt = -1;
    boolean hasRoom = refCount / 2 < check.labelsMax();
    for (int i = 0; i < refCount; i += 2) {
      int name = refs[i];
      slices.clear(request.body);
      slices.add(symbolFrom[name], symbolTo[name], 0, 0);
      if (slices.isName(0, "__name__")) nameAt = i + 1;
      if (slices.isName(0, DerivedLabels.QUANTILE)) hasRoom = false;
    }
    if (nameAt < 0) return; // checked before: it cannot be
    long hash = hash();
    java.util.Arrays.fill(prints, 0);
    Wire in = inner;
    in.begin(request.body, from, to);
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag != HISTOGRAMS) {
        in.skip(tag);
        continue;
      }
      int length = in.length();
      histogram.read(in, in.at + length);
      if (!histogram.isSound()) {
        request.refuse(Refusal.BAD_HISTOGRAM, 1, slicesOf().describe());
        continue;
      }
      request.histograms++;
      derived(histogram.countBits(), 0, nameAt, "_count", "");
      derived(histogram.sumBits(), 1, nameAt, "_sum", "");
      if (hasRoom && book.take(hash, histogram, request.nowMs, quantiles)) {
        for (int i = 0; i < quantiles.length; i++) {
          derived(quantiles[i], 2 + i, nameAt, "", HistogramBook.LABELS[i]);
        }
      }
    }
  }

  /** A sample of a series made out of the histogram at hand, whose labels are written once. */
  private void derived(long bits, int which, int nameAt, String suffix, String quantile)
      throws Request.TooMany {
    Samples samples = request.samples;
    int first = samples.count;
    request.add(histogram.timeMs, bits);
    if (samples.count == first) return;
    request.derived++;
    if (prints[which] == 0) {
      int own = refs[nameAt];
      int ownCount = refCount;
      if (!suffix.isEmpty()) refs[nameAt] = written(own, suffix);
      if (!quantile.isEmpty()) {
        ref(written(0, DerivedLabels.QUANTILE));
        ref(written(0, quantile));
      }
      prints[which] = print(1);
      places[2 * which] = keepRefs(refs, refCount);
      places[2 * which + 1] = request.bodyEnd;
      refs[nameAt] = own;
      refCount = ownCount;
    }
    if (prints[which] == 0) {
      samples.count = first;
      return;
    }
    samples.prints[first] = prints[which];
    samples.from[first] = places[2 * which];
    samples.to[first] = places[2 * which + 1];
  }

  /** A symbol of its own: what another says, and a suffix. */
  private int written(int symbol, String suffix) throws Request.TooMany {
    int length = symbolTo[symbol] - symbolFrom[symbol];
    int at = request.append(length + suffix.length());
    System.arraycopy(request.body, symbolFrom[symbol], request.body, at, length);
    for (int i = 0; i < suffix.length(); i++) {
      request.body[at + length + i] = (byte) suffix.charAt(i);
    }
    return symbol(at, at + length + suffix.length());
  }

  @Override
  public void read(int from, int to, LabelSlices labels) {
    byte[] body = request.body;
    labels.clear(body);
    for (int at = from; at < to; at += 8) add(labels, int4(body, at), int4(body, at + 4));
    check.sort(labels);
  }

  private static int int4(byte[] body, int at) {
    return (body[at] & 0xff)
        | (body[at + 1] & 0xff) << 8
        | (body[at + 2] & 0xff) << 16
        | (body[at + 3] & 0xff) << 24;
  }
}
