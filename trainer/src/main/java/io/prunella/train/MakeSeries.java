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
      String name =
          "%s-%03d.csv".formatted(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), i + 1);
      Path file = folder.resolve(name);
      one(recipe, kind, new Random(seed * 1_000_003 + i), file);
      files.add(file);
    }
    return files;
  }

  private static void one(Recipe recipe, Kind kind, Random random, Path file) throws IOException {
    var odd = odd(recipe, random);
    var series = new MadeSeries(kind, random);
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("timestamp,value,label\n");
      double before = Double.NaN;
      int next = 0;
      for (int row = 0; row < recipe.rows(); row++) {
        long seconds = START_SECONDS + (long) row * recipe.intervalSeconds();
        double value = series.next(seconds * 1000);
        while (next < odd.size() && odd.get(next).to() <= row) next++;
        boolean isOdd = next < odd.size() && odd.get(next).from() <= row;
        if (isOdd) {
          var one = odd.get(next);
          double share = (row - one.from() + 1.0) / (one.to() - one.from());
          value =
              one.shape().value(value, series.level(), series.spread(), share, one.far(), before);
        } else {
          before = value;
        }
        line(out, seconds, value, isOdd);
      }
    }
  }

  /** Anomalies in order and apart, each shape in turn. */
  private static List<Odd> odd(Recipe recipe, Random random) {
    int first = (int) (WARM_DAYS * 86_400 / recipe.intervalSeconds());
    int room = (recipe.rows() - first) / Math.max(1, recipe.anomalies());
    var odd = new ArrayList<Odd>();
    for (int a = 0; a < recipe.anomalies(); a++) {
      var shape = MadeShape.values()[random.nextInt(MadeShape.values().length)];
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
    double round = Math.rint(value * 1e4) / 1e4;
    out.write(Long.toString(seconds));
    out.write(',');
    out.write(Double.toString(round == 0 ? 0 : round));
    out.write(odd ? ",1\n" : ",0\n");
  }
}
