package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShelfTest {
  @TempDir Path folder;

  @Test
  void opening_asConfigured_isThereWhenItsModelShips() {
    Path shipped = ConfigText.root().resolve("models/opening/card.yaml");
    var judge = ModelShelf.opening(new Config.Models("", /* judgeAnomalies= */ true), folder);
    assertThat(judge != null).isEqualTo(Files.exists(shipped));
    if (judge != null) {
      assertThat(judge.probability(new double[Candidate.OF_ANOMALY.size()])).isBetween(0.0, 1.0);
    }
  }

  @Test
  void opening_switchedOff_orNoFolder_isNobody() {
    assertThat(ModelShelf.opening(new Config.Models("", /* judgeAnomalies= */ false), folder))
        .isNull();
    assertThat(ModelShelf.opening(new Config.Models("none", true), folder)).isNull();
  }

  @Test
  void opening_cardThatCannotBeRead_isNobody() throws IOException {
    Path home = Files.createDirectories(folder.resolve("mine/opening"));
    Files.writeString(home.resolve("card.yaml"), "question: opening\nthreshold: 7\n");
    assertThat(ModelShelf.opening(new Config.Models("mine", true), folder)).isNull();
  }
}
