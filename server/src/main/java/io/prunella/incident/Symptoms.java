package io.prunella.incident;

import io.prunella.detect.Anomaly;
import io.prunella.diagnose.Symptom;

/** Makes symptoms out of what the data plane says. */
public final class Symptoms {
  private static final String SURPRISE = "#surprise";
  private static final String LIMIT = "#limit";

  private Symptoms() {}

  /**
   * An anomaly as diagnosis sees it. Its key is the series' labels as text and the class of its
   * shape: a series may be odd and near its limit at the same time, and these are two symptoms.
   */
  public static Symptom of(Anomaly anomaly) {
    var meaning = anomaly.meaning();
    String metric = anomaly.labels().metric();
    return new Symptom(
        anomaly.labels() + (anomaly.shape().isLimit() ? LIMIT : SURPRISE),
        meaning.service(),
        meaning.instance(),
        meaning.signal(),
        metric.isEmpty() ? meaning.title() : metric,
        anomaly.direction(),
        anomaly.shape(),
        anomaly.fromMs(),
        anomaly.toMs(),
        anomaly.atMs(),
        anomaly.value(),
        anomaly.expected(),
        anomaly.lower(),
        anomaly.upper(),
        anomaly.surprise(),
        anomaly.reason());
  }
}
