package io.prunella.ingest;

import io.prunella.series.LabelSlices;
import io.prunella.series.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what another replica of the same cluster says too, series by series of one request.
 * One thread.
 */
final class Sift {
  /** What becomes of a series' samples. */
  enum Verdict {
    TAKE,
    LEAVE_OUT,
    REFUSE,
    /** Its labels must be read: {@link Sift#learn}. */
    UNKNOWN
  }

  private final Replicas replicas;
  private final boolean isOn;
  private final Known.Place place = new Known.Place();
  private Replicas.@Nullable Replica last;
  private Verdict ofLast = Verdict.TAKE;
  private long nowMs;

  Sift(Replicas replicas) {
    this.replicas = replicas;
    isOn = replicas.isOn();
  }

  boolean isOn() {
    return isOn;
  }

  /** A new request begins. */
  void begin(Request request) {
    last = null;
    nowMs = request.nowMs;
  }

  /** By the hash of the label bytes as they were written. */
  Verdict of(long hash) {
    Replicas.Replica writer = replicas.writer(hash, place);
    return writer == null ? Verdict.UNKNOWN : of(writer);
  }

  private Verdict of(Replicas.Replica writer) {
    if (writer != last) {
      last = writer;
      ofLast = replicas.isHeard(writer, nowMs) ? Verdict.TAKE : Verdict.LEAVE_OUT;
    }
    return ofLast;
  }

  /** The same with the labels as they were written; the next time the hash says it. */
  Verdict learn(long hash, LabelSlices labels) {
    Replicas.Replica writer = replicas.learn(hash, labels, nowMs);
    return writer == null ? Verdict.REFUSE : of(writer);
  }

  /** Counts what was not taken. */
  void tell(Request request, Verdict verdict, int samples, LabelSlices labels) {
    if (verdict == Verdict.LEAVE_OUT) {
      request.leftOut += samples;
    } else {
      request.refuse(Refusal.TOO_MANY_CLUSTERS, samples, labels.describe());
    }
  }
}
