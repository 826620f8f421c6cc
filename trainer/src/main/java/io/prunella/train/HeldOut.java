package io.prunella.train;

import io.prunella.detect.Judge;
import io.prunella.model.Card.Question;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stage 2 makes of whole series when each is judged by a forest that has seen nothing of its
 * group, beside stage 1 alone on the same series.
 */
final class HeldOut {
  private static final long SEED = 1; // of the random baselines, which are not told

  private static final List<String> RANKS =
      List.of("vus-pr", "event-f1", "event-f1-held-out", "event-f1-held-out-pooled", "nab");
  private static final List<String> RAISES =
      List.of("false-alarms-per-series-day", "segments-raised", "delay-seconds-median");

  private final Question question;
  private final Training training;
  private final List<Seen.Found> found;

  /**
   * @param found by series, in the order that the training has seen them
   */
  HeldOut(Question question, Training training, List<Seen.Found> found) {
    this.question = question;
    this.training = training;
    this.found = found;
  }

  /** Says again, in order, what was said of the candidates of one series. */
  private static final class Replayed implements Judge {
    private final double[] said;
    private final double threshold;
    private int next;

    Replayed(double[] said, double threshold) {
      this.said = said;
      this.threshold = threshold;
    }

    @Override
    public double probability(double[] candidate) {
      return said[next++];
    }

    @Override
    public double threshold() {
      return threshold;
    }
  }

  /** Figures by set: of stage 1, and of stage 2 held out. */
  Map<String, String> figures(List<Source> sources) {
    var figures = new LinkedHashMap<String, String>();
    int series = 0;
    int candidate = 0;
    for (Source source : sources) {
      var judges = new IdentityHashMap<Labelled, Judge>();
      for (Labelled one : source.series()) {
        var mine = found.get(series++);
        var said = new double[mine.before() + mine.seen().size()];
        for (int i = 0; i < mine.seen().size(); i++) {
          said[mine.before() + i] = said(candidate++);
        }
        double threshold = question == Question.OPENING ? 0.5 : training.threshold;
        judges.put(one, new Replayed(said, threshold));
      }
      tell(figures, source, judges);
    }
    return figures;
  }

  private double said(int candidate) {
    if (question == Question.RANKING) return training.probabilities[candidate];
    return training.through[candidate] ? 1 : 0;
  }

  private void tell(
      Map<String, String> figures, Source source, IdentityHashMap<Labelled, Judge> judges) {
    boolean isNab = source.isNab();
    var names = new ArrayList<>(question == Question.RANKING ? RANKS : RAISES);
    try (var bar = new Progress("measure " + source.name(), 2L * source.series().size())) {
      var first =
          Figures.of(source.name(), source.series(), isNab, Scores::of, SEED, bar::step).values();
      var second =
          Figures.of(
                  source.name(),
                  source.series(),
                  isNab,
                  s -> Stage2.of(s, judges(judges.get(s)), Hosts.NONE), // replayed
                  SEED,
                  bar::step)
              .values();
      for (String name : names) {
        if (!first.containsKey(name) || !second.containsKey(name)) continue;
        figures.put(
            "%s-%s".formatted(name, source.name()),
            "%s by stage 1, %s by stage 2"
                .formatted(Report.number(first.get(name)), Report.number(second.get(name))));
      }
    }
  }

  private Stage2.Judges judges(@org.jspecify.annotations.Nullable Judge one) {
    return question == Question.OPENING
        ? new Stage2.Judges(one, null)
        : new Stage2.Judges(null, one);
  }
}
