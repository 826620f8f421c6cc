package io.prunella.series;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of those that wanted more than they may have, by a bounded count (Space-Saving: Metwally,
 * Agrawal, El Abbadi, 2005): the biggest are right, the small ones share slots. Guarded by itself.
 */
public final class Offenders {
  private static final int NAMES_MAX = 64;

  private final Map<String, Long> counts = new HashMap<>();
  private long total;

  /** One more refusal, or several. */
  public synchronized void count(String name, long by) {
    total += by;
    if (!counts.containsKey(name) && counts.size() >= NAMES_MAX) {
      var least = counts.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
      counts.remove(least.getKey());
      counts.put(name, least.getValue() + by);
    } else {
      counts.merge(name, by, Long::sum);
    }
  }

  /** All that was counted. */
  public synchronized long total() {
    return total;
  }

  /** The name refused most, or empty when none was. */
  public synchronized String biggest() {
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** How often that name was refused. */
  public synchronized long biggestCount() {
    return counts.getOrDefault(biggest(), 0L);
  }
}
