package io.prunella.train;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where data sets and their manifests lie; for every command that reads them. */
final class DataOptions {
  static final String VARIABLE = "PRUNELLA_DATA";

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description = "folder of the manifests; the project's own when absent")
  private @Nullable Path manifests;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:" + VARIABLE + "}",
      scope = CommandLine.ScopeType.INHERIT,
      description = "folder of the data; the variable " + VARIABLE + " when absent")
  private @Nullable Path data;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description = "folder of the models; the project's own when absent")
  private @Nullable Path models;

  /** The folder {@code models} that was named, or the one beside the manifests. */
  Path models(CommandSpec spec) {
    return models != null ? models : manifests(spec).resolveSibling("models");
  }

  /** Folder of the data, null when nobody has named it. */
  @Nullable Path data() {
    return data;
  }

  /** Folder of the data. */
  Path root(CommandSpec spec) {
    if (data != null) return data;
    throw new ParameterException(
        spec.commandLine(),
        "%s is not set. Set it to a folder that has the data sets below it, or use --data; `datasets check` says where they come from."
            .formatted(VARIABLE));
  }

  /**
   * The folder {@code datasets} that was named, or beside what runs, or in the working directory.
   */
  Path manifests(CommandSpec spec) {
    if (manifests != null) return manifests;
    Path found = manifests();
    if (found != null) return found;
    throw new ParameterException(
        spec.commandLine(),
        "no folder datasets beside the program or here; name it by --manifests");
  }

  /** The folder {@code datasets} beside what runs, or in the working directory; null for none. */
  static @Nullable Path manifests() {
    try {
      var source = DataOptions.class.getProtectionDomain().getCodeSource();
      Path at = source == null ? null : Path.of(source.getLocation().toURI());
      for (; at != null; at = at.getParent()) {
        if (Files.isDirectory(at.resolve("datasets"))) return at.resolve("datasets");
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of the program is no path", e);
    }
    Path here = Path.of("datasets");
    return Files.isDirectory(here) ? here : null;
  }
}
