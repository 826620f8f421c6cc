package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.RankConfig;
import io.prunella.train.Labelled.Segment;
import io.prunella.train.Nab.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NabTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final Segment WINDOW = new Segment(50, 59);

  private static List<Labelled> corpus = List.of(); // read once

  private static Nab.Scored alarms(int... rows) {
    var scores = new double[100];
    for (int row : rows) scores[row] = 1;
    return new Nab.Scored(scores, List.of(WINDOW));
  }

  private static double curve(double place) {
    return 2 / (1 + Math.exp(5 * place)) - 1;
  }

  private static double at(Profile profile, int... rows) {
    return Nab.at(List.of(alarms(rows)), profile, 0.5).score();
  }

  @Test
  void at_windowFoundAtItsFirstRow_isPerfect() {
    for (Profile profile : Profile.values()) assertThat(at(profile, 50)).isEqualTo(100, EXACT);
  }

  @Test
  void at_silence_isZero() {
    for (Profile profile : Profile.values()) assertThat(at(profile)).isEqualTo(0, EXACT);
  }

  @Test
  void at_lastRowOfTheWindow_isWorthAQuarter() {
    double worth = curve(-0.1) / curve(-1);
    assertThat(worth).isBetween(0.24, 0.25);
    assertThat(at(Profile.STANDARD, 59)).isEqualTo(100 * (worth + 1) / 2, EXACT);
    assertThat(at(Profile.LOW_FN, 59)).isEqualTo(100 * (worth + 2) / 3, EXACT);
  }

  @Test
  void at_manyHitsInOneWindow_onlyTheEarliestCounts() {
    assertThat(at(Profile.STANDARD, 52, 53, 58)).isEqualTo(at(Profile.STANDARD, 52), EXACT);
  }

  @Test
  void at_falseAlarms_costByDistanceBehindTheLastWindow() {
    assertThat(at(Profile.STANDARD, 20)).as("before any").isEqualTo(-5.5, EXACT);
    assertThat(at(Profile.LOW_FP, 20)).isEqualTo(-11, EXACT);
    double near = 0.11 * curve(1 / 9.0);
    assertThat(at(Profile.STANDARD, 60)).isEqualTo(50 * near, EXACT);
    assertThat(at(Profile.STANDARD, 99)).as("far behind").isEqualTo(-5.5, EXACT);
  }

  @Test
  void at_probation_doesNotCount() {
    assertThat(at(Profile.STANDARD, 0, 7, 14)).isEqualTo(0, EXACT);
    assertThat(at(Profile.STANDARD, 15)).isEqualTo(-5.5, EXACT);
  }

  @Test
  void best_oneThresholdForAll_isTheBestOfThem() {
    var one = alarms(50);
    var loud = new double[100];
    for (int i = 0; i < 100; i++) loud[i] = i == 55 ? 0.9 : i < 50 ? 0.8 : 0.1;
    var files = List.of(one, new Nab.Scored(loud, List.of(WINDOW)));
    var best = Nab.best(files, Profile.STANDARD);
    assertThat(best.threshold()).isEqualTo(0.9);
    assertThat(best.hit()).isEqualTo(2);
    assertThat(best.falseAlarms()).isZero();
    assertThat(best.score()).isEqualTo(Nab.at(files, Profile.STANDARD, 0.9).score(), EXACT);
  }

  @Test
  void best_sameScoreForAll_isSilenceWhereThatIsBetter() {
    var flat = new Nab.Scored(new double[1000], List.of(WINDOW));
    var best = Nab.best(List.of(flat), Profile.STANDARD);
    assertThat(best.score()).isZero();
    assertThat(best.threshold()).isInfinite();
  }

  @Test
  void leaveOneOut_likeFiles_isAsGoodAsTheBest() {
    var files = List.of(alarms(50), alarms(50), alarms(50));
    assertThat(Nab.leaveOneOut(files, Profile.LOW_FP)).isEqualTo(100, EXACT);
  }

  @Test
  void leaveOneOut_unlikeFiles_isWhatTakingEachOutGives() {
    var random = new Random(3);
    var files = new ArrayList<Nab.Scored>();
    for (int f = 0; f < 6; f++) {
      var scores = new double[100];
      for (int i = 0; i < 100; i++) scores[i] = random.nextDouble() + (i == 52 ? 0.2 * f : 0);
      files.add(new Nab.Scored(scores, List.of(WINDOW)));
    }
    for (Profile profile : Profile.values()) {
      double sum = 0;
      for (int f = 0; f < 6; f++) {
        var others = new ArrayList<>(files);
        others.remove(f);
        double threshold = Nab.best(others, profile).threshold();
        sum += Nab.at(List.of(files.get(f)), profile, threshold).score() / 6;
      }
      assertThat(Nab.leaveOneOut(files, profile)).isEqualTo(sum, EXACT);
    }
  }

  @Test
  void nested_settingThatOnlyOneFileLikes_isNotChosenForIt() {
    // The first setting is perfect on five files and blind on the sixth, the second the other way.
    var first = new ArrayList<Nab.Scored>();
    var second = new ArrayList<Nab.Scored>();
    for (int f = 0; f < 6; f++) {
      first.add(f < 5 ? alarms(50) : alarms());
      second.add(f < 5 ? alarms() : alarms(50));
    }
    int[] alone = {0, 1, 2, 3, 4, 5};
    double best = Nab.best(first, Profile.STANDARD).score();
    assertThat(NabNested.score(List.of(first, second), alone, Profile.STANDARD))
        .isEqualTo(best, EXACT)
        .isEqualTo(500 / 6.0, EXACT);
    int[] pairs = {0, 0, 1, 1, 2, 2};
    assertThat(NabNested.score(List.of(second, first), pairs, Profile.STANDARD))
        .isEqualTo(500 / 6.0, EXACT);
  }

  @Test
  void nested_settings_holdThoseThatShip() {
    assertThat(NabNested.settings()).contains(RankConfig.DEFAULTS).doesNotHaveDuplicates();
  }

  /** The rows that NAB publishes, from the score files that it publishes them of. */
  @ParameterizedTest
  @CsvSource({"ARTime, 74.9, 65.1, 80.4", "relativeEntropy, 54.6, 47.6, 58.8"})
  @EnabledIfEnvironmentVariable(
      named = "PRUNELLA_DATA",
      matches = ".+",
      disabledReason = "PRUNELLA_DATA is not set: the folder with nab/results below it")
  void best_publishedScores_givePublishedRows(
      String detector, double standard, double lowFp, double lowFn) throws IOException {
    Path data = Path.of(System.getenv("PRUNELLA_DATA"));
    var files = new ArrayList<Nab.Scored>();
    if (corpus.isEmpty()) {
      corpus = Sets.read(Manifest.read(Path.of("../datasets/nab.yaml")), data);
    }
    var published = new Corpus(Path.of("../datasets"), data).published(detector, corpus);
    for (int i = 0; i < corpus.size(); i++) {
      files.add(new Nab.Scored(published.get(i), corpus.get(i).segments()));
    }
    var close = within(0.1);
    assertThat(Nab.best(files, Profile.STANDARD).score()).isEqualTo(standard, close);
    assertThat(Nab.best(files, Profile.LOW_FP).score()).isEqualTo(lowFp, close);
    assertThat(Nab.best(files, Profile.LOW_FN).score()).isEqualTo(lowFn, close);
  }
}
