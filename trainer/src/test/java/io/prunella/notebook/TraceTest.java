package io.prunella.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.prunella.detect.Candidate;
import io.prunella.train.Corpus;
import io.prunella.train.Labelled;
import io.prunella.train.MadeSeries.Kind;
import io.prunella.train.MadeShape;
import io.prunella.train.Scores;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TraceTest {
  private static Labelled series;
  private static Trace trace;

  @BeforeAll
  static void read() throws IOException {
    series = Corpus.here().made(Kind.DAILY, MadeShape.SHIFT, 1);
    trace = Trace.of(series);
  }

  @Test
  void of_sameSeries_saysWhatTheTrainerMeasures() {
    var scores = Scores.of(series);
    assertThat(trace.open()).isEqualTo(scores.open());
    assertThat(trace.score()).isEqualTo(scores.scores());
    for (int i = 0; i < series.rows(); i++) {
      double surprise = trace.surprise()[i];
      assertThat(Double.isNaN(surprise) ? 0 : surprise).isEqualTo(scores.surprises()[i]);
    }
  }

  @Test
  void of_expectation_liesInTheBand_onceWarm() {
    assertThat(trace.expected()[0]).isNaN();
    assertThat(trace.expected()[100]).isBetween(trace.lower()[100], trace.upper()[100]);
  }

  @Test
  void words_tellEachOpening() {
    boolean[] open = trace.open();
    long opened = 0;
    for (int i = 1; i < open.length; i++) if (open[i] && !open[i - 1]) opened++;
    assertThat(opened).isPositive();
    assertThat(trace.words()).hasSizeGreaterThanOrEqualTo((int) opened);
    assertThat(trace.words()).allMatch(word -> !word.reason().isBlank());
  }

  @Test
  void of_prefix_isThePrefix() {
    int rows = 9_000;
    var shorter =
        new Labelled(
            series.name(),
            Arrays.copyOf(series.timesMs(), rows),
            Arrays.copyOf(series.values(), rows),
            List.of(),
            0);
    var prefix = Trace.of(shorter);
    assertThat(prefix.expected()).isEqualTo(Arrays.copyOf(trace.expected(), rows));
    for (String name : Candidate.NAMES) {
      assertThat(prefix.number(name)).as(name).isEqualTo(Arrays.copyOf(trace.number(name), rows));
    }
  }

  @Test
  void number_unknownName_isRefusedWithAllNames() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> trace.number("mean"))
        .withMessageContaining("the number is \"mean\", wanted one of [surprise, ");
  }
}
