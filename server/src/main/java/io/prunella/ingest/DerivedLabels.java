package io.prunella.ingest;

import io.prunella.series.LabelSlices;

/**
 * Labels of the series that a native histogram is made into: those of a classic summary, {@code
 * _count}, {@code _sum} and one with a {@code quantile} for each share.
 */
final class DerivedLabels {
  static final String QUANTILE = "quantile";

  private static final byte LABEL = 1 << 3 | Wire.BYTES;
  private static final byte VALUE = 2 << 3 | Wire.BYTES;

  private DerivedLabels() {}

  /**
   * Writes labels behind the request as remote write 1.0 has them.
   *
   * @param labels without a label {@code quantile}
   * @param name which of them is the metric's name
   * @param suffix goes onto the name
   * @param quantile value of the label {@code quantile}, or empty for none
   * @return where they begin; they end where the request ends then
   */
  static int write(Request request, LabelSlices labels, int name, String suffix, String quantile)
      throws Request.TooMany {
    int size = 64 + suffix.length() + quantile.length();
    for (int i = 0; i < labels.size(); i++) {
      size += 24 + labels.nameTo(i) - labels.nameFrom(i) + labels.valueTo(i) - labels.valueFrom(i);
    }
    var out = new byte[size];
    int at = 0;
    for (int i = 0; i < labels.size(); i++) {
      int nameBytes = labels.nameTo(i) - labels.nameFrom(i);
      int own = labels.valueTo(i) - labels.valueFrom(i);
      int valueBytes = own + (i == name ? suffix.length() : 0);
      at = head(out, at, nameBytes, valueBytes);
      System.arraycopy(labels.bytes(), labels.nameFrom(i), out, at, nameBytes);
      at = value(out, at + nameBytes, valueBytes);
      System.arraycopy(labels.bytes(), labels.valueFrom(i), out, at, own);
      at += own;
      if (i == name) at = text(out, at, suffix);
    }
    if (!quantile.isEmpty()) {
      at = text(out, head(out, at, QUANTILE.length(), quantile.length()), QUANTILE);
      at = text(out, value(out, at, quantile.length()), quantile);
    }
    int begin = request.append(at);
    System.arraycopy(out, 0, request.body, begin, at);
    return begin;
  }

  private static int head(byte[] out, int from, int nameBytes, int valueBytes) {
    int at = from;
    out[at++] = LABEL;
    at = number(out, at, 2 + width(nameBytes) + nameBytes + width(valueBytes) + valueBytes);
    out[at++] = LABEL; // its name has the same number as a label in a series
    return number(out, at, nameBytes);
  }

  private static int value(byte[] out, int at, int bytes) {
    out[at] = VALUE;
    return number(out, at + 1, bytes);
  }

  private static int text(byte[] out, int from, String ascii) {
    int at = from;
    for (int i = 0; i < ascii.length(); i++) out[at++] = (byte) ascii.charAt(i);
    return at;
  }

  private static int width(int number) {
    return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
  }

  private static int number(byte[] out, int from, int number) {
    int at = from;
    int left = number;
    while (left >= 0x80) {
      out[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    out[at++] = (byte) left;
    return at;
  }
}
