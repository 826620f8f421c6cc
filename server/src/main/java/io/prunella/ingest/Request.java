package io.prunella.ingest;

import io.prunella.series.Refusal;
import io.prunella.series.Tally;

/**
 * One decompressed request while it is walked: its bytes, what was found in them, and what was
 * refused. Reused; the event loop that reads the request owns it.
 */
final class Request {
  private static final int SPARE_BYTES = 64 << 10;

  byte[] body = new byte[0];
  int bodyEnd; // bytes in use: the request, then what was put after it
  final Samples samples = new Samples();
  final Tally tally = new Tally();
  int sender; // its number
  int samplesMax;
  int bytesMax = 1 << 30; // of the request and what was put after it
  long nowMs;
  long aheadMsMax;
  int floats; // samples of float series that were found
  int histograms;
  int exemplars;
  int leftOut; // samples that another replica says too
  int histogramsLeftOut; // the same of histograms, which are also counted as seen
  int derived; // samples made out of histograms

  void clear() {
    samples.count = 0;
    tally.clear();
    floats = 0;
    histograms = 0;
    exemplars = 0;
    leftOut = 0;
    histogramsLeftOut = 0;
    derived = 0;
  }

  /**
   * Takes what it may have.
   *
   * @param declared bytes of the body decompressed
   */
  void bound(IngestConfig config, int declared, long now) {
    bytesMax = 4 * declared + SPARE_BYTES; // fits: see IngestConfig.decodedBytesMax
    samplesMax = config.samplesMax();
    aheadMsMax = config.aheadMsMax();
    nowMs = now;
  }

  /** More samples than a request may have: none of them is taken. */
  static final class TooMany extends Exception {
    private static final long serialVersionUID = 1;

    TooMany(String why) {
      super(why + "; send smaller ones", null, false, false);
    }
  }

  /** Adds a sample whose labels are not known yet, unless its time is out of bounds. */
  void add(long timeMs, long bits) throws TooMany {
    add(0, 0, 0, timeMs, bits);
  }

  /** Adds a sample, unless its time is out of bounds. */
  void add(long print, int labelsFrom, int labelsTo, long timeMs, long bits) throws TooMany {
    if (samples.count >= samplesMax) throw tooMany();
    if (timeMs <= 0 || timeMs >= 1L << 47) {
      boolean isFirst = tally.first() == null; // else no words are made of it
      refuse(Refusal.BAD_TIME, 1, isFirst ? "a sample with the time " + timeMs : "");
    } else if (timeMs > nowMs + aheadMsMax) {
      long seconds = (timeMs - nowMs) / 1000;
      boolean isFirst = tally.first() == null;
      String what = isFirst ? "a sample %d s ahead of the time here".formatted(seconds) : "";
      refuse(Refusal.TOO_FAR_AHEAD, 1, what);
    } else {
      samples.add(print, labelsFrom, labelsTo, timeMs, bits);
    }
  }

  /** More samples, or series that must have some, than there may be. */
  TooMany tooMany() {
    return new TooMany(
        "the request has more than %d samples (ingest.samples-max)".formatted(samplesMax));
  }

  /** True when samples or histograms were left out because another replica says them too. */
  boolean isSifted() {
    return leftOut > 0 || histogramsLeftOut > 0;
  }

  void refuse(Refusal why, int count, String what) {
    tally.refuse(why, count);
    if (tally.first() == null) tally.tell(what + " " + why.text());
  }

  /** Room for {@code length} bytes after the request; answers where they begin. */
  int append(int length) throws TooMany {
    if (length > bytesMax - bodyEnd) {
      throw new TooMany(
          "the histograms of the request take more than %d bytes".formatted(bytesMax));
    }
    if (bodyEnd + length > body.length) {
      body =
          java.util.Arrays.copyOf(body, Math.max(bodyEnd + length, body.length + body.length / 2));
    }
    int at = bodyEnd;
    bodyEnd += length;
    return at;
  }
}
