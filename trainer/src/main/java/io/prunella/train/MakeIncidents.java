package io.prunella.train;

import io.prunella.train.MadeSeries.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Writes the files of a recipe for incidents: in a chain of services each calls the next. One of
 * them fails in one of five ways; those that call it suffer with it, later and less. {@code
 * incidents.csv} says which, how and when.
 */
final class MakeIncidents {
  private static final List<String> CHAIN = List.of("web", "cart", "stock", "store");

  /** What is measured of each service. */
  private enum Metric {
    REQUESTS(Kind.DAILY),
    ERRORS(Kind.COUNTS),
    LATENCY(Kind.HEAVY),
    CPU(Kind.NOISE),
    MEMORY(Kind.WANDERING);

    private final Kind kind;

    Metric(Kind kind) {
      this.kind = kind;
    }
  }

  /** How a service fails: by metric how far away in usual spreads, 0 for not at all. */
  private enum Failure {
    BAD_DEPLOY(0, 14, 6, 2, 0, MadeShape.SHIFT),
    MEMORY_LEAK(0, 2, 6, 3, 25, MadeShape.TREND),
    SURGE(10, 3, 8, 10, 4, MadeShape.SHIFT),
    SLOW_DISK(-2, 3, 14, 0, 0, MadeShape.SHIFT),
    CPU_HOG(0, 1, 8, 15, 0, MadeShape.SHIFT);

    private final double[] far;
    private final MadeShape shape;

    Failure(
        double requests,
        double errors,
        double latency,
        double cpu,
        double memory,
        MadeShape shape) {
      far = new double[] {requests, errors, latency, cpu, memory};
      this.shape = shape;
    }
  }

  private MakeIncidents() {}

  static List<Path> write(Recipe recipe, long seed, Path folder) throws IOException {
    var files = new ArrayList<Path>();
    Files.createDirectories(folder);
    Path index = folder.resolve("incidents.csv");
    files.add(index);
    try (var list = Files.newBufferedWriter(index, StandardCharsets.UTF_8)) {
      list.write("incident,from,to,kind,culprit,suffering\n");
      for (int i = 0; i < recipe.count(); i++) {
        var random = new Random(seed * 1_000_003 + i);
        var failure = Failure.values()[i % Failure.values().length];
        int culprit = random.nextInt(CHAIN.size());
        int rows = recipe.rows();
        int from = rows * 3 / 4 + random.nextInt(rows / 8);
        int to = from + rows / 16 + random.nextInt(rows / 16);
        String name = "incident-%03d".formatted(i + 1);
        list.write(
            "%s,%d,%d,%s,%s,%s\n"
                .formatted(
                    name,
                    at(recipe, from),
                    at(recipe, to),
                    failure.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    CHAIN.get(culprit),
                    String.join(" ", CHAIN.subList(0, culprit))));
        for (int s = 0; s < CHAIN.size(); s++) {
          int distance = culprit - s; // callers stand before what they call
          for (Metric metric : Metric.values()) {
            Path file =
                folder.resolve(
                    "%s/%s-%s.csv"
                        .formatted(name, CHAIN.get(s), metric.name().toLowerCase(Locale.ROOT)));
            one(
                recipe,
                metric,
                far(failure, metric, distance),
                failure,
                from,
                to,
                distance,
                random,
                file);
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  private static long at(Recipe recipe, int row) {
    return MakeSeries.START_SECONDS + (long) row * recipe.intervalSeconds();
  }

  /**
   * Callers see the errors and the waiting, a third less with each step; those called see less
   * traffic.
   */
  private static double far(Failure failure, Metric metric, int distance) {
    double own = failure.far[metric.ordinal()];
    if (distance == 0) return own;
    boolean isSeen = metric == Metric.ERRORS || metric == Metric.LATENCY;
    if (distance > 0) return isSeen ? own * StrictMath.pow(0.67, distance) : 0;
    return metric == Metric.REQUESTS && failure == Failure.SURGE ? own : 0;
  }

  private static void one(
      Recipe recipe,
      Metric metric,
      double far,
      Failure failure,
      int from,
      int to,
      int distance,
      Random random,
      Path file)
      throws IOException {
    var series = new MadeSeries(metric.kind, random);
    var shape = far == 0 ? null : failure.shape;
    if (metric != Metric.MEMORY && shape == MadeShape.TREND) shape = MadeShape.SHIFT;
    int minute = Math.max(1, 60 / recipe.intervalSeconds());
    // A leak is felt when most of the memory is gone; callers feel it a minute later each.
    int late = failure == Failure.MEMORY_LEAK && metric != Metric.MEMORY ? (to - from) * 2 / 3 : 0;
    int begins = from + late + Math.max(0, distance) * minute;
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("timestamp,value,label\n");
      for (int row = 0; row < recipe.rows(); row++) {
        long seconds = at(recipe, row);
        double value = series.next(seconds * 1000);
        boolean odd = shape != null && row >= begins && row < to;
        if (odd && shape != null) {
          double share = (row - begins + 1.0) / (to - begins);
          value = shape.value(value, series.level(), series.spread(), share, far, value);
        }
        MakeSeries.line(out, seconds, Math.max(0, value), odd);
      }
    }
  }
}
