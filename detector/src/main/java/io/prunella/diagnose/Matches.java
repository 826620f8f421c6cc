package io.prunella.diagnose;

import java.util.ArrayList;
import java.util.List;

/** What may be concluded from a list of matches. */
public final class Matches {
  /** How the evidence line begins that says what a person looks at to be sure. */
  public static final String TO_BE_SURE = "to be sure: ";

  /** A match below this is not one match but a guess. */
  public static final double CLEAR_MIN = 0.6;

  /** So far a clear match stands above the next one. */
  public static final double MARGIN_MIN = 0.15;

  private static final double WORTH_TELLING = 0.3;
  private static final double ROUNDING = 1e-9;

  private Matches() {}

  /** The conclusion. */
  public sealed interface Choice {
    /** One line for a person. */
    String why();

    /** One pattern fits and no other comes near: a runbook may be looked up. */
    record Clear(Match match, String why) implements Choice {}

    /**
     * Several fit, or one fits badly: a person decides.
     *
     * @param matches the ones in question, most probable first; at least one
     * @param tellApart what to look at to tell them apart, one line each; may be empty
     */
    record Ambiguous(List<Match> matches, String why, List<String> tellApart) implements Choice {}

    /** Nothing known fits: people lead. */
    record None(String why) implements Choice {}
  }

  /**
   * Concludes: a clear match is at least {@link #CLEAR_MIN} and {@link #MARGIN_MIN} above the next.
   *
   * @param matches in any order
   */
  public static Choice choose(List<Match> matches) {
    var sorted = Patterns.sorted(matches);
    if (sorted.isEmpty()) return new Choice.None("no known pattern fits");
    Match first = sorted.getFirst();
    if (first.probability() < WORTH_TELLING) {
      return new Choice.None(
          "no known pattern fits: the nearest is %s with %s, wanted at least %s"
              .formatted(first.pattern(), percent(first.probability()), percent(CLEAR_MIN)));
    }
    double next = sorted.size() > 1 ? sorted.get(1).probability() : 0;
    if (first.probability() >= CLEAR_MIN && first.probability() - next >= MARGIN_MIN - ROUNDING) {
      return new Choice.Clear(
          first,
          "%s fits with %s%s"
              .formatted(
                  first.pattern(),
                  percent(first.probability()),
                  next > 0
                      ? ", the next (%s) with %s".formatted(sorted.get(1).pattern(), percent(next))
                      : ""));
    }
    var close =
        sorted.stream()
            .filter(m ->
                m == first
                    || (m.probability() >= WORTH_TELLING
                        && first.probability() - m.probability() < MARGIN_MIN - ROUNDING))
            .toList();
    String why =
        close.size() == 1
            ? "%s fits with only %s, wanted at least %s"
                .formatted(first.pattern(), percent(first.probability()), percent(CLEAR_MIN))
            : "cannot tell these apart: "
                + String.join(
                    ", ",
                    close.stream().map(m -> m.pattern() + " " + percent(m.probability())).toList());
    return new Choice.Ambiguous(close, why, tellApart(close));
  }

  private static List<String> tellApart(List<Match> matches) {
    var lines = new ArrayList<String>();
    for (Match match : matches) {
      for (String line : match.evidence()) {
        if (line.startsWith(TO_BE_SURE))
          lines.add(match.title() + ": " + line.substring(TO_BE_SURE.length()));
      }
    }
    return lines;
  }

  private static String percent(double probability) {
    return Math.round(probability * 100) + " %";
  }
}
