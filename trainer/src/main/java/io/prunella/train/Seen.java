package io.prunella.train;

import io.prunella.detect.Candidate;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.RankConfig;
import io.prunella.detect.Shortlist;
import io.prunella.detect.Stage1;
import io.prunella.model.Card.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A candidate of a labelled series, as a model is asked with it, and what a person said of it.
 *
 * @param set where the series is from
 * @param group series of the same group are never parted between learning and measuring
 * @param series number of the series among all
 * @param row of the series
 * @param numbers what the model is asked with; handed over
 * @param odd whether the row is labelled as part of an anomaly
 */
record Seen(String set, String group, int series, int row, double[] numbers, boolean odd) {
  /** Names of the numbers that a question is asked with. */
  static List<String> names(Question question) {
    return switch (question) {
      case OPENING -> Candidate.OF_ANOMALY;
      case RANKING -> Stream.concat(Candidate.NAMES.stream(), Shortlist.NAMES.stream()).toList();
    };
  }

  /**
   * The group of a series: what shares a folder, or the system of a matrix, was made by one source,
   * and to know one is to know something of the others.
   */
  static String group(String set, String series) {
    return set + "/" + series.replaceFirst("/.*", "");
  }

  /**
   * The candidates of a series.
   *
   * @param seen in order, those of rows that count
   * @param before how many lie before these: nobody has labelled them
   */
  record Found(List<Seen> seen, int before) {}

  /** The candidates of a series in order, as strictly online as scoring is. */
  static Found of(Question question, String set, int number, Labelled series, Hosts hosts) {
    var found = new ArrayList<Seen>();
    var before = new int[1];
    String group = group(set, series.name());
    boolean[] odd = series.odd();
    new Look(question)
        .at(
            series,
            hosts.around(series),
            (row, numbers) -> {
              if (row < series.from()) before[0]++;
              else found.add(new Seen(set, group, number, row, numbers.clone(), odd[row]));
            });
    return new Found(found, before[0]);
  }

  /** Finds the candidates of one series; one series at a time. */
  static final class Look {
    /** What becomes of a candidate. */
    interface Visitor {
      /**
       * @param numbers as {@link #names} has them; reused for the next candidate
       */
      void candidate(int row, double[] numbers);
    }

    private final Question question;
    private final Stage1 stage;
    private final int traits = Stage1.traits(Scores.MEANING);
    private final double[] page;
    private final double[] numbers;

    Look(Question question) {
      this.question = question;
      this.stage =
          question == Question.OPENING
              ? new Stage1(DetectConfig.DEFAULTS)
              : Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS);
      this.page = new double[stage.rowDoubles()];
      this.numbers = new double[names(question).size()];
    }

    void at(Labelled series, Hosts.Around around, Visitor visitor) {
      stage.begin(page, 0, traits);
      var list = new Shortlist();
      long last = Long.MIN_VALUE;
      for (int i = 0; i < series.rows(); i++) {
        long time = series.timesMs()[i];
        int flags = stage.observe(page, 0, traits, time, series.values()[i]);
        boolean goesOn = i == 0 || time > last; // a time that does not is no sample
        if (goesOn) last = time;
        boolean ranked = goesOn && Double.isFinite(series.values()[i]);
        if (!notable(flags, ranked, list)) continue;
        Candidate.read(stage, page, 0, traits, numbers);
        switch (question) {
          case OPENING -> around.read(i, page, numbers, Candidate.ALWAYS);
          case RANKING -> {
            list.read(numbers, Candidate.NAMES.size());
            list.count();
          }
        }
        visitor.candidate(i, numbers);
      }
    }

    private boolean notable(int flags, boolean ranked, Shortlist list) {
      return switch (question) {
        case OPENING -> (flags & (Stage1.OPENED | Stage1.CHANGED)) != 0;
        case RANKING -> {
          if (!ranked) yield false;
          double surprise = stage.isScored(page, 0) ? stage.surprise(page, 0) : 0;
          yield list.offer(stage.score(page, 0), surprise);
        }
      };
    }
  }
}
