package io.prunella.train;

import io.prunella.detect.Growth;
import io.prunella.series.Labels;
import io.prunella.server.PastSeries;
import io.prunella.signal.Meaning;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A history as a folder of CSV files, one a series, and {@value #TABLE}, which says what they are.
 * It is written beside ({@code NAME.part}) and put into its place by one renaming, so it is there
 * whole or not at all. Windows of time go in, in their order; of all series together one file is
 * open at a time. One thread.
 *
 * <p>Counters are written as their rates per second, as a server scores them: a sample without one,
 * the first and each after a reset, has no value. What a server never scores is left out. Raw,
 * everything is written as it is.
 */
final class PastFolder {
  /** Series, a file each. */
  static final int SERIES_MAX = 100_000;

  /** No CSV: it would be taken for a series by whoever reads the folder. */
  static final String TABLE = "series.tsv";

  private static final int NAME_MAX = 100; // characters of a metric; a name may have 255

  /** A series that is written, and how far. */
  private static final class Written {
    final Labels labels;
    final boolean isRate;
    final String file;
    long samples;
    long firstMs;
    long lastMs;
    double before = Double.NaN; // the last finite value, its time in beforeMs
    long beforeMs;

    Written(Labels labels, boolean isRate) {
      this.labels = labels;
      this.isRate = isRate;
      this.file = name(labels);
    }
  }

  private final Path out;
  private final Path part;
  private final Path files;
  private final boolean isRaw;
  private final Function<Labels, Meaning.Type> typeOf;
  private final Map<Labels, Written> all = new HashMap<>();
  private final TreeSet<String> leftOut = new TreeSet<>();
  private long samples;

  /**
   * @param out not there, or empty
   * @param typeOf how the values of a series behave
   */
  PastFolder(Path out, boolean isRaw, Function<Labels, Meaning.Type> typeOf) {
    this.out = out;
    this.part = part(out);
    this.files = part.resolve("series");
    this.isRaw = isRaw;
    this.typeOf = typeOf;
  }

  /** Whether a folder can be put there: nothing is there, or an empty one. */
  static boolean isFree(Path out) throws IOException {
    if (!Files.exists(out, LinkOption.NOFOLLOW_LINKS)) return true;
    if (!Files.isDirectory(out, LinkOption.NOFOLLOW_LINKS)) return false;
    try (Stream<Path> in = Files.list(out)) {
      return in.findAny().isEmpty();
    }
  }

  /** Where what was read lies until the folder is whole. */
  static Path read(Path out) {
    return part(out).resolve("read");
  }

  private static Path part(Path out) {
    Path whole = out.toAbsolutePath().normalize();
    return whole.resolveSibling(whole.getFileName() + ".part");
  }

  /** Begins: what a run that was cut off has written is written anew. */
  void begin() throws IOException {
    delete(files);
    Files.createDirectories(files);
    Files.deleteIfExists(out); // now, not after hours: what is mounted there cannot be replaced
  }

  /**
   * Writes a window.
   *
   * @param window each series once, its samples after those of the window before
   * @throws IOException when a file cannot be written, or there are more series than there may be
   */
  void take(List<PastSeries> window) throws IOException {
    var written = new ArrayList<@Nullable Written>();
    for (PastSeries series : window) {
      written.add(series.size() == 0 ? null : written(series.labels()));
      if (all.size() > SERIES_MAX) {
        throw new IOException(
            "there are more than %,d series, a file each; choose fewer by --match"
                .formatted(SERIES_MAX));
      }
    }
    for (int i = 0; i < window.size(); i++) {
      Written one = written.get(i);
      if (one != null) write(one, window.get(i));
    }
  }

  private @Nullable Written written(Labels labels) {
    Written known = all.get(labels);
    if (known != null) return known;
    var type = isRaw ? Meaning.Type.GAUGE : typeOf.apply(labels);
    if (type == Meaning.Type.INFO) {
      leftOut.add(labels.metric());
      return null;
    }
    var begun = new Written(labels, type == Meaning.Type.COUNTER);
    all.put(labels, begun);
    return begun;
  }

  private void write(Written to, PastSeries series) throws IOException {
    try (BufferedWriter csv =
        Files.newBufferedWriter(
            files.resolve(to.file),
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND)) {
      if (to.samples == 0) {
        to.firstMs = series.timeMs(0);
        csv.write("timestamp,value\n");
      }
      for (int i = 0; i < series.size(); i++) {
        long timeMs = series.timeMs(i);
        double value = series.value(i);
        line(csv, timeMs, to.isRate ? rate(to, timeMs, value) : value);
      }
    }
    to.lastMs = series.timeMs(series.size() - 1);
    to.samples += series.size();
    samples += series.size();
  }

  /** As a server does: what is no number is no value of a counter's, and the one before stays. */
  private static double rate(Written of, long timeMs, double value) {
    if (!Double.isFinite(value)) return Double.NaN;
    double seconds = Double.isNaN(of.before) ? Double.NaN : (timeMs - of.beforeMs) / 1000.0;
    double rate = Growth.perSecond(of.before, value, seconds);
    of.before = value;
    of.beforeMs = timeMs;
    return rate;
  }

  /** Seconds, which whoever reads it takes for nothing else, whatever the year. */
  private static void line(Writer csv, long timeMs, double value) throws IOException {
    boolean isWhole = timeMs % 1000 == 0;
    csv.write(isWhole ? Long.toString(timeMs / 1000) : BigDecimal.valueOf(timeMs, 3).toString());
    csv.write(',');
    if (!Double.isNaN(value)) csv.write(Double.toString(value));
    csv.write('\n');
  }

  /** The metric in what any file system takes, and a digest of all labels: no two are the same. */
  static String name(Labels labels) {
    String metric = labels.metric().isEmpty() ? "series" : labels.metric();
    String safe = metric.replaceAll("[^A-Za-z0-9_]", "_");
    var texts = new ArrayList<String>();
    labels.forEach((name, value) -> texts.addAll(List.of(name, value)));
    String begin = safe.substring(0, Math.min(safe.length(), NAME_MAX));
    return "%s-%s.csv".formatted(begin, TextDigest.of(texts));
  }

  /** Puts the folder into its place, and throws away what it was made from. */
  void finish() throws IOException {
    try (var table = Files.newBufferedWriter(files.resolve(TABLE), StandardCharsets.UTF_8)) {
      table.write("file\tvalue\tsamples\tfirst\tlast\tlabels\n");
      for (Written one : new TreeMap<>(all).values()) {
        table.write(
            String.join(
                "\t",
                one.file,
                one.isRate ? "rate" : "raw",
                Long.toString(one.samples),
                Instant.ofEpochMilli(one.firstMs).toString(),
                Instant.ofEpochMilli(one.lastMs).toString(),
                cell(one.labels.toString())));
        table.write('\n');
      }
    }
    Files.move(files, out, StandardCopyOption.ATOMIC_MOVE);
    delete(read(out));
    try {
      Files.delete(part);
    } catch (DirectoryNotEmptyException e) {
      // Something of somebody else's lies in it: it stays.
    }
  }

  private static String cell(String text) {
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) return;
    try (Stream<Path> below = Files.walk(tree)) {
      for (Path file : below.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  /** Series that are written. */
  int series() {
    return all.size();
  }

  /** Samples that are written. */
  long samples() {
    return samples;
  }

  /** Series that are written as rates. */
  long rates() {
    return all.values().stream().filter(one -> one.isRate).count();
  }

  /** Metrics that are left out, sorted. */
  SequencedSet<String> leftOut() {
    return leftOut;
  }
}
