package io.prunella.detect;

import static io.prunella.detect.Row.*;

import java.util.List;

/**
 * What a second look at one sample may go by: numbers that stage 1's row holds once it has taken
 * the sample. Nothing else is asked, so there is no look-ahead, and nothing is allocated. Any
 * thread that may read the row.
 *
 * <p>The first {@link #ALWAYS} are of every row, the rest of rows that rank. Distances, durations
 * and ratios are ln(1 + x) of what they name, so that a model need not know units.
 */
public final class Candidate {
  /*
   * Names are what a model in a file is bound to: one whose names are not all here is refused. So a name never changes
   * its meaning; what is measured otherwise gets another name.
   *
   * Distances are read after the sample was learnt, where z from a mean with the share a saturates at 1/√(a(1−a)): still
   * one to one with the z before, which is all that a tree asks, and no work for the samples that nobody looks at twice.
   */
  private static final List<String> OF_ROW =
      List.of(
          "surprise",
          "distance",
          "above",
          "evidence",
          "run",
          "run-peak",
          "habit",
          "record",
          "likeness",
          "gap",
          "gap-longest",
          "zeros",
          "tail",
          "tail-excess",
          "spread",
          "share",
          "seen",
          "trend",
          "whole",
          "negative",
          "open",
          "odd",
          "open-gaps",
          "counter",
          "worse");
  private static final List<String> OF_RANK =
      List.of(
          "score",
          "mean-1000",
          "mean-100",
          "mean-20",
          "rough",
          "season",
          "season-skill",
          "robust-level",
          "far",
          "moved-20",
          "moved-100",
          "restless-20",
          "restless-100",
          "load",
          "since-event",
          "rare-26",
          "rare-52");

  /** Names of all of them, in their order. */
  public static final List<String> NAMES =
      java.util.stream.Stream.concat(OF_ROW.stream(), OF_RANK.stream()).toList();

  /** How many any row has. */
  public static final int ALWAYS = OF_ROW.size();

  /** Names of what is asked about an anomaly: what any row has, then {@link Siblings#NAMES}. */
  public static final List<String> OF_ANOMALY =
      java.util.stream.Stream.concat(OF_ROW.stream(), Siblings.NAMES.stream()).toList();

  private static final int SCORE = ALWAYS;
  private static final double GRID =
      32; // all that a tree can use of a logarithm; and it trains ten times as fast
  private static final double FINE = 256; // of the score, whose floors are narrow
  private static final double MOST = 1e6;
  private static final double TINY = 1e-9;

  private Candidate() {}

  /** How many a row of this stage has: the first of {@link #NAMES}. */
  public static int count(Stage1 stage) {
    return stage.rowDoubles() > DOUBLES ? NAMES.size() : ALWAYS;
  }

  /**
   * Reads what the row says of the sample that it took last; every number is finite.
   *
   * @param traits as the row was begun with
   * @param into where they go, from its first on; as many as {@link #count} says
   */
  public static void read(Stage1 stage, double[] page, int at, int traits, double[] into) {
    double z = page[at + Z];
    double x = page[at + SCORED];
    double spread = page[at + SPREAD];
    double expected = Double.isNaN(page[at + EXPECTED]) ? page[at + LEVEL] : page[at + EXPECTED];
    double gap = page[at + GAP];
    int tail = at + (z >= 0 ? TAIL_UP : TAIL_DOWN);
    boolean open = isOpen(page, at);
    int i = 0;
    into[i++] = page[at + SURPRISE];
    into[i++] = log(Math.abs(z));
    into[i++] = z >= 0 ? 1 : 0;
    into[i++] = page[at + (z >= 0 ? EVIDENCE_UP : EVIDENCE_DOWN)];
    into[i++] = log(page[at + RUN_COUNT]);
    into[i++] = page[at + RUN_PEAK];
    into[i++] = page[at + HABIT];
    into[i++] = log(Math.abs(z) / page[at + Z_LONGEST]);
    into[i++] = page[at + LIKENESS] / (page[at + SQUARE] + 0.1);
    into[i++] = log(gap);
    into[i++] = log(page[at + GAP_LONGEST] / (gap + TINY));
    into[i++] = page[at + ZEROS];
    into[i++] = page[tail];
    into[i++] = page[tail + 1];
    into[i++] = log(spread / (Math.abs(expected) + TINY));
    into[i++] = log(Math.abs(x - expected) / (Math.abs(expected) + TINY));
    into[i++] = log(page[at + COUNT]);
    into[i++] = log(Math.abs(page[at + TREND]) * gap / (spread + TINY));
    into[i++] = has(page, at, FRACTIONAL) ? 0 : 1;
    into[i++] = has(page, at, NEGATIVE) ? 1 : 0;
    into[i++] = open ? 1 : 0;
    into[i++] = open ? log(page[at + ODD]) : 0;
    into[i++] = open ? log((page[at + SEEN] - page[at + FROM]) / 1000 / (gap + TINY)) : 0;
    into[i++] = Traits.isCounter(traits) ? 1 : 0;
    into[i++] = Traits.isGoodNews(traits, z) ? -1 : Traits.isGoodNews(traits, -z) ? 1 : 0;
    if (stage.rowDoubles() > DOUBLES) {
      i = Oddness.read(page, at + ODDNESS, x, page[at + SCORED_TIME], into, i);
    }
    for (int k = 0; k < i; k++) into[k] = coarse(into[k], k == SCORE ? FINE : GRID);
  }

  /** To the next step that a tree can use. */
  static double coarse(double x) {
    return coarse(x, GRID);
  }

  /** To the next of {@code grid} steps in one; 0 where nothing is known. */
  private static double coarse(double x, double grid) {
    return Double.isFinite(x) ? Math.rint(x * grid) / grid : 0;
  }

  /** ln(1 + x), of no more than a million; 0 for what is no number. */
  static double log(double x) {
    return x > 0 ? Math.log1p(Math.min(MOST, x)) : 0;
  }
}
