package io.prunella.diagnose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A pattern told in YAML: a logistic score over clauses.
 *
 * @param check what a person looks at to be sure
 * @param bias log-odds when all that is required holds and nothing else is known
 * @param cap no probability above this: a rule that nobody has measured is never certain
 * @param requires all must hold, else there is no match; their weights are in the bias
 * @param supports each adds its weight when it holds, and takes {@link Term#missing} when it does
 *     not
 * @param excludes each takes its weight when it holds; {@link Double#POSITIVE_INFINITY} rules the
 *     pattern out
 * @param digest SHA-256 of the file it came from, hex
 */
record DeclaredPattern(
    String name,
    String title,
    String description,
    String check,
    double bias,
    double cap,
    List<Term> requires,
    List<Term> supports,
    List<Term> excludes,
    String digest)
    implements Pattern {
  private static final double PROBABILITY_MIN = 0.05;
  private static final double RIVAL_SHARE = 0.8;
  private static final double RIVAL_WEIGHT = 0.5;
  private static final int LINES_MAX = 10;

  /**
   * A clause and what it is worth in log-odds.
   *
   * @param say what it means when it holds, for a person
   */
  record Term(Clause clause, double weight, double missing, String say) {}

  @Override
  public List<Match> judge(Evidence evidence) {
    String culprit = evidence.culprit();
    if (culprit == null) return List.of();
    var lines = new ArrayList<Line>();
    double logOdds = bias;
    for (Term term : requires) {
      var seen = term.clause.seen(evidence, culprit);
      if (seen == null) return List.of();
      lines.add(new Line(100, text(term.say, seen)));
    }
    for (Term term : supports) {
      var seen = term.clause.seen(evidence, culprit);
      if (seen != null) {
        logOdds += term.weight;
        lines.add(new Line(term.weight, text(term.say, seen)));
      } else if (term.missing > 0) {
        logOdds -= term.missing;
        lines.add(new Line(term.missing, "against it: not seen: " + term.say));
      }
    }
    for (Term term : excludes) {
      var seen = term.clause.seen(evidence, culprit);
      if (seen == null) continue;
      if (term.weight == Double.POSITIVE_INFINITY) return List.of();
      logOdds -= term.weight;
      lines.add(new Line(term.weight, "against it: " + text(term.say, seen)));
    }
    String rival = rival(evidence);
    if (!rival.isEmpty()) {
      logOdds -= RIVAL_WEIGHT;
      lines.add(
          new Line(
              RIVAL_WEIGHT, "against it: %s is nearly as suspect as %s".formatted(rival, culprit)));
    }
    double probability = Math.min(cap, 1 / (1 + Math.exp(-logOdds)));
    if (probability < PROBABILITY_MIN) return List.of();
    return List.of(
        new Match(
            name, title, Math.round(probability * 1000) / 1000.0, told(lines), "declared", digest));
  }

  private List<String> told(List<Line> lines) {
    lines.sort(Comparator.comparingDouble((Line l) -> -l.weight).thenComparing(Line::text));
    var told = new ArrayList<String>(lines.stream().limit(LINES_MAX).map(Line::text).toList());
    if (!check.isEmpty()) told.add(Matches.TO_BE_SURE + check);
    return told;
  }

  private static String rival(Evidence evidence) {
    var suspects = evidence.suspects();
    boolean close =
        suspects.size() > 1 && suspects.get(1).score() >= RIVAL_SHARE * suspects.get(0).score();
    return close ? suspects.get(1).service() : "";
  }

  private static String text(String say, List<String> seen) {
    return seen.isEmpty() ? say : say + " (" + String.join("; ", seen) + ")";
  }

  private record Line(double weight, String text) {}
}
