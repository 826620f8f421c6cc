package io.prunella.cli;

import io.prunella.demo.WriteEncoder;
import io.prunella.series.Labels;
import io.prunella.server.Backfill;
import io.prunella.server.ConfigFile;
import io.prunella.server.PastSamples;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code prunella import}: detectors learn from a Prometheus' own history before the server starts.
 */
@Command(
    name = "import",
    description =
        "Warms the detectors of a storage folder from a Prometheus' history, while no server uses"
            + " it. Called again it goes on where it ended.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private static final Duration KEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration ANSWER = Duration.ofMinutes(1);

  @Option(
      names = "--from",
      required = true,
      paramLabel = "URL",
      description = "The Prometheus, such as http://127.0.0.1:9090.")
  private String from = "";

  @Option(
      names = "--bearer-token-file",
      paramLabel = "FILE",
      description = "File with the bearer token that it wants.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--since",
      defaultValue = "24h",
      paramLabel = "SPAN",
      description = "How far back to begin. Default: ${DEFAULT-VALUE}.")
  private String since = "24h";

  @Option(
      names = "--chunk",
      defaultValue = "30m",
      paramLabel = "SPAN",
      description = "How much of it is read at a time. Default: ${DEFAULT-VALUE}.")
  private String chunk = "30m";

  @Option(
      names = "--match",
      paramLabel = "MATCHERS",
      description = "Only series that match, as in a selector's braces: 'job=\"shop\"'.")
  private String match = "";

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description =
          "A label that is put onto all series. Default: the Prometheus' external labels.")
  private Map<String, String> labels = new TreeMap<>();

  @Option(
      names = "--rate",
      defaultValue = "200000",
      paramLabel = "SAMPLES",
      description = "Samples a second at most; 0 for no bound. Default: ${DEFAULT-VALUE}.")
  private int rate = 200_000;

  @Option(
      names = "--config.file",
      paramLabel = "FILE",
      description = "The configuration that the server will have. Default: what ships.")
  private @Nullable Path configFile;

  @Option(
      names = "--storage.path",
      paramLabel = "FOLDER",
      defaultValue = "data",
      description = "Data folder of the server. Default: ${DEFAULT-VALUE}.")
  private Path storage = Path.of("data");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
  private CommandSpec spec;

  private final WriteEncoder encoder = new WriteEncoder();
  private final HttpClient http = HttpClient.newHttpClient();
  private long samples;
  private int pending;
  private long refusedRequests;
  private String refusal = "";
  private long beganNanos;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      return warm();
    } catch (PastSamples.Unreadable e) {
      int exit =
          switch (e.why()) {
            case AWAY -> Exit.NOT_REACHED;
            case FORBIDDEN -> Exit.NOT_ALLOWED;
            case REFUSED -> Exit.FAILED;
          };
      throw new Failure(exit, String.valueOf(e.getMessage()));
    }
  }

  private int warm() throws IOException, InterruptedException {
    if (rate < 0)
      throw new Failure(Exit.WRONG_USE, "--rate is %d, wanted 0 or more".formatted(rate));
    Duration back = span("--since", since);
    Duration step = span("--chunk", chunk);
    if (!PastSamples.isAddress(from))
      throw new Failure(
          Exit.WRONG_USE, "--from is \"%s\", wanted http://HOST:PORT".formatted(from));
    String token = tokenFile == null ? "" : Files.readString(tokenFile).strip();
    var past = new PastSamples(from, token, match);
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ConfigFile config = configFile == null ? ConfigFile.shipped() : ConfigFile.read(configFile);
    Map<String, String> onto = labels.isEmpty() ? past.externalLabels() : labels;
    try (var backfill = new Backfill(storage, config)) {
      Instant begin = end.minus(back);
      if (backfill.upTo().isAfter(begin)) {
        begin = backfill.upTo().truncatedTo(ChronoUnit.SECONDS);
        say("the detectors know all up to %s: going on from there".formatted(begin));
      }
      beganNanos = System.nanoTime();
      run(past, backfill, onto, begin, end, step);
      backfill.settle(end); // also when there was nothing to read: the figures are those of a tick
      say(
          "%,d samples of %,d series; %,d requests were refused in part%s"
              .formatted(
                  samples,
                  backfill.series(),
                  refusedRequests,
                  refusal.isEmpty() ? "" : ", the first: " + Output.plain(refusal)));
    }
    return Exit.OK;
  }

  private void run(
      PastSamples past,
      Backfill backfill,
      Map<String, String> onto,
      Instant begin,
      Instant end,
      Duration step)
      throws IOException, InterruptedException {
    long keptNanos = System.nanoTime();
    try (ProgressBar bar = bar(Duration.between(begin, end).toSeconds())) {
      for (Instant at = begin; at.isBefore(end); ) {
        Instant next = at.plus(step).isBefore(end) ? at.plus(step) : end;
        for (String metric : past.metrics(at, next)) {
          past.read(
              metric,
              at,
              next,
              onto,
              (of, timeMs, value) -> {
                take(backfill, of, timeMs, value);
              });
        }
        flush(backfill);
        backfill.settle(next);
        boolean isDue = System.nanoTime() - keptNanos >= KEEP_EVERY.toNanos();
        if (isDue || !next.isBefore(end)) {
          backfill.keep(next);
          keptNanos = System.nanoTime();
        }
        if (bar != null) bar.stepTo(Duration.between(begin, next).toSeconds());
        at = next;
      }
    }
  }

  private void take(Backfill backfill, Labels of, long timeMs, double value)
      throws InterruptedException {
    encoder.add(WriteEncoder.labels(of), timeMs, value);
    samples++;
    if (++pending == WriteEncoder.SAMPLES_MAX) flush(backfill);
  }

  /** Sends what has come together, and keeps to the rate. */
  private void flush(Backfill backfill) throws InterruptedException {
    pending = 0;
    for (byte[] body : encoder.take()) send(backfill, body);
    if (rate == 0) return;
    double earliest = (double) samples / rate;
    double passed = (System.nanoTime() - beganNanos) / 1e9;
    if (earliest > passed) Thread.sleep((long) Math.ceil((earliest - passed) * 1000));
  }

  private void send(Backfill backfill, byte[] body) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(backfill.writeTo())
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + backfill.token())
            .header("Content-Encoding", "snappy")
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      while (true) {
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 503) {
          int seconds = Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("1"));
          Thread.sleep(1000L * seconds);
          continue;
        }
        if (answer.statusCode() == 400) {
          refusedRequests++;
          if (refusal.isEmpty()) refusal = answer.body().strip();
        } else if (answer.statusCode() >= 300) {
          throw new Failure(
              Exit.FAILED, "the door answered " + answer.statusCode() + ": " + answer.body());
        }
        return;
      }
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED, "the door of this process cannot be reached: " + e.getMessage());
    }
  }

  private static Duration span(String option, String text) {
    return YamlMap.span(text)
        .filter(Duration::isPositive)
        .orElseThrow(() ->
            new Failure(
                Exit.WRONG_USE,
                "%s is \"%s\", wanted a span such as 30m or 24h".formatted(option, text)));
  }

  /** For people at a terminal; nothing otherwise. */
  private static @Nullable ProgressBar bar(long seconds) {
    var console = System.console();
    if (console == null || !console.isTerminal()) return null;
    return new ProgressBarBuilder().setTaskName("import").setInitialMax(seconds).build();
  }

  private void say(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(message);
    err.flush();
  }
}
