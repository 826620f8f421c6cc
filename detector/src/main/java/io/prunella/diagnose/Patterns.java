package io.prunella.diagnose;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * All that is known about kinds of incidents: the declared patterns that ship, an operator's own,
 * trained models. Immutable.
 */
public final class Patterns implements Pattern {
  private static final String SHIPPED = "patterns.yaml";
  private static final int MATCHES_MAX = 6;

  private final LinkedHashMap<String, Pattern>
      declared; // by name: a later file overrides a pattern of an earlier one
  private final List<Pattern> learnt;

  private Patterns(LinkedHashMap<String, Pattern> declared, List<Pattern> learnt) {
    this.declared = declared;
    this.learnt = learnt;
  }

  /** The patterns that ship. */
  public static Patterns shipped() {
    try (InputStream in =
        Objects.requireNonNull(
            Patterns.class.getResourceAsStream(SHIPPED),
            "the jar lacks io/prunella/diagnose/patterns.yaml")) {
      return read(SHIPPED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads declared patterns.
   *
   * @param file named in messages
   * @throws io.prunella.yaml.YamlException with every problem: file, line, what was seen and wanted
   */
  public static Patterns read(String file, String yaml) {
    var declared = new LinkedHashMap<String, Pattern>();
    for (DeclaredPattern pattern : PatternReader.read(file, yaml))
      declared.put(pattern.name(), pattern);
    return new Patterns(declared, List.of());
  }

  /** These and more: a declared pattern of {@code more} replaces one of the same name here. */
  public Patterns and(Patterns more) {
    var both = new LinkedHashMap<>(declared);
    both.putAll(more.declared);
    var models = new ArrayList<>(learnt);
    models.addAll(more.learnt);
    return new Patterns(both, List.copyOf(models));
  }

  /** These and a trained model. */
  public Patterns and(Pattern model) {
    if (model instanceof Patterns patterns) return and(patterns);
    var models = new ArrayList<>(learnt);
    models.add(model);
    return new Patterns(declared, List.copyOf(models));
  }

  /** Names of the declared patterns, in their files' order: what a runbook may ask for. */
  public List<String> names() {
    return List.copyOf(declared.keySet());
  }

  /** What a person should know of a declared pattern; empty when there is none of this name. */
  public String description(String name) {
    return declared.get(name) instanceof DeclaredPattern pattern ? pattern.description() : "";
  }

  /**
   * At most six, most probable first. Where a rule and a model speak of one pattern, the more
   * probable word counts.
   */
  @Override
  public List<Match> judge(Evidence evidence) {
    var best = new TreeMap<String, Match>();
    for (Pattern pattern : declared.values()) keepBest(best, pattern.judge(evidence));
    for (Pattern pattern : learnt) keepBest(best, pattern.judge(evidence));
    return sorted(best.values()).stream().limit(MATCHES_MAX).toList();
  }

  static List<Match> sorted(java.util.Collection<Match> matches) {
    return matches.stream()
        .sorted(
            Comparator.comparingDouble((Match m) -> -m.probability()).thenComparing(Match::pattern))
        .toList();
  }

  private static void keepBest(TreeMap<String, Match> best, List<Match> matches) {
    for (Match match : matches) {
      best.merge(match.pattern(), match, (a, b) -> b.probability() > a.probability() ? b : a);
    }
  }
}
