package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.train.Labelled.Segment;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    return TrainerRun.of(out, err, args);
  }

  @BeforeEach
  void make() throws IOException {
    var random = new Random(1);
    var text = new StringBuilder("timestamp,value,label\n");
    for (int i = 0; i < 4000; i++) {
      boolean odd = i % 1000 >= 600 && i % 1000 < 620;
      double value = 100 + random.nextGaussian() + (odd ? 30 : 0);
      text.append("%d,%s,%d\n".formatted(1_780_000_000L + i * 60L, value, odd ? 1 : 0));
    }
    TestFiles.plain(folder.resolve("made/a.csv"), text.toString());
    TestFiles.gzip(folder.resolve("made/sub/b.csv.gz"), text.toString());
  }

  private String made() {
    return folder.resolve("made").toString();
  }

  @Test
  void evaluate_folder_tellsFiguresOfAllItsFiles() {
    assertThat(run("evaluate", made())).as("%s", err).isZero();
    assertThat(out.toString())
        .containsPattern("series +2\n")
        .containsPattern("rows +8000\n")
        .containsPattern("segments +8\n")
        .containsPattern("segments-raised +1\n")
        .containsPattern("event-f1-held-out +1\n")
        .containsPattern("delay-seconds-median +\\d+\n")
        .contains("vus-pr", "delay7-f1-random", "false-alarms-per-series-day", "p-below-0.01");
  }

  @ParameterizedTest
  @CsvSource({"event-f1=0.5, 0", "made.event-f1=1.1, 1", "no-such-figure=1, 2"})
  void evaluate_failBelow_decidesTheExitCode(String want, int code) {
    String set = made();
    assertThat(run("evaluate", set, "--fail-below", want.replace("made", set))).isEqualTo(code);
    if (code == 1) assertThat(err.toString()).contains("wanted at least 1.1");
    if (code == 2) assertThat(err.toString()).contains("no-such-figure");
  }

  @ParameterizedTest
  @CsvSource({"html, <td>8000", "json, '\"rows\" : 8000.0'", "md, | rows | 8000 |"})
  void evaluate_report_isWrittenByItsEnding(String ending, String contains) throws IOException {
    Path report = folder.resolve("r." + ending);
    assertThat(run("evaluate", made(), "--report", report.toString())).as("%s", err).isZero();
    assertThat(Files.readString(report)).contains(contains).contains("evaluate --method=stage1");
  }

  @Test
  void evaluate_wrongUse_saysWhatWasWanted() {
    assertThat(run("evaluate", "no-such-set")).isEqualTo(2);
    assertThat(err.toString()).contains("no-such-set is no data set and no file");
    assertThat(run("evaluate", made(), "--report", "r.pdf")).isEqualTo(2);
    assertThat(err.toString()).contains(".html, .json or .md");
    assertThat(run("evaluate", made(), "--method", "magic")).isEqualTo(2);
    assertThat(err.toString()).contains("magic").contains("ewma-z").contains("rcf");
    assertThat(run("evaluate", made(), "--every", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--every is 0, wanted at least 1");
    assertThat(run("evaluate", made(), "--method", "random", "--nested")).isEqualTo(2);
    assertThat(err.toString()).contains("--nested is for stage1, --method is random");
  }

  @Test
  void evaluate_sameSeed_givesTheSameFigures() {
    assertThat(run("evaluate", made(), "--method", "random", "--seed", "7")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("evaluate", made(), "--method", "random", "--seed", "7")).isZero();
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void evaluate_everySecondSeries_measuresHalfOfThem() {
    assertThat(run("evaluate", made(), "--every", "2")).as("%s", err).isZero();
    assertThat(out.toString()).containsPattern("series +1\n").containsPattern("rows +4000\n");
  }

  @Test
  void evaluate_report_drawsHowReliablePIs() throws IOException {
    Path report = folder.resolve("p.html");
    assertThat(run("evaluate", made(), "--report", report.toString())).as("%s", err).isZero();
    assertThat(Files.readString(report)).contains("<polyline").contains("0.001");
    assertThat(out.toString()).contains("p-ks");
    assertThat(run("evaluate", made(), "--method", "random", "--report", report.toString()))
        .isZero();
    assertThat(Files.readString(report)).as("chance has no p").doesNotContain("<polyline");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stage1", "ewma-z", "rcf"})
  void peers_prefixOfASeries_scoresTheSame(String method) {
    var random = new Random(4);
    var times = new long[700];
    var values = new double[700];
    for (int i = 0; i < 700; i++) {
      times[i] = i * 60_000L;
      values[i] = i % 97 == 5 ? Double.NaN : i % 101 == 7 ? 1e308 : 10 + random.nextGaussian();
    }
    var scoring = Peers.of(method, 1);
    double[] whole = scoring.apply(new Labelled("a", times, values, List.of(), 0)).scores();
    for (int end : new int[] {1, 50, 300, 699}) {
      var part =
          new Labelled("a", Arrays.copyOf(times, end), Arrays.copyOf(values, end), List.of(), 0);
      assertThat(scoring.apply(part).scores()).isEqualTo(Arrays.copyOf(whole, end));
    }
    for (double score : whole) assertThat(score).isFinite();
  }

  @Test
  void peers_toldLate_marksAllOfASegmentButItsFirstRow() {
    var segments = List.of(new Segment(1, 1), new Segment(3, 5));
    var series = new Labelled("a", new long[8], new double[8], segments, 0);
    assertThat(Peers.of("told-late", 1).apply(series).scores())
        .containsExactly(0, 0, 0, 0, 1, 1, 0, 0);
  }

  @Test
  void evaluate_simpleMethod_isBelowStage1OnlyWhereItShould() {
    assertThat(run("evaluate", made(), "--method", "ewma-z", "--fail-below", "event-f1=0.5"))
        .isZero();
  }

  @Test
  void sets_nabLayout_windowsBecomeRows() throws IOException {
    Path data = folder.resolve("data");
    var rows = new StringBuilder("timestamp,value\n");
    for (int i = 0; i < 10; i++) rows.append("2014-04-01 00:%02d:00,%d\n".formatted(i, i));
    TestFiles.plain(data.resolve("n/data/real/a.csv"), rows.toString());
    TestFiles.plain(
        data.resolve("n/labels/combined_windows.json"),
        "{\"real/a.csv\": [[\"2014-04-01 00:02:00.000000\", \"2014-04-01 00:04:00.000000\"]]}");
    var series = Sets.read(manifest("NAB", "n", "data/*/*.csv", 0), data);
    assertThat(series).hasSize(1);
    assertThat(series.getFirst().name()).isEqualTo("real/a.csv");
    assertThat(series.getFirst().segments()).containsExactly(new Labelled.Segment(2, 4));
  }

  @Test
  void sets_matrixLayout_columnsAreSeriesAndTrainIsOnlyLearntFrom() throws IOException {
    Path data = folder.resolve("data");
    TestFiles.gzip(data.resolve("m/x_train.csv.gz"), "1,2\n1,2\n1,2\n");
    TestFiles.gzip(data.resolve("m/x_test.csv.gz"), "3,4\n3,4\n3,4\n3,4\n");
    TestFiles.plain(data.resolve("m/interpretation_label/x.txt"), "1-2:2\n");
    var series = Sets.read(manifest("MATRIX", "m", "*.csv.gz", 300), data);
    assertThat(series).extracting(Labelled::name).containsExactly("x/1", "x/2");
    assertThat(series.get(0).segments()).isEmpty();
    assertThat(series.get(1).segments()).containsExactly(new Labelled.Segment(4, 5));
    assertThat(series.get(1).from()).isEqualTo(3);
    assertThat(series).extracting(Labelled::host).containsOnly("x");
    assertThat(series.get(1).timesMs()[6]).isEqualTo(6 * 300_000L);
    assertThat(series.get(1).values()).containsExactly(2, 2, 2, 4, 4, 4, 4);
  }

  private static Manifest manifest(String layout, String folder, String files, int interval) {
    return new Manifest(
        "x", "", "", "MIT", folder, Manifest.Layout.valueOf(layout), files, 1, "", "", interval);
  }

  /** Below what a run measured, so that only a real loss fails. */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "PRUNELLA_DATA",
      matches = ".+",
      disabledReason = "PRUNELLA_DATA is not set: the folder with nab/ below it")
  void evaluate_nab_holdsWhatWasReached() {
    String[] args = {
      "evaluate",
      "nab",
      "--manifests",
      "../datasets",
      "--fail-below",
      "nab=70.5",
      "--fail-below",
      "nab-low-fp=63",
      "--fail-below",
      "nab-low-fn=75",
      "--fail-below",
      "nab-shipped=70",
      "--fail-below",
      "nab-leave-one-out=69.5"
    };
    assertThat(run(args)).as("%s%s", out, err).isZero();
  }

  @Test
  void labelled_segments_areTheRunsOfOddRows() {
    var odd = new boolean[] {true, false, true, true, false, true};
    var segments = Labelled.segments(odd);
    assertThat(segments)
        .isEqualTo(
            List.of(
                new Labelled.Segment(0, 0),
                new Labelled.Segment(2, 3),
                new Labelled.Segment(5, 5)));
    assertThat(Labelled.odd(segments, 6)).isEqualTo(odd);
    assertThat(Labelled.cut(segments, 3, 6))
        .isEqualTo(List.of(new Labelled.Segment(0, 0), new Labelled.Segment(2, 2)));
  }
}
