package io.prunella.runbook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All runbooks that are in force, by name. Immutable. */
public final class RunbookCatalogue {
  private final Map<String, Runbook> byName;

  private RunbookCatalogue(Map<String, Runbook> byName) {
    this.byName = byName;
  }

  /**
   * @throws IllegalArgumentException when two have one name
   */
  public static RunbookCatalogue of(Collection<Runbook> runbooks) {
    var byName = new LinkedHashMap<String, Runbook>();
    for (Runbook runbook : runbooks) {
      if (byName.putIfAbsent(runbook.name(), runbook) != null) {
        throw new IllegalArgumentException(
            "two runbooks are named %s; a name belongs to one runbook".formatted(runbook.name()));
      }
    }
    return new RunbookCatalogue(byName);
  }

  /**
   * What may help against a pattern on this target, the most specific first: fewer kinds before
   * more, named roles before any role, then the lower tier, then by name.
   */
  public List<Runbook> forPattern(String pattern, Target target) {
    var fitting = new ArrayList<Runbook>();
    for (Runbook runbook : byName.values()) {
      if (runbook.when().pattern().equals(pattern) && runbook.target().accepts(target)) {
        fitting.add(runbook);
      }
    }
    fitting.sort(
        java.util.Comparator.<Runbook>comparingInt(r -> r.target().kinds().size())
            .thenComparingInt(
                r -> r.target().roles().isEmpty() ? Integer.MAX_VALUE : r.target().roles().size())
            .thenComparingInt(Runbook::tier)
            .thenComparing(Runbook::name));
    return List.copyOf(fitting);
  }

  public Optional<Runbook> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All of them, in the order in which they were handed in. */
  public List<Runbook> all() {
    return List.copyOf(byName.values());
  }
}
