package io.prunella.server;

import io.prunella.signal.Catalogue;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration file as read.
 *
 * @param folder what relative names in it start from
 */
public record ConfigFile(Config config, Path folder) {
  /** What ships; relative names start from this process's folder. */
  public static ConfigFile shipped() {
    return new ConfigFile(Config.DEFAULTS, Path.of("").toAbsolutePath());
  }

  /**
   * Reads it.
   *
   * @throws YamlException with a line per problem: file, line, key, value seen, value wanted
   */
  public static ConfigFile read(Path file) {
    try {
      return new ConfigFile(parse(file.toString(), Files.readString(file)), folder(file));
    } catch (IOException e) {
      throw new YamlException(
          List.of(
              "%s: cannot be read (%s), wanted a configuration in YAML"
                  .formatted(file, e.getMessage())));
    }
  }

  /**
   * What a server with this configuration knows of series: the operator's own files, then what
   * ships.
   *
   * @throws YamlException when a file that it names cannot be read
   */
  public Catalogue catalogue() {
    return Books.catalogue(config, folder);
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder == null ? file.toAbsolutePath() : folder; // a root cannot be read as a file
  }

  /** The configuration that a text describes. */
  static Config parse(String name, String text) {
    var problems = new Problems(name);
    var map = YamlMap.parse(name, text, problems);
    Config config = RecordBinder.bind(map, Config.DEFAULTS);
    map.done();
    problems.throwIfAny();
    return config;
  }
}
