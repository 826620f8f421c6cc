package io.prunella.watch;

import io.prunella.detect.Anomaly;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.LimitTracker;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What is put together across series and therefore across shards: limits from their parts, checks,
 * changes. Shards hand over what they have seen at each tick; everything mutable is guarded by this
 * object, and what is seen is taken in order of time, so that the result does not depend on which
 * shard came first.
 */
final class Gather {
  /** Past it, what waits for the next poll is taken early: ticks have stopped or are far apart. */
  private static final int PENDING_MAX = 1 << 20;

  private static final Comparator<Event> ORDER =
      (a, b) -> {
        int order = Long.compare(a.timeMs(), b.timeMs());
        if (order == 0) order = Integer.compare(a.who().rank(), b.who().rank());
        return order != 0 ? order : a.who().labels.compareTo(b.who().labels);
      };

  /** One sample of a special series. */
  record Event(Special who, long timeMs, double value) {}

  /** A resource or check, and how many live series are parts of it. */
  static final class Tracked {
    final LimitTracker tracker;
    int parts = 1;
    volatile double limit = Double.NaN;

    Tracked(LimitTracker tracker) {
      this.tracker = tracker;
    }
  }

  private final DetectConfig config;
  private final Outlet outlet;
  private final Map<String, Tracked> resources = new ConcurrentSkipListMap<>();
  private final Changes changes;
  private List<Event> pending = new ArrayList<>();

  Gather(DetectConfig config, Outlet outlet) {
    this.config = config;
    this.outlet = outlet;
    this.changes = new Changes(outlet::change);
  }

  /** A special series is there from now on. */
  synchronized void join(Special special) {
    if (special.resource != null) {
      Tracked known = resources.get(special.resource);
      if (known == null) {
        var tracker = new LimitTracker(special.meaning, special.labels, config);
        known = new Tracked(tracker);
        resources.put(special.resource, known);
      } else {
        known.parts++;
        known.tracker.join(special.meaning, special.labels);
      }
      special.tracked = known;
    }
    if (special.meaning.signal() == Signal.CHANGE) changes.join(special);
  }

  /** A special series came back from a checkpoint: what it said last is no change. */
  synchronized void rejoin(Special special, double lastValue) {
    join(special);
    special.lastValue = lastValue;
    if (special.meaning.signal() == Signal.CHANGE) changes.rejoin(special);
  }

  /** A special series is forgotten. */
  synchronized void leave(Special special) {
    if (special.resource != null) {
      Tracked known = resources.get(special.resource);
      if (known != null && --known.parts == 0) resources.remove(special.resource);
    }
    if (special.meaning.signal() == Signal.CHANGE) changes.leave(special);
  }

  /** Takes what a shard has seen, in whatever order it comes; it counts from the next poll on. */
  synchronized void take(List<Event> events) {
    pending.addAll(events);
    if (pending.size() >= PENDING_MAX) takePending();
  }

  private void takePending() {
    pending.sort(ORDER);
    pending.forEach(this::take);
    pending = new ArrayList<>();
  }

  private void take(Event event) {
    Special who = event.who();
    Tracked tracked = who.tracked;
    if (tracked != null) tell(tracked.tracker, who.meaning, event);
    if (who.meaning.signal() == Signal.CHANGE) changes.take(who, event.timeMs(), event.value());
    who.lastValue = event.value();
  }

  private static void tell(LimitTracker tracker, Meaning meaning, Event event) {
    LimitPart part = meaning.limit();
    if (part == null) {
      tracker.check(event.timeMs(), event.value());
      return;
    }
    switch (part.role()) {
      case USED -> tracker.used(event.timeMs(), event.value());
      case LIMIT -> tracker.limit(event.timeMs(), event.value());
      case FREE -> tracker.free(event.timeMs(), event.value());
      case SHARE -> tracker.share(event.timeMs(), event.value());
    }
  }

  /** A tick: what limits and checks have to say, in order of their resources. */
  synchronized void poll(long nowMs) {
    takePending();
    var found = new ArrayList<Anomaly>();
    for (Tracked tracked : resources.values()) {
      found.addAll(tracked.tracker.poll(nowMs));
      tracked.limit = tracked.tracker.limit();
    }
    found.forEach(outlet::anomaly);
  }

  /** The limit that belongs to a series at present, or NaN. Any thread. */
  double limitOf(Meaning meaning) {
    LimitPart part = meaning.limit();
    if (part == null) return Double.NaN;
    if (part.role() == LimitPart.Role.SHARE) return 1;
    Tracked known = resources.get(part.resource());
    return known == null ? Double.NaN : known.limit;
  }

  int resources() {
    return resources.size();
  }
}
