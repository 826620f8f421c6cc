package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.model.Card;
import io.prunella.model.Verdicts;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    err.getBuffer().setLength(0);
    out.getBuffer().setLength(0);
    return TrainerRun.of(out, err, args);
  }

  /** Eight series: long shifts that people label, and lone spikes that they mostly do not. */
  @BeforeEach
  void make() throws IOException {
    for (int series = 0; series < 8; series++) {
      var random = new Random(series);
      var text = new StringBuilder("timestamp,value,label\n");
      for (int i = 0; i < 2400; i++) {
        int place = i % 300;
        boolean odd = i > 300 && place >= 200 && place < 230;
        boolean spike = i > 300 && place == 100;
        double value = 100 + random.nextGaussian() + (odd ? 15 : spike ? 60 : 0);
        odd |= spike && series % 4 == 0;
        text.append("%d,%s,%d\n".formatted(1_780_000_000L + i * 60L, value, odd ? 1 : 0));
      }
      TestFiles.plain(folder.resolve("made/s%d.csv".formatted(series)), text.toString());
    }
  }

  private String made() {
    return folder.resolve("made").toString();
  }

  private String model(String name) {
    return folder.resolve("models").resolve(name).toString();
  }

  private int train(String name, String... more) {
    var args =
        new ArrayList<>(
            List.of("train", made(), "--out", model(name), "--trees", "8", "--folds", "4"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"opening", "ranking"})
  void train_sameCommand_predictsTheSame_otherSeedDoesNot(String question) throws IOException {
    assertThat(train("one", "--question", question)).as("%s", err).isZero();
    assertThat(train("two", "--question", question)).as("%s", err).isZero();
    assertThat(train("other", "--question", question, "--seed", "8")).as("%s", err).isZero();
    var one = Verdicts.card(Path.of(model("one")));
    var two = Verdicts.card(Path.of(model("two")));
    assertThat(two.predictionsSha256()).isEqualTo(one.predictionsSha256());
    assertThat(two.calibration()).isEqualTo(one.calibration());
    assertThat(two.figures()).isEqualTo(one.figures());
    assertThat(Verdicts.card(Path.of(model("other"))).predictionsSha256())
        .isNotEqualTo(one.predictionsSha256());
    assertThat(one.sets()).singleElement().satisfies(s -> assertThat(s.series()).isEqualTo(8));
    assertThat(one.figures()).containsKeys("auc-forest-all", "auc-logistic-all", "odd-let-through");
  }

  @Test
  void train_figures_areOfSeriesHeldOut_andStage2IsBesideStage1() throws IOException {
    assertThat(train("opening")).as("%s", err).isZero();
    var card = Verdicts.card(Path.of(model("opening")));
    // Shifts and spikes are told apart by anyone: also in series that were held out.
    assertThat(Double.parseDouble(card.figures().get("auc-forest-all"))).isGreaterThan(0.8);
    assertThat(card.figures().get("segments-raised-" + made()))
        .contains("by stage 1", "by stage 2");
    assertThat(out.toString()).contains("threshold", "auc-forest-all", "limit");
  }

  @Test
  void stage2_scoresAndEvaluates_withTheModelsThatThereAre() throws IOException {
    assertThat(train("opening")).as("%s", err).isZero();
    assertThat(train("ranking", "--question", "ranking")).as("%s", err).isZero();
    String models = folder.resolve("models").toString();
    for (int stage = 1; stage <= 2; stage++) {
      String to = folder.resolve("scores" + stage).toString();
      String number = String.valueOf(stage);
      assertThat(run("score", made(), "--out", to, "--stage", number, "--models", models))
          .as("%s", err)
          .isZero();
    }
    var first = Files.readAllLines(folder.resolve("scores1/s0.csv"));
    var second = Files.readAllLines(folder.resolve("scores2/s0.csv"));
    assertThat(second).hasSameSizeAs(first).startsWith(first.getFirst()).isNotEqualTo(first);
    assertThat(run("evaluate", made(), "--method=stage2", "--models", models)).isZero();
    assertThat(err.toString()).contains("have learnt from it");
    assertThat(out.toString()).contains("vus-pr", "segments-raised");
    String[] folders = {folder.resolve("scores1").toString(), folder.resolve("scores2").toString()};
    assertThat(run("compare", folders[0], folders[1], made())).as("%s", err).isZero();
    assertThat(out.toString()).contains("vus-pr", "event-f1", "A wins");
    assertThat(run("compare", folders[0], folders[0], made())).isZero();
    assertThat(out.toString()).containsPattern("vus-pr +8 .* 0 +0 +8 +1.0000");
  }

  @Test
  void stage2_prefix_scoresDoNotChangeWhenMoreFollows() throws IOException {
    assertThat(train("opening")).isZero();
    assertThat(train("ranking", "--question", "ranking")).isZero();
    var judges = Stage2.Judges.read(folder.resolve("models"));
    var series = Sets.read(folder.resolve("made")).getFirst();
    int half = series.rows() / 2;
    var part =
        new Labelled(
            "part",
            java.util.Arrays.copyOf(series.timesMs(), half),
            java.util.Arrays.copyOf(series.values(), half),
            List.of(),
            0);
    var whole = Stage2.of(series, judges, Hosts.NONE);
    var some = Stage2.of(part, judges, Hosts.NONE);
    assertThat(java.util.Arrays.copyOf(whole.scores(), half)).isEqualTo(some.scores());
    assertThat(java.util.Arrays.copyOf(whole.open(), half)).isEqualTo(some.open());
  }

  @Test
  void score_stage2WithoutModels_saysWhatIsMissing() {
    String none = folder.resolve("none").toString();
    assertThat(run("score", made(), "--out", model("x"), "--stage", "2", "--models", none))
        .isEqualTo(2);
    assertThat(err.toString()).contains("has no model opening or ranking");
  }

  @Test
  void inspectCompareCalibrate_model() throws IOException {
    assertThat(train("a")).isZero();
    assertThat(train("b", "--seed", "9", "--depth", "2")).isZero();
    assertThat(run("inspect", model("a"))).isZero();
    assertThat(out.toString()).contains("asks for", "question   opening", "nodes");
    assertThat(run("compare", model("a"), model("b"), made())).as("%s", err).isZero();
    assertThat(out.toString()).containsPattern("auc +[1-8] ").containsPattern("-brier +8 ");
    assertThat(run("calibrate", model("a"), made(), "--out", model("c"))).as("%s", err).isZero();
    assertThat(out.toString()).contains("before", "after", "said-");
    var again = Verdicts.card(Path.of(model("c")));
    assertThat(again.predictionsSha256())
        .isEqualTo(Verdicts.card(Path.of(model("a"))).predictionsSha256());
    assertThat(again.command()).startsWith("bin/prunella-train calibrate");
    assertThat(run("inspect", model("c"))).isZero();
  }

  @Test
  void inspect_noModel_isExitCode1() {
    assertThat(run("inspect", model("none"))).isEqualTo(1);
    assertThat(err.toString()).contains(Card.FILE);
  }

  @ParameterizedTest
  @CsvSource({"--folds, 1", "--folds, 9", "--trees, 0"})
  void train_wrongUse_isExitCode2(String option, String value) {
    assertThat(run("train", made(), "--out", model("x"), option, value)).isEqualTo(2);
    assertThat(err.toString()).contains("wanted").doesNotContain("\tat ");
  }

  @Test
  void grade_handMade() {
    double[] said = {0.1, 0.4, 0.35, 0.8};
    boolean[] odd = {false, false, true, true};
    assertThat(Grade.auc(said, odd)).isEqualTo(0.75);
    assertThat(Grade.auc(new double[] {1, 1}, new boolean[] {true, false})).isEqualTo(0.5);
    assertThat(Grade.auc(said, new boolean[4])).isNaN();
    assertThat(Grade.brier(said, odd)).isCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4, within(1e-12));
    assertThat(Grade.keeping(1, said, odd)).isEqualTo(0.35);
    assertThat(Grade.keeping(0.5, said, odd)).isEqualTo(0.8);
    assertThat(Grade.bestF1(said, odd)).isEqualTo(0.35);
    assertThat(Grade.reliability(said, odd))
        .containsEntry("said-0.8-to-0.9", "0.800 said, 1.000 were, of 1");
  }

  @Test
  void folds_partGroupsNeverRows() {
    var seen = new ArrayList<Seen>();
    for (int i = 0; i < 400; i++) {
      String group = Seen.group("set", "system-%d/%d".formatted(i % 7, i));
      seen.add(new Seen("set", group, i, i, new double[0], false));
    }
    var folds = new Folds(seen, 3, 7);
    var byGroup = new java.util.HashMap<String, Integer>();
    var filled = new int[3];
    for (Seen one : seen) {
      int fold = folds.of(one);
      filled[fold]++;
      assertThat(byGroup.merge(one.group(), fold, (a, b) -> a.equals(b) ? a : -1)).isEqualTo(fold);
    }
    for (int count : filled) assertThat(count).isBetween(100, 180);
  }
}
