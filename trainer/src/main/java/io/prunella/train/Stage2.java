package io.prunella.train;

import io.prunella.detect.Candidate;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.Judge;
import io.prunella.detect.RankConfig;
import io.prunella.detect.SecondLook;
import io.prunella.detect.Stage1;
import io.prunella.model.Card;
import io.prunella.model.Card.Question;
import io.prunella.model.Verdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1 and the judges of stage 2 over one series, strictly online. An anomaly counts as open
 * once a judge has let it through, at its opening or at a later change; without a judge stage 1's
 * word stands.
 */
final class Stage2 {
  /**
   * The models that there are.
   *
   * @param opening judges anomalies, null when there is none
   * @param ranking judges samples, null when there is none
   */
  record Judges(@Nullable Judge opening, @Nullable Judge ranking) {
    /** Whether one of the models has seen this set's labels. */
    boolean hasLearntFrom(String set) {
      return Stream.of(Optional.ofNullable(opening), Optional.ofNullable(ranking))
          .flatMap(Optional::stream)
          .anyMatch(judge ->
              judge instanceof Verdicts verdicts
                  && verdicts.card().sets().stream().anyMatch(s -> s.name().equals(set)));
    }

    /** Nobody: stage 1 alone. */
    static final Judges NONE = new Judges(null, null);

    /**
     * Reads {@code opening} and {@code ranking} below a folder; either may be missing, not both.
     */
    static Judges read(Path models) throws IOException {
      var opening = read(models, Question.OPENING);
      var ranking = read(models, Question.RANKING);
      if (opening == null && ranking == null) {
        throw new IOException(
            "%s has no model opening or ranking, wanted one of them: train it".formatted(models));
      }
      return new Judges(opening, ranking);
    }

    private static @Nullable Verdicts read(Path models, Question question) throws IOException {
      Path folder = models.resolve(question.name().toLowerCase(Locale.ROOT));
      if (!Files.exists(folder.resolve(Card.FILE))) return null;
      return Verdicts.read(folder, Seen.names(question));
    }
  }

  private final Stage1 stage = Stage1.ranking(DetectConfig.DEFAULTS, RankConfig.DEFAULTS);
  private final int traits = Stage1.traits(Scores.MEANING);
  private final double[] page = new double[stage.rowDoubles()];
  private final double[] read = new double[Candidate.count(stage)];
  private final double[] asked = new double[Candidate.OF_ANOMALY.size()];
  private final Hosts.Around around;
  private final @Nullable Judge opening;
  private final @Nullable SecondLook look;
  private long lastMs;
  private boolean hasBegun;
  private boolean isRanked;
  private boolean isTold;
  private double score;
  private int row = -1;

  /**
   * @param around what is known of the series' siblings
   */
  Stage2(Judges judges, Hosts.Around around) {
    this.around = around;
    opening = judges.opening();
    var ranking = judges.ranking();
    look = ranking == null ? null : new SecondLook(stage, ranking);
    stage.begin(page, 0, traits);
  }

  /** Takes the next sample; true when an anomaly is let through by it. */
  boolean observe(long timeMs, double value) {
    row++;
    int flags = stage.observe(page, 0, traits, timeMs, value);
    boolean goesOn = !hasBegun || timeMs > lastMs; // a time that does not is no sample
    if (goesOn) lastMs = timeMs;
    hasBegun = true;
    isRanked = goesOn && Double.isFinite(value);
    score = 0;
    if (isRanked) score = look == null ? stage.score(page, 0) : look.score(page, 0, traits);
    if ((flags & Stage1.OPENED) != 0) isTold = false;
    if ((flags & (Stage1.OPENED | Stage1.CHANGED)) == 0) return false;
    boolean before = isTold;
    isTold |= isLetThrough();
    return isTold && !before;
  }

  private boolean isLetThrough() {
    if (opening == null) return true;
    Candidate.read(stage, page, 0, traits, read);
    System.arraycopy(read, 0, asked, 0, Candidate.ALWAYS);
    around.read(row, page, asked, Candidate.ALWAYS);
    return opening.probability(asked) >= opening.threshold();
  }

  boolean isScored() {
    return isRanked && stage.isScored(page, 0);
  }

  double surprise() {
    return isScored() ? stage.surprise(page, 0) : 0;
  }

  double score() {
    return score;
  }

  boolean isAnomalous() {
    return isTold && stage.isAnomalous(page, 0);
  }

  void band(double[] expectedLowerUpper) {
    stage.band(page, 0, expectedLowerUpper);
  }

  /** Scores all rows of a series. */
  static Scores of(Labelled series, Judges judges, Hosts hosts) {
    var stage = new Stage2(judges, hosts.around(series));
    int n = series.rows();
    var scores = new Scores(new double[n], new double[n], new boolean[n]);
    for (int i = 0; i < n; i++) {
      stage.observe(series.timesMs()[i], series.values()[i]);
      scores.scores()[i] = stage.score();
      scores.surprises()[i] = stage.surprise();
      scores.open()[i] = stage.isAnomalous();
    }
    return scores;
  }
}
