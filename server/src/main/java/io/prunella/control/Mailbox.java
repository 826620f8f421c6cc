package io.prunella.control;

import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the next turn. Any thread may put in; the thread that takes the turns takes it all
 * at once. Of a symptom only the latest word is kept, so that none is lost and the number is
 * bounded by the number of watched series. Stops and resumes come first, whatever waits.
 */
final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final int asksMax;
  private final int changesMax;

  // Guarded by lock.
  private final Map<String, Symptom> symptoms = new LinkedHashMap<>();
  private final ArrayDeque<Change> changes = new ArrayDeque<>();
  private final ArrayDeque<Ask> urgent = new ArrayDeque<>();
  private final ArrayDeque<Ask> asks = new ArrayDeque<>();
  private final List<Report> reports = new ArrayList<>();
  private @Nullable Instant tick;
  private boolean isResting; // only a person wakes who waits
  private boolean closed;

  Mailbox(int asksMax, int changesMax) {
    this.asksMax = asksMax;
    this.changesMax = changesMax;
  }

  /** A person's command and where the answer goes. */
  record Ask(Command command, CompletableFuture<Answer> answer) {}

  /**
   * All that waited.
   *
   * @param asks stops and resumes first
   * @param tick the latest, or null
   */
  record Batch(
      List<Ask> asks,
      List<Report> reports,
      List<Symptom> symptoms,
      List<Change> changes,
      @Nullable Instant tick) {
    boolean isEmpty() {
      return asks.isEmpty()
          && reports.isEmpty()
          && symptoms.isEmpty()
          && changes.isEmpty()
          && tick == null;
    }
  }

  void symptom(Symptom symptom) {
    put(() -> symptoms.merge(symptom.key(), symptom, (a, b) -> b.atMs() >= a.atMs() ? b : a));
  }

  void change(Change change) {
    put(() -> {
      if (changes.size() >= changesMax) changes.removeFirst();
      changes.add(change);
    });
  }

  void tick(Instant now) {
    put(() -> tick = tick == null || now.isAfter(tick) ? now : tick);
  }

  void report(Report report) {
    put(() -> reports.add(report));
  }

  /** False when too many wait, or when it is closed. */
  boolean ask(Ask ask) {
    lock.lock();
    try {
      boolean first =
          ask.command() instanceof Command.StopAutomation
              || ask.command() instanceof Command.ResumeAutomation;
      if (closed || (!first && asks.size() >= asksMax) || (first && urgent.size() >= asksMax))
        return false;
      (first ? urgent : asks).add(ask);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what could not be made durable; words that have come since are newer. */
  void putBack(List<Report> someReports, List<Symptom> someSymptoms, List<Change> someChanges) {
    put(() -> {
      someSymptoms.forEach(s -> symptoms.merge(s.key(), s, (a, b) -> a.atMs() >= b.atMs() ? a : b));
      reports.addAll(0, someReports);
      for (int i = someChanges.size() - 1; i >= 0 && changes.size() < changesMax; i--) {
        changes.addFirst(someChanges.get(i));
      }
    });
  }

  private void put(Runnable change) {
    lock.lock();
    try {
      if (closed) return;
      change.run();
      if (!isResting) filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes all, at once; may be empty. */
  Batch drain() {
    lock.lock();
    try {
      var all = new ArrayList<>(urgent);
      all.addAll(asks);
      var batch =
          new Batch(
              all,
              List.copyOf(reports),
              List.copyOf(symptoms.values()),
              List.copyOf(changes),
              tick);
      urgent.clear();
      asks.clear();
      reports.clear();
      symptoms.clear();
      changes.clear();
      tick = null;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for so long (not at all when it is negative), or until a person asks for something. */
  void rest(Duration most) throws InterruptedException {
    lock.lock();
    try {
      isResting = true;
      for (long left = most.toNanos();
          left > 0 && !closed && urgent.isEmpty() && asks.isEmpty(); ) {
        left = filled.awaitNanos(left);
      }
    } finally {
      isResting = false;
      lock.unlock();
    }
  }

  /**
   * Waits until something is there. False when it was closed and is empty.
   *
   * @param patient true: only a tick or a person counts; what was put back waits for the next try
   */
  boolean await(boolean patient) throws InterruptedException {
    lock.lock();
    try {
      while (!closed
          && (patient ? tick == null && urgent.isEmpty() && asks.isEmpty() : isEmpty())) {
        filled.await();
      }
      return !closed || !isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return symptoms.isEmpty()
        && changes.isEmpty()
        && urgent.isEmpty()
        && asks.isEmpty()
        && reports.isEmpty()
        && tick == null;
  }

  /** Takes nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
