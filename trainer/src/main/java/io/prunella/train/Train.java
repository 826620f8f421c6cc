package io.prunella.train;

import io.prunella.model.Card;
import io.prunella.model.Card.Question;
import io.prunella.model.Verdicts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train train}: a model of stage 2 out of labelled series, with its card. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a model that judges stage 1's candidates, and writes it with its card.",
      "The card says how good it is on series whose group was held out; the same command",
      "gives a model that predicts the same."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:trained", "1:data could not be read", "2:wrong use"})
final class Train implements Callable<Integer> {
  private static final int CANDIDATES_MIN = 40;

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "SET",
      description = "names out of `datasets list`, or paths; all of the list when absent")
  private List<String> sets = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder that the model and its card are written into")
  private Path out = Path.of("");

  @Option(
      names = "--question",
      defaultValue = "opening",
      description = "what the model answers: ${COMPLETION-CANDIDATES}")
  private Question question = Question.OPENING;

  @Option(names = "--seed", defaultValue = "7", description = "of whatever is drawn at random")
  private long seed;

  @Option(names = "--trees", defaultValue = "40", description = "trees of the forest")
  private int trees;

  @Option(names = "--depth", defaultValue = "7", description = "of a tree, at most")
  private int depth;

  @Option(names = "--folds", defaultValue = "5", description = "parts that are held out in turn")
  private int folds;

  @Override
  public Integer call() throws IOException {
    if (folds < 2 || trees < 1 || depth < 1) {
      throw wrong(
          "--folds is %d, --trees %d, --depth %d, wanted at least 2, 1 and 1"
              .formatted(folds, trees, depth));
    }
    List<String> wanted = sets.isEmpty() ? Source.names(where, spec) : sets;
    var sources = new ArrayList<Source>();
    for (String set : wanted) sources.add(Source.read(set, where, spec));
    var calm = new ArrayList<Seen>();
    var found = candidates(sources, calm);
    var all = found.stream().flatMap(f -> f.seen().stream()).toList();
    long odd = all.stream().filter(Seen::odd).count();
    if (all.size() < CANDIDATES_MIN || odd == 0 || odd == all.size()) {
      throw wrong(
          "%d candidates, %d of them odd: wanted at least %d, and some of each"
              .formatted(all.size(), odd, CANDIDATES_MIN));
    }
    long groups = all.stream().map(Seen::group).distinct().count();
    if (groups < folds) {
      throw wrong(
          "%d groups of series for %d folds, wanted at least as many".formatted(groups, folds));
    }
    var settings = new Trees(trees, depth, Trees.DEFAULTS.leafMin(), Trees.DEFAULTS.share());
    Training training;
    try (var bar = new Progress("train", Training.steps(folds))) {
      training = new Training(question, all, calm, settings, folds, seed, bar::step);
    }
    var figures = new LinkedHashMap<>(training.figures());
    figures.putAll(new HeldOut(question, training, found).figures(sources));
    Card card = write(training, sources, figures);
    Show.card(spec.commandLine().getOut(), card);
    return 0;
  }

  /**
   * @param calm gets what hosts are like while nobody calls anything of them odd
   */
  private List<Seen.Found> candidates(List<Source> sources, List<Seen> calm) {
    var all = new ArrayList<Seen.Found>();
    int number = 0;
    try (var bar = new Progress("read", sources.stream().mapToInt(s -> s.series().size()).sum())) {
      for (Source source : sources) {
        var hosts = Hosts.of(question, source.series());
        calm.addAll(hosts.calm(source.name(), source.series()));
        for (Labelled series : source.series()) {
          all.add(Seen.of(question, source.name(), number++, series, hosts));
          bar.step();
        }
      }
    }
    return all;
  }

  private Card write(Training training, List<Source> sources, Map<String, String> figures)
      throws IOException {
    byte[] packed = packed(training.model);
    var card =
        new Card(
            question,
            command(),
            CodeVersion.here(),
            seed,
            training.sets(sources),
            "groups of series, a folder or a system each, are held out in turn, %d parts by the seed; the model itself has learnt from all"
                .formatted(folds),
            training.settings(),
            Seen.names(question),
            training.threshold,
            training.calibration,
            Verdicts.sha256(packed),
            Verdicts.sha256(training.predictions()),
            figures,
            limits());
    Files.createDirectories(out);
    Files.write(out.resolve(Verdicts.FILE), packed);
    Files.writeString(out.resolve(Card.FILE), card.write(), StandardCharsets.UTF_8);
    return card;
  }

  private static byte[] packed(Model<Label> model) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      model.serialize().writeTo(gzip);
    }
    return bytes.toByteArray();
  }

  private String command() {
    return "bin/prunella-train train --question=%s --seed=%d --trees=%d --depth=%d --folds=%d --out=models/%s %s"
        .formatted(
            question.name().toLowerCase(Locale.ROOT),
            seed,
            trees,
            depth,
            folds,
            out.getFileName(),
            String.join(" ", sets))
        .strip();
  }

  private static List<String> limits() {
    return List.of(
        "The series it learnt from are gauges one minute to one hour apart whose meaning nobody"
            + " knew: what a counter, a side that is bad news or a scrape every 15 seconds change"
            + " is not in it.",
        "What siblings tell it has learnt from hosts of some twenty series sampled at the same"
            + " moment; it knows of no deploys and no calendar.",
        "It was made for the stage 1 of the code version above; after a change there it must be"
            + " trained again.");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
