package io.prunella.series;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a series, sorted by name, without empty values; immutable. The metric's name is the
 * label {@code __name__}.
 */
public final class Labels implements Comparable<Labels> {
  public static final String NAME = "__name__";
  public static final Labels EMPTY = new Labels(new String[0]);

  private final String[] pairs; // name, value, name, value …; sorted by name
  private int hash; // 0 until asked for: most labels are never looked up by

  private Labels(String[] pairs) {
    this.pairs = pairs;
  }

  /** Labels out of a map; empty values are left out, as Prometheus means them. */
  public static Labels of(Map<String, String> labels) {
    var sorted = new TreeMap<>(labels);
    sorted.values().removeIf(String::isEmpty);
    var pairs = new String[sorted.size() * 2];
    int i = 0;
    for (var label : sorted.entrySet()) {
      pairs[i++] = label.getKey();
      pairs[i++] = label.getValue();
    }
    return new Labels(pairs);
  }

  /**
   * Labels out of names and values in turn.
   *
   * @throws IllegalArgumentException when a value is missing or a name comes twice
   */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "labels want a value for each name, got %d strings".formatted(namesAndValues.length));
    }
    var map = new TreeMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (map.put(namesAndValues[i], namesAndValues[i + 1]) != null) {
        throw new IllegalArgumentException("label %s is given twice".formatted(namesAndValues[i]));
      }
    }
    return of(map);
  }

  /**
   * Labels out of names and values in turn that are sorted already; the array is handed over.
   * Whatever is not in order, doubled or empty is mended as {@link #of(String...)} does.
   */
  public static Labels ofSorted(String[] pairs) {
    if (pairs.length % 2 != 0) return of(pairs);
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1].isEmpty() || (i > 0 && pairs[i].compareTo(pairs[i - 2]) <= 0)) {
        return of(pairs);
      }
    }
    return new Labels(pairs);
  }

  /** The value of a label, or null when there is none. */
  public @Nullable String get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) return pairs[i + 1];
    }
    return null;
  }

  /**
   * The {@linkplain #bit bits} of all names: a label whose bit is not among them is not there, one
   * whose bit is may be there.
   */
  public long bits() {
    long bits = 0;
    for (int i = 0; i < pairs.length; i += 2) bits |= bit(pairs[i]);
    return bits;
  }

  /** One of 64 bits for a label's name. */
  public static long bit(String name) {
    return 1L << name.hashCode();
  }

  /** The value of a label, or {@code otherwise} when there is none. */
  public String get(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  /** The metric's name; empty when there is none. */
  public String metric() {
    return get(NAME, "");
  }

  /** The same with another metric's name, which must not be empty. */
  public Labels named(String metric) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (!pairs[i].equals(NAME)) continue;
      String[] copy = pairs.clone();
      copy[i + 1] = metric;
      return new Labels(copy);
    }
    var map = toMap();
    map.put(NAME, metric);
    return of(map);
  }

  public int size() {
    return pairs.length / 2;
  }

  /** Names and values in order of the names. */
  public void forEach(BiConsumer<String, String> take) {
    for (int i = 0; i < pairs.length; i += 2) take.accept(pairs[i], pairs[i + 1]);
  }

  /** A copy as a map, in order of the names. */
  public Map<String, String> toMap() {
    var map = new TreeMap<String, String>();
    forEach(map::put);
    return map;
  }

  @Override
  public int compareTo(Labels other) {
    return Arrays.compare(pairs, other.pairs);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    // Threads that race here write the same.
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(pairs);
      hash = known;
    }
    return known;
  }

  /** As Prometheus writes it: {@code up{instance="a:9100",job="node"}}. */
  @Override
  public String toString() {
    var text = new StringBuilder(metric()).append('{');
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(NAME)) continue;
      if (text.charAt(text.length() - 1) != '{') text.append(',');
      text.append(pairs[i]).append("=\"");
      text.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      text.append('"');
    }
    return text.append('}').toString();
  }
}
