package io.prunella.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with one document, gathered while it is read. Bounded: after so many, the rest is
 * only counted.
 */
public final class Problems {
  private static final int TOLD_MAX = 20;
  private final String file;
  private final List<String> told = new ArrayList<>();
  private int untold;

  public Problems(String file) {
    this.file = file;
  }

  /** Notes a problem at a line, counted from 1. */
  public void add(int line, String message) {
    if (told.size() < TOLD_MAX) told.add("%s:%d: %s".formatted(file, line, message));
    else untold++;
  }

  public boolean isEmpty() {
    return told.isEmpty();
  }

  /**
   * Ends the reading.
   *
   * @throws YamlException when anything was noted
   */
  public void throwIfAny() {
    if (told.isEmpty()) return;
    var all = new ArrayList<>(told);
    if (untold > 0) all.add("%s: and %d more problems".formatted(file, untold));
    throw new YamlException(all);
  }
}
