package io.prunella.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Whether as much is seen as a while ago. When half of the samples stop coming, what is left looks
 * like a quiet fleet, and is not. One thread ticks, any may ask.
 */
final class Sight {
  /** Wide enough that a scrape a minute does not come and go in it. */
  private static final Duration WINDOW = Duration.ofMinutes(3);

  private static final Duration STEP = Duration.ofMinutes(1);
  private static final int STEPS_KEPT = 15;

  /** So many windows must have been seen before anything can be missed. */
  private static final int WINDOWS_MIN = 5;

  private final ArrayDeque<Mark> marks = new ArrayDeque<>(); // tick() only
  private volatile @Nullable String blind;

  private record Mark(Instant at, long samples) {}

  /**
   * @param samples that have come since the start
   */
  void tick(Instant now, long samples) {
    boolean first = marks.isEmpty();
    if (!first && now.isBefore(marks.getLast().at().plus(STEP))) return;
    if (!first && now.isAfter(marks.getLast().at().plus(WINDOW))) marks.clear(); // time has jumped
    marks.addLast(new Mark(now, samples));
    while (marks.size() > STEPS_KEPT) marks.removeFirst();
    blind = judged();
  }

  private @Nullable String judged() {
    var all = new ArrayList<>(marks);
    int steps = (int) (WINDOW.toSeconds() / STEP.toSeconds());
    int last = all.size() - 1;
    var before = new ArrayList<Long>();
    for (int i = steps; i <= last - steps; i++)
      before.add(all.get(i).samples() - all.get(i - steps).samples());
    if (before.size() < WINDOWS_MIN) return null;
    Collections.sort(before);
    long usual = before.get(before.size() / 2);
    long seen = all.get(last).samples() - all.get(last - steps).samples();
    return seen * 2 >= usual
        ? null
        : "%d samples came in the last %d min, usually %d: at least half wanted"
            .formatted(seen, WINDOW.toMinutes(), usual);
  }

  @Nullable String blind() {
    return blind;
  }
}
