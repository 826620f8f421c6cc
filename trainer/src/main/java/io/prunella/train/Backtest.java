package io.prunella.train;

import io.prunella.detect.AlarmBudget;
import io.prunella.server.ConfigFile;
import io.prunella.server.Hindsight;
import io.prunella.server.LogSetup;
import io.prunella.server.PastSamples;
import io.prunella.train.PastOptions.Asked;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code prunella-train backtest}: what would have been raised, at which setting of the knob. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Tells which incidents a server would have opened, out of a Prometheus' history.",
      "It does so for several settings of detection.false-incidents-per-week. Nothing is",
      "repaired, nobody is told.",
      PastOptions.TIME
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:told", "1:the history could not be read, or is empty", "2:wrong use"})
final class Backtest implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private PastOptions past = new PastOptions();

  @Option(
      names = "--warm-up",
      defaultValue = "1d",
      paramLabel = "SPAN",
      description =
          "so much before --from is read too, for the detectors to learn from; what opens in it is"
              + " not told; default ${DEFAULT-VALUE}")
  private String warmUp = "1d";

  @Option(
      names = "--knob",
      split = ",",
      defaultValue = "0.1,1,10",
      paramLabel = "N",
      description = "false incidents a week that are asked for; default ${DEFAULT-VALUE}")
  private List<Double> knob = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "also write all of it to FILE; its ending says how: .html, .json or .md")
  private @Nullable Path report;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "of the hashes of tables; nothing that is told depends on it")
  private long seed;

  /** What was read. */
  private record Read(Backtested result, long refused, @Nullable String refusal) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    LogSetup.apply(LogSetup.Threshold.WARN, LogSetup.Format.LOGFMT);
    var kind = Report.kind(report);
    if (report != null && kind == null) {
      throw past.wrong("--report is %s, wanted a name that ends in .html, .json or .md", report);
    }
    checkKnob();
    Duration warm =
        YamlMap.span(warmUp)
            .orElseThrow(() ->
                past.wrong("--warm-up is \"%s\", wanted a span such as 12h or 1d, or 0", warmUp));
    Asked asked = past.asked(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    ConfigFile config = past.config();
    try {
      Read read = run(asked, asked.from().minus(warm), config);
      PrintWriter out = spec.commandLine().getOut();
      out.print(read.result().text());
      out.flush();
      if (read.refused() > 0) {
        past.say(
            "%,d samples were refused; the first: %s".formatted(read.refused(), read.refusal()));
      }
      if (report != null && kind != null) {
        Files.writeString(report, read.result().page(kind), StandardCharsets.UTF_8);
      }
      return 0;
    } catch (PastSamples.Unreadable | YamlException | IOException e) {
      past.say(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private void checkKnob() {
    if (knob.size() > Hindsight.SETTINGS_MAX) {
      throw past.wrong(
          "--knob has %d settings, wanted at most %d", knob.size(), Hindsight.SETTINGS_MAX);
    }
    for (double perWeek : knob) {
      if (!(perWeek >= AlarmBudget.PER_WEEK_MIN && perWeek <= AlarmBudget.PER_WEEK_MAX)) {
        throw past.wrong(
            "--knob has %s, wanted %s to %s false incidents a week",
            perWeek, AlarmBudget.PER_WEEK_MIN, AlarmBudget.PER_WEEK_MAX);
      }
    }
  }

  private Read run(Asked asked, Instant begin, ConfigFile config)
      throws IOException, InterruptedException {
    var history = past.open(asked, past.work());
    var perWeek = knob.stream().distinct().toList();
    try (var hindsight = new Hindsight(config, perWeek, asked.from(), seed, history.types()::get)) {
      past.read(
          "backtest",
          history,
          asked,
          begin,
          window -> hindsight.take(window.series(), window.to()));
      var result =
          new Backtested(
              command(asked),
              asked.from(),
              asked.to(),
              hindsight.since(),
              hindsight.samples(),
              hindsight.series(),
              hindsight.outcomes());
      return new Read(result, hindsight.refused(), hindsight.refusal());
    }
  }

  /** The command that gives the same again, with times that do not move. */
  private String command(Asked asked) {
    var words = new ArrayList<String>();
    words.add("bin/prunella-train backtest");
    words.addAll(past.words(asked));
    words.add("--warm-up=" + warmUp);
    words.add(
        "--knob=" + String.join(",", knob.stream().distinct().map(Backtested::setting).toList()));
    return String.join(" ", words);
  }
}
