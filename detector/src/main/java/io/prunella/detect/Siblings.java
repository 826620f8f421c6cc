package io.prunella.detect;

import static io.prunella.detect.Row.*;

import java.util.List;

/**
 * How odd the series of one service are together at one moment, for the second look at one of them:
 * shares of them, so that services of any size compare. Belongs to whoever adds up; merged by one
 * thread.
 */
public final class Siblings {
  /** Names of what {@link #read} says, in their order. */
  public static final List<String> NAMES =
      List.of(
          "siblings",
          "siblings-surprise",
          "siblings-some",
          "siblings-above",
          "siblings-below",
          "siblings-very",
          "siblings-open");

  private static final double SURPRISE_MAX = 16; // nats: one series alone must not make the mean
  private static final double SOME = 1;
  private static final double MUCH = 2;
  private static final double VERY = 4;

  private int series;
  private double surprise;
  private int some;
  private int above;
  private int below;
  private int very;
  private int open;

  /** Counts one series in, as its row is; one that has no score yet is none. */
  public void add(double[] page, int at) {
    if (Double.isNaN(page[at + EXPECTED])) return;
    double nats = page[at + Row.SURPRISE];
    series++;
    surprise += Math.min(SURPRISE_MAX, nats);
    if (nats > SOME) some++;
    if (nats > MUCH && page[at + Z] > 0) above++;
    if (nats > MUCH && page[at + Z] < 0) below++;
    if (nats > VERY) very++;
    if (isOpen(page, at)) open++;
  }

  /** These and more series of the same service. */
  public Siblings with(Siblings more) {
    var all = new Siblings();
    all.count(this, 1);
    all.count(more, 1);
    return all;
  }

  /**
   * All of them but one: the series that is asked about is no sibling of itself.
   *
   * @param own that one alone; it may have been counted a moment before or after, so that nothing
   *     falls below 0
   */
  public Siblings without(Siblings own) {
    var others = new Siblings();
    others.count(this, 1);
    others.count(own, -1);
    return others;
  }

  private void count(Siblings more, int times) {
    series = Math.max(0, series + times * more.series);
    surprise = Math.max(0, surprise + times * more.surprise);
    some = Math.max(0, some + times * more.some);
    above = Math.max(0, above + times * more.above);
    below = Math.max(0, below + times * more.below);
    very = Math.max(0, very + times * more.very);
    open = Math.max(0, open + times * more.open);
  }

  /** How many series. */
  public int series() {
    return series;
  }

  /**
   * Says ln(1 + how many), the mean of their surprises, and the shares of those that are somewhat
   * odd, odd above and below what was expected, very odd, and in an open anomaly; all 0 where there
   * are none. Rounded as {@link Candidate#read} rounds.
   *
   * @param into where they go, from {@code to} on
   */
  public void read(double[] into, int to) {
    double all = Math.max(1, series);
    double[] said = {
      Candidate.log(series),
      surprise / all,
      some / all,
      above / all,
      below / all,
      very / all,
      open / all
    };
    for (int i = 0; i < said.length; i++) into[to + i] = Candidate.coarse(said[i]);
  }
}
