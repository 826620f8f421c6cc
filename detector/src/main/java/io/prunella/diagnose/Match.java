package io.prunella.diagnose;

import java.util.List;

/**
 * Incident × pattern.
 *
 * @param pattern the pattern's name, e.g. {@code cache-full}
 * @param title for people: "Cache full"
 * @param probability that this is the pattern, 0 to 1
 * @param evidence lines for a person, strongest first
 * @param source {@code declared} or {@code trained}
 * @param digest of the rule or model that said so
 */
public record Match(
    String pattern,
    String title,
    double probability,
    List<String> evidence,
    String source,
    String digest) {
  public Match {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "probability of pattern %s is %s, wanted 0 to 1".formatted(pattern, probability));
    }
    evidence = List.copyOf(evidence);
  }
}
