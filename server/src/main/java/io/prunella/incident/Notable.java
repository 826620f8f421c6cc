package io.prunella.incident;

import io.prunella.diagnose.Symptom;
import io.prunella.signal.Shape;
import org.jspecify.annotations.Nullable;

/** Whether a new word about a symptom is worth a fact. */
final class Notable {
  private static final double GROWN = 1.2;
  private static final double LIMIT_GROWN = 1.05;

  private Notable() {}

  /**
   * True for a new symptom, one that ended, came back or looks otherwise, and one whose peak grew
   * by a fifth (a twentieth where there is a limit: from 90 to 95 % is much).
   *
   * @param told the word that is in the incident, or null
   */
  static boolean is(@Nullable Symptom told, Symptom word) {
    if (told == null) return true;
    if (told.isOpen() != word.isOpen()
        || told.shape() != word.shape()
        || told.direction() != word.direction()) return true;
    return word.isOpen() && grewBy(word.shape().isLimit() ? LIMIT_GROWN : GROWN, told, word);
  }

  /**
   * True when the surprise, the distance from what was expected, or the share of the limit is that
   * many times larger.
   */
  static boolean grewBy(double factor, Symptom told, Symptom word) {
    if (word.shape() == Shape.HEADROOM || word.shape() == Shape.EXHAUSTION)
      return word.value() > factor * told.value();
    double toldAway = Math.abs(told.value() - told.expected());
    double away = Math.abs(word.value() - word.expected());
    return word.surprise() > factor * told.surprise() || away > factor * toldAway;
  }
}
