package io.prunella.runbook;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services that may be acted on, as the operator declared them, by exact name. Immutable. */
public final class Targets {
  public static final Targets NONE = new Targets(Map.of());

  private final Map<String, Target> byService;

  private Targets(Map<String, Target> byService) {
    this.byService = byService;
  }

  /**
   * @throws IllegalArgumentException when a service is declared twice or has no name
   */
  public static Targets of(Collection<Target> targets) {
    var byService = new LinkedHashMap<String, Target>();
    for (Target target : targets) {
      if (target.service().isBlank()) {
        throw new IllegalArgumentException(
            "a target has no service name; its exact name is wanted");
      }
      if (byService.putIfAbsent(target.service(), target) != null) {
        throw new IllegalArgumentException(
            "service %s is declared twice; once is wanted".formatted(target.service()));
      }
    }
    return new Targets(byService);
  }

  /** What was declared of this service; empty: nothing may be done to it. */
  public Optional<Target> of(String service) {
    return Optional.ofNullable(byService.get(service));
  }

  /** All of them, in the order of declaration. */
  public List<Target> all() {
    return List.copyOf(byService.values());
  }
}
