package io.prunella.ingest;

import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Refusal;
import java.util.Arrays;

// Long because: one walk, whose parts share the symbols and references of the request at hand.
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

  // A symbol or reference takes a byte or two in the request and many times as much here.
  static final int SYMBOLS_MAX = 1 << 20;
  static final int REFS_BYTES_MAX = 1 << 16; // of one series

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

  private final long factorFirst; // odd, as all factors are
  private final long factorStep;

  private int[] symbolFrom = new int[1024];
  private int[] symbolTo = new int[1024];
  private long[] symbolHash = new long[1024];
  private int symbols;
  private int[] seriesFrom = new int[2048];
  private int[] seriesTo = new int[2048];
  private int series;

  private final Known.Place place = new Known.Place();
  private int[] refs = new int[64]; // of the series at hand
  private int refCount;
  private boolean areRefsSound;
  private boolean areRefsTooMany;
  private int refsFrom; // where they stand side by side in the body; -1 when they do not
  private int refsTo;
  private int metadataType;

  DecoderV2(Fingerprint fingerprint, Known known, LabelCheck check, MetadataBook metadata) {
    this.fingerprint = fingerprint;
    this.known = known;
    this.check = check;
    this.metadata = metadata;
    book = check.histograms();
    sift = new Sift(check.replicas());
    factorFirst = fingerprint.join(1, 2, 3) | 1;
    factorStep = fingerprint.join(4, 5, 6) & -2L;
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
        if (series >= of.samplesMax) throw of.tooMany();
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
    for (int i = 0; i < series; i++) {
      if (!isKnown(seriesFrom[i], seriesTo[i])) series(seriesFrom[i], seriesTo[i]);
    }
  }

  /**
   * Takes a series as senders write them, references, one sample and perhaps metadata, when its
   * references are sound and known. Whatever is otherwise is left to {@link #series}.
   */
  private boolean isKnown(int from, int to) throws Wire.Malformed, Request.TooMany {
    byte[] body = request.body;
    int at = from + 2;
    if (at >= to || body[from] != REFS_PACKED || body[from + 1] < 0) return false;
    int end = at + body[from + 1];
    int sample = end + 2;
    int after = sample + Wire.USUAL_SAMPLE;
    if (after > to
        || body[end] != SAMPLES
        || body[end + 1] != Wire.USUAL_SAMPLE
        || !Wire.isUsualSample(body, sample)) return false;
    if (after < to && !isSoundMetadata(after, to)) return false;
    long hash = hash(body, at, end);
    if (hash == 0 || (sift.isOn() && sift.of(hash) != Sift.Verdict.TAKE)) return false;
    long print = known.print(hash, place);
    if (print == 0) return false;
    request.floats++;
    request.add(print, at, end, Wire.usualTime(body, sample), Wire.usualValue(body, sample));
    return true;
  }

  /** True when metadata is all that there is, and refers to symbols that there are. */
  private boolean isSoundMetadata(int from, int to) throws Wire.Malformed {
    byte[] body = request.body;
    if (from + 2 > to || body[from] != METADATA || from + 2 + body[from + 1] != to) return false;
    inner.begin(body, from + 1, to);
    areRefsSound = true;
    metadata(inner);
    return areRefsSound;
  }

  /** As {@link #hash()}, of references that have not been put apart; 0 where they are unusual. */
  private long hash(byte[] body, int from, int end) {
    long sum = 0;
    long factor = factorFirst;
    long[] hashes = symbolHash;
    int known = symbols;
    int count = 0;
    int at = from;
    while (at < end) {
      int ref = body[at++];
      if (ref < 0) ref = (ref & 0x7f) | body[at++] << 7; // negative where it goes on
      if (ref < 0 || ref >= known) return 0;
      sum += hashes[ref] * factor;
      factor += factorStep;
      count++;
    }
    return at == end && count % 2 == 0 ? fingerprint.join(count, sum, 1) : 0;
  }

  private int symbol(int from, int to) throws Request.TooMany {
    if (symbols == symbolFrom.length) {
      if (symbols >= SYMBOLS_MAX) {
        throw new Request.TooMany("the request has more than %d symbols".formatted(SYMBOLS_MAX));
      }
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

  // Long because: fields come in any order, and what they say is weighed after the last one.
  private void series(int from, int to) throws Wire.Malformed, Request.TooMany {
    Wire in = inner;
    in.begin(request.body, from, to);
    Samples samples = request.samples;
    int first = samples.count;
    refCount = 0;
    refsFrom = 0;
    refsTo = 0;
    areRefsSound = true;
    areRefsTooMany = false;
    metadataType = 0;
    int floats = 0;
    int histograms = 0;
    int exemplars = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case REFS_PACKED -> {
          int length = in.length();
          in.end = in.at + length;
          refs(in);
          in.end = to;
        }
        case REF -> {
          refsFrom = -1;
          ref(in.varint());
        }
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
    if (samples.count > first) {
      if (refsFrom < 0) keepRefs();
      for (int i = first; i < samples.count; i++) {
        samples.prints[i] = print;
        samples.from[i] = refsFrom;
        samples.to[i] = refsTo;
      }
    }
    if (histograms > 0) histograms(from, to);
  }

  /** References side by side: almost all take one byte or two. */
  private void refs(Wire in) throws Wire.Malformed {
    byte[] body = in.bytes;
    int end = in.end;
    if (end - in.at > REFS_BYTES_MAX - refCount) {
      areRefsTooMany = true;
      in.at = end;
      return;
    }
    if (refCount == 0 && refsFrom == 0) {
      refsFrom = in.at;
      refsTo = end;
    } else {
      refsFrom = -1;
    }
    if (refs.length < refCount + end - in.at) {
      refs = Arrays.copyOf(refs, Math.max(refCount + end - in.at, refs.length * 2));
    }
    int at = in.at;
    int count = refCount;
    int[] to = refs;
    int known = symbols;
    while (at < end) {
      int ref = body[at++];
      if (ref < 0) {
        if (at < end && body[at] >= 0) {
          ref = (ref & 0x7f) | body[at++] << 7;
        } else {
          in.at = at - 1;
          long any = in.varint();
          at = in.at;
          ref = any < 0 || any >= known ? known : (int) any;
        }
      }
      if (ref < known) to[count++] = ref;
      else areRefsSound = false;
    }
    in.at = end;
    refCount = count;
  }

  private void ref(long ref) {
    if (ref < 0 || ref >= symbols) {
      areRefsSound = false;
      return;
    }
    if (refCount == REFS_BYTES_MAX) {
      areRefsTooMany = true;
      return;
    }
    if (refCount == refs.length) refs = Arrays.copyOf(refs, refCount * 2);
    refs[refCount++] = (int) ref;
  }

  /** The print of the series at hand; 0 when it is refused. */
  private long print(int asked) {
    if (!isSound()) {
      Refusal why = areRefsTooMany ? Refusal.TOO_MANY_LABELS : Refusal.BAD_REFERENCE;
      request.refuse(why, asked, "a series");
      return 0;
    }
    long hash = hash();
    long print = known.print(hash, place);
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
    return areRefsSound && !areRefsTooMany && refCount % 2 == 0;
  }

  /** Of the series at hand as its sender writes it. */
  private long hash() {
    // Each symbol's hash times a factor of its place: the products do not wait for each other.
    long sum = 0;
    long factor = factorFirst;
    long[] hashes = symbolHash;
    int[] all = refs;
    for (int i = 0; i < refCount; i++, factor += factorStep) sum += hashes[all[i]] * factor;
    return fingerprint.join(refCount, sum, 1);
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

  /** Bytes that the tables of symbols and series take. */
  int bytes() {
    return 16 * symbolHash.length + 8 * seriesFrom.length;
  }

  private LabelSlices slicesOf() {
    check.sort(asWritten());
    return slices;
  }

  private LabelSlices asWritten() {
    slices.clear(request.body);
    for (int i = 0; i + 1 < refCount && !check.isBeyond(slices); i += 2) {
      add(slices, refs[i], refs[i + 1]);
    }
    return slices;
  }

  private void add(LabelSlices labels, int name, int value) {
    if (symbolFrom[value] == symbolTo[value]) return;
    labels.add(symbolFrom[name], symbolTo[name], symbolFrom[value], symbolTo[value]);
  }

  /** Puts the references behind the request, for whoever reads the labels later. */
  private void keepRefs() throws Request.TooMany {
    int at = request.append(5 * refCount);
    refsFrom = at;
    for (int i = 0; i < refCount; i++) {
      int left = refs[i];
      for (; left >= 0x80; left >>>= 7) request.body[at++] = (byte) (left | 0x80);
      request.body[at++] = (byte) left;
    }
    refsTo = at;
  }

  private void sample(Wire in) throws Wire.Malformed, Request.TooMany {
    int length = in.length();
    int whole = in.end;
    if (length == Wire.USUAL_SAMPLE && Wire.isUsualSample(in.bytes, in.at)) {
      request.add(Wire.usualTime(in.bytes, in.at), Wire.usualValue(in.bytes, in.at));
      in.at += length;
      return;
    }
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
      keepRefs();
      places[2 * which] = refsFrom;
      places[2 * which + 1] = refsTo;
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
    var in = new Wire(); // shards may read at once
    in.begin(body, from, to);
    try {
      while (in.hasMore()) {
        int name = (int) in.varint();
        add(labels, name, (int) in.varint());
      }
    } catch (Wire.Malformed e) {
      throw new IllegalStateException("references were sound when they were looked at first", e);
    }
    check.sort(labels);
  }
}
