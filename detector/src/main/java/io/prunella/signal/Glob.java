package io.prunella.signal;

import java.util.List;

/**
 * A pattern of names in which {@code *} stands for any run of characters, the empty one too.
 *
 * @param text as it was written
 */
public record Glob(String text) {
  public Glob {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a pattern is empty, wanted a name, or * for any");
    }
  }

  /** True when the pattern has no star and so fits one name only. */
  boolean isExact() {
    return text.indexOf('*') < 0;
  }

  /**
   * True when the whole name fits. Greedy from both ends, so linear in the name's length per star.
   */
  public boolean matches(String name) {
    int star = text.indexOf('*');
    if (star < 0) return text.equals(name);
    int end = text.length() - 1;
    if (star == end) return name.regionMatches(0, text, 0, end);
    List<String> parts = List.of(text.split("\\*", -1));
    String last = parts.getLast();
    if (!name.startsWith(parts.getFirst())) return false;
    int at = parts.getFirst().length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length();
    }
    return name.length() - at >= last.length() && name.endsWith(last);
  }
}
