package io.prunella.train;

import io.prunella.detect.AlarmBudget;
import io.prunella.server.Config;
import io.prunella.server.ConfigFile;
import io.prunella.server.Hindsight;
import io.prunella.server.LogSetup;
import io.prunella.server.PastSamples;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code prunella-train backtest}: what would have been raised, at which setting of the knob. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a Prometheus' history and tells which incidents a server would have",
      "opened over that time, for several settings of",
      "detection.false-incidents-per-week. Nothing is repaired, nobody is told.",
      "TIME is 2026-03-01, 2026-03-01T12:00:00Z, seconds since the epoch, a span before",
      "now such as 30d, or now."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:told", "1:the history could not be read, or is empty", "2:wrong use"})
final class Backtest implements Callable<Integer> {
  private static final Duration SETTLED = Duration.ofMinutes(10);

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Option(
      names = "--prometheus",
      required = true,
      paramLabel = "URL",
      description = "the Prometheus, such as http://127.0.0.1:9090")
  private String prometheus = "";

  @Option(
      names = "--bearer-token-file",
      paramLabel = "FILE",
      description = "file with the bearer token that it wants")
  private @Nullable Path tokenFile;

  @Option(names = "--from", required = true, paramLabel = "TIME", description = "when it begins")
  private String from = "";

  @Option(
      names = "--to",
      defaultValue = "now",
      paramLabel = "TIME",
      description = "when it ends; default ${DEFAULT-VALUE}")
  private String to = "now";

  @Option(
      names = "--warm-up",
      defaultValue = "1d",
      paramLabel = "SPAN",
      description =
          "so much before --from is read too, for the detectors to learn from; what opens in it is"
              + " not told; default ${DEFAULT-VALUE}")
  private String warmUp = "1d";

