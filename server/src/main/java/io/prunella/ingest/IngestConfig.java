package io.prunella.ingest;

import static io.prunella.ingest.Bounds.between;

/**
 * Limits of the door.
 *
 * @param requestBytesMax bytes of one request's body as it is sent
 * @param decodedBytesMax bytes of the same decompressed; the declared length is checked before
 *     anything is allocated
 * @param inFlightBytesMax bytes of all requests that are being read or scored, both forms counted
 * @param samplesMax samples of one request
 * @param labelsMax labels of one series
 * @param labelNameBytesMax bytes of a label's name
 * @param labelValueBytesMax bytes of a label's value
 * @param aheadMsMax how far a sample's time may lie in the future
 * @param bodyMsMax how long a sender may take to send a body
 * @param retryAfterSeconds what a sender is told to wait when there is no room; up to as much again
 *     is added at random, so that senders do not come back in step
 * @param knownMax label sets of which it is remembered that they are fine; more cost being looked
 *     at again
 * @param metadataMax metrics whose metadata are remembered
 * @param histogramBytesMax memory for what native histograms said last; past it new ones have no
 *     quantiles, only count and sum
 * @param senders what one sender may take
 * @param ha replicas of one Prometheus
 */
public record IngestConfig(
    int requestBytesMax,
    int decodedBytesMax,
    long inFlightBytesMax,
    int samplesMax,
    int labelsMax,
    int labelNameBytesMax,
    int labelValueBytesMax,
    long aheadMsMax,
    long bodyMsMax,
    int retryAfterSeconds,
    int knownMax,
    int metadataMax,
    long histogramBytesMax,
    SenderConfig senders,
    HaConfig ha) {

  public static final IngestConfig DEFAULTS =
      new IngestConfig(
          32 << 20,
          32 << 20,
          256L << 20,
          1_000_000,
          64,
          1024,
          8192,
          600_000,
          30_000,
          2,
          4_000_000,
          100_000,
          64L << 20,
          SenderConfig.DEFAULTS,
          HaConfig.DEFAULTS);

  public IngestConfig {
    between("ingest.request-bytes-max", requestBytesMax, 1024, 1 << 30);
    between("ingest.decoded-bytes-max", decodedBytesMax, 1024, 1 << 28);
    between(
        "ingest.in-flight-bytes-max",
        inFlightBytesMax,
        (long) requestBytesMax + decodedBytesMax,
        1L << 40);
    between(
        "ingest.senders.sender-bytes-max",
        senders.senderBytesMax(),
        (long) requestBytesMax + decodedBytesMax,
        1L << 40);
    between("ingest.samples-max", samplesMax, 1, 1 << 26);
    between("ingest.labels-max", labelsMax, 1, 1000);
    between("ingest.label-name-bytes-max", labelNameBytesMax, 8, 60_000);
    between("ingest.label-value-bytes-max", labelValueBytesMax, 8, 60_000);
    between("ingest.ahead-ms-max", aheadMsMax, 0, Long.MAX_VALUE / 4);
    between("ingest.body-ms-max", bodyMsMax, 100, 3_600_000);
    between("ingest.retry-after-seconds", retryAfterSeconds, 1, 3600);
    between("ingest.known-max", knownMax, 1024, 1 << 28);
    between("ingest.histogram-bytes-max", histogramBytesMax, 0, 1L << 36);
    between("ingest.metadata-max", metadataMax, 0, 1 << 24);
  }

  /** The same with what ships for the rest. */
  IngestConfig(
      int requestBytesMax,
      int decodedBytesMax,
      long inFlightBytesMax,
      int samplesMax,
      int labelsMax,
      int labelNameBytesMax,
      int labelValueBytesMax,
      long aheadMsMax,
      long bodyMsMax,
      int retryAfterSeconds,
      int knownMax,
      int metadataMax) {
    this(
        requestBytesMax,
        decodedBytesMax,
        inFlightBytesMax,
        samplesMax,
        labelsMax,
        labelNameBytesMax,
        labelValueBytesMax,
        aheadMsMax,
        bodyMsMax,
        retryAfterSeconds,
        knownMax,
        metadataMax,
        DEFAULTS.histogramBytesMax,
        SenderConfig.DEFAULTS,
        HaConfig.DEFAULTS);
  }

  /** The same with other replicas. */
  public IngestConfig withHa(HaConfig wanted) {
    return new IngestConfig(
        requestBytesMax,
        decodedBytesMax,
        inFlightBytesMax,
        samplesMax,
        labelsMax,
        labelNameBytesMax,
        labelValueBytesMax,
        aheadMsMax,
        bodyMsMax,
        retryAfterSeconds,
        knownMax,
        metadataMax,
        histogramBytesMax,
        senders,
        wanted);
  }

  /** The same with other bounds of one sender. */
  public IngestConfig withSenders(SenderConfig wanted) {
    return new IngestConfig(
        requestBytesMax,
        decodedBytesMax,
        inFlightBytesMax,
        samplesMax,
        labelsMax,
        labelNameBytesMax,
        labelValueBytesMax,
        aheadMsMax,
        bodyMsMax,
        retryAfterSeconds,
        knownMax,
        metadataMax,
        histogramBytesMax,
        wanted,
        ha);
  }
}
