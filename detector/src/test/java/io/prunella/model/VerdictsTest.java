package io.prunella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.Candidate;
import io.prunella.detect.Shortlist;
import io.prunella.yaml.YamlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

class VerdictsTest {
  private static final List<String> NAMES = List.of("far", "near", "noise");

  @TempDir Path folder;

  private static double[] point(Random random) {
    return new double[] {
      Math.rint(random.nextDouble() * 64) / 8, random.nextInt(3), random.nextGaussian()
    };
  }

  private static boolean isOdd(double[] point, Random random) {
    return point[0] + point[1] + 0.5 * random.nextGaussian() > 6;
  }

  /** A forest of Tribuo's over made points. */
  private static Model<Label> trained(long seed) {
    var factory = new LabelFactory();
    var data = new MutableDataset<Label>(new SimpleDataSourceProvenance("made", factory), factory);
    var random = new Random(1);
    for (int i = 0; i < 400; i++) {
      double[] point = point(random);
      var label = new Label(isOdd(point, random) ? Forest.ODD : "calm");
      data.add(new ArrayExample<>(label, NAMES.toArray(String[]::new), point));
    }
    var tree = new CARTClassificationTrainer(5, 5, 0, 0.7f, false, new GiniIndex(), seed);
    return new RandomForestTrainer<>(tree, new FullyWeightedVotingCombiner(), 12, seed).train(data);
  }

  private static double asked(Model<Label> model, double[] point) {
    var example =
        new ArrayExample<>(new Label("calm"), NAMES.toArray(String[]::new), point.clone());
    return model.predict(example).getOutputScores().get(Forest.ODD).getScore();
  }

  private static Card card(String sha256, List<String> names) {
    return new Card(
        Card.Question.RANKING,
        "bin/prunella-train train \"x\" --seed=7",
        "development, commit 0",
        7,
        List.of(new Card.DataSet("made", "ab", 3, 400, 90)),
        "none: a test",
        Map.of("trees", "12"),
        names,
        0.25,
        new Calibration(List.of(0.1, 0.9), List.of(0.05, 0.8)),
        sha256,
        "cd",
        Map.of("auc", "0.9"),
        List.of("it knows: nothing"));
  }

