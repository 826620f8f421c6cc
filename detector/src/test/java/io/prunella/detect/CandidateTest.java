package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CandidateTest {
  private static final double[] NASTY = {
    Double.NaN, 1.0 / 0, -1.0 / 0, 1e308, -1e308, 4.9e-324, 0, -0.0, 1e-300
  };

  /** Numbers of every sample of a series of so many. */
  private static List<double[]> numbers(int samples, DoubleUnaryOperator value) {
    var watched = Watched.ranked();
    var all = new ArrayList<double[]>();
    for (int i = 0; i < samples; i++) {
      watched.see(value.applyAsDouble(i));
      var into = new double[Candidate.count(watched.stage)];
      Candidate.read(watched.stage, watched.row, 0, watched.traits, into);
      all.add(into);
    }
    return all;
  }

  private static double of(double[] numbers, String name) {
    return numbers[Candidate.NAMES.indexOf(name)];
  }

  @ParameterizedTest
  @EnumSource(Made.Noise.class)
  void read_prefix_neverChangesWhenMoreFollows(Made.Noise noise) {
    var whole = new Made(noise, 3);
    var part = new Made(noise, 3);
    var all = numbers(1500, i -> whole.next(i * 15, 15));
    var some = numbers(900, i -> part.next(i * 15, 15));
    for (int i = 0; i < some.size(); i++) assertThat(all.get(i)).isEqualTo(some.get(i));
  }

  @Test
  void read_nastyValues_isFinite() {
    var random = new Random(5);
    for (double[] one : numbers(2000, i -> i % 7 == 0 ? NASTY[i2(i)] : random.nextGaussian())) {
      assertThat(one).doesNotContain(Double.NaN);
      for (double number : one) assertThat(number).isFinite();
    }
  }

  private static int i2(double i) {
    return (int) (i / 7) % NASTY.length;
  }

  @Test
  void read_spike_saysHowFarAndOnWhichSide() {
    var random = new Random(6);
    var all = numbers(600, i -> 100 + random.nextGaussian() + (i >= 590 ? -60 : 0));
    double[] calm = all.get(580);
    double[] odd = all.get(590);
    for (String name :
        List.of("surprise", "distance", "mean-1000", "mean-20", "season", "robust-level")) {
      assertThat(of(odd, name)).as(name).isGreaterThan(of(calm, name));
    }
    assertThat(of(odd, "above")).isZero();
    assertThat(of(odd, "open")).isOne();
    assertThat(of(calm, "open")).isZero();
    assertThat(of(calm, "gap"))
        .isCloseTo(Math.log1p(15), org.assertj.core.api.Assertions.within(0.05));
  }

  @Test
  void read_stageThatDoesNotRank_hasTheSameFirstNumbers() {
    var plain = Watched.gauge("");
    var ranked = Watched.ranked();
    var random = new Random(7);
    var few = new double[Candidate.count(plain.stage)];
    var many = new double[Candidate.count(ranked.stage)];
    assertThat(few).hasSize(Candidate.ALWAYS);
    assertThat(many).hasSize(Candidate.NAMES.size());
    for (int i = 0; i < 500; i++) {
      double value = 10 + random.nextGaussian() + (i > 450 ? 8 : 0);
      plain.see(value);
      ranked.see(value);
      Candidate.read(plain.stage, plain.row, 0, plain.traits, few);
      Candidate.read(ranked.stage, ranked.row, 0, ranked.traits, many);
      assertThat(many).startsWith(few);
    }
  }

  @Test
  void read_meaning_saysWhatIsWorse() {
    var errors = Watched.of(Signal.ERRORS, Meaning.Type.COUNTER, Direction.UP);
    double counted = 0;
    for (int i = 0; i < 200; i++) errors.see(counted += i < 190 ? 5 + i % 3 : 400);
    var numbers = new double[Candidate.count(errors.stage)];
    Candidate.read(errors.stage, errors.row, 0, errors.traits, numbers);
    assertThat(of(numbers, "counter")).isOne();
    assertThat(of(numbers, "worse")).isOne();
  }

  @Test
  void shortlist_anySeries_isAtMostOneInAHundred() {
    for (Made.Noise noise : Made.Noise.values()) {
      var made = new Made(noise, 11);
      var watched = Watched.ranked();
      var list = new Shortlist();
      int candidates = 0;
      for (int i = 1; i <= 5000; i++) {
        watched.see(made.next(i * 15, 15));
        double surprise = watched.stage.surprise(watched.row, 0);
        if (list.offer(watched.stage.score(watched.row, 0), surprise)) candidates++;
        assertThat(candidates).as("%s at %d", noise, i).isLessThanOrEqualTo(5 + i / 100 + 1);
      }
    }
  }

  @Test
  void shortlist_everythingAboveAllBefore_isStillBounded_andTheFirstIsSeen() {
    var list = new Shortlist();
    for (int i = 0; i < 500; i++) assertThat(list.offer(0.1, 0)).isFalse();
    assertThat(list.offer(5, 20)).isTrue();
    int candidates = 0;
    for (int i = 0; i < 10_000; i++) if (list.offer(5 + i, 100)) candidates++;
    assertThat(candidates).isBetween(1, 120);
  }

  /** Says the same of everyone. */
  private record Same(double probability, double threshold) implements Judge {
    @Override
    public double probability(double[] candidate) {
      return probability;
    }
  }

  @Test
  void secondLook_whatTheJudgeBelieves_ranksAboveWhatItDoubts() {
    double[] believed = looked(new Same(0.9, 0.4));
    double[] doubted = looked(new Same(0.0, 0.4));
    assertThat(believed[500]).isGreaterThan(1).isGreaterThan(doubted[500]);
    assertThat(doubted[500]).isGreaterThan(doubted[400]); // stage 1's own word still counts
    for (int i = 0; i < 500; i++) assertThat(believed[i]).isGreaterThanOrEqualTo(doubted[i]);
    for (double score : believed) assertThat(score).isBetween(0.0, 3.0);
  }

  private static double[] looked(Judge judge) {
    var watched = Watched.ranked();
    var look = new SecondLook(watched.stage, judge);
    var random = new Random(8);
    var scores = new double[520];
    for (int i = 0; i < scores.length; i++) {
      watched.see(50 + random.nextGaussian() + (i >= 500 ? 40 : 0));
      scores[i] = look.score(watched.row, 0, watched.traits);
    }
    return scores;
  }

  @Test
  void secondLook_stageThatDoesNotRank_isRefused() {
    assertThatThrownBy(() -> new SecondLook(new Stage1(DetectConfig.DEFAULTS), new Same(0, 0)))
        .hasMessageContaining("wanted Stage1.ranking");
  }
}
