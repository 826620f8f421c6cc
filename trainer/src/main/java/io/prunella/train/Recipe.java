package io.prunella.train;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a data set is drawn. With the same recipe and seed it comes out the same, byte for byte.
 *
 * @param count series, or incidents
 * @param days that each lasts
 * @param anomalies of each series
 * @param seed when the command names none
 */
record Recipe(
    String name,
    String title,
    What what,
    int count,
    int days,
    int intervalSeconds,
    int anomalies,
    long seed) {
  /** What comes out. */
  enum What {
    /** A file a series, with a column of labels. */
    SERIES,
    /** A folder an incident, with the series of several services, and a list of all incidents. */
    INCIDENTS
  }

  /** Reads a recipe; problems have file and line. */
  static Recipe read(Path file) throws IOException {
    var problems = new Problems(file.toString());
    var map = YamlMap.parse(file.toString(), Files.readString(file), problems);
    var recipe =
        new Recipe(
            map.text("name"),
            map.text("title"),
            map.choice("what", What.class, What.SERIES),
            (int) map.whole("count", 0, 1, 100_000),
            (int) map.whole("days", 0, 1, 1_000),
            (int) map.whole("interval-seconds", 60, 1, 3_600),
            (int) map.whole("anomalies", 0, 0, 1_000),
            map.whole("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE));
    map.done();
    problems.throwIfAny();
    return recipe;
  }

  int rows() {
    return (int) (days * 86_400L / intervalSeconds);
  }
}
