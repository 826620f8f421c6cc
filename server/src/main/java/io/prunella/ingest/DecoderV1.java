package io.prunella.ingest;

import io.prunella.series.Block;
import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Refusal;
import java.nio.charset.StandardCharsets;

/**
 * Walks a {@code prometheus.WriteRequest} (remote write 1.0) in place. A series that was seen
 * before costs a hash over its label bytes and one look-up; only others are taken apart. One
 * thread.
 */
final class DecoderV1 implements Block.Source {
  private static final int LABELS = 1 << 3 | Wire.BYTES;
  private static final int SAMPLES = 2 << 3 | Wire.BYTES;
  private static final int HISTOGRAMS = 4 << 3 | Wire.BYTES;
  private static final int TIMESERIES = 1 << 3 | Wire.BYTES;
  private static final int METADATA = 3 << 3 | Wire.BYTES;
  private static final int VALUE = 1 << 3 | Wire.FIXED64;
  private static final int TIME = 2 << 3;

  private final Fingerprint fingerprint;
  private final Known known;
  private final LabelCheck check;
  private final MetadataBook metadata;
  private final LabelSlices slices = new LabelSlices();
  private final LabelSlices named = new LabelSlices(); // of native histograms
  private final Known.Place place = new Known.Place();
  private final Wire wire = new Wire();
  private final Wire inner = new Wire();
  private final Wire labelWire = new Wire();
  private final Histogram histogram = new Histogram();
  private final HistogramBook book;
  private final long[] quantiles = new long[HistogramBook.SHARES.length];
  private final int[] places = new int[2 * (2 + quantiles.length)]; // of labels: from, to
  private final Sift sift;
  private Request request = new Request();

  DecoderV1(Fingerprint fingerprint, Known known, LabelCheck check, MetadataBook metadata) {
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
    wire.begin(of.body, 0, of.bodyEnd);
    while (wire.hasMore()) {
      int tag = wire.tag();
      if (tag == TIMESERIES) {
        int length = wire.length();
        int from = wire.at;
        int to = from + length;
        if (!isKnown(from, to)) series(from, to);
        wire.at = to;
        wire.bytes = of.body; // it may have grown
      } else if (tag == METADATA) {
        int length = wire.length();
        metadata(wire.at, wire.at + length);
        wire.at += length;
      } else {
        wire.skip(tag);
      }
    }
  }

  /**
   * Takes a series as senders write them, labels and then one sample, when its labels are known.
   * Only whole runs of labels are ever remembered, so bytes that are known need no walk.
   */
  private boolean isKnown(int from, int to) throws Request.TooMany {
    byte[] body = request.body;
    int sample = to - Wire.USUAL_SAMPLE;
    int at = sample - 2;
    if (at <= from
        || body[at] != SAMPLES
        || body[at + 1] != Wire.USUAL_SAMPLE
        || !Wire.isUsualSample(body, sample)) return false;
    long hash = fingerprint.of(body, from, at);
    if (sift.isOn() && sift.of(hash) != Sift.Verdict.TAKE) return false;
    long print = known.print(hash, place);
    if (print == 0) return false;
    request.floats++;
    request.add(print, from, at, Wire.usualTime(body, sample), Wire.usualValue(body, sample));
    return true;
  }

  private void series(int from, int to) throws Wire.Malformed, Request.TooMany {
    Wire in = inner;
    in.begin(request.body, from, to);
    Samples samples = request.samples;
    int first = samples.count;
    int labelsFrom = from;
    int labelsTo = passShortLabels(request.body, from, to);
    in.at = labelsTo;
    boolean hasHistograms = false;
    while (in.hasMore()) {
      int begin = in.at;
      int tag = in.tag();
      switch (tag) {
        case LABELS -> {
          in.pass();
          if (begin == labelsTo) {
            labelsTo = in.at;
          } else if (labelsTo == labelsFrom) {
            labelsFrom = begin;
            labelsTo = in.at;
          } else {
            // Labels in several places: brought together behind the request.
            if (labelsTo != request.bodyEnd) {
              int whole = labelsTo - labelsFrom;
              labelsFrom = copyBehind(labelsFrom, whole);
              labelsTo = labelsFrom + whole;
            }
            labelsTo += in.at - begin;
            copyBehind(begin, in.at - begin);
          }
        }
        case SAMPLES -> {
          sample(in);
          request.floats++;
        }
        case HISTOGRAMS -> {
          in.pass();
          hasHistograms = true;
        }
        default -> in.skip(tag);
      }
    }
    if (samples.count > first) fill(first, labelsFrom, labelsTo);
    if (hasHistograms) histograms(from, to, labelsFrom, labelsTo);
  }

  /** Labels of less than 128 bytes at the beginning, as almost all are; answers where they end. */
  private static int passShortLabels(byte[] body, int from, int to) {
    int at = from;
    while (at + 2 <= to && body[at] == LABELS) {
      int length = body[at + 1];
      if (length < 0 || at + 2 + length > to) break;
      at += 2 + length;
    }
    return at;
  }

  private int copyBehind(int from, int length) throws Request.TooMany {
    int at = request.append(length);
    System.arraycopy(request.body, from, request.body, at, length);
    return at;
  }

  /** Gives the samples from {@code first} on to the series with these labels, or drops them. */
  private void fill(int first, int labelsFrom, int labelsTo) throws Wire.Malformed {
    Samples samples = request.samples;
    int asked = samples.count - first;
    long hash = fingerprint.of(request.body, labelsFrom, labelsTo);
    long print = 0;
    if (!sift.isOn() || isTaken(hash, labelsFrom, labelsTo, asked)) {
      print = known.print(hash, place);
      if (print == 0) print = checkUnknown(hash, labelsFrom, labelsTo, asked);
    }
    if (print == 0) {
      samples.count = first;
      return;
    }
    for (int i = first; i < samples.count; i++) {
      samples.prints[i] = print;
      samples.from[i] = labelsFrom;
      samples.to[i] = labelsTo;
    }
  }

