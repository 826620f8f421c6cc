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
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * What is put together across series and therefore across shards: limits from their parts, checks,
 * changes. Shards hand over what they have seen at each tick and some times between; everything
 * mutable is guarded by this object, and what is seen is taken in order of time, so that the result
 * does not depend on which shard came first.
 */
final class Gather {
  private static final int NONE = -1;

  /** Past it, what waits for the next poll is taken early: ticks have stopped or are far apart. */
  private static final int PENDING_MAX = 1 << 20;

  /** Above it a resource's samples are sorted by the library; below, one after another. */
  private static final int FEW = 32;

  /** A resource or check, and how many live series are parts of it. */
  static final class Tracked {
    final String resource;
    final LimitTracker tracker;
    int parts = 1;
    volatile double limit = Double.NaN;
    int newest = NONE; // of the samples that wait, each of which names the one before
    boolean isActive;

    Tracked(String resource, LimitTracker tracker) {
      this.resource = resource;
      this.tracker = tracker;
    }
  }

  /** What a resource or check has to say. */
  private record Found(String resource, Anomaly anomaly) {}

  private final DetectConfig config;
  private final Outlet outlet;
  private final Map<String, Tracked> resources = new ConcurrentSkipListMap<>();
  private final Changes changes;
  private final Events pending = new Events();
  private int[] before = new int[256]; // by sample that waits: the one before of its resource
  private int[] turn = new int[256];
  private final List<Integer> changed = new ArrayList<>();
  private final List<Tracked> active = new ArrayList<>(); // a poll may hear something of them

  /** A sample came that is newer than the poll that took it: the next glance looks again. */
  private boolean isEarly;

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
        known = new Tracked(special.resource, tracker);
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
  synchronized void take(Events events) {
    pending.addAll(events);
    if (pending.count >= PENDING_MAX) takePending();
  }

  /**
   * Every resource gets its samples in order of time. Resources know nothing of each other, so that
   * few samples have to be put in order at a time; changes are told in one order for all.
   */
  private void takePending() {
    int count = pending.count;
    if (before.length < count) {
      before = new int[count];
      turn = new int[count];
    }
    for (int i = 0; i < count; i++) {
      Special who = special(i);
      if (who.meaning.signal() == Signal.CHANGE) changed.add(i);
      Tracked tracked = who.tracked;
      if (tracked == null) continue;
      if (!tracked.isActive) active.add(tracked);
      tracked.isActive = true;
      before[i] = tracked.newest;
      tracked.newest = i;
    }
    for (Tracked tracked : active) {
      if (tracked.newest != NONE) tellAll(tracked);
    }
    changed.sort(this::order);
    for (int i : changed) {
      Special who = special(i);
      changes.take(who, pending.timesMs[i], pending.values[i]);
      who.lastValue = pending.values[i];
    }
    changed.clear();
    pending.clear();
  }

  private Special special(int event) {
    return Objects.requireNonNull(pending.who[event]);
  }

  /** A limit before what is measured against it, where both have the same time. */
  private int order(int a, int b) {
    int order = Long.compare(pending.timesMs[a], pending.timesMs[b]);
    if (order != 0) return order;
    Special one = special(a);
    Special other = special(b);
    if (one == other) return Integer.compare(a, b);
    order = Integer.compare(one.rank, other.rank);
    return order != 0 ? order : one.labels.compareTo(other.labels);
  }

  private void tellAll(Tracked tracked) {
    int count = 0;
    for (int i = tracked.newest; i != NONE; i = before[i]) turn[count++] = i;
    tracked.newest = NONE;
    // Newest first, as the chain goes: turned round they are nearly in order.
    for (int i = 0, k = count - 1; i < k; i++, k--) {
      int kept = turn[i];
      turn[i] = turn[k];
      turn[k] = kept;
    }
    if (count <= FEW) {
      for (int i = 1; i < count; i++) {
        int at = turn[i];
        int k = i;
        for (; k > 0 && order(turn[k - 1], at) > 0; k--) turn[k] = turn[k - 1];
        turn[k] = at;
      }
    } else {
      var many = new ArrayList<Integer>(count);
      for (int i = 0; i < count; i++) many.add(turn[i]);
      many.sort(this::order);
      for (int i = 0; i < count; i++) turn[i] = many.get(i);
    }
    for (int i = 0; i < count; i++) {
      int at = turn[i];
      tell(tracked.tracker, special(at).meaning, pending.timesMs[at], pending.values[at]);
    }
  }

  private static void tell(LimitTracker tracker, Meaning meaning, long timeMs, double value) {
    LimitPart part = meaning.limit();
    if (part == null) {
      tracker.check(timeMs, value);
      return;
    }
    switch (part.role()) {
      case USED -> tracker.used(timeMs, value);
      case LIMIT -> tracker.limit(timeMs, value);
      case FREE -> tracker.free(timeMs, value);
      case SHARE -> tracker.share(timeMs, value);
    }
  }

  /**
   * A tick: what limits and checks have to say, in order of their resources. Only those are asked
   * that were told something, or have something open: there may be tens of thousands.
   */
  synchronized void poll(long nowMs) {
    poll(tracker -> tracker.poll(nowMs));
  }

  /** Between two ticks: what can be said without waiting for more of the same time. */
  synchronized void glance(long nowMs) {
    if (pending.count > 0 || isEarly) poll(tracker -> tracker.glance(nowMs));
  }

  private void poll(Function<LimitTracker, List<Anomaly>> ask) {
    takePending();
    isEarly = false;
    var found = new ArrayList<Found>();
    active.removeIf(tracked -> !isBusy(tracked, ask, found));
    found.sort(Comparator.comparing(Found::resource)); // stable: shapes stay in their order
    for (Found one : found) outlet.anomaly(one.anomaly());
  }

  /** Asks what there is to say; false when there is nothing to come until more is told. */
  private boolean isBusy(
      Tracked tracked, Function<LimitTracker, List<Anomaly>> ask, List<Found> found) {
    if (tracked.parts > 0) {
      List<Anomaly> said = ask.apply(tracked.tracker);
      for (int i = 0; i < said.size(); i++) found.add(new Found(tracked.resource, said.get(i)));
      tracked.limit = tracked.tracker.limit();
      isEarly |= tracked.tracker.isGlanceDue();
    }
    tracked.isActive = tracked.parts > 0 && tracked.tracker.isBusy();
    return tracked.isActive;
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