  @Option(
      names = "--match",
      paramLabel = "MATCHERS",
      description = "only series that match, as in a selector's braces: 'job=\"shop\"'")
  private String match = "";

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description =
          "a label that is put onto all series; the Prometheus' external labels when absent")
  private Map<String, String> labels = new TreeMap<>();

  @Option(
      names = "--knob",
      split = ",",
      defaultValue = "0.1,1,10",
      paramLabel = "N",
      description = "false incidents a week that are asked for; default ${DEFAULT-VALUE}")
  private List<Double> knob = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the configuration that the server would have; what ships when absent")
  private @Nullable Path configFile;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "keeps there what was read, so that a run that was cut off, or another over the same"
              + " time, does not read it again")
  private @Nullable Path work;

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

  /** What was asked for, checked. */
  private record Asked(Instant begin, Instant from, Instant to, Instant now, String token) {}

  /** What was read. */
  private record Read(Backtested result, long refused, @Nullable String refusal) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    LogSetup.apply(LogSetup.Threshold.WARN, LogSetup.Format.LOGFMT);
    var kind = Report.kind(report);
    if (report != null && kind == null) {
      throw wrong("--report is %s, wanted a name that ends in .html, .json or .md", report);
    }
    Asked asked = asked(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    ConfigFile config = config();
    try {
      Read read = run(asked, config);
      PrintWriter out = spec.commandLine().getOut();
      out.print(read.result().text());
      out.flush();
      if (read.refused() > 0) {
        say("%,d samples were refused; the first: %s".formatted(read.refused(), read.refusal()));
      }
      if (report != null && kind != null) {
        Files.writeString(report, read.result().page(kind), StandardCharsets.UTF_8);
      }
      return 0;
    } catch (PastSamples.Unreadable | YamlException | IOException e) {
      say(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private Asked asked(Instant now) throws IOException {
    if (!PastSamples.isAddress(prometheus)) {
      throw wrong("--prometheus is \"%s\", wanted http://HOST:PORT", prometheus);
    }
    if (knob.size() > Hindsight.SETTINGS_MAX) {
      throw wrong("--knob has %d settings, wanted at most %d", knob.size(), Hindsight.SETTINGS_MAX);
    }
    for (double perWeek : knob) {
      if (!(perWeek >= AlarmBudget.PER_WEEK_MIN && perWeek <= AlarmBudget.PER_WEEK_MAX)) {
        throw wrong(
            "--knob has %s, wanted %s to %s false incidents a week",
            perWeek, AlarmBudget.PER_WEEK_MIN, AlarmBudget.PER_WEEK_MAX);
      }
    }
    Instant begin = when("--from", from, now);
    Instant end = when("--to", to, now);
    if (!begin.isBefore(end)) {
      throw wrong("--from is %s and --to is %s, wanted --from to be earlier", begin, end);
    }
    if (begin.isAfter(now)) throw wrong("--from is %s, wanted a time that has passed", begin);
    Duration warm =
        YamlMap.span(warmUp)
            .orElseThrow(
                () -> wrong("--warm-up is \"%s\", wanted a span such as 12h or 1d, or 0", warmUp));
    if (tokenFile != null && !Files.isReadable(tokenFile)) {
      throw wrong("--bearer-token-file is %s, wanted a file that can be read", tokenFile);
    }
    String token = tokenFile == null ? "" : Files.readString(tokenFile).strip();
    return new Asked(begin.minus(warm), begin, end.isBefore(now) ? end : now, now, token);
  }

  private Instant when(String option, String text, Instant now) {
    try {
      if (text.equals("now")) return now;
      if (text.matches("\\d{9,11}")) return Instant.ofEpochSecond(Long.parseLong(text));
      var ago = YamlMap.span(text);
      if (ago.isPresent()) return now.minus(ago.get());
      if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException e) {
      throw wrong(
          "%s is \"%s\", wanted a time such as 2026-03-01, 2026-03-01T12:00:00Z or 30d",
          option, text);
    }
  }

  private ConfigFile config() {
    if (configFile == null) {
      return new ConfigFile(Config.DEFAULTS, Path.of("").toAbsolutePath());
    }
    try {
      return ConfigFile.read(configFile);
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Read run(Asked asked, ConfigFile config) throws IOException, InterruptedException {
    var past = new PastSamples(prometheus, asked.token(), match);
    if (past.metrics(asked.from(), asked.to()).isEmpty()) throw nothing(asked);
    Map<String, String> onto = labels.isEmpty() ? past.externalLabels() : labels;
    var types = past.types();
    var store = work == null ? null : new PastStore(work, List.of(prometheus, match), onto);
    var windows =
        new PastWindows(past, onto, store, asked.now().minus(SETTLED), PastWindows.SAMPLES_MAX);
    var perWeek = knob.stream().distinct().toList();
    long kept = 0;
    boolean isEmpty = true;
    try (var hindsight = new Hindsight(config, perWeek, asked.from(), seed, types::get);
        var bar = new Progress("backtest", seconds(asked.begin(), asked.to()))) {
      for (Instant at = asked.begin(); at.isBefore(asked.to()); ) {
        // None lies across the border, so that it shows whether there is anything after it.
        boolean isBefore = at.isBefore(asked.from());
        var window = windows.next(at, isBefore ? asked.from() : asked.to());
        hindsight.take(window.series(), window.to());
        at = window.to();
        isEmpty &= isBefore || window.series().isEmpty();
        if (!window.isRead()) kept++;
        bar.stepTo(seconds(asked.begin(), at));
      }
      if (kept > 0) say("%,d windows of time came out of %s".formatted(kept, work));
      if (isEmpty) throw nothing(asked);
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

  private IOException nothing(Asked asked) {
    String which = match.isEmpty() ? "" : " with {%s}".formatted(match);
    return new IOException(
        "%s has no samples%s from %s to %s".formatted(prometheus, which, asked.from(), asked.to()));
  }

  private static long seconds(Instant from, Instant to) {
    return Duration.between(from, to).toSeconds();
  }

  /** The command that gives the same again, with times that do not move. */
  private String command(Asked asked) {
    var words = new ArrayList<String>();
    words.add("bin/prunella-train backtest --prometheus=" + prometheus);
    words.add("--from=%s --to=%s --warm-up=%s".formatted(asked.from(), asked.to(), warmUp));
    if (!match.isEmpty()) words.add("--match='%s'".formatted(match));
    labels.forEach((name, value) -> words.add("--label=%s=%s".formatted(name, value)));
    words.add(
        "--knob=" + String.join(",", knob.stream().distinct().map(Backtested::setting).toList()));
    if (configFile != null) words.add("--config=" + configFile);
    return String.join(" ", words);
  }

  private void say(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("prunella-train: " + message);
    err.flush();
  }

  private ParameterException wrong(String message, Object... with) {
    return new ParameterException(spec.commandLine(), message.formatted(with));
  }
}
