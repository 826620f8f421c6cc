package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prunella.train.Labelled.Segment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VusTest {
  private static final List<Segment> SOME =
      List.of(
          new Segment(50, 60),
          new Segment(100, 100),
          new Segment(130, 170),
          new Segment(175, 180),
          new Segment(590, 599));

  /** Numbers of a linear congruence, so that any language can make them. */
  private static double[] drawn(boolean rounded) {
    var odd = Labelled.odd(SOME, 600);
    var scores = new double[600];
    long state = 12345;
    for (int i = 0; i < 600; i++) {
      state = (state * 1_103_515_245L + 12345) % 2_147_483_648L;
      scores[i] = state / 2_147_483_648.0 + (odd[i] && i % 3 != 0 ? 0.6 : 0);
      if (rounded) scores[i] = Math.rint(scores[i] * 10) / 10;
    }
    return scores;
  }

  /**
   * Expected: the range-based curve of TSB-AD, worked out literally by a script apart from this.
   */
  @ParameterizedTest
  @CsvSource({
    "0, false, 0.6132127675960436",
    "1, false, 0.6132127675960436",
    "40, false, 0.6882460221580561",
    "40, true, 0.6443358945788672",
  })
  void pr_drawnScores_isThatOfTheDefinition(int room, boolean rounded, double wanted) {
    assertThat(Vus.pr(drawn(rounded), SOME, room)).isEqualTo(wanted, within(1e-9));
  }

  @Test
  void pr_perfectScores_isOne() {
    var scores = IntStream.range(0, 200).mapToDouble(i -> i >= 50 && i < 60 ? 1 : 0).toArray();
    assertThat(Vus.pr(scores, List.of(new Segment(50, 59)), 20)).isEqualTo(1, within(1e-9));
  }

  @Test
  void pr_sameScoreForAll_isTheShareThatIsOdd() {
    double twoRows = 0.2; // of ten; with room for one more on each side these count √½ each
    double wanted = (twoRows + twoRows + twoRows + 2 * Math.sqrt(0.5) / 10) / 3;
    assertThat(Vus.pr(new double[10], List.of(new Segment(4, 5)), 2))
        .isEqualTo(wanted, within(1e-12));
  }

  @Test
  void pr_nothingOdd_isRefused() {
    assertThatThrownBy(() -> Vus.pr(new double[10], List.of(), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wanted one");
  }

  @Test
  void period_rhythm_isFound() {
    var day = IntStream.range(0, 2000).mapToDouble(i -> Math.sin(2 * Math.PI * i / 48)).toArray();
    assertThat(Vus.period(day)).isEqualTo(48);
  }

  @ParameterizedTest
  @CsvSource({"2000, 0", "3, 1", "0, 0"})
  void period_noRhythm_is125(int rows, int slope) {
    var values = IntStream.range(0, rows).mapToDouble(i -> (double) i * slope).toArray();
    assertThat(Vus.period(values)).isEqualTo(125);
  }
}
