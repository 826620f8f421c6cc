package io.prunella.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train score}: files of series in, files of scores out. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Scores series strictly online, with the defaults that ship.",
      "In: CSV or CSV.gz with timestamp,value (epoch seconds, milliseconds or ISO 8601; header"
          + " optional).",
      "Out: one file of the same name each:"
          + " timestamp,value,expected,lower,upper,surprise,p_value,score,anomaly."
    })
final class Score implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description = "files, or folders to search for .csv and .csv.gz")
  private List<Path> inputs = List.of();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the scores go")
  private Path out = Path.of("");

  @Option(
      names = "--stage",
      defaultValue = "1",
      description = "1: every sample by itself; 2: its candidates judged again by trained models")
  private int stage;

  @Option(
      names = "--skip-bad",
      description = "leave rows out that cannot be read, and say how many")
  private boolean skipBad;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "files at a time; as many as there are processors when absent")
  private int jobs;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (stage != 1 && stage != 2) throw wrong("--stage is %d, wanted 1 or 2".formatted(stage));
    var judges = stage == 1 ? Stage2.Judges.NONE : judges();
    Map<Path, Path> files = files();
    var err = spec.commandLine().getErr();
    int failed = 0;
    long rows = 0;
    long anomalies = 0;
    int threads = jobs > 0 ? jobs : Runtime.getRuntime().availableProcessors();
    try (var pool = Executors.newFixedThreadPool(threads);
        var bar = bar(files.size())) {
      var running = new LinkedHashMap<Path, Future<ScoreFile.Result>>();
      files.forEach((in, to) ->
          running.put(in, pool.submit(() -> new ScoreFile(judges).score(in, to, skipBad))));
      for (var one : running.entrySet()) {
        try {
          var result = one.getValue().get();
          rows += result.rows();
          anomalies += result.anomalies();
          if (!tell(err, one.getKey(), result)) failed++;
        } catch (ExecutionException e) {
          err.printf("%s: %s%n", one.getKey(), reason(e));
          failed++;
        }
        if (bar != null) bar.step();
      }
    }
    err.printf(
        "files=%d failed=%d rows=%d anomalies=%d out=%s%n",
        files.size(), failed, rows, anomalies, out);
    err.flush();
    return failed == 0 ? 0 : 1;
  }

  private Stage2.Judges judges() {
    try {
      return Stage2.Judges.read(where.models(spec));
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Says what was bad; false when the file was refused for it. */
  private boolean tell(PrintWriter err, Path in, ScoreFile.Result result) {
    if (result.badRows() == 0) return true;
    result.bad().forEach(err::println);
    long more = result.badRows() - result.bad().size();
    if (more > 0) err.printf("%s: and %d more bad rows%n", in, more);
    err.printf(
        skipBad
            ? "%s: %d rows left out%n"
            : "%s: %d bad rows, not scored; --skip-bad leaves them out%n",
        in,
        result.badRows());
    return skipBad;
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? String.valueOf(e.getMessage()) : String.valueOf(cause.getMessage());
  }

  private static @org.jspecify.annotations.Nullable ProgressBar bar(int files) {
    var console = System.console();
    if (console == null || !console.isTerminal()) return null;
    return new ProgressBarBuilder().setTaskName("score").setInitialMax(files).build();
  }

  /** Input to output; a folder's files keep their place below it. */
  private Map<Path, Path> files() throws IOException {
    var files = new LinkedHashMap<Path, Path>();
    var taken = new LinkedHashMap<Path, Path>();
    for (Path input : inputs) {
      if (!Files.exists(input)) throw wrong("%s is not there".formatted(input));
      for (Path file : below(input)) {
        Path name = Files.isDirectory(input) ? input.relativize(file) : file.getFileName();
        Path to = out.resolve(name).toAbsolutePath().normalize();
        Path other = taken.put(to, file);
        if (other != null) throw wrong("%s and %s would both become %s".formatted(other, file, to));
        if (to.equals(file.toAbsolutePath().normalize())) {
          throw wrong("%s would be overwritten, wanted another --out".formatted(file));
        }
        files.put(file, to);
      }
    }
    if (files.isEmpty()) throw wrong("no .csv or .csv.gz in " + inputs);
    return files;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static List<Path> below(Path input) throws IOException {
    if (!Files.isDirectory(input)) return List.of(input);
    try (Stream<Path> all = Files.walk(input)) {
      var found = new ArrayList<Path>();
      all.filter(Files::isRegularFile)
          .filter(p -> p.toString().endsWith(".csv") || p.toString().endsWith(".csv.gz"))
          .sorted()
          .forEach(found::add);
      return found;
    }
  }
}
