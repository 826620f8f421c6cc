package io.prunella.incident;

import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a person reads first about an incident.
 *
 * @param title one line: "redis-cart: memory 93 % of its limit, and 2 more signals"
 */
record Headline(Incident.Severity severity, String title) {
  private static final int REASON_MAX = 90;
  private static final double ERRORS_CRITICAL = 20;
  private static final double ANSWERS_CRITICAL = 40;
  private static final double HEADROOM_CRITICAL = 1.05;
  private static final int SERVICES_CRITICAL = 3;

  /**
   * @param kept the symptoms that the incident keeps; not empty
   * @param leftOut how many more there are
   * @param again empty, or how soon after which incident it is back
   */
  static Headline of(Collection<Symptom> kept, int leftOut, String again) {
    return of(kept, leftOut, again, null);
  }

  /** The same of one that may have been diagnosed: it is called after its culprit. */
  static Headline of(Incident incident, Collection<Symptom> kept, int leftOut, String again) {
    return of(kept, leftOut, again, incident.culprit());
  }

  private static Headline of(
      Collection<Symptom> kept, int leftOut, String again, @Nullable String culprit) {
    Symptom first =
        kept.stream()
            .min(Telling.first(kept, culprit))
            .orElseThrow(
                () -> new IllegalArgumentException("an incident without symptoms has no title"));
    var signals = new TreeSet<String>();
    var services = new TreeSet<String>();
    for (Symptom symptom : kept) {
      signals.add(symptom.service() + "/" + word(symptom));
      services.add(symptom.service());
    }
    var title =
        new StringBuilder(first.service())
            .append(": ")
            .append(word(first))
            .append(' ')
            .append(reason(first));
    int more = signals.size() - 1;
    if (more > 0)
      title.append(", and ").append(more).append(more == 1 ? " more signal" : " more signals");
    if (services.size() > 1) title.append(" in ").append(services.size()).append(" services");
    if (leftOut > 0) title.append(" (").append(leftOut).append(" more symptoms than are kept)");
    if (!again.isEmpty()) title.append(", ").append(again);
    return new Headline(severity(kept), title.toString());
  }

  private static Incident.Severity severity(Collection<Symptom> symptoms) {
    double answers = 0;
    var harmed = new TreeSet<String>();
    for (Symptom symptom : symptoms) {
      double points = Strength.weighted(symptom);
      boolean limit = symptom.shape().isLimit();
      if (Strength.isHarm(symptom)) harmed.add(symptom.service());
      if (symptom.shape() == Shape.FAILED_CHECKS) return Incident.Severity.CRITICAL;
      if (symptom.shape() == Shape.HEADROOM
          && symptom.value() / symptom.upper() >= HEADROOM_CRITICAL) {
        return Incident.Severity.CRITICAL;
      }
      if (!limit && symptom.signal() == Signal.ERRORS && points >= ERRORS_CRITICAL)
        return Incident.Severity.CRITICAL;
      if (!limit && (symptom.signal() == Signal.ERRORS || symptom.signal() == Signal.LATENCY))
        answers += points;
    }
    boolean critical = harmed.size() >= SERVICES_CRITICAL || answers >= ANSWERS_CRITICAL;
    return critical ? Incident.Severity.CRITICAL : Incident.Severity.WARNING;
  }

  private static String word(Symptom symptom) {
    return switch (symptom.signal()) {
      case OTHER, CHANGE -> symptom.metric();
      case HEALTH -> "health check";
      case CPU -> "CPU";
      default -> symptom.signal().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String reason(Symptom symptom) {
    String reason = symptom.reason();
    if (reason.length() <= REASON_MAX) return reason;
    int end =
        Character.isHighSurrogate(reason.charAt(REASON_MAX - 1)) ? REASON_MAX - 1 : REASON_MAX;
    return reason.substring(0, end) + "…";
  }
}
