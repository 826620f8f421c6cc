package io.prunella.runbook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All runbooks that are in force, by name. Immutable. */
public final class RunbookCatalogue {
  private static final Comparator<Runbook> SPECIFIC_FIRST =
      Comparator.<Runbook>comparingInt(r -> r.target().kinds().size())
          .thenComparingInt(
              r -> r.target().roles().isEmpty() ? Integer.MAX_VALUE : r.target().roles().size())
          .thenComparingInt(r -> -r.target().labels().size())
          .thenComparingInt(r -> -r.when().alerts().size())
          .thenComparingInt(Runbook::tier);

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
   * more, named roles before any role, more wanted labels before fewer, more wanted alerts before
   * fewer, then the lower tier, then by name.
   */
  public List<Runbook> forPattern(String pattern, Target target) {
    var fitting = new ArrayList<Runbook>();
    for (Runbook runbook : byName.values()) {
      if (runbook.when().pattern().equals(pattern) && runbook.target().accepts(target)) {
        fitting.add(runbook);
      }
    }
    fitting.sort(SPECIFIC_FIRST.thenComparing(Runbook::name));
    return List.copyOf(fitting);
  }

  /** What fits as well as this one against its pattern on this target: only the name differs. */
  public List<Runbook> rivals(Runbook one, Target target) {
    return forPattern(one.when().pattern(), target).stream()
        .filter(r -> !r.name().equals(one.name()) && SPECIFIC_FIRST.compare(r, one) == 0)
        .toList();
  }

  /**
   * Whether there are targets that both accept and on which only their names differ. Two that want
   * different labels or alerts may meet too, but need not.
   */
  public static boolean ties(Runbook a, Runbook b) {
    boolean meet =
        a.when().pattern().equals(b.when().pattern())
            && !Collections.disjoint(a.target().kinds(), b.target().kinds())
            && Set.copyOf(a.target().labels()).equals(Set.copyOf(b.target().labels()))
            && Set.copyOf(a.when().alerts()).equals(Set.copyOf(b.when().alerts()))
            && (a.target().roles().isEmpty()
                || !Collections.disjoint(a.target().roles(), b.target().roles()));
    return meet && SPECIFIC_FIRST.compare(a, b) == 0;
  }

  public Optional<Runbook> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All of them, in the order in which they were handed in. */
  public List<Runbook> all() {
    return List.copyOf(byName.values());
  }
}
