package io.prunella.incident;

import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Weighing;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Which of an incident's symptoms tells people most. */
public final class Telling {
  private Telling() {}

  /**
   * Most telling first. What is over matters less than what goes on, unless only what does no harm
   * is left; what the culprit does to others less than what it suffers itself; a fact more than a
   * probability.
   *
   * @param all of the incident
   * @param culprit null while it is not known
   */
  public static Comparator<Symptom> first(Collection<Symptom> all, @Nullable String culprit) {
    boolean isHarmOver =
        all.stream().anyMatch(Strength::isHarm)
            && all.stream().noneMatch(s -> s.isOpen() && Strength.isHarm(s));
    return Comparator.comparing((Symptom s) -> isHarmOver ? !Strength.isHarm(s) : !s.isOpen())
        .thenComparing(s -> !s.service().equals(culprit))
        .thenComparing(s -> !Weighing.isFact(s))
        .thenComparing(Strength.STRONGEST_FIRST);
  }
}
