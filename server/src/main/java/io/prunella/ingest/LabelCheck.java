package io.prunella.ingest;

import io.prunella.series.LabelSlices;
import io.prunella.series.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What labels must be to be taken: the slow path, once for every way in which a sender writes a
 * series.
 */
final class LabelCheck {
  private final IngestConfig config;
  private final Replicas replicas;
  private final HistogramBook histograms;

  LabelCheck(IngestConfig config) {
    this.config = config;
    replicas = new Replicas(config);
    histograms = new HistogramBook(config.histogramBytesMax());
  }

  /** Whose labels they are. */
  Replicas replicas() {
    return replicas;
  }

  /** What native histograms said last. */
  HistogramBook histograms() {
    return histograms;
  }

  int labelsMax() {
    return config.labelsMax();
  }

  /** True when there may not be one label more. */
  boolean isFull(LabelSlices labels) {
    return labels.size() >= config.labelsMax();
  }

  /** True when there are so many that it does not matter which: the rest need not be read. */
  boolean isBeyond(LabelSlices labels) {
    return labels.size() > config.labelsMax() + 1; // one may be left out, see sort
  }

  /**
   * Sorts labels, but for those that are too many anyway: sorting is for few. The label that tells
   * a cluster's replicas apart is left out, so that the series is the same whoever writes it.
   */
  void sort(LabelSlices labels) {
    if (config.ha().isOn() && labels.find(config.ha().clusterLabel()) >= 0) {
      int replica = labels.find(config.ha().replicaLabel());
      if (replica >= 0) labels.remove(replica);
    }
    if (labels.size() <= config.labelsMax()) labels.sort();
  }

  /** Why sorted labels, empty values left out, are not taken; null when they are. */
  @Nullable Refusal refuse(LabelSlices labels) {
    if (labels.size() > config.labelsMax()) return Refusal.TOO_MANY_LABELS;
    boolean isNamed = false;
    for (int i = 0; i < labels.size(); i++) {
      int nameBytes = labels.nameTo(i) - labels.nameFrom(i);
      if (nameBytes == 0) return Refusal.EMPTY_LABEL_NAME;
      if (nameBytes > config.labelNameBytesMax()) return Refusal.LABEL_TOO_LONG;
      if (labels.valueTo(i) - labels.valueFrom(i) > config.labelValueBytesMax()) {
        return Refusal.LABEL_TOO_LONG;
      }
      if (i > 0 && labels.compareNames(i - 1, i) == 0) return Refusal.LABEL_TWICE;
      if (!isUtf8(labels.bytes(), labels.nameFrom(i), labels.nameTo(i))
          || !isUtf8(labels.bytes(), labels.valueFrom(i), labels.valueTo(i))) {
        return Refusal.NOT_UTF8;
      }
      isNamed |= labels.isName(i, "__name__");
    }
    return isNamed ? null : Refusal.NO_NAME;
  }

  /** RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF. */
  static boolean isUtf8(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int first = bytes[at++];
      if (first >= 0) continue;
      int more;
      int least = 0x80;
      int most = 0xbf;
      int lead = first & 0xff;
      if (lead >= 0xc2 && lead <= 0xdf) {
        more = 1;
      } else if (lead >= 0xe0 && lead <= 0xef) {
        more = 2;
        if (lead == 0xe0) least = 0xa0;
        if (lead == 0xed) most = 0x9f;
      } else if (lead >= 0xf0 && lead <= 0xf4) {
        more = 3;
        if (lead == 0xf0) least = 0x90;
        if (lead == 0xf4) most = 0x8f;
      } else {
        return false;
      }
      for (; more > 0; more--) {
        if (at >= to) return false;
        int next = bytes[at++] & 0xff;
        if (next < least || next > most) return false;
        least = 0x80;
        most = 0xbf;
      }
    }
    return true;
  }
}
