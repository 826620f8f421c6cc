package io.prunella.demo;

/**
 * Something that goes wrong in the simulated fleet. It changes causes only; what is seen of it
 * follows from the state. Called under the world's lock, once a step.
 */
interface Fault {
  /** Begins it. */
  void begin(World world);

  /**
   * It goes on.
   *
   * @param minutes simulated minutes since it began
   */
  default void go(World world, double minutes) {}

  /** True when it is over: cured by an action, or spent. */
  boolean over(World world, double minutes);

  /** The people on call have put it right; it has lasted too long for the tour. */
  void mend(World world);
}
