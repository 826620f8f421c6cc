package io.prunella.incident;

import io.prunella.detect.Anomaly;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;

/** Makes symptoms out of what the data plane says. */
public final class Symptoms {
  private Symptoms() {}

  /**
   * An anomaly as diagnosis sees it. Its key is the series' labels as text and what kind of shape
   * it has: a series may be odd, above its headroom and about to be exhausted at the same time.
   * These begin and end apart, so they are three symptoms: the end of one must not replace another.
   */
  public static Symptom of(Anomaly anomaly) {
    var meaning = anomaly.meaning();
    String metric = anomaly.labels().metric();
    return new Symptom(
        anomaly.labels() + kind(anomaly.shape()),
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

  private static String kind(Shape shape) {
    return switch (shape) {
      case SPIKE, SHIFT, TREND, SILENCE -> "#surprise";
      case HEADROOM, FAILED_CHECKS -> "#limit";
      case EXHAUSTION -> "#exhaustion";
      case ALERT -> "#alert";
    };
  }
}
