package io.prunella.detect;

import static io.prunella.detect.Row.*;

/**
 * What is usual of one series and how it is learnt: level, trend, spread, tails, likeness of
 * neighbours. Code over a row.
 */
final class Normal {
  private static final double TO_DEVIATION =
      Math.sqrt(Math.PI / 2); // of a normal, from its mean absolute error
  private static final double CLIP_LEVEL = 3;
  private static final double CLIP_SPREAD = 5;
  private static final double ZEROS_MEMORY = 5000;
  private static final double LIKENESS_SHARE = 0.005;
  static final double Z_KEPT_MAX = 1000; // or a day would not be enough to forget it
  static final double MONTH_SECONDS = 30 * Stage1.DAY_SECONDS; // longer, nothing compares
  private static final double RUN_LEARNS = 0.25; // weight of a sample that may turn out odd

  private final DetectConfig config;

  Normal(DetectConfig config) {
    this.config = config;
  }

  /**
   * A gap as usual is none, and who knows little has little to forget: or seldom samples never
   * count.
   */
  boolean forgets(double[] page, int at, double gap) {
    if (gap <= config.forgetSeconds()) return false;
    if (gap > MONTH_SECONDS) return true;
    boolean young = page[at + COUNT] < config.learnSamples();
    return !young && gap > config.silenceGaps() * page[at + GAP];
  }

  static double spread(double[] page, int at, double least) {
    return Math.max(least, TO_DEVIATION * page[at + ERROR]);
  }

  /** The smallest spread that matters: less than it is no distance. */
  double least(double[] page, int at, int traits, double expected, double seconds) {
    double size = Math.abs(expected);
    double least = Math.max(Traits.spreadMin(traits), config.spreadShareMin() * size);
    boolean whole = !has(page, at, FRACTIONAL);
    if (whole && Traits.counts(traits)) {
      least = Math.max(least, Math.sqrt(size * seconds + 1) / seconds);
    } else if (whole) {
      least = Math.max(least, 1);
    } else {
      least = Math.max(least, Stage1.VALUE_MIN);
    }
    return least;
  }

  void learn(double[] page, int at, double x, double z, double spread, double seconds) {
    double count = page[at + COUNT];
    double error = z * spread;
    boolean settled = count >= 2 * config.levelSamples();
    // The second half of the warm-up starts afresh: garbage among the first samples leaves no
    // trace.
    int half = config.learnSamples() / 2;
    if (count == half) {
      page[at + LEVEL] = x;
      page[at + ERROR] = 0;
    }
    double learnt = count < half ? count : count - half;
    double clip = learnt < 5 ? Stage1.VALUE_MAX : spread;
    double usual = page[at + GAP];
    double least = config.levelSamples() * usual;
    double levelShare = seconds / (Math.max(config.levelSeconds(), least) + seconds);
    double spreadShare = seconds / (Math.max(config.spreadSeconds(), 6 * least) + seconds);
    double young = 1 / (learnt + 1);
    if (page[at + RUN_COUNT] > 0) {
      levelShare *= RUN_LEARNS;
      spreadShare *= RUN_LEARNS;
    }
    double clipped = Math.clamp(error, -CLIP_LEVEL * clip, CLIP_LEVEL * clip);
    if (count != half) {
      page[at + LEVEL] += page[at + TREND] * seconds + Math.max(levelShare, young) * clipped;
    }
    if (settled) {
      double trendShare = seconds / (Math.max(config.trendSeconds(), 6 * least) + seconds);
      page[at + TREND] += levelShare * trendShare * clipped / seconds;
    }
    double size = Math.min(Math.abs(error), CLIP_SPREAD * clip);
    if (count != half) page[at + ERROR] += Math.max(spreadShare, young) * (size - page[at + ERROR]);
    page[at + ZEROS] += ((x == 0 ? 1 : 0) - page[at + ZEROS]) * Math.max(young, 1 / ZEROS_MEMORY);
    page[at + COUNT] = count + 1;
    if (learnt == count || learnt < 5) return;
    if (page[at + RUN_COUNT] == 0) learnTails(page, at, z);
    double longest = page[at + Z_LONGEST] * (1 - Math.min(1, seconds / Stage1.DAY_SECONDS));
    page[at + Z_LONGEST] = Math.max(4, Math.max(longest, Math.min(Z_KEPT_MAX, Math.abs(z))));
  }

  static void learnTails(double[] page, int at, double z) {
    Tail.learn(page, at + TAIL_UP, z);
    Tail.learn(page, at + TAIL_DOWN, -z);
  }

  /**
   * How much a distance is like the one before: where neighbours are alike, a run of them says
   * less.
   */
  static void likeness(double[] page, int at, double before, double z) {
    double a = Math.clamp(before, -CLIP_LEVEL, CLIP_LEVEL);
    double b = Math.clamp(z, -CLIP_LEVEL, CLIP_LEVEL);
    double share = Math.max(LIKENESS_SHARE, 1 / (page[at + COUNT] + 1));
    page[at + LIKENESS] += share * (a * b - page[at + LIKENESS]);
    page[at + SQUARE] += share * (b * b - page[at + SQUARE]);
  }
}
