package io.prunella.ingest;

import java.util.Map;

/**
 * What the door says of its senders; a snapshot.
 *
 * @param senders addresses that are told apart
 * @param connections connections that have written and are open
 * @param biggest the sender with most series, or empty
 * @param biggestSeries how many it has
 * @param refused how often any sender wanted too much, since the start; all kinds are there
 * @param worst by kind, who did most often; only of kinds that were seen
 */
public record SenderFigures(
    int senders,
    int connections,
    String biggest,
    int biggestSeries,
    Map<Excess, Long> refused,
    Map<Excess, Worst> worst) {

  /** One sender and how often it wanted too much, about. */
  public record Worst(String sender, long times) {}
}
