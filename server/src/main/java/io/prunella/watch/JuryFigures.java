package io.prunella.watch;

/**
 * What stage 2 says of itself; counts since the start.
 *
 * @param isThere whether there is a model; without one stage 1's word stands
 * @param judged words about anomalies that the model was asked about
 * @param heldBack anomalies that were not handed over when they opened
 * @param overflowed words that the model should have been asked about and was not, for want of room
 *     or of budget: stage 1's word stood
 */
public record JuryFigures(boolean isThere, long judged, long heldBack, long overflowed) {
  static final JuryFigures NONE = new JuryFigures(false, 0, 0, 0);
}
