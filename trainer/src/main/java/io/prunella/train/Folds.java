package io.prunella.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Which part a group of series is held out in: whole groups, never rows, and the groups of each set
 * spread evenly, the large ones first.
 */
final class Folds {
  private final Map<String, Integer> parts = new HashMap<>();

  /**
   * @param parts how many
   * @param seed of the order among groups of the same size
   */
  Folds(List<Seen> all, int parts, long seed) {
    var sizes = new LinkedHashMap<String, Integer>();
    var sets = new LinkedHashMap<String, List<String>>();
    for (Seen one : all) {
      if (sizes.merge(one.group(), 1, Integer::sum) > 1) continue;
      sets.computeIfAbsent(one.set(), _ -> new ArrayList<>()).add(one.group());
    }
    var random = new Random(seed);
    for (List<String> groups : sets.values()) {
      var filled = new int[parts];
      java.util.Collections.shuffle(groups, random);
      groups.sort(Comparator.comparingInt((String g) -> sizes.getOrDefault(g, 0)).reversed());
      for (String group : groups) {
        int least = 0;
        for (int k = 1; k < parts; k++) if (filled[k] < filled[least]) least = k;
        this.parts.put(group, least);
        filled[least] += sizes.getOrDefault(group, 0);
      }
    }
  }

  /** Where a candidate is held out. */
  int of(Seen one) {
    return parts.getOrDefault(one.group(), 0);
  }
}
