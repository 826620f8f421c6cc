package io.prunella.detect;

import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One bounded resource or one health check, watched from its first sample on: too little headroom,
 * exhaustion in sight, too many failed checks in a row. These are facts and not surprises, so there
 * is nothing to learn first. One tracker per {@link LimitPart#resource()}, or per series of a
 * check; one thread; some 1.5 KB.
 *
 * <p>Values are as scored. Of several series with the same part and the same time, those of a pool
 * add up (connections by state), of anything else the largest counts (a container and its
 * predecessor). Times that go back and values that are not finite are no samples. A limit of 0 or
 * below, or beyond 2^62, means that there is none.
 */
public final class LimitTracker {
  private static final double UNLIMITED = 0x1p62;
  private static final double SHARE_TOLD_AGAIN = 0.03;
  private static final int BUCKETS = 32;
  private static final double QUICK_BUCKET_SECONDS = 15;
  private static final int SOON_TIMES = 2; // answers in a row that open
  private static final int NOT_SOON_TIMES = 4; // answers in a row that close
  private static final double NOT_SOON = 1.5; // times the horizon

  private final DetectConfig config;
  private final Map<Shape, Anomaly> open = new EnumMap<>(Shape.class);
  private final Map<Shape, Anomaly> untold = new EnumMap<>(Shape.class);
  private Meaning meaning;
  private Labels labels;
  private final boolean sums;
  private final double horizonSeconds;
  private final Runway quick = new Runway(QUICK_BUCKET_SECONDS);
  private final Runway slow;

  private double used = Double.NaN;
  private double free = Double.NaN;
  private double limit = Double.NaN;
  private double share = Double.NaN;
  private LimitPart.@Nullable Role waiting; // part of `waitingMs` whose other series may still come
  private long waitingMs = Long.MIN_VALUE;
  private double waitingValue;
  private long lastMs = Long.MIN_VALUE;
  private int above;
  private int below;
  private long aboveFromMs;
  private double shareTold;
  private int soon;
  private int notSoon;
  private int failed;
  private int passed;
  private long failedFromMs;

  /**
   * A tracker that has seen nothing.
   *
   * @param meaning of the series that is its first part, or of the check
   */
  public LimitTracker(Meaning meaning, Labels labels, DetectConfig config) {
    this.meaning = meaning;
    this.labels = labels;
    this.config = config;
    this.sums = meaning.signal() == Signal.POOL;
    boolean disk = meaning.signal() == Signal.DISK;
    this.horizonSeconds = disk ? config.exhaustionDiskSeconds() : config.exhaustionSeconds();
    this.slow = new Runway(horizonSeconds / BUCKETS);
  }

  /**
   * Tells of a further part: anomalies carry the series that people look at first, which is the
   * use.
   */
  public void join(Meaning other, Labels itsLabels) {
    if (rank(other) >= rank(meaning)) return;
    meaning = other;
    labels = itsLabels;
  }

  private static int rank(Meaning meaning) {
    var limit = meaning.limit();
    if (limit == null) return 0;
    return switch (limit.role()) {
      case USED -> 0;
      case SHARE -> 1;
      case FREE -> 2;
      case LIMIT -> 3;
    };
  }

  public void used(long timeMs, double value) {
    take(LimitPart.Role.USED, timeMs, value);
  }

  public void free(long timeMs, double value) {
    boolean date = meaning.unit().equals("unixtime");
    if (date) limit = config.certificateDays() * 86_400;
    take(LimitPart.Role.FREE, timeMs, date ? value - timeMs / 1000.0 : value);
  }

  /** A share of the limit, from 0 to 1. */
  public void share(long timeMs, double value) {
    limit = 1;
    take(LimitPart.Role.SHARE, timeMs, value);
  }

  public void limit(long timeMs, double value) {
    if (timeMs < lastMs || Double.isNaN(value)) return;
    limit = value >= Stage1.VALUE_MIN && value < UNLIMITED ? value : Double.NaN;
  }

  private void take(LimitPart.Role role, long timeMs, double seen) {
    if (!Double.isFinite(seen) || timeMs <= lastMs) return;
    double value = Math.clamp(seen, -Stage1.VALUE_MAX, Stage1.VALUE_MAX); // shares stay finite
    if (waiting == role && waitingMs == timeMs) {
      waitingValue = sums ? waitingValue + value : Math.max(waitingValue, value);
      return;
    }
    if (timeMs < waitingMs) return;
    settle();
    waiting = role;
    waitingMs = timeMs;
    waitingValue = value;
  }

  /** All series of the last time have come: counts their value. */
  private void settle() {
    if (waiting == null) return;
    switch (waiting) {
      case USED, SHARE -> used = waitingValue;
      case FREE -> free = waitingValue;
      case LIMIT -> throw new IllegalStateException("a limit does not wait");
    }
    boolean whole = waiting != LimitPart.Role.FREE || Double.isNaN(limit);
    if (waiting == LimitPart.Role.FREE && !Double.isNaN(limit)) used = Math.max(0, limit - free);
    waiting = null;
    lastMs = waitingMs;
    double most = !Double.isNaN(limit) ? limit : whole ? used + free : Double.NaN;
    if (!(most > 0) || Double.isNaN(used)) {
      share = Double.NaN;
      return;
    }
    share = used / most;
    headroom(lastMs, most);
    exhaustion(lastMs, most);
  }

  private void headroom(long timeMs, double most) {
    var part = meaning.limit();
    if (part == null) return;
    if (share >= part.headroom()) {
      if (above++ == 0) aboveFromMs = timeMs;
      below = 0;
    } else if (share < part.headroom() - config.headroomBack()) {
      below++;
      above = 0;
    } else if (!open.containsKey(Shape.HEADROOM)) {
      above = 0;
    } else {
      below = 0;
    }
    boolean isOpen = open.containsKey(Shape.HEADROOM);
    boolean opens = !isOpen && above >= config.limitSamples();
    boolean closes = isOpen && below >= config.limitSamples();
    boolean changed = isOpen && below == 0 && Math.abs(share - shareTold) >= SHARE_TOLD_AGAIN;
    if (closes) close(Shape.HEADROOM, timeMs, used);
    if (!opens && !changed) return; // as almost always: no words are made for nobody
    String reason =
        "%s of %s in use, %s is the threshold"
            .formatted(percent(share), amount(most), percent(part.headroom()));
    say(Shape.HEADROOM, aboveFromMs, timeMs, used, part.headroom() * most, reason);
    shareTold = share;
  }

  private void exhaustion(long timeMs, double most) {
    double seconds = timeMs / 1000.0;
    boolean fresh = quick.take(seconds, used, most) | slow.take(seconds, used, most);
    if (!fresh) return;
    boolean quickest = quick.likelySeconds() < slow.likelySeconds();
    Runway sooner = quickest ? quick : slow;
    double likely = sooner.likelySeconds();
    boolean isOpen = open.containsKey(Shape.EXHAUSTION);
    if (share >= config.exhaustionShareMin() && likely <= horizonSeconds) {
      soon++;
      notSoon = 0;
    } else if (!isOpen
        || share < config.exhaustionShareMin()
        || likely > NOT_SOON * horizonSeconds) {
      soon = 0;
      notSoon++;
    }
    if (!isOpen && soon >= SOON_TIMES) {
      String reason =
          "%s of %s in use; full in about %s (%s to %s) if the trend goes on"
              .formatted(
                  percent(share),
                  amount(most),
                  Words.seconds(likely),
                  Words.seconds(sooner.soonestSeconds()),
                  Words.seconds(sooner.latestSeconds()));
      say(Shape.EXHAUSTION, timeMs, timeMs, used, most, reason);
    } else if (isOpen && notSoon >= NOT_SOON_TIMES) {
      close(Shape.EXHAUSTION, timeMs, used);
    }
  }

  /** Takes the answer of a check: 1 (or anything above a half) is well, anything else is not. */
  public void check(long timeMs, double value) {
    if (Double.isNaN(value) || timeMs <= lastMs) return;
    lastMs = timeMs;
    boolean isOpen = open.containsKey(Shape.FAILED_CHECKS);
    if (value > 0.5) {
      failed = 0;
      passed++;
      if (isOpen && passed >= config.checkFailures()) close(Shape.FAILED_CHECKS, timeMs, value);
      return;
    }
    passed = 0;
    if (failed++ == 0) failedFromMs = timeMs;
    if (!isOpen && failed >= config.checkFailures()) {
      String reason = "%d checks in a row failed".formatted(failed);
      say(Shape.FAILED_CHECKS, failedFromMs, timeMs, value, Double.NaN, reason);
    }
  }

  /**
   * The series has ended: whatever is open is over. What was counted and measured so far is
   * forgotten.
   */
  public void end(long timeMs) {
    for (Shape shape : List.copyOf(open.keySet())) {
      close(shape, timeMs, used);
    }
    waiting = null;
    above = 0;
    soon = 0;
    failed = 0;
    passed = 0;
  }

  /**
   * The anomalies that opened, changed notably or closed since the last call: the latest word on
   * each shape. Samples of the newest time count once {@code nowMs} is past it.
   */
  public List<Anomaly> poll(long nowMs) {
    if (waiting != null && nowMs > waitingMs) settle();
    if (!open.isEmpty() && nowMs - lastMs > config.forgetSeconds() * 1000) end(lastMs);
    return told();
  }

  /**
   * The same soon after a sample, when its fellows of the same time may still be on their way: the
   * newest value of a pool, and of anything whose limit is not known yet, waits for {@link #poll}.
   */
  public List<Anomaly> glance(long nowMs) {
    if (isGlanceDue() && nowMs > waitingMs) settle();
    return told();
  }

  /** True when a sample waits that a later {@link #glance} would count. */
  public boolean isGlanceDue() {
    return waiting != null && !sums && !Double.isNaN(limit);
  }

  private List<Anomaly> told() {
    if (untold.isEmpty()) return List.of();
    var told = new ArrayList<>(untold.values());
    untold.clear();
    return told;
  }

  /** False when {@link #poll} has nothing to say and nothing to do until something is told. */
  public boolean isBusy() {
    return waiting != null || !open.isEmpty() || !untold.isEmpty();
  }

  /** Use as a share of the limit; NaN while the limit or the use is unknown. */
  public double share() {
    return share;
  }

  /** The limit in the series' own unit, 1 where the series is a share; NaN when there is none. */
  public double limit() {
    return limit;
  }

  /** Likely seconds until the limit is reached; infinite when no trend says that it will be. */
  public double exhaustedInSeconds() {
    return Math.min(quick.likelySeconds(), slow.likelySeconds());
  }

  private void say(Shape shape, long fromMs, long atMs, double value, double upper, String reason) {
    var side = shape == Shape.FAILED_CHECKS ? Direction.DOWN : Direction.UP;
    put(shape, side, fromMs, 0, atMs, value, upper, reason);
  }

  /** The reason stays: whoever reads of it afterwards asks what was wrong. */
  private void close(Shape shape, long atMs, double value) {
    Anomaly was = open.get(shape);
    if (was == null) return;
    long toMs = Math.max(1, atMs);
    put(shape, was.direction(), was.fromMs(), toMs, atMs, value, was.upper(), was.reason());
    open.remove(shape);
  }

  private void put(
      Shape shape,
      Direction side,
      long fromMs,
      long toMs,
      long atMs,
      double value,
      double upper,
      String reason) {
    var anomaly =
        new Anomaly(
            labels,
            meaning,
            shape,
            side,
            fromMs,
            toMs,
            atMs,
            value,
            Double.NaN,
            Double.NaN,
            upper,
            0,
            reason);
    open.put(shape, anomaly);
    untold.put(shape, anomaly);
  }

  private String amount(double most) {
    if (meaning.unit().equals("unixtime")) return Words.seconds(most);
    return most == 1 ? "the limit" : Words.amount(most, meaning.scoredUnit());
  }

  private static String percent(double share) {
    return Words.plain(share * 100) + " %";
  }
}
