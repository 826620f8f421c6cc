package io.prunella.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stage 1 is compared with: the plainest method there is, chance, one that is told the labels,
 * and whatever {@link Peer} is on the class path.
 */
final class Peers {
  private static final List<String> NAMES = List.of("stage1", "ewma-z", "random", "told-late");
  private static final double SHARE = 0.001; // of a sample, once there are a thousand
  private static final int FIRST = 11;

  private Peers() {}

  /** A way to score a series by its name, or null. */
  static @Nullable Function<Labelled, Scores> of(String name, long seed) {
    return switch (name) {
      case "stage1" -> Scores::of;
      case "ewma-z" -> Peers::ewma;
      case "random" -> {
        var random = new Random(seed);
        yield series -> even(series, random);
      }
      case "told-late" -> Peers::toldLate;
      default -> {
        Function<Labelled, Scores> found = null;
        for (Peer peer : ServiceLoader.load(Peer.class)) {
          if (peer.name().equals(name)) found = series -> ranked(series, peer.score(series, seed));
        }
        yield found;
      }
    };
  }

  /** Names that {@link #of} knows. */
  static List<String> names() {
    var names = new ArrayList<>(NAMES);
    for (Peer peer : ServiceLoader.load(Peer.class)) names.add(peer.name());
    return names;
  }

  /** Distance from an exponentially weighted mean, in exponentially weighted deviations. */
  private static Scores ewma(Labelled series) {
    var scores = blank(series);
    double mean = 0;
    double square = 0;
    int count = 0;
    for (int i = 0; i < series.rows(); i++) {
      double x = series.values()[i];
      if (!Double.isFinite(x)) continue;
      if (count++ == 0) mean = x;
      double away = x - mean;
      double deviation = Math.sqrt(square) + 1e-9 * (Math.abs(mean) + 1);
      scores.scores()[i] = count <= FIRST ? 0 : Math.abs(away) / deviation;
      double share = Math.max(SHARE, 1.0 / count);
      mean += share * away;
      square = (1 - share) * (square + share * away * away);
    }
    return scores;
  }

  private static Scores even(Labelled series, Random random) {
    var scores = blank(series);
    for (int i = 0; i < series.rows(); i++) scores.scores()[i] = random.nextDouble();
    return scores;
  }

  /**
   * Perfect but for one row: 1 on each odd row after the first of its segment, else 0. No detector
   * but this one looks at labels: it says what a figure can be at most for whoever needs a second
   * row to tell an anomaly, and never errs.
   */
  private static Scores toldLate(Labelled series) {
    var scores = blank(series);
    for (Labelled.Segment s : series.segments()) {
      Arrays.fill(scores.scores(), s.from() + 1, s.to() + 1, 1);
    }
    return scores;
  }

  private static Scores ranked(Labelled series, double[] scores) {
    return new Scores(scores, new double[series.rows()], new boolean[series.rows()]);
  }

  private static Scores blank(Labelled series) {
    int n = series.rows();
    return new Scores(new double[n], new double[n], new boolean[n]);
  }
}
