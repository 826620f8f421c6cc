package io.prunella.model;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a model came from, well enough to be trained again, and how good a run found it. Lies
 * beside the model as {@value #FILE}.
 *
 * @param question what the model answers
 * @param command that wrote it
 * @param code version of the code: a commit, or the version that was built
 * @param seed of whatever was drawn
 * @param sets what it learnt from
 * @param split how what it was measured on was kept from what it learnt from
 * @param settings of the trainer, by name
 * @param features names of the numbers that it is asked with, in their order
 * @param threshold probability from which on a candidate is worth a person's time
 * @param calibration from its score to a probability
 * @param sha256 digest of the model's file
 * @param predictionsSha256 digest of what it says of all that it learnt from: the same command
 *     gives the same, though the file has the time of the run in it
 * @param figures name to what the run measured on series held out
 * @param limits what it must not be trusted with
 */
public record Card(
    Question question,
    String command,
    String code,
    long seed,
    List<DataSet> sets,
    String split,
    Map<String, String> settings,
    List<String> features,
    double threshold,
    Calibration calibration,
    String sha256,
    String predictionsSha256,
    Map<String, String> figures,
    List<String> limits) {
  /** The file's name. */
  public static final String FILE = "card.yaml";

  /** What a model answers. */
  public enum Question {
    /** Of an anomaly that opens or changes: is it one to a person? Asks only what any row has. */
    OPENING,
    /** Of a sample that ranks high: is it part of an anomaly? Asks what rows that rank have. */
    RANKING
  }

  /**
   * What was learnt from.
   *
   * @param sha256 digest of its files as its manifest has it, or of its series
   * @param candidates that were learnt from
   * @param odd how many of them a person called an anomaly
   */
  public record DataSet(String name, String sha256, int series, int candidates, int odd) {}

  public Card {
    sets = List.copyOf(sets);
    settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    features = List.copyOf(features);
    figures = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    limits = List.copyOf(limits);
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold is %s, wanted 0 to 1".formatted(threshold));
    }
  }

  /** The same with another calibration, threshold and figures. */
  public Card with(Calibration other, double wanted, Map<String, String> measured, String how) {
    return new Card(
        question,
        how,
        code,
        seed,
        sets,
        split,
        settings,
        features,
        wanted,
        other,
        sha256,
        predictionsSha256,
        measured,
        limits);
  }

  /** The card as YAML. */
  public String write() {
    var text = new StringBuilder("# Written by bin/prunella-train, never by hand.\n");
    line(text, "question", question.name().toLowerCase(Locale.ROOT));
    line(text, "command", command);
    line(text, "code", code);
    text.append("seed: ").append(seed).append('\n');
    line(text, "split", split);
    text.append("sets:\n");
    for (DataSet set : sets) {
      text.append("  - name: ").append(quoted(set.name())).append('\n');
      text.append("    sha256: ").append(quoted(set.sha256())).append('\n');
      text.append("    series: ").append(set.series()).append('\n');
      text.append("    candidates: ").append(set.candidates()).append('\n');
      text.append("    odd: ").append(set.odd()).append('\n');
    }
    map(text, "settings", settings);
    line(text, "model-sha256", sha256);
    line(text, "predictions-sha256", predictionsSha256);
    text.append("threshold: ").append(threshold).append('\n');
    map(text, "figures", figures);
    list(text, "limits", limits);
    list(text, "features", features);
    list(text, "calibration-scores", calibration.scores().stream().map(String::valueOf).toList());
    list(
        text,
        "calibration-probabilities",
        calibration.probabilities().stream().map(String::valueOf).toList());
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(": ").append(quoted(value)).append('\n');
  }

  private static void list(StringBuilder text, String key, List<String> values) {
    text.append(key).append(values.isEmpty() ? ": []\n" : ":\n");
    for (String value : values) text.append("  - ").append(quoted(value)).append('\n');
  }

  private static void map(StringBuilder text, String key, Map<String, String> values) {
    text.append(key).append(values.isEmpty() ? ": {}\n" : ":\n");
    values.forEach((name, value) ->
        text.append("  ").append(quoted(name)).append(": ").append(quoted(value)).append('\n'));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /**
   * Reads a card.
   *
   * @param file its name, for problems
   * @throws io.prunella.yaml.YamlException with a line per problem
   */
  public static Card read(String file, String text) {
    var problems = new Problems(file);
    var map = YamlMap.parse(file, text, problems);
    var sets = new ArrayList<DataSet>();
    for (YamlMap set : map.maps("sets")) {
      sets.add(
          new DataSet(
              set.text("name"),
              set.text("sha256"),
              (int) set.whole("series", 0, 0, Integer.MAX_VALUE),
              (int) set.whole("candidates", 0, 0, Integer.MAX_VALUE),
              (int) set.whole("odd", 0, 0, Integer.MAX_VALUE)));
    }
    var question = map.choice("question", Question.class, Question.OPENING);
    String command = map.text("command");
    String code = map.text("code");
    long seed = map.whole("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    String split = map.text("split");
    var settings = map.textMap("settings");
    var features = map.texts("features");
    double threshold = map.number("threshold", 0.5, 0, 1);
    String sha256 = map.text("model-sha256");
    String predictions = map.text("predictions-sha256");
    var figures = map.textMap("figures");
    var limits = map.texts("limits");
    var calibration = calibration(map);
    map.done();
    problems.throwIfAny();
    return new Card(
        question,
        command,
        code,
        seed,
        sets,
        split,
        settings,
        features,
        threshold,
        calibration,
        sha256,
        predictions,
        figures,
        limits);
  }

  private static Calibration calibration(YamlMap map) {
    try {
      var scores = map.texts("calibration-scores").stream().map(Double::valueOf).toList();
      var worth = map.texts("calibration-probabilities").stream().map(Double::valueOf).toList();
      return new Calibration(scores, worth);
    } catch (IllegalArgumentException e) {
      map.problem("calibration-scores", String.valueOf(e.getMessage()));
      return Calibration.NONE;
    }
  }
}
