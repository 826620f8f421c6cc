package io.prunella.train;

import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A set that somebody named on the command line, read.
 *
 * @param name of its manifest, or the path as it was given
 * @param sha256 digest of its files
 * @param isNab whether segments are NAB's windows, which its own scorer understands
 */
record Source(String name, String sha256, List<Labelled> series, boolean isNab) {
  /**
   * Reads a set by the name of its manifest, or a file or folder of files with a column of labels.
   */
  static Source read(String set, DataOptions where, CommandSpec spec) throws IOException {
    var known = manifest(set, where, spec);
    if (known != null) {
      Path data = where.root(spec);
      var series = Sets.read(known, data);
      if (series.isEmpty()) {
        throw wrong(spec, "%s has no files in %s; get them from %s", set, data, known.source());
      }
      boolean isNab = known.layout() == Manifest.Layout.NAB;
      return new Source(set, Manifest.digest(known.found(data)), series, isNab);
    }
    Path path = Path.of(set);
    if (!Files.exists(path)) {
      throw wrong(spec, "%s is no data set and no file; `datasets list` has the names", set);
    }
    return new Source(set, Manifest.digest(files(path)), Sets.read(path), false);
  }

  /** Names of all manifests. */
  static List<String> names(DataOptions where, CommandSpec spec) throws IOException {
    return Manifest.all(where.manifests(spec)).stream().map(Manifest::name).toList();
  }

  static @Nullable Manifest manifest(String name, DataOptions where, CommandSpec spec)
      throws IOException {
    try {
      for (Manifest one : Manifest.all(where.manifests(spec))) {
        if (one.name().equals(name)) return one;
      }
      return null;
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static ParameterException wrong(CommandSpec spec, String message, Object... with) {
    return new ParameterException(spec.commandLine(), message.formatted(with));
  }
}
