package io.prunella.ingest;

/** What a configured number may be. */
final class Bounds {
  private Bounds() {}

  /**
   * Refuses a number out of its range.
   *
   * @param key as it is written in the file
   */
  static void between(String key, long seen, long least, long most) {
    if (seen < least || seen > most) {
      throw new IllegalArgumentException(
          "%s is %d, wanted %d to %d".formatted(key, seen, least, most));
    }
  }
}
