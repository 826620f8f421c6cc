package io.prunella.train;

import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code prunella-train datasets}: what can be trained and measured on, whether it is there, and
 * what is drawn instead or fetched.
 */
@Command(
    name = "datasets",
    mixinStandardHelpOptions = true,
    description = {
      "Lists, checks and draws labelled data sets, and fetches series of your own.",
      "Manifests lie in datasets/, their files below the folder that the variable PRUNELLA_DATA",
      "names; your own come out of a Prometheus."
    },
    subcommands = Fetch.class)
final class Datasets implements Runnable {
  private static final String VARIABLE = DataOptions.VARIABLE;

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Which data sets there are. */
  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the data sets.")
  int list() throws IOException {
    var out = spec.commandLine().getOut();
    Path data = where.data();
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
    Path root = where.data();
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

  /** Draws data sets. */
  @Command(
      name = "make",
      mixinStandardHelpOptions = true,
      description = {
        "Draws labelled series or whole incidents, as a recipe in datasets/recipes/ says. The same",
        "recipe and seed give the same bytes."
      })
  int make(
      @Parameters(
              arity = "0..*",
              paramLabel = "RECIPE",
              description = "names of recipes, or files; all of the project's when absent")
          List<String> recipes,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "DIR",
              description = "a folder of the recipe's name is made below it")
          Path out,
      @Option(
              names = "--seed",
              paramLabel = "N",
              description = "instead of the recipe's; 1 and 2 give different sets")
          @Nullable Long seed)
      throws IOException {
    for (Path file : recipes(recipes == null ? List.of() : recipes)) {
      var recipe = recipe(file);
      Path folder = out.resolve(recipe.name());
      long from = seed == null ? recipe.seed() : seed;
      var files =
          switch (recipe.what()) {
            case SERIES -> MakeSeries.write(recipe, from, folder);
            case INCIDENTS -> MakeIncidents.write(recipe, from, folder);
          };
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %d files in %s, seed %d, sha256 %s%n",
              recipe.name(), files.size(), folder, from, Manifest.digest(files));
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private List<Path> recipes(List<String> names) throws IOException {
    Path folder = where.manifests(spec).resolve("recipes");
    if (names.isEmpty()) {
      try (var all = Files.list(folder)) {
        return all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
      }
    }
    var files = new ArrayList<Path>();
    for (String name : names) {
      Path file = folder.resolve(name + ".yaml");
      if (!Files.exists(file)) file = Path.of(name);
      if (!Files.isRegularFile(file)) {
        throw new ParameterException(
            spec.commandLine(), "%s is no recipe in %s and no file".formatted(name, folder));
      }
      files.add(file);
    }
    return files;
  }

  private Recipe recipe(Path file) throws IOException {
    try {
      return Recipe.read(file);
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
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
    Path folder = where.manifests(spec);
    try {
      return Manifest.all(folder);
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
