package io.prunella.watch;

import io.prunella.detect.Anomaly;
import io.prunella.detect.Candidate;
import io.prunella.detect.Judge;
import io.prunella.detect.Stage1;
import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stage 2: an anomaly that stage 1 opens is handed over once a judge holds it for one, at its
 * opening or when it changes. Until then its words are held back; what a person would not have
 * called an anomaly ends unsaid.
 *
 * <p>One thread of its own judges, besides where anomalies are settled; any thread may hand in. The
 * judge knows gauges: of everything else, of silence, and when there is more to judge than may be,
 * stage 1's word stands, and that is counted.
 */
final class Jury implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jury.class);

  /** Share of all samples that may be judged, and how many at once after a calm time. */
  private static final double SHARE = 0.001;

  private static final int BURST = 1000;
  private static final int WAITING_MAX = 4096;
  private static final int HELD_MAX = 65_536;

  /**
   * The latest word about a series' anomaly.
   *
   * @param opens whether it is, or has in it, the first word
   * @param numbers what the judge is asked with; null when stage 1's word stands
   */
  private record Case(Anomaly word, boolean opens, double @Nullable [] numbers) {
    /**
     * Both in one: the newer word, and all that is known. An anomaly that opens before the end of
     * the one before was told is handed over: held back, nobody would ever hear of that end.
     */
    Case then(Case newer) {
      if (newer.opens) return newer.unasked();
      return new Case(newer.word, opens, newer.numbers != null ? newer.numbers : numbers);
    }

    Case unasked() {
      return new Case(word, opens, null);
    }
  }

  private final Judge judge;
  private final Consumer<Anomaly> outlet;
  private final LongSupplier samples;
  private final @Nullable Thread thread;
  private final Object lock = new Object();
  // The rest is guarded by the lock.
  private final LinkedHashMap<Labels, Case> waiting = new LinkedHashMap<>();
  private final Set<Labels> held = new HashSet<>();
  private @Nullable Labels atHand;
  private boolean isClosed;
  private double spent; // judged, less what samples since have earned

  private long earnedAt;

  final LongAdder judged = new LongAdder();
  final LongAdder heldBack = new LongAdder();
  final LongAdder overflowed = new LongAdder();

  /**
   * @param samples all samples taken so far
   * @param live whether to judge on a thread of its own, and within the budget; else at once by
   *     whoever hands in, so that the same samples give the same words
   */
  Jury(Judge judge, Consumer<Anomaly> outlet, LongSupplier samples, boolean live) {
    this.judge = judge;
    this.outlet = outlet;
    this.samples = samples;
    thread = live ? Thread.ofPlatform().name("watch-jury").daemon().start(this::run) : null;
  }

  /**
   * What the judge is asked with about a row that has just spoken; null when it is not to be asked.
   */
  static double @Nullable [] numbers(
      Stage1 stage1, double[] page, int at, int traits, Anomaly word, int flags) {
    boolean isNews = (flags & (Stage1.OPENED | Stage1.CHANGED)) != 0;
    if (!isNews || word.meaning().type() != Meaning.Type.GAUGE || word.shape() == Shape.SILENCE) {
      return null;
    }
    var numbers = new double[Candidate.count(stage1)];
    Candidate.read(stage1, page, at, traits, numbers);
    return numbers;
  }

  /** Takes a word about an anomaly; returns at once. */
  void take(Anomaly word, int flags, double @Nullable [] numbers) {
    var now = new Case(word, (flags & Stage1.OPENED) != 0, numbers);
    synchronized (lock) {
      if (thread == null || isClosed) {
        decide(now, needsAsking(now));
        return;
      }
      Labels labels = word.labels();
      boolean isKnown = waiting.containsKey(labels) || labels.equals(atHand);
      if (waiting.size() < WAITING_MAX || isKnown) {
        waiting.merge(labels, now, Case::then);
        lock.notifyAll();
        return;
      }
      overflowed.increment();
      decide(now, /* ask= */ false); // none of its words waits, so none is overtaken
    }
  }

  private void run() {
    while (true) {
      Case next;
      boolean ask;
      synchronized (lock) {
        atHand = null;
        lock.notifyAll();
        while (waiting.isEmpty() && !isClosed) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            isClosed = true; // nobody does, but what waits must not be lost
          }
        }
        var first = waiting.pollFirstEntry();
        if (first == null) return;
        next = first.getValue();
        atHand = first.getKey();
        boolean needs = needsAsking(next);
        ask = needs && mayAsk();
        if (needs && !ask) overflowed.increment();
      }
      decide(next, ask);
    }
  }

  /** Of what was let through before, nobody is asked again. */
  private boolean needsAsking(Case now) {
    return now.numbers() != null && (now.opens() || held.contains(now.word().labels()));
  }

  private boolean mayAsk() {
    long now = samples.getAsLong();
    spent = Math.max(0, spent - SHARE * (now - earnedAt));
    earnedAt = now;
    if (spent >= BURST) return false;
    spent++;
    return true;
  }

  /** Hands a word over, or holds it back. */
  private void decide(Case now, boolean ask) {
    Labels labels = now.word().labels();
    boolean isNew = now.opens();
    double[] numbers = ask ? now.numbers() : null;
    boolean isThrough;
    try {
      isThrough = numbers == null || isThrough(numbers);
    } catch (RuntimeException e) {
      LOG.error("the judge broke down over {}; stage 1's word stands", labels, e);
      isThrough = true;
    }
    synchronized (lock) {
      boolean isHeld = held.contains(labels);
      boolean isOver = !isNew && now.numbers() == null && !now.word().isOpen();
      if (isHeld && isOver) { // and never worth a word
        held.remove(labels);
        return;
      }
      boolean mayHold = isHeld || (isNew && held.size() < HELD_MAX);
      if (!isThrough && mayHold) {
        if (isNew) heldBack.increment();
        if (now.word().isOpen()) held.add(labels);
        else held.remove(labels);
        return;
      }
      held.remove(labels);
    }
    outlet.accept(now.word());
  }

  private boolean isThrough(double[] numbers) {
    judged.increment();
    return judge.probability(numbers) >= judge.threshold();
  }

  /** Waits until nothing waits. */
  void settle() {
    if (thread == null) return;
    synchronized (lock) {
      while (!waiting.isEmpty() || atHand != null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Judges what waits, then ends; words that come later are stage 1's. */
  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      lock.notifyAll();
    }
    if (thread == null) return;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
