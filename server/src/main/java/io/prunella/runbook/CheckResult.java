package io.prunella.runbook;

/**
 * What one check says of one moment.
 *
 * @param seen for people: {@code share(memory) = 0.62, wanted < 0.8}, or why nothing can be said
 */
public record CheckResult(Verdict verdict, String seen) {
  /** No data is inconclusive: neither yes nor no. */
  public enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE
  }
}