  private Path saved(Model<Label> model, List<String> names) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      model.serialize().writeTo(gzip);
    }
    Files.write(folder.resolve(Verdicts.FILE), bytes.toByteArray());
    String text = card(Verdicts.sha256(bytes.toByteArray()), names).write();
    Files.writeString(folder.resolve(Card.FILE), text);
    return folder;
  }

  @Test
  void forest_compiled_saysWhatTribuoSays() {
    var model = trained(7);
    var forest = Forest.of(model, NAMES);
    var random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      double[] point = point(random);
      assertThat(forest.score(point)).isCloseTo(asked(model, point), within(1e-12));
    }
    assertThat(forest.trees()).isEqualTo(12);
    assertThat(forest.importance(3)[0]).isGreaterThan(forest.importance(3)[2]);
  }

  @Test
  void forest_otherOrderOfNames_asksTheSame() {
    var model = trained(7);
    var turned = Forest.of(model, List.of("noise", "more", "near", "far"));
    double[] point = {5, 2, 0.3};
    assertThat(turned.score(new double[] {0.3, 99, 2, 5}))
        .isEqualTo(Forest.of(model, NAMES).score(point));
  }

  @Test
  void forest_numberThatNobodyMeasures_isRefused() {
    assertThatThrownBy(() -> Forest.of(trained(7), List.of("near", "noise")))
        .hasMessageContaining("asks for far");
  }

  @Test
  void train_sameSeedFreshTrainer_saysTheSame_otherSeedDoesNot() {
    var one = Forest.of(trained(7), NAMES);
    var same = Forest.of(trained(7), NAMES);
    var other = Forest.of(trained(8), NAMES);
    var random = new Random(3);
    boolean differs = false;
    for (int i = 0; i < 500; i++) {
      double[] point = point(random);
      assertThat(same.score(point)).isEqualTo(one.score(point));
      differs |= other.score(point) != one.score(point);
    }
    assertThat(differs).isTrue();
  }

  @Test
  void read_savedModel_saysTheSame() throws IOException {
    var model = trained(7);
    var read = Verdicts.read(saved(model, NAMES), NAMES);
    var card = read.card();
    assertThat(card).isEqualTo(card(card.sha256(), NAMES));
    var random = new Random(4);
    for (int i = 0; i < 200; i++) {
      double[] point = point(random);
      double wanted = card.calibration().of(asked(model, point));
      assertThat(read.probability(point)).isCloseTo(wanted, within(1e-12));
    }
    assertThat(read.threshold()).isEqualTo(0.25);
  }

  /**
   * What has been written to disk is read: each model that ships, by what its question is asked
   * with.
   */
  @Test
  void read_asShipped_isReadByThisVersion() throws IOException {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("models"))) at = at.getParent();
    try (var folders = Files.list(at.resolve("models"))) {
      for (Path home : folders.filter(f -> Files.exists(f.resolve(Card.FILE))).toList()) {
        var names = Verdicts.card(home).features();
        var shipped = Verdicts.read(home, names);
        var question = shipped.card().question();
        assertThat(home.getFileName()).hasToString(question.name().toLowerCase(Locale.ROOT));
        var ranking = new ArrayList<>(Candidate.NAMES);
        ranking.addAll(Shortlist.NAMES);
        switch (question) {
          case OPENING -> assertThat(names).isEqualTo(Candidate.OF_ANOMALY);
          case RANKING -> assertThat(names).isEqualTo(ranking);
        }
        assertThat(shipped.probability(new double[names.size()])).isBetween(0.0, 1.0);
        assertThat(Files.size(home.resolve(Verdicts.FILE))).isLessThan(2 << 20);
      }
    }
  }

  @Test
  void read_modelThatIsNotWhatItsCardSays_isRefused() throws IOException {
    saved(trained(7), NAMES);
    byte[] bytes = Files.readAllBytes(folder.resolve(Verdicts.FILE));
    bytes[bytes.length / 2] ^= 1;
    Files.write(folder.resolve(Verdicts.FILE), bytes);
    assertThatThrownBy(() -> Verdicts.read(folder, NAMES)).hasMessageContaining("its card says");
  }

  @Test
  void read_otherNumbersThanTheCallerHas_isRefused() throws IOException {
    saved(trained(7), NAMES);
    assertThatThrownBy(() -> Verdicts.read(folder, List.of("far")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("train it again");
  }

  @Test
  void read_garbageWithTheRightDigest_isRefused() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[] {1, 2, 3, 4, 5});
    }
    Files.write(folder.resolve(Verdicts.FILE), bytes.toByteArray());
    Files.writeString(
        folder.resolve(Card.FILE), card(Verdicts.sha256(bytes.toByteArray()), NAMES).write());
    assertThatThrownBy(() -> Verdicts.read(folder, NAMES)).isInstanceOf(IOException.class);
  }

  @Test
  void card_missing_saysWhere() {
    assertThatThrownBy(() -> Verdicts.read(folder, NAMES)).hasMessageContaining("card.yaml");
  }

  @Test
  void card_calibrationThatFalls_isAProblemWithALine() {
    String text = card("x", NAMES).write().replace("\"0.8\"", "\"0.01\"");
    assertThatThrownBy(() -> Card.read("card.yaml", text))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("card.yaml:")
        .hasMessageContaining("do not fall");
  }

  @Test
  void calibration_fit_isHowOftenItWasSo() {
    var random = new Random(9);
    var scores = new double[20_000];
    var odd = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextDouble();
      odd[i] = random.nextDouble() < scores[i] * scores[i]; // the score promises too much
    }
    var fitted = Calibration.fit(scores, odd);
    for (double score : new double[] {0.1, 0.3, 0.5, 0.7, 0.9}) {
      assertThat(fitted.of(score)).isCloseTo(score * score, within(0.06));
    }
    assertThat(fitted.of(-1)).isEqualTo(fitted.probabilities().getFirst());
    assertThat(fitted.of(2)).isEqualTo(fitted.probabilities().getLast());
  }

  @Test
  void calibration_fitOnWhatIsNoOrder_isFlat() {
    var scores = new double[] {0.1, 0.2, 0.3, 0.4};
    var fitted = Calibration.fit(scores, new boolean[] {true, true, false, false});
    assertThat(fitted.probabilities()).containsOnly(0.5);
  }
}
