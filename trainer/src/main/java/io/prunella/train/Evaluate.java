package io.prunella.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train evaluate}: how good the scores are, against what people have labelled. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures stage 1, strictly online and with the defaults that ship, on labelled series.",
      "Means over series, unless a name says otherwise; docs/detection.md explains the figures."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured, and nothing was below what --fail-below wants",
      "1:a figure was below it, or data could not be read",
      "2:wrong use"
    })
final class Evaluate implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "SET",
      description = "names out of `datasets list`, or paths of CSV files with a column `label`")
  private List<String> sets = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "also write the figures to FILE; its ending says how: .html, .json or .md")
  private @Nullable Path report;

  @Option(
      names = "--fail-below",
      paramLabel = "METRIC=VALUE",
      description = "exit code 1 when SET.METRIC, or METRIC of any set, is below VALUE; repeatable")
  private Map<String, Double> failBelow = new LinkedHashMap<>();

  @Option(
      names = "--method",
      defaultValue = "stage1",
      description =
          "what is measured: stage1, stage2; to compare with ewma-z, random, told-late (the labels,"
              + " a row late), or a peer on the class path")
  private String method = "";

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "only each Nth series of a set: for methods that are slow, and for a quick look")
  private int every = 1;

  @Option(
      names = "--nested",
      description = {
        "for nab: also the score when settings and threshold come from other files only;",
        "scores everything with each of 36 settings"
      })
  private boolean nested;

  @Option(names = "--seed", defaultValue = "1", description = "of whatever is drawn at random")
  private long seed;

  @Override
  public Integer call() throws IOException {
    var kind = Report.kind(report);
    if (report != null && kind == null) {
      throw wrong("--report is %s, wanted a name that ends in .html, .json or .md", report);
    }
    if (nested && !method.equals("stage1")) {
      throw wrong("--nested is for stage1, --method is %s", method);
    }
    if (every < 1) throw wrong("--every is %d, wanted at least 1", every);
    var measured = new ArrayList<Figures>();
    for (String set : sets) {
      var figures = measure(set);
      measured.add(figures);
      spec.commandLine().getOut().print(Report.text(figures));
      spec.commandLine().getOut().flush();
    }
    if (report != null && kind != null) {
      String text = Report.write(kind, measured, command());
      Files.writeString(report, text, StandardCharsets.UTF_8);
    }
    return below(measured) ? 1 : 0;
  }

  private String command() {
    return "bin/prunella-train evaluate --method=%s --seed=%d %s%s%s"
        .formatted(
            method,
            seed,
            nested ? "--nested " : "",
            every == 1 ? "" : "--every=%d ".formatted(every),
            String.join(" ", sets));
  }

  private Figures measure(String set) throws IOException {
    List<Labelled> all;
    boolean nab = false;
    var known = Source.manifest(set, where, spec);
    if (known != null) {
      all = Sets.read(known, where.root(spec));
      nab = known.layout() == Manifest.Layout.NAB;
      if (all.size() == 0) {
        throw wrong(
            "%s has no files in %s; get them from %s", set, where.root(spec), known.source());
      }
    } else if (Files.exists(Path.of(set))) {
      all = Sets.read(Path.of(set));
    } else {
      throw wrong("%s is no data set and no file; `datasets list` has the names", set);
    }
    var scoring = method.equals("stage2") ? stage2(set, all) : Peers.of(method, seed);
    if (every > 1) all = every(all);
    if (scoring == null)
      throw wrong("--method is %s, wanted stage2 or one of %s", method, Peers.names());
    try (var bar = bar(set, all.size())) {
      var figures = Figures.of(set, all, nab, scoring, seed, bar == null ? () -> {} : bar::step);
      return nab && nested ? figures.withNested(all) : figures;
    }
  }

  /**
   * @param all series of the set, also those that are left out: they are siblings
   */
  private Function<Labelled, Scores> stage2(String set, List<Labelled> all) throws IOException {
    Path models = where.models(spec);
    var judges = Stage2.Judges.read(models);
    if (judges.hasLearntFrom(set)) {
      String line =
          "%s: the models in %s have learnt from it; what they are worth on groups of series that"
              + " they have not seen stands on their cards";
      spec.commandLine().getErr().println(line.formatted(set, models));
      spec.commandLine().getErr().flush();
    }
    var hosts = judges.opening() == null ? Hosts.NONE : Hosts.of(all);
    return series -> Stage2.of(series, judges, hosts);
  }

  private List<Labelled> every(List<Labelled> all) {
    var some = new ArrayList<Labelled>();
    for (int i = 0; i < all.size(); i += every) some.add(all.get(i));
    return some;
  }

  private boolean below(List<Figures> measured) {
    boolean below = false;
    for (var want : failBelow.entrySet()) {
      boolean known = false;
      for (Figures figures : measured) {
        for (var value : figures.values().entrySet()) {
          String full = figures.set() + "." + value.getKey();
          if (!want.getKey().equals(full) && !want.getKey().equals(value.getKey())) continue;
          known = true;
          if (value.getValue() >= want.getValue()) continue;
          below = true;
          String line = "%s is %s, wanted at least %s";
          spec.commandLine()
              .getErr()
              .println(line.formatted(full, Report.number(value.getValue()), want.getValue()));
        }
      }
      if (!known) throw wrong("--fail-below names %s, which nothing here measures", want.getKey());
    }
    spec.commandLine().getErr().flush();
    return below;
  }

  private ParameterException wrong(String message, Object... with) {
    return new ParameterException(spec.commandLine(), message.formatted(with));
  }

  private static @Nullable ProgressBar bar(String set, int series) {
    var console = System.console();
    if (console == null || !console.isTerminal()) return null;
    return new ProgressBarBuilder().setTaskName(set).setInitialMax(series).build();
  }
}
