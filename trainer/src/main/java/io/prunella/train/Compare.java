package io.prunella.train;

import io.prunella.model.Card;
import io.prunella.model.Verdicts;
import io.prunella.train.Hits.Count;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train compare}: two models, or two folders of scores, on the same series. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compares two models, or two folders that `score` wrote, on the same labelled series.",
      "Prints means, how many series each wins, and how likely that is by chance (sign test)."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:compared", "1:data or a model could not be read", "2:wrong use"})
final class Compare implements Callable<Integer> {
  private static final String LINE = "%-12s %-10s %6s %8s %8s %6s %6s %6s %8s%n";

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(index = "0", paramLabel = "A", description = "folder of a model, or of scores")
  private Path a = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "the same")
  private Path b = Path.of("");

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "SET",
      description = "names out of `datasets list`, or paths; scores of files of the same names")
  private List<String> sets = List.of();

  /** Two figures of each of many series. */
  private static final class Pairs {
    private final List<double[]> both = new ArrayList<>();

    void add(double first, double second) {
      if (!Double.isNaN(first) && !Double.isNaN(second)) both.add(new double[] {first, second});
    }

    double mean(int which) {
      return both.stream().mapToDouble(p -> p[which]).average().orElse(Double.NaN);
    }

    long wins(int which) {
      return both.stream().filter(p -> p[which] > p[1 - which]).count();
    }

    /** How likely a split at least so uneven is when neither is better. */
    double chance() {
      int n = (int) (wins(0) + wins(1));
      if (n == 0) return 1;
      var even = new BinomialDistribution(n, 0.5);
      return Math.min(1, 2 * even.cumulativeProbability((int) Math.min(wins(0), wins(1))));
    }
  }

  @Override
  public Integer call() throws IOException {
    boolean areModels = isModel(a);
    if (areModels != isModel(b)) {
      throw wrong("%s and %s: wanted two models or two folders of scores".formatted(a, b));
    }
    spec.commandLine()
        .getOut()
        .printf(LINE, "set", "figure", "series", "A", "B", "A wins", "B wins", "even", "chance");
    try {
      for (String set : sets) {
        var source = Source.read(set, where, spec);
        if (areModels) models(source);
        else scores(source);
      }
    } catch (IOException | YamlException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static boolean isModel(Path folder) {
    return Files.exists(folder.resolve(Card.FILE));
  }

  private void models(Source source) throws IOException {
    var first = Verdicts.card(a);
    if (first.question() != Verdicts.card(b).question()) {
      throw wrong("%s and %s answer different questions".formatted(a, b));
    }
    var names = Seen.names(first.question());
    Verdicts[] both = {Verdicts.read(a, names), Verdicts.read(b, names)};
    var auc = new Pairs();
    var brier = new Pairs();
    var hosts = Hosts.of(first.question(), source.series());
    try (var bar = new Progress(source.name(), source.series().size())) {
      for (Labelled series : source.series()) {
        var seen = Seen.of(first.question(), source.name(), 0, series, hosts).seen();
        bar.step();
        if (seen.isEmpty()) continue;
        var said = new double[2][seen.size()];
        var odd = new boolean[seen.size()];
        for (int i = 0; i < odd.length; i++) {
          odd[i] = seen.get(i).odd();
          for (int k = 0; k < 2; k++) said[k][i] = both[k].probability(seen.get(i).numbers());
        }
        auc.add(Grade.auc(said[0], odd), Grade.auc(said[1], odd));
        brier.add(-Grade.brier(said[0], odd), -Grade.brier(said[1], odd));
      }
    }
    tell(source, "auc", auc);
    tell(source, "-brier", brier);
  }

  private void scores(Source source) throws IOException {
    var volume = new Pairs();
    var events = new Pairs();
    try (var bar = new Progress(source.name(), source.series().size())) {
      for (Labelled series : source.series()) {
        bar.step();
        double[] first = read(a, series);
        double[] second = read(b, series);
        if (first == null || second == null || series.segments().isEmpty()) continue;
        volume.add(volume(series, first), volume(series, second));
        events.add(events(series, first), events(series, second));
      }
    }
    if (volume.both.isEmpty()) {
      throw new IOException(
          "neither %s nor %s has scores of labelled series of %s".formatted(a, b, source.name()));
    }
    tell(source, "vus-pr", volume);
    tell(source, "event-f1", events);
  }

  private static double volume(Labelled series, double[] scores) {
    var values = Arrays.copyOf(series.values(), series.rows());
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) values[i] = i == 0 ? 0 : values[i - 1];
    }
    return Vus.pr(scores, series.segments(), Vus.period(values));
  }

  private static double events(Labelled series, double[] scores) {
    return Hits.best(scores, series.segments(), Figures.DELAY_MAX, Count.EVENT).hits().f1();
  }

  /** The column {@code score} of a series' file; null when there is no such file. */
  private static double @Nullable [] read(Path folder, Labelled series) throws IOException {
    Path file = folder.resolve(series.name());
    if (!Files.isRegularFile(file)) return null;
    List<String> lines;
    try (var in = CsvSeries.lines(file)) {
      lines = in.lines().toList();
    }
    if (lines.isEmpty()) throw new IOException("%s is empty, wanted scores".formatted(file));
    int column = Arrays.asList(lines.getFirst().split(",", -1)).indexOf("score");
    if (column < 0 || lines.size() - 1 != series.rows()) {
      throw new IOException(
          "%s has %d rows and %s column score, wanted one and %d rows"
              .formatted(file, lines.size() - 1, column < 0 ? "no" : "a", series.rows()));
    }
    var scores = new double[series.rows()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Double.parseDouble(lines.get(i + 1).split(",", -1)[column]);
    }
    return scores;
  }

  private void tell(Source source, String figure, Pairs pairs) {
    int n = pairs.both.size();
    spec.commandLine()
        .getOut()
        .printf(
            LINE,
            source.name().substring(Math.max(0, source.name().length() - 12)),
            figure,
            n,
            number(pairs.mean(0)),
            number(pairs.mean(1)),
            pairs.wins(0),
            pairs.wins(1),
            n - pairs.wins(0) - pairs.wins(1),
            number(pairs.chance()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
