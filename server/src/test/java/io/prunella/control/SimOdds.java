package io.prunella.control;

import java.util.SplittableRandom;

/**
 * How likely each fault is in one seed. Each is left out of half of the seeds: faults that are
 * always there hide what happens without them.
 */
record SimOdds(
    double requestLost,
    double requestLate,
    double requestTwice,
    double answerLost,
    double refused,
    double probeBlind,
    double effectHangs,
    double effectLate,
    double reportLate,
    double reportTwice,
    double crash,
    double crashInCall,
    double crashInAppend,
    double diskFull,
    double zombie,
    double leaseLostInCall,
    double haltInCall,
    double noScrapes,
    double errorsMute,
    double readerFails,
    double unreachable,
    double wordLost,
    double jump,
    double skew,
    double falls,
    double relapses,
    double mends,
    double helps,
    double harms,
    double person,
    double edit,
    boolean windows,
    boolean calls) {
  static SimOdds draw(SplittableRandom chance) {
    return new SimOdds(
        some(chance, 0.3),
        some(chance, 0.3),
        some(chance, 0.3),
        some(chance, 0.4),
        some(chance, 0.2),
        some(chance, 0.6),
        some(chance, 0.05),
        some(chance, 0.4),
        some(chance, 0.3),
        some(chance, 0.2),
        some(chance, 0.03),
        some(chance, 0.15),
        some(chance, 0.1),
        some(chance, 0.05),
        some(chance, 0.8),
        some(chance, 0.3),
        some(chance, 0.3),
        some(chance, 0.02),
        some(chance, 0.8),
        some(chance, 0.1),
        some(chance, 0.1),
        some(chance, 0.3),
        some(chance, 0.01),
        some(chance, 0.5),
        0.08,
        some(chance, 0.9),
        some(chance, 0.05),
        chance.nextInt(4) == 0 ? 0.1 : 0.7,
        some(chance, 0.2),
        chance.nextInt(3) == 0 ? 0 : 0.1,
        some(chance, 0.02),
        chance.nextInt(6) == 0,
        chance.nextInt(3) == 0);
  }

  /** After the faults are over: everything must come to its end. */
  SimOdds calm() {
    return new SimOdds(
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.9, 0, 0,
        0, windows, calls);
  }

  private static double some(SplittableRandom chance, double most) {
    return chance.nextBoolean() ? 0 : chance.nextDouble() * most;
  }
}
