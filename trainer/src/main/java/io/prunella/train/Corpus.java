package io.prunella.train;

import io.prunella.train.MadeSeries.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Labelled series for whoever looks at them rather than runs a command: notebooks. The series of
 * the data sets where these are there, drawn ones always. Any thread.
 */
public final class Corpus {
  private static final String RECIPE = "recipes/made-series.yaml";

  private final Path manifests;
  private final @Nullable Path data;

  /**
   * @param manifests the project's folder {@code datasets}
   * @param data folder of the data sets' files, null where there is none
   */
  Corpus(Path manifests, @Nullable Path data) {
    this.manifests = manifests;
    this.data = data;
  }

  /**
   * The corpus of this checkout, with the data that {@code PRUNELLA_DATA} names.
   *
   * @throws FileNotFoundException when no folder {@code datasets} is beside what runs
   */
  public static Corpus here() throws IOException {
    Path manifests = DataOptions.manifests();
    if (manifests == null) throw new FileNotFoundException("no folder datasets beside the program");
    String data = System.getenv(DataOptions.VARIABLE);
    return new Corpus(manifests, data == null || data.isEmpty() ? null : Path.of(data));
  }

  /** True when all files of a set are there. */
  public boolean has(String set) throws IOException {
    var manifest = manifest(set);
    return data != null && manifest.found(data).size() == manifest.count();
  }

  /**
   * All series of a set, in the order of their files.
   *
   * @param set name of its manifest
   * @throws FileNotFoundException when its files are not there; the message says what to do
   */
  public List<Labelled> read(String set) throws IOException {
    return Sets.read(manifest(set), data(set));
  }

  /**
   * The scores that a detector's authors have published for the series of NAB.
   *
   * @param detector folder of its files below {@code nab/results}
   * @return a series each, in the order of {@code nab}; a row each
   * @throws FileNotFoundException when NAB is not there; the message says what to do
   */
  public List<double[]> published(String detector, List<Labelled> nab) throws IOException {
    Path folder = data("nab").resolve("nab/results").resolve(detector);
    var all = new ArrayList<double[]>();
    for (Labelled series : nab) {
      Path file = folder.resolve(series.name() + ".gz");
      var scores = new double[series.rows()];
      int row = -1; // the header
      try (var lines = CsvSeries.lines(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (row >= 0 && row < scores.length) scores[row] = score(file, line);
          row++;
        }
      }
      if (row != scores.length) {
        throw new IOException("%s has %d rows, wanted %d".formatted(file, row, scores.length));
      }
      all.add(scores);
    }
    return all;
  }

  private static double score(Path file, String line) throws IOException {
    String[] cells = line.split(",", -1);
    try {
      if (cells.length > 1) return Double.parseDouble(cells[1]);
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException("%s: \"%s\", wanted time,score".formatted(file, line));
  }

  /**
   * The first series of the recipe {@code made-series}: the values and labels that the command
   * {@code datasets make} would write.
   *
   * @param count how many, from 1
   */
  public List<Labelled> made(int count) throws IOException {
    var recipe = recipe();
    var kinds = Kind.values();
    return IntStream.range(0, count)
        .mapToObj(i -> {
          var kind = kinds[i % kinds.length];
          String name = MakeSeries.name(kind, i);
          return MakeSeries.draw(name, recipe, kind, null, MakeSeries.random(recipe.seed(), i));
        })
        .toList();
  }

  /**
   * A series as the recipe {@code made-series} has them, all of whose anomalies have one shape.
   *
   * @param number another one gives other values
   */
  public Labelled made(Kind kind, MadeShape shape, int number) throws IOException {
    var recipe = recipe();
    String name = "%s with %s, %d".formatted(kind, shape, number);
    return MakeSeries.draw(name, recipe, kind, shape, MakeSeries.random(recipe.seed(), number));
  }

  private Recipe recipe() throws IOException {
    return Recipe.read(manifests.resolve(RECIPE));
  }

  private Manifest manifest(String set) throws IOException {
    Path file = manifests.resolve(set + ".yaml");
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException(
          "%s is no data set: there is no %s".formatted(set, file.getFileName()));
    }
    return Manifest.read(file);
  }

  private Path data(String set) throws IOException {
    var manifest = manifest(set);
    if (data == null) {
      throw new FileNotFoundException(
          "%s is not set. Set it to a folder with %s/ below it: %s, from %s"
              .formatted(
                  DataOptions.VARIABLE, manifest.folder(), manifest.title(), manifest.source()));
    }
    int found = manifest.found(data).size();
    if (found != manifest.count()) {
      throw new FileNotFoundException(
          "%d files of %s in %s, wanted %d; get it from %s"
              .formatted(
                  found,
                  set,
                  data.resolve(manifest.folder()),
                  manifest.count(),
                  manifest.source()));
    }
    return data;
  }
}
