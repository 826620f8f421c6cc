package io.prunella.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which fault is caused when: one scenario shortly after the beginning, or all of them one after
 * another, and what is asked for in between. Used under the world's lock.
 */
final class Schedule {
  static final int REMEMBERED_MAX = 100;
  private static final long FIRST_MS = 4 * 60_000;
  private static final long CALM_MS = 14 * 60_000;

  private final World world;
  private final @Nullable Scenario only;
  private final ArrayDeque<Scenario> tour = new ArrayDeque<>(Scenario.ALL);
  private final List<Caused> caused = new ArrayList<>();
  private long nextMs;

  /**
   * @param only the one scenario to be caused, or null for the tour
   * @param beginMs when the demo proper begins
   */
  Schedule(World world, @Nullable Scenario only, long beginMs) {
    this.world = world;
    this.only = only;
    nextMs = beginMs + FIRST_MS;
  }

  /** Faults so far, oldest first. */
  List<Caused> caused() {
    return List.copyOf(caused);
  }

  /**
   * Causes a fault now.
   *
   * @return why not, or null when it has begun
   */
  @Nullable String cause(Scenario scenario) {
    for (var c : caused) {
      if (c.overMs == 0 && c.scenario.culprit().equals(scenario.culprit())) {
        return "%s is still at work on %s".formatted(c.scenario.name(), scenario.culprit());
      }
    }
    if (caused.size() == REMEMBERED_MAX) caused.removeFirst();
    caused.add(new Caused(scenario, world.nowMs()));
    scenario.fault().begin(world);
    return null;
  }

  /** What is due at the world's present time. */
  void step() {
    long now = world.nowMs();
    for (var c : caused) {
      if (c.overMs != 0) continue;
      double minutes = (now - c.begunMs) / 60_000.0;
      c.scenario.fault().go(world, minutes);
      if (minutes > c.scenario.lastingMinutes() && !c.mended && only == null) {
        c.mended = true;
        c.scenario.fault().mend(world);
      }
      if (c.scenario.fault().over(world, minutes)) {
        c.overMs = now;
        nextMs = Math.max(nextMs, now + CALM_MS);
      }
    }
    if (now < nextMs || caused.stream().anyMatch(c -> c.overMs == 0)) return;
    if (only == null) {
      var scenario = tour.removeFirst();
      tour.addLast(scenario);
      var unused = cause(scenario);
    } else if (caused.isEmpty()) {
      var unused = cause(only);
    }
  }

  /** A fault that has begun. */
  static final class Caused {
    final Scenario scenario;
    final long begunMs;
    long overMs; // 0 while it lasts
    private boolean mended;

    Caused(Scenario scenario, long begunMs) {
      this.scenario = scenario;
      this.begunMs = begunMs;
    }
  }
}
