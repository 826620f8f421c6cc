package io.prunella.detect;

/**
 * What ranking samples goes by: how much novelty weighs, and how soon a series may be news again.
 * One configuration ships; others exist so that an evaluation can choose among them without the
 * files that it is measured on.
 *
 * @param noveltyWeight what a distribution never seen before adds, beside ln(1 + z)
 * @param restSeconds time after an event within which only a stronger one is one
 * @param loadWeight share by which each event of late raises what the next must be
 * @param loadFull events of late that double it; grows with the cube
 */
public record RankConfig(
    double noveltyWeight, double restSeconds, double loadWeight, double loadFull) {
  /** What ships. */
  public static final RankConfig DEFAULTS = new RankConfig(2, 86_400, 0.03, 32);

  public RankConfig {
    if (!(noveltyWeight >= 0) || !(restSeconds >= 0) || !(loadWeight >= 0) || !(loadFull > 0)) {
      throw new IllegalArgumentException(
          "noveltyWeight %s, restSeconds %s, loadWeight %s, loadFull %s: wanted 0 or more, and a loadFull above 0"
              .formatted(noveltyWeight, restSeconds, loadWeight, loadFull));
    }
  }
}
