package io.prunella.signal;

import org.jspecify.annotations.Nullable;

/**
 * What the catalogue and the service rules make of one series' labels.
 *
 * @param service what an operator would name when paged; never empty
 * @param instance which copy of the service; empty when the series speaks of the service as a whole
 * @param signal what the series says about the service
 * @param type how its values behave
 * @param worse the side that is bad news, or null when both are
 * @param unit of its values as they come, for people: {@code bytes}, {@code seconds}, {@code
 *     ratio}, {@code ms}, {@code µs}, {@code 1/s}; may be empty
 * @param limit this series' part in a hard limit, or null when it has none
 * @param title for people, e.g. "memory in use"; the metric's name where the catalogue does not
 *     know it
 */
public record Meaning(
    String service,
    String instance,
    Signal signal,
    Type type,
    @Nullable Direction worse,
    String unit,
    @Nullable LimitPart limit,
    String title) {

  /** The unit that its values have once they are scored: a rate's for counters. */
  public String scoredUnit() {
    if (type != Type.COUNTER) return unit;
    return switch (unit) {
      case "bytes", "bytes/s" -> "bytes/s";
      case "seconds", "s/s", "cores" -> "s/s";
      case "ms", "µs" -> unit + "/s";
      default -> "1/s";
    };
  }

  /** How the values of a series behave. */
  public enum Type {
    /** Goes up and down. */
    GAUGE,
    /** Only goes up, but for resets: its rate is what counts. */
    COUNTER,
    /** 1 or 0: a check. */
    CHECK,
    /** Constant but for changes of what it describes: never scored. */
    INFO
  }
}
