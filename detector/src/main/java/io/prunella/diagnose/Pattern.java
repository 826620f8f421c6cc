package io.prunella.diagnose;

import java.util.List;

/**
 * One who knows kinds of incidents: a declared rule, a set of them, or a trained model. Pure: the
 * same evidence gets the same answer, whatever order its symptoms are in. Any thread.
 */
public interface Pattern {
  /**
   * Which known patterns the evidence looks like.
   *
   * @return most probable first, each pattern at most once; empty when nothing known fits
   */
  List<Match> judge(Evidence evidence);
}
