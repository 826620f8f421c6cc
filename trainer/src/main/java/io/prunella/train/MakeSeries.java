package io.prunella.train;

import io.prunella.train.MadeSeries.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes the files of a recipe for series: {@code timestamp,value,label}, plain CSV. */
final class MakeSeries {
  static final long START_SECONDS = 1_767_571_200; // Monday, 5 January 2026
  private static final double WARM_DAYS = 3;

  private MakeSeries() {}

  /** A stretch of rows with a shape. */
  private record Odd(int from, int to, MadeShape shape, double far) {}

  static List<Path> write(Recipe recipe, long seed, Path folder) throws IOException {
    var files = new ArrayList<Path>();
    for (int i = 0; i < recipe.count(); i++) {
      var kind = Kind.values()[i % Kind.values().length];
      String name = name(kind, i);
      Path file = folder.resolve(name);
      write(draw(name, recipe, kind, null, random(seed, i)), file);
      files.add(file);
    }
    return files;
  }

  static String name(Kind kind, int i) {
    return "%s-%03d.csv".formatted(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), i + 1);
  }

  /** What the {@code i}-th series of a set is drawn with. */
  static Random random(long seed, int i) {
    return new Random(seed * 1_000_003 + i);
  }

  /**
   * Draws one series, with the digits that its file would have.
   *
   * @param only the shape of all its anomalies; null for each its own
   */
  static Labelled draw(
      String name, Recipe recipe, Kind kind, @Nullable MadeShape only, Random random) {
    var odd = odd(recipe, only, random);
    var series = new MadeSeries(kind, random);
    var timesMs = new long[recipe.rows()];
    var values = new double[recipe.rows()];
    var isOdd = new boolean[recipe.rows()];
    double before = Double.NaN;
    int next = 0;
    for (int row = 0; row < recipe.rows(); row++) {
      timesMs[row] = 1000 * (START_SECONDS + (long) row * recipe.intervalSeconds());
      double value = series.next(timesMs[row]);
      while (next < odd.size() && odd.get(next).to() <= row) next++;
      isOdd[row] = next < odd.size() && odd.get(next).from() <= row;
      if (isOdd[row]) {
        var one = odd.get(next);
        double share = (row - one.from() + 1.0) / (one.to() - one.from());
        value = one.shape().value(value, series.level(), series.spread(), share, one.far(), before);
      } else {
        before = value;
      }
      values[row] = rounded(value);
    }
    return new Labelled(name, timesMs, values, Labelled.segments(isOdd), 0);
  }

  private static void write(Labelled series, Path file) throws IOException {
    boolean[] odd = series.odd();
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("timestamp,value,label\n");
      for (int row = 0; row < series.rows(); row++) {
        line(out, series.timesMs()[row] / 1000, series.values()[row], odd[row]);
      }
    }
  }

  /** Anomalies in order and apart, each shape in turn. */
  private static List<Odd> odd(Recipe recipe, @Nullable MadeShape only, Random random) {
    int first = (int) (WARM_DAYS * 86_400 / recipe.intervalSeconds());
    int room = (recipe.rows() - first) / Math.max(1, recipe.anomalies());
    var odd = new ArrayList<Odd>();
    for (int a = 0; a < recipe.anomalies(); a++) {
      var any = MadeShape.values()[random.nextInt(MadeShape.values().length)];
      var shape = only != null ? only : any;
      int lasting = shape.lasting(random, recipe.intervalSeconds());
      double far = (8 + 8 * random.nextDouble()) * (random.nextInt(4) == 0 ? -1 : 1);
      int at = random.nextInt(Math.max(1, room - 2 * lasting));
      if (2 * lasting >= room) continue; // no room for it
      int from = first + a * room + at;
      odd.add(new Odd(from, from + lasting, shape, far));
    }
    odd.sort(Comparator.comparingInt(Odd::from));
    return odd;
  }

  /** Four digits behind the point: as metrics come, and the same on every machine. */
  static void line(BufferedWriter out, long seconds, double value, boolean odd) throws IOException {
    out.write(Long.toString(seconds));
    out.write(',');
    out.write(Double.toString(rounded(value)));
    out.write(odd ? ",1\n" : ",0\n");
  }

  private static double rounded(double value) {
    double round = Math.rint(value * 1e4) / 1e4;
    return round == 0 ? 0 : round; // no -0
  }
}
