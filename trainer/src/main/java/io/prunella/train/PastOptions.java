package io.prunella.train;

import io.prunella.server.ConfigFile;
import io.prunella.server.PastSamples;
import io.prunella.signal.Meaning;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which history of a Prometheus is read; for every command that reads one. */
final class PastOptions {
  /** What TIME may be, for a command's description. */
  static final String TIME =
      "TIME is 2026-03-01, 2026-03-01T12:00:00Z, seconds since the epoch, a span before%n"
          + "now such as 30d, or now.";

  private static final Duration SETTLED = Duration.ofMinutes(10);

  // The command's, not the mixin's; set by picocli.
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

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
      names = "--work",
      paramLabel = "DIR",
      description =
          "keeps there what was read, so that a run that was cut off, or another over the same"
              + " time, does not read it again")
  private @Nullable Path work;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the configuration that the server would have; what ships when absent")
  private @Nullable Path configFile;

  /**
   * What was asked for, checked.
   *
   * @param to not after {@code now}
   */
  record Asked(Instant from, Instant to, Instant now, String token) {}

  /**
   * A history that has samples.
   *
   * @param types what its metadata tell of metrics
   * @param keep folder for what was read; null: nowhere
   */
  record History(PastWindows windows, Map<String, Meaning.Type> types, @Nullable Path keep) {}

  /** What becomes of a history. */
  @FunctionalInterface
  interface Reader {
    /** Takes the window that comes next. */
    void take(PastWindows.Window window) throws IOException;
  }

  /**
   * Checks the options, before anything is asked.
   *
   * @throws ParameterException when one is wrong
   */
  Asked asked(Instant now) throws IOException {
    if (!PastSamples.isAddress(prometheus)) {
      throw wrong("--prometheus is \"%s\", wanted http://HOST:PORT", prometheus);
    }
    Instant begin = when("--from", from, now);
    Instant end = when("--to", to, now);
    if (!begin.isBefore(end)) {
      throw wrong("--from is %s and --to is %s, wanted --from to be earlier", begin, end);
    }
    if (begin.isAfter(now)) throw wrong("--from is %s, wanted a time that has passed", begin);
    if (tokenFile != null && !Files.isReadable(tokenFile)) {
      throw wrong("--bearer-token-file is %s, wanted a file that can be read", tokenFile);
    }
    String token = tokenFile == null ? "" : Files.readString(tokenFile).strip();
    return new Asked(begin, end.isBefore(now) ? end : now, now, token);
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

  /**
   * The configuration that the server would have.
   *
   * @throws ParameterException when it is none
   */
  ConfigFile config() {
    try {
      return configFile == null ? ConfigFile.shipped() : ConfigFile.read(configFile);
    } catch (YamlException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The folder that was named for what was read, null when none was. */
  @Nullable Path work() {
    return work;
  }

  /**
   * Begins to read.
   *
   * @param keep folder for what was read; null: nowhere
   * @throws PastSamples.Unreadable when the Prometheus does not answer as one
   * @throws IOException when it names no metric in that time
   */
  History open(Asked asked, @Nullable Path keep) throws IOException, InterruptedException {
    var past = new PastSamples(prometheus, asked.token(), match);
    if (past.metrics(asked.from(), asked.to()).isEmpty()) throw nothing(asked);
    Map<String, String> onto = labels.isEmpty() ? past.externalLabels() : labels;
    var types = past.types();
    var store = keep == null ? null : new PastStore(keep, List.of(prometheus, match), onto);
    var settled = asked.now().minus(SETTLED);
    var windows = new PastWindows(past, onto, store, settled, PastWindows.SAMPLES_MAX);
    return new History(windows, types, keep);
  }

  /**
   * Reads a history to the end that was asked for, window by window, and says how much of it had
   * been kept.
   *
   * @param task for people who wait
   * @param begin not later than what was asked for; no window lies across where that begins
   * @throws IOException when there are no samples in the time that was asked for
   */
  void read(String task, History history, Asked asked, Instant begin, Reader reader)
      throws IOException, InterruptedException {
    long kept = 0;
    boolean isEmpty = true;
    try (var bar = new Progress(task, seconds(begin, asked.to()))) {
      for (Instant at = begin; at.isBefore(asked.to()); ) {
        boolean isBefore = at.isBefore(asked.from());
        var window = history.windows().next(at, isBefore ? asked.from() : asked.to());
        reader.take(window);
        isEmpty &= isBefore || window.series().isEmpty();
        at = window.to();
        if (!window.isRead()) kept++;
        bar.stepTo(seconds(begin, at));
      }
    }
    if (kept > 0) say("%,d windows of time came out of %s".formatted(kept, history.keep()));
    if (isEmpty) throw nothing(asked);
  }

  private static long seconds(Instant from, Instant to) {
    return Duration.between(from, to).toSeconds();
  }

  private IOException nothing(Asked asked) {
    String which = match.isEmpty() ? "" : " with {%s}".formatted(match);
    return new IOException(
        "%s has no samples%s from %s to %s".formatted(prometheus, which, asked.from(), asked.to()));
  }

  /** The options that ask for the same again, with times that do not move. */
  List<String> words(Asked asked) {
    var words = new ArrayList<String>();
    words.add("--prometheus=" + prometheus);
    if (!match.isEmpty()) words.add("--match='%s'".formatted(match));
    labels.forEach((name, value) -> words.add("--label=%s=%s".formatted(name, value)));
    if (configFile != null) words.add("--config=" + configFile);
    words.add("--from=%s --to=%s".formatted(asked.from(), asked.to()));
    return words;
  }

  /** Tells the user something that is no result. */
  void say(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("prunella-train: " + message);
    err.flush();
  }

  /** Wrong use of the command. */
  ParameterException wrong(String message, Object... with) {
    return new ParameterException(spec.commandLine(), message.formatted(with));
  }
}
