package io.prunella.ingest;

import io.prunella.series.Refusal;
import io.prunella.series.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the door says of itself. Counts since the start; written by many, read by any thread. */
public final class IngestFigures {
  final LongAdder requests = new LongAdder();
  final LongAdder requestsV2 = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder compressedBytes = new LongAdder();
  final LongAdder decodedBytes = new LongAdder();
  final LongAdder accepted = new LongAdder();
  final LongAdder histograms = new LongAdder();
  final LongAdder exemplars = new LongAdder();
  final Latency answering = new Latency();
  final Latency scoring = new Latency();
  volatile long lastSampleMs;
  final LongAdder leftOut = new LongAdder();
  private final Map<Integer, LongAdder> answers = new java.util.concurrent.ConcurrentHashMap<>();
  private final EnumMap<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
  final java.util.concurrent.atomic.AtomicLong inFlightBytes =
      new java.util.concurrent.atomic.AtomicLong();

  IngestFigures() {
    for (Refusal why : Refusal.values()) refused.put(why, new LongAdder());
  }

  void answered(int status) {
    answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  void count(Tally tally) {
    accepted.add(tally.accepted());
    if (tally.refused() == 0) return;
    refused.forEach((why, adder) -> adder.add(tally.refused(why)));
  }

  /** Requests begun, of both versions. */
  public long requests() {
    return requests.sum();
  }

  /** Requests of remote write 2.0. */
  public long requestsV2() {
    return requestsV2.sum();
  }

  /** Requests that senders said were retries. */
  public long retries() {
    return retries.sum();
  }

  public long compressedBytes() {
    return compressedBytes.sum();
  }

  public long decodedBytes() {
    return decodedBytes.sum();
  }

  /** Samples that are in their rows; a native histogram makes two. */
  public long samplesAccepted() {
    return accepted.sum();
  }

  /** Native histograms seen. */
  public long histograms() {
    return histograms.sum();
  }

  /** Exemplars seen; they are not kept. */
  public long exemplars() {
    return exemplars.sum();
  }

  /** Samples left out because another replica of the same cluster is heard. */
  public long samplesLeftOut() {
    return leftOut.sum();
  }

  /** From a request's headers to its answer, of those whose samples were offered. */
  public Latency answering() {
    return answering;
  }

  /** From the offer of a request's samples to the last shard's report: waiting and scoring. */
  public Latency scoring() {
    return scoring;
  }

  /** When the last sample was taken, by the clock here; 0 before the first. */
  public long lastSampleMs() {
    return lastSampleMs;
  }

  /** Bytes of requests that are being read or scored. */
  public long inFlightBytes() {
    return inFlightBytes.get();
  }

  /** Answers by status. */
  public Map<Integer, Long> answers() {
    var all = new java.util.TreeMap<Integer, Long>();
    answers.forEach((status, adder) -> all.put(status, adder.sum()));
    return all;
  }

  /** Samples refused, by reason; all reasons are there. */
  public Map<Refusal, Long> refused() {
    var all = new EnumMap<Refusal, Long>(Refusal.class);
    refused.forEach((why, adder) -> all.put(why, adder.sum()));
    return all;
  }
}
