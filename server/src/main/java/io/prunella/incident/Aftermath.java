package io.prunella.incident;

import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What a service's last incident means for what is seen of it now. */
final class Aftermath {
  private final Incidents now;
  private final Duration againWithin;

  Aftermath(Incidents now, Duration againWithin) {
    this.now = now;
    this.againWithin = againWithin;
  }

  /**
   * A surprise that was there when its service's last incident was resolved: it was judged then,
   * unless it has grown.
   */
  boolean isSpent(Symptom symptom) {
    Incident last = now.lastResolvedOf(symptom.service());
    if (last == null
        || last.resolvedAt() == null
        || symptom.shape() == Shape.ALERT
        || symptom.shape().isLimit()) return false;
    if (symptom.fromMs() > last.resolvedAt().toEpochMilli()) return false;
    Symptom told = last.symptoms().get(symptom.key());
    return told == null || !Notable.grewBy(1.5, told, symptom);
  }

  String again(Set<String> services, Instant opened) {
    Incident last = null;
    for (String service : services) {
      Incident one = now.lastResolvedOf(service);
      if (one == null || one.resolvedAt() == null || one.resolvedAt().isAfter(opened)) continue;
      if (last == null || last.resolvedAt() == null || one.resolvedAt().isAfter(last.resolvedAt()))
        last = one;
    }
    if (last == null || last.resolvedAt() == null) return "";
    var since = Duration.between(last.resolvedAt(), opened);
    if (since.compareTo(againWithin) > 0) return "";
    long seconds = since.toSeconds();
    String span = seconds < 90 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
    return "again, %s after %s".formatted(span, last.id());
  }
}