  private void sample(Wire in) throws Wire.Malformed, Request.TooMany {
    int length = in.length();
    int whole = in.end;
    in.end = in.at + length;
    long bits = 0;
    long timeMs = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == VALUE) {
        bits = in.fixed64();
      } else if (tag == TIME) {
        timeMs = in.varint();
      } else {
        in.skip(tag);
      }
    }
    in.end = whole;
    request.add(timeMs, bits);
  }

  /** Native histograms become a few series each, as a classic summary has them. */
  private void histograms(int from, int to, int labelsFrom, int labelsTo)
      throws Wire.Malformed, Request.TooMany {
    walkLabels(request.body, labelWire, labelsFrom, labelsTo, named);
    int name = named.find("__name__");
    boolean hasRoom = named.find(DerivedLabels.QUANTILE) < 0 && !check.isFull(named);
    long hash = fingerprint.of(request.body, labelsFrom, labelsTo);
    java.util.Arrays.fill(places, 0);
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
      if (name < 0) {
        request.refuse(Refusal.NO_NAME, 1, "a histogram");
      } else if (!histogram.isSound()) {
        request.refuse(Refusal.BAD_HISTOGRAM, 1, named.toLabels().toString());
      } else {
        request.histograms++;
        derived(histogram.countBits(), 0, name, "_count", "");
        derived(histogram.sumBits(), 1, name, "_sum", "");
        if (hasRoom && book.take(hash, histogram, request.nowMs, quantiles)) {
          for (int i = 0; i < quantiles.length; i++) {
            derived(quantiles[i], 2 + i, name, "", HistogramBook.LABELS[i]);
          }
        }
      }
    }
  }

  /** A sample of a series made out of the histogram at hand, whose labels are written once. */
  private void derived(long bits, int which, int name, String suffix, String quantile)
      throws Wire.Malformed, Request.TooMany {
    int first = request.samples.count;
    request.add(histogram.timeMs, bits);
    if (request.samples.count == first) return;
    request.derived++;
    if (places[2 * which + 1] == 0) {
      named.rebase(request.body); // it may have moved
      places[2 * which] = DerivedLabels.write(request, named, name, suffix, quantile);
      places[2 * which + 1] = request.bodyEnd;
    }
    fill(first, places[2 * which], places[2 * which + 1]);
  }

  private void metadata(int from, int to) throws Wire.Malformed {
    inner.begin(request.body, from, to);
    int type = 0;
    String name = "";
    while (inner.hasMore()) {
      int tag = inner.tag();
      if (tag == (1 << 3)) {
        type = (int) inner.varint();
      } else if (tag == (2 << 3 | Wire.BYTES)) {
        int length = inner.length();
        name = new String(request.body, inner.at, Math.min(length, 1024), StandardCharsets.UTF_8);
        inner.at += length;
      } else {
        inner.skip(tag);
      }
    }
    if (!name.isEmpty()) metadata.put(name, type);
  }

  /** False when another replica says it too, or there is no room for the cluster. */
  private boolean isTaken(long hash, int from, int to, int samples) throws Wire.Malformed {
    Sift.Verdict verdict = sift.of(hash);
    if (verdict == Sift.Verdict.UNKNOWN) {
      walkLabels(request.body, labelWire, from, to, slices);
      verdict = sift.learn(hash, slices);
    }
    if (verdict == Sift.Verdict.TAKE) return true;
    sift.tell(request, verdict, samples, slices);
    return false;
  }

  /** The print of labels that are seen for the first time; 0 when they are refused. */
  private long checkUnknown(long hash, int from, int to, int samples) throws Wire.Malformed {
    walkLabels(request.body, labelWire, from, to, slices);
    check.sort(slices);
    Refusal why = check.refuse(slices);
    if (why == null) {
      long print = fingerprint.of(slices);
      known.add(hash, print);
      return print;
    }
    request.refuse(why, samples, slices.describe());
    return 0;
  }

  @Override
  public void read(int from, int to, LabelSlices labels) {
    try {
      walkLabels(request.body, new Wire(), from, to, labels); // shards may read at once
      check.sort(labels);
    } catch (Wire.Malformed e) {
      throw new IllegalStateException("labels were sound when they were looked at first", e);
    }
  }

  /** Takes labels apart; empty values are left out. */
  private void walkLabels(byte[] body, Wire in, int from, int to, LabelSlices labels)
      throws Wire.Malformed {
    labels.clear(body);
    in.begin(body, from, to);
    while (in.hasMore()) {
      in.tag();
      int length = in.length();
      int end = in.at + length;
      in.end = end;
      int nameFrom = 0;
      int nameTo = 0;
      int valueFrom = 0;
      int valueTo = 0;
      while (in.hasMore()) {
        int tag = in.tag();
        if (tag == (1 << 3 | Wire.BYTES)) {
          int size = in.length();
          nameFrom = in.at;
          in.at += size;
          nameTo = in.at;
        } else if (tag == (2 << 3 | Wire.BYTES)) {
          int size = in.length();
          valueFrom = in.at;
          in.at += size;
          valueTo = in.at;
        } else {
          in.skip(tag);
        }
      }
      in.end = to;
      if (valueTo > valueFrom && !check.isBeyond(labels))
        labels.add(nameFrom, nameTo, valueFrom, valueTo);
    }
  }
}
