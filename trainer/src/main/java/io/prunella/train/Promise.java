package io.prunella.train;

import io.prunella.train.CalmServices.Candidate;
import io.prunella.train.Labelled.Segment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train promise}: whether as many false incidents open as were asked for. */
@Command(
    name = "promise",
    mixinStandardHelpOptions = true,
    description = {
      "Measures detection.false-incidents-per-week where nothing is wrong.",
      "That is on the stretches of labelled series that nobody has labelled, and on drawn series",
      "(the name is `drawn`). Each cell is an installation from its first minute on; large ones"
          + " are",
      "bootstrapped."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured; with --strict, also every cell that can be reached is kept",
      "1:a cell is not kept, or data could not be read",
      "2:wrong use"
    })
final class Promise implements Callable<Integer> {
  static final String DRAWN = "drawn";
  private static final int[] SIZES = {10, 100, 1_000, 10_000, 100_000};
  private static final double[] ASKED = {0.1, 1, 10};
  private static final int DRAWN_SERIES = 200;
  private static final double DRAWN_CHANGES = 0.2; // a day
  private static final int DRAWN_DAYS = 28;
  private static final long DRAWN_EVERY_MS = 60_000;
  private static final double DRAWN_DAY_ROWS = 86_400_000.0 / DRAWN_EVERY_MS;
  private static final long DRAWN_FROM_MS = 1_767_225_600_000L; // 2026

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private DataOptions where = new DataOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "SET",
      description = "names out of `datasets list`, paths of CSV files, or `drawn`")
  private List<String> sets = List.of();

  @Option(names = "--report", paramLabel = "FILE", description = "also write Markdown to FILE")
  private @Nullable Path report;

  @Option(
      names = "--weeks",
      paramLabel = "N",
      defaultValue = "20000",
      description =
          "weeks of services drawn from each set, 100 to 1000000; default ${DEFAULT-VALUE}")
  private int weeks = 20_000;

  @Option(names = "--strict", description = "exit code 1 when a cell is not kept")
  private boolean strict;

  @Option(names = "--seed", defaultValue = "1", description = "of whatever is drawn at random")
  private long seed;

  @Override
  public Integer call() throws IOException {
    if (weeks < 100 || weeks > 1_000_000) {
      String message = "--weeks is %d, wanted 100 to 1000000".formatted(weeks);
      throw new ParameterException(spec.commandLine(), message);
    }
    var text = new StringBuilder();
    int kept = 0;
    int outOfReach = 0;
    for (String set : sets) {
      var pool = pool(set);
      int from = text.length();
      text.append(head(set, pool));
      for (int size : SIZES) {
        for (double asked : ASKED) {
          var cell = PromiseCell.run(pool, size, asked, new SplittableRandom(seed).split());
          if (cell.isKept()) kept++;
          else if (cell.isOutOfReach()) outOfReach++;
          text.append(row(cell));
        }
      }
      spec.commandLine().getOut().print(text.substring(from));
      spec.commandLine().getOut().flush();
    }
    int cells = sets.size() * SIZES.length * ASKED.length;
    String sum =
        "%nOf %d cells %d are kept, %d out of reach, %d not kept.%n"
            .formatted(cells, kept, outOfReach, cells - kept - outOfReach);
    spec.commandLine().getOut().print(sum);
    spec.commandLine().getOut().flush();
    if (report != null) {
      String page = "# How many false incidents open%n%n`%s`%n%s%s";
      Files.writeString(report, page.formatted(command(), text, sum), StandardCharsets.UTF_8);
    }
    return strict && kept + outOfReach < cells ? 1 : 0;
  }

  private String command() {
    return "bin/prunella-train promise --weeks=%d --seed=%d %s"
        .formatted(weeks, seed, String.join(" ", sets));
  }

  private PromiseCell.Pool pool(String set) throws IOException {
    var labelled = set.equals(DRAWN) ? drawn(seed) : Source.read(set, where, spec).series();
    var calm = new ArrayList<CalmSeries>();
    try (var bar = new Progress(set, labelled.size())) {
      for (int i = 0; i < labelled.size(); i++) {
        calm.add(CalmSeries.of(set, i, labelled.get(i)));
        bar.step();
      }
    }
    var services = new CalmServices(calm);
    var random = new SplittableRandom(seed);
    var drawn = new ArrayList<List<Candidate>>();
    for (int i = 0; i < weeks; i++) drawn.add(services.week(random));
    return new PromiseCell.Pool(drawn);
  }

  /**
   * Series of all kinds in which nothing is wrong, a sample a minute. Noise alone opens next to
   * nothing, so each has harmless changes too: now and then, lognormal in size (the middle one four
   * spreads) and in length (the middle one twenty minutes).
   */
  private static List<Labelled> drawn(long seed) {
    var random = new Random(seed);
    var all = new ArrayList<Labelled>();
    int rows = (int) (DRAWN_DAYS * 86_400_000L / DRAWN_EVERY_MS);
    var kinds = MadeSeries.Kind.values();
    for (int number = 0; number < DRAWN_SERIES; number++) {
      var made = new MadeSeries(kinds[number % kinds.length], random);
      var times = new long[rows];
      var values = new double[rows];
      double away = 0;
      int left = 0; // rows that the harmless change goes on
      for (int i = 0; i < rows; i++) {
        times[i] = DRAWN_FROM_MS + i * DRAWN_EVERY_MS;
        values[i] = made.next(times[i]);
        if (left == 0 && random.nextDouble() < DRAWN_CHANGES / DRAWN_DAY_ROWS) {
          away = made.spread() * 4 * StrictMath.exp(random.nextGaussian());
          left = (int) (20 * StrictMath.exp(random.nextGaussian()));
        }
        if (left == 0) continue;
        left--;
        values[i] += away;
      }
      all.add(new Labelled("drawn/" + number, times, values, List.<Segment>of(), 0));
    }
    return all;
  }

  private static String head(String set, PromiseCell.Pool pool) {
    return """

    ### %s

    %.3f candidates a week and service of %d series.

    | series | asked a week | weeks | raised | a week | 95 %% interval | level | |
    |---|---|---|---|---|---|---|---|
    """
        .formatted(set, pool.rate(), CalmServices.SERIES);
  }

  private static String row(PromiseCell cell) {
    String verdict = cell.isKept() ? "kept" : cell.isOutOfReach() ? "out of reach" : "**not kept**";
    return String.format(
        Locale.ROOT,
        "| %d | %s | %.0f | %d | %.3f | %.3f to %.3f | %.2f | %s |%n",
        cell.series(),
        Report.number(cell.asked()),
        cell.weeks(),
        cell.raised(),
        cell.perWeek(),
        cell.lower(),
        cell.upper(),
        cell.level(),
        verdict);
  }
}
