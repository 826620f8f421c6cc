package io.prunella.series;

/**
 * Why a sample was not taken. Each is the sender's data or the operator's limit, never our own
 * fault.
 */
public enum Refusal {
  MALFORMED("is not a well-formed protobuf message"),
  NO_NAME("has no __name__ label"),
  EMPTY_LABEL_NAME("has a label with an empty name"),
  LABEL_TWICE("has the same label twice"),
  NOT_UTF8("has a label that is not UTF-8"),
  TOO_MANY_LABELS("has too many labels"),
  LABEL_TOO_LONG("has a label that is too long"),
  BAD_REFERENCE("refers to a symbol that is not in the request"),
  BAD_HISTOGRAM("is a histogram that contradicts itself or has too many buckets"),
  NO_SAMPLES("has neither samples nor histograms"),
  BAD_TIME("has a time before 1970 or after the year 6000"),
  TOO_FAR_AHEAD("is too far in the future"),
  OUT_OF_ORDER("is older than the newest sample of its series"),
  TOO_OLD("is older than what is remembered of its series"),
  OTHER_VALUE("repeats the time of the newest sample with another value"),
  TOO_MANY_CLUSTERS("belongs to a new cluster, and no more are taken (ingest.ha.clusters-max)"),
  SENDER_FULL("is a new series, and its sender has as many as it may (watch.sender-series-max)"),
  TOO_MANY_SERIES("is a new series, and no more series are taken (watch.series-max)");

  private final String text;

  Refusal(String text) {
    this.text = text;
  }

  /** For people: goes on after "a sample" or the series' labels. */
  public String text() {
    return text;
  }

  /** As a label's value in metrics. */
  public String slug() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
