package io.prunella.signal;

/** On which side of its expectation a series is. */
public enum Direction {
  UP,
  DOWN
}
