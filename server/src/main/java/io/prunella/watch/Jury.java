package io.prunella.watch;

import io.prunella.detect.Anomaly;
import io.prunella.detect.Candidate;
import io.prunella.detect.Judge;
import io.prunella.detect.Siblings;
import io.prunella.detect.Stage1;
import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * <p>What a service's other series look like at that moment says much. Shards own them, so a word
 * about which the judge is asked waits until the next tick has told of them: at most a second.
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
  // As long as nobody settles all of it waits, and whether a word finds room must not be luck.
  private static final int UNSETTLED_MAX = 65_536;

  /**
   * What the judge is asked with about one row.
   *
   * @param numbers of the row, as {@link Candidate#OF_ANOMALY} has them; what its siblings tell is
   *     still to come
   * @param own the row alone, which is no sibling of itself
   */
  record Facts(double[] numbers, Siblings own) {
    /** The same with what all series of the service come to. */
    Facts with(Siblings all) {
      var told = numbers.clone();
      all.without(own).read(told, Candidate.ALWAYS);
      return new Facts(told, own);
    }
  }

  /**
   * The latest word about a series' anomaly.
   *
   * @param opens whether it is, or has in it, the first word
   * @param facts what the judge is asked with; null when stage 1's word stands
   * @param isReady whether its siblings have been heard, as far as they will be
   */
  private record Case(Anomaly word, boolean opens, @Nullable Facts facts, boolean isReady) {
    /**
     * Both in one: the newer word, and all that is known. An anomaly that opens before the end of
     * the one before was told is handed over: held back, nobody would ever hear of that end.
     */
    Case then(Case newer) {
      if (newer.opens) return newer.unasked();
      if (newer.facts != null) return new Case(newer.word, opens, newer.facts, newer.isReady);
      return new Case(newer.word, opens, facts, isReady);
    }

    Case unasked() {
      return new Case(word, opens, null, true);
    }

    Case ready(@Nullable Siblings all) {
      Facts heard = facts == null || all == null ? facts : facts.with(all);
      return new Case(word, opens, heard, true);
    }

    Labels labels() {
      return word.labels();
    }

    String service() {
      return word.meaning().service();
    }
  }

  private final Judge judge;
  private final Consumer<Anomaly> outlet;
  private final LongSupplier samples;
  private final int waitingMax;
  private final @Nullable Thread thread;
  private final Object lock = new Object();
  // The rest is guarded by the lock.
  private final LinkedHashMap<Labels, Case> waiting = new LinkedHashMap<>(); // for their siblings
  private final LinkedHashMap<Labels, Case> ready = new LinkedHashMap<>(); // in neither twice
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
   * @param live whether to judge on a thread of its own, and within the budget; else when it is
   *     settled, so that the same samples give the same words
   */
  Jury(Judge judge, Consumer<Anomaly> outlet, LongSupplier samples, boolean live) {
    this.judge = judge;
    this.outlet = outlet;
    this.samples = samples;
    waitingMax = live ? WAITING_MAX : UNSETTLED_MAX;
    thread = live ? Thread.ofPlatform().name("watch-jury").daemon().start(this::run) : null;
  }

  /**
   * What the judge is asked with about a row that has just spoken; null when it is not to be asked.
   */
  static @Nullable Facts facts(
      Stage1 stage1, double[] page, int at, int traits, Anomaly word, int flags) {
    boolean isNews = (flags & (Stage1.OPENED | Stage1.CHANGED)) != 0;
    if (!isNews || word.meaning().type() != Meaning.Type.GAUGE || word.shape() == Shape.SILENCE) {
      return null;
    }
    var numbers = new double[Candidate.OF_ANOMALY.size()];
    Candidate.read(stage1, page, at, traits, numbers);
    var own = new Siblings();
    own.add(page, at);
    return new Facts(numbers, own);
  }

  /** Takes a word about an anomaly; returns at once. */
  void take(Anomaly word, int flags, @Nullable Facts facts) {
    var now = new Case(word, (flags & Stage1.OPENED) != 0, facts, facts == null);
    synchronized (lock) {
      if (isClosed) {
        decide(now, needsAsking(now));
        return;
      }
      Labels labels = now.labels();
      Case before = waiting.remove(labels);
      if (before == null) before = ready.remove(labels);
      boolean isKnown = before != null || labels.equals(atHand);
      if (isKnown || waiting.size() + ready.size() < waitingMax) {
        put(before == null ? now : before.then(now));
        return;
      }
      overflowed.increment();
      decide(now, /* ask= */ false); // none of its words waits, so none is overtaken
    }
  }

  private void put(Case one) {
    boolean waits = needsAsking(one) && !one.isReady();
    (waits ? waiting : ready).put(one.labels(), one);
    if (!waits) lock.notifyAll();
  }

  /** Services whose series somebody wants to hear of; a copy. */
  Set<String> services() {
    var services = new HashSet<String>();
    synchronized (lock) {
      for (Case one : waiting.values()) services.add(one.service());
    }
    return services;
  }

  /**
   * Says how odd the series of services are, all of each together. A service of which nothing could
   * be learnt is there too, with null: who waited for it is judged by his own row.
   */
  void answer(Map<String, @Nullable Siblings> byService) {
    synchronized (lock) {
      var heard = new ArrayList<Case>();
      waiting.values().removeIf(one -> byService.containsKey(one.service()) && heard.add(one));
      for (Case one : heard) put(one.ready(byService.get(one.service())));
    }
  }

  private void run() {
    while (true) {
      synchronized (lock) {
        while (ready.isEmpty() && !isClosed) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            isClosed = true; // nobody does, but what waits must not be lost
          }
        }
      }
      if (!decideFirst()) return;
    }
  }

  /** Decides the first case that is ready; false when there is none. */
  private boolean decideFirst() {
    Case next;
    boolean ask = false;
    synchronized (lock) {
      var first = ready.pollFirstEntry();
      if (first == null) return false;
      next = first.getValue();
      boolean needs = needsAsking(next);
      if (needs && !next.isReady() && !isClosed) { // the word before it was held back just now
        waiting.put(next.labels(), next);
        return true;
      }
      atHand = next.labels();
      ask = needs && (thread == null || mayAsk());
      if (needs && !ask) overflowed.increment();
    }
    decide(next, ask);
    synchronized (lock) {
      atHand = null;
      lock.notifyAll();
    }
    return true;
  }

  /** Of what was let through before, nobody is asked again. */
  private boolean needsAsking(Case now) {
    return now.facts() != null && (now.opens() || held.contains(now.labels()));
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
    Labels labels = now.labels();
    boolean isNew = now.opens();
    Facts facts = ask ? now.facts() : null;
    boolean isThrough;
    try {
      isThrough = facts == null || isThrough(facts.numbers());
    } catch (RuntimeException e) {
      LOG.error("the judge broke down over {}; stage 1's word stands", labels, e);
      isThrough = true;
    }
    synchronized (lock) {
      boolean isHeld = held.contains(labels);
      boolean isOver = !isNew && now.facts() == null && !now.word().isOpen();
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

  /** Waits until all that is ready is decided; in the settled way decides it. */
  void settle() {
    if (thread == null) {
      while (decideFirst()) {}
      return;
    }
    synchronized (lock) {
      while (!ready.isEmpty() || atHand != null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Judges what waits, by its own row, then ends; words that come later are stage 1's. */
  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      for (Case one : waiting.values()) ready.put(one.labels(), one.ready(null));
      waiting.clear();
      lock.notifyAll();
    }
    if (thread == null) {
      settle();
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
