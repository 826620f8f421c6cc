package io.prunella.train;

import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code prunella-train datasets}: what can be trained and measured on, and whether it is there.
 */
@Command(
    name = "datasets",
    mixinStandardHelpOptions = true,
    description = {
      "Labelled data sets: their manifests lie in datasets/, their files below the folder that the",
      "variable PRUNELLA_DATA names."
    })
final class Datasets implements Runnable {
  static final String VARIABLE = "PRUNELLA_DATA";

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

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

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Which data sets there are. */
  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the data sets.")
  int list() throws IOException {
    var out = spec.commandLine().getOut();
    out.printf("%-10s %6s  %-10s %-12s %s%n", "NAME", "FILES", "HERE", "LICENCE", "WHAT");
    for (Manifest set : manifests()) {
      String here = data == null ? "unknown" : Integer.toString(set.found(data).size());
      out.printf(
          "%-10s %6d  %-10s %-12s %s%n", set.name(), set.count(), here, set.licence(), set.title());
    }
    out.flush();
    return 0;
  }

  /** Whether the data are there and are those that the manifests mean. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Checks that the files are there and have the digests of the manifests.")
  int check() throws IOException {
    var err = spec.commandLine().getErr();
    Path root = data;
    if (root == null) {
      err.printf(
          "%s is not set. Set it to a folder that has the data sets below it, or use --data; this"
              + " is where they come from:%n",
          VARIABLE);
      for (Manifest set : manifests()) {
        err.printf("  $%s/%s: %s (%s)%n", VARIABLE, set.folder(), set.source(), set.licence());
      }
      err.flush();
      return 1;
    }
    int wrong = 0;
    for (Manifest set : manifests()) {
      String problem = problem(set, root);
      if (problem == null) {
        spec.commandLine()
            .getOut()
            .printf("%s: %d files, as they should be%n", set.name(), set.count());
      } else {
        err.printf("%s: %s%n", set.name(), problem);
        wrong++;
      }
    }
    spec.commandLine().getOut().flush();
    err.flush();
    return wrong == 0 ? 0 : 1;
  }

  private static @Nullable String problem(Manifest set, Path root) throws IOException {
    List<Path> found = set.found(root);
    if (found.size() != set.count()) {
      return "%d files %s in %s, wanted %d; get it from %s"
          .formatted(
              found.size(), set.files(), root.resolve(set.folder()), set.count(), set.source());
    }
    String digest = Manifest.digest(found);
    if (digest.equals(set.sha256())) return null;
    return "the digest is %s, wanted %s: another version of the data?"
        .formatted(digest, set.sha256());
  }

  private List<Manifest> manifests() throws IOException {
    Path folder = manifests != null ? manifests : shipped();
    try {
      return Manifest.all(folder);
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The folder {@code datasets} beside what runs, or in the working directory. */
  private Path shipped() {
    try {
      var source = Datasets.class.getProtectionDomain().getCodeSource();
      Path at = source == null ? null : Path.of(source.getLocation().toURI());
      for (; at != null; at = at.getParent()) {
        if (Files.isDirectory(at.resolve("datasets"))) return at.resolve("datasets");
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of the program is no path", e);
    }
    Path here = Path.of("datasets");
    if (Files.isDirectory(here)) return here;
    throw new ParameterException(
        spec.commandLine(),
        "no folder datasets beside the program or here; name it by --manifests");
  }
}
