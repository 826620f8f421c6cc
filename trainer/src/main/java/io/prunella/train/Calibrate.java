package io.prunella.train;

import io.prunella.model.Calibration;
import io.prunella.model.Card;
import io.prunella.model.Verdicts;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train calibrate}: a model's probabilities against labels of one's own. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Fits a model's probabilities to labelled series.",
      "Prints how often they were right, before and after. The trees stay as they are; with --out",
      "the model is written anew with them."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:fitted", "1:data or the model could not be read", "2:wrong use"})
final class Calibrate implements Callable<Integer> {
  private static final int CANDIDATES_MIN = 40;

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "folder of a model")
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SET",
      description = "names out of `datasets list`, or paths")
  private List<String> sets = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for the model with its new calibration")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Verdicts verdicts;
    try {
      verdicts = Verdicts.read(model, Seen.names(Verdicts.card(model).question()));
    } catch (IOException | YamlException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
    var seen = seen(verdicts.card().question());
    int n = seen.size();
    var scores = new double[n];
    var odd = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = verdicts.forest().score(seen.get(i).numbers());
      odd[i] = seen.get(i).odd();
    }
    double least = lowest(scores, verdicts);
    var fitted = Calibration.fit(scores, odd);
    var before = told(verdicts.card().calibration(), scores, odd);
    var after = told(fitted, scores, odd);
    print("before", before);
    print("after, fitted to these very candidates", after);
    if (out != null) write(out, verdicts, fitted, fitted.of(least), after);
    return 0;
  }

  private List<Seen> seen(Card.Question question) throws IOException {
    var seen = new ArrayList<Seen>();
    for (String set : sets) {
      var source = Source.read(set, where, spec);
      var hosts = Hosts.of(question, source.series());
      try (var bar = new Progress("read " + set, source.series().size())) {
        for (Labelled one : source.series()) {
          seen.addAll(Seen.of(question, set, 0, one, hosts).seen());
          bar.step();
        }
      }
    }
    long odd = seen.stream().filter(Seen::odd).count();
    if (seen.size() < CANDIDATES_MIN || odd == 0 || odd == seen.size()) {
      throw new ParameterException(
          spec.commandLine(),
          "%d candidates, %d of them odd: wanted at least %d, and some of each"
              .formatted(seen.size(), odd, CANDIDATES_MIN));
    }
    return seen;
  }

  /**
   * The lowest score that the model lets through: the threshold stays where it was, by the trees.
   */
  private static double lowest(double[] scores, Verdicts verdicts) {
    double lowest = Double.POSITIVE_INFINITY;
    for (double score : scores) {
      if (verdicts.card().calibration().of(score) >= verdicts.threshold()) {
        lowest = Math.min(lowest, score);
      }
    }
    return Double.isInfinite(lowest) ? 1 : lowest;
  }

  private static Map<String, String> told(Calibration by, double[] scores, boolean[] odd) {
    var probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) probabilities[i] = by.of(scores[i]);
    var told = new LinkedHashMap<String, String>();
    told.put("candidates", String.valueOf(scores.length));
    told.put("auc", String.format(Locale.ROOT, "%.4f", Grade.auc(probabilities, odd)));
    told.put("brier", String.format(Locale.ROOT, "%.4f", Grade.brier(probabilities, odd)));
    told.putAll(Grade.reliability(probabilities, odd));
    return told;
  }

  private void print(String title, Map<String, String> told) {
    PrintWriter to = spec.commandLine().getOut();
    to.println(title);
    told.forEach((name, value) -> to.printf("  %-24s %s%n", name, value));
    to.flush();
  }

  private void write(
      Path to, Verdicts verdicts, Calibration fitted, double threshold, Map<String, String> figures)
      throws IOException {
    String command =
        "bin/prunella-train calibrate models/%s --out models/%s %s"
            .formatted(model.getFileName(), to.getFileName(), String.join(" ", sets));
    Files.createDirectories(to);
    Path from = model.resolve(Verdicts.FILE);
    Path copy = to.resolve(Verdicts.FILE);
    if (!from.toAbsolutePath().normalize().equals(copy.toAbsolutePath().normalize())) {
      Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    Card card = verdicts.card().with(fitted, threshold, figures, command);
    Files.writeString(to.resolve(Card.FILE), card.write(), StandardCharsets.UTF_8);
  }
}
