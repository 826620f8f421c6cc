package io.prunella.train;

import io.prunella.train.Labelled.Segment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads labelled series out of the layouts that data sets come in. */
final class Sets {
  private static final String WINDOWS = "labels/combined_windows.json";
  private static final int ROWS_MAX = 20_000_000; // of one series: 160 MB of values

  private Sets() {}

  /** All series of a set, in the order of their files. */
  static List<Labelled> read(Manifest set, Path data) throws IOException {
    Path root = data.resolve(set.folder());
    List<Path> files = set.found(data);
    return switch (set.layout()) {
      case NAB -> nab(root, files);
      case LABELLED -> labelled(root, files);
      case MATRIX -> matrix(root, files, set.intervalSeconds());
    };
  }

  /** Files with a column of labels: a folder of them, or one. */
  static List<Labelled> read(Path path) throws IOException {
    if (!Files.isDirectory(path)) return List.of(csv(String.valueOf(path.getFileName()), path));
    try (Stream<Path> all = Files.walk(path)) {
      var files =
          all.filter(Files::isRegularFile)
              .filter(f -> f.toString().endsWith(".csv") || f.toString().endsWith(".csv.gz"))
              .sorted()
              .toList();
      return labelled(path, files);
    }
  }

  private static List<Labelled> labelled(Path root, List<Path> files) throws IOException {
    var series = new ArrayList<Labelled>();
    for (Path file : files) series.add(csv(root.relativize(file).toString(), file));
    return series;
  }

  private static Labelled csv(String name, Path file) throws IOException {
    var times = new long[1024];
    var values = new double[1024];
    var odd = new boolean[1024];
    int n = 0;
    try (var csv = new CsvSeries(file)) {
      for (var row = csv.next(); row != null; row = csv.next()) {
        if (n == ROWS_MAX) {
          throw new IOException("%s has more than %d rows".formatted(file, ROWS_MAX));
        }
        if (n == times.length) {
          times = Arrays.copyOf(times, 2 * n);
          values = Arrays.copyOf(values, 2 * n);
          odd = Arrays.copyOf(odd, 2 * n);
        }
        times[n] = row.timeMs();
        values[n] = row.value();
        odd[n++] = row.odd();
      }
    }
    var segments = Labelled.segments(Arrays.copyOf(odd, n));
    return new Labelled(name, Arrays.copyOf(times, n), Arrays.copyOf(values, n), segments, 0);
  }

  private static List<Labelled> nab(Path root, List<Path> files) throws IOException {
    Map<String, List<long[]>> windows = windows(root.resolve(WINDOWS));
    var series = new ArrayList<Labelled>();
    for (Path file : files) {
      var plain = csv(root.resolve("data").relativize(file).toString().replace('\\', '/'), file);
      var mine = windows.get(plain.name());
      if (mine == null) {
        throw new IOException("%s names no windows of %s".formatted(WINDOWS, plain.name()));
      }
      var segments = new ArrayList<Segment>();
      for (long[] window : mine) {
        int from = at(plain.timesMs(), window[0]);
        int to = at(plain.timesMs(), window[1] + 1) - 1;
        if (to >= from) segments.add(new Segment(from, to));
      }
      series.add(new Labelled(plain.name(), plain.timesMs(), plain.values(), segments, 0));
    }
    return series;
  }

  /** First row at or after a time. */
  private static int at(long[] timesMs, long timeMs) {
    int i = 0;
    while (i < timesMs.length && timesMs[i] < timeMs) i++;
    return i;
  }

  /** JSON is YAML: from and to of the windows of each file, milliseconds since the epoch. */
  static Map<String, List<long[]>> windows(Path file) throws IOException {
    var settings = LoadSettings.builder().setLabel(file.toString()).build();
    Object read = new Load(settings).loadFromString(Files.readString(file));
    var found = new java.util.LinkedHashMap<String, List<long[]>>();
    if (!(read instanceof Map<?, ?> map)) {
      throw new IOException("%s is no object, wanted windows by file".formatted(file));
    }
    for (var entry : map.entrySet()) {
      var windows = new ArrayList<long[]>();
      if (!(entry.getValue() instanceof List<?> pairs)) continue;
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> ends) || ends.size() != 2) {
          throw new IOException("%s: %s is no window".formatted(file, pair));
        }
        windows.add(new long[] {time(file, ends.get(0)), time(file, ends.get(1))});
      }
      found.put(String.valueOf(entry.getKey()), windows);
    }
    return found;
  }

  private static long time(Path file, Object text) throws IOException {
    return CsvSeries.time(String.valueOf(text))
        .orElseThrow(() -> new IOException("%s: %s is no time".formatted(file, text)));
  }

  private static List<Labelled> matrix(Path root, List<Path> files, int intervalSeconds)
      throws IOException {
    var series = new ArrayList<Labelled>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (!name.contains("_train")) continue;
      String one = name.substring(0, name.indexOf("_train"));
      List<double[]> train = cells(file);
      List<double[]> test = cells(file.resolveSibling(name.replace("_train", "_test")));
      var labels = root.resolve("interpretation_label").resolve(one + ".txt");
      int columns = train.getFirst().length;
      var odd = new boolean[columns][train.size() + test.size()];
      for (String line : Files.readAllLines(labels)) mark(labels, line, train.size(), odd);
      for (int c = 0; c < columns; c++) {
        var values = new double[train.size() + test.size()];
        var times = new long[values.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (i < train.size() ? train.get(i) : test.get(i - train.size()))[c];
          times[i] = i * 1000L * intervalSeconds;
        }
        var segments = Labelled.segments(odd[c]);
        series.add(new Labelled(one + "/" + (c + 1), times, values, segments, train.size(), one));
      }
    }
    return series;
  }

  /** A line {@code 760-765:4,5}: rows of the test from 0, the last one too; columns from 1. */
  private static void mark(Path file, String line, int before, boolean[][] odd) throws IOException {
    if (line.isBlank()) return;
    try {
      String[] parts = line.strip().split("[-:]");
      int from = before + Integer.parseInt(parts[0]);
      int to = before + Integer.parseInt(parts[1]);
      for (String column : parts[2].split(",")) {
        var mine = odd[Integer.parseInt(column.strip()) - 1];
        Arrays.fill(mine, from, Math.min(mine.length, to + 1), true);
      }
    } catch (RuntimeException e) {
      throw new IOException("%s: \"%s\", wanted from-to:columns".formatted(file, line), e);
    }
  }

  private static List<double[]> cells(Path file) throws IOException {
    var rows = new ArrayList<double[]>();
    try (var bytes = Files.newInputStream(file);
        var text = CsvSeries.isGzip(file) ? new GZIPInputStream(bytes) : bytes;
        var in = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isBlank()) continue;
        rows.add(Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (NumberFormatException e) {
      throw new IOException("%s: %s, wanted a number".formatted(file, e.getMessage()), e);
    }
    if (rows.isEmpty()) throw new IOException("%s has no rows".formatted(file));
    return rows;
  }
}
