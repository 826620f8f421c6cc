package io.prunella.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets simulated time go on: first a history as fast as it is taken, then step by step, each sent
 * and settled before the next, at the pace that was asked for. While the server is away time goes
 * on at that pace and the samples wait (at full speed it slows down to sixty times the wall's).
 *
 * <p>One thread runs it; {@link #lock} guards the world, the schedule and the actions, which the
 * API uses as well.
 */
final class Stepper implements Runnable {
  /** When the demo proper begins, whatever the wall says: a Monday. */
  static final Instant BEGIN = Instant.parse("2026-03-09T10:00:00Z");

  /** How long the fleet has been watched by then. */
  static final Duration HISTORY = Duration.ofHours(7);

  static final int STEP_SECONDS = 15;
  private static final int COARSE_SECONDS = 30;
  private static final Duration FINE = Duration.ofMinutes(75);
  private static final double AWAY_SPEED = 60;
  private static final Duration IDLE_MAX = Duration.ofMinutes(10);

  final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  final World world;
  final Schedule schedule;
  final FleetActions actions;
  final Outbox outbox;
  private final double speed;
  private final WriteEncoder encoder = new WriteEncoder();
  private volatile Phase phase = Phase.WAITING;
  private volatile boolean stopped;
  private volatile long spokenNanos = System.nanoTime();

  /** Where the fleet stands. */
  enum Phase {
    /** Nobody takes the samples yet. */
    WAITING,
    /** The past is told. */
    HISTORY,
    /** The demo proper. */
    LIVE
  }

  /**
   * @param only the one scenario, or null for the tour
   * @param speed simulated seconds in one of the wall's; 0 for as fast as it goes
   */
  Stepper(long seed, @Nullable Scenario only, double speed, Outbox outbox) {
    this.speed = speed;
    this.outbox = outbox;
    world = new World(seed, BEGIN.minus(HISTORY).toEpochMilli());
    schedule = new Schedule(world, only, BEGIN.toEpochMilli());
    actions = new FleetActions(world);
  }

  Phase phase() {
    return phase;
  }

  /** Someone who knows the secret has spoken: the fleet is still wanted. */
  void spoken() {
    spokenNanos = System.nanoTime();
  }

  /** Ends the run soon; any thread. */
  void stop() {
    stopped = true;
    wake();
  }

  /** Something may have changed that the run waits for; any thread. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      while (!outbox.isAttached() && isWanted()) rest(Duration.ofSeconds(1).toNanos());
      phase = Phase.HISTORY;
      history();
      phase = Phase.LIVE;
      while (isWanted()) turn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWanted() {
    return !stopped && System.nanoTime() - spokenNanos < IDLE_MAX.toNanos();
  }

  private void history() throws InterruptedException {
    long fineMs = BEGIN.minus(FINE).toEpochMilli();
    int steps = 0;
    while (isWanted() && world.nowMs() < BEGIN.toEpochMilli()) {
      int seconds = world.nowMs() < fineMs ? COARSE_SECONDS : STEP_SECONDS;
      outbox.add(scrape(seconds, /* settle= */ ++steps % 4 == 0));
      while (!outbox.deliver() && isWanted()) rest(Duration.ofMillis(100).toNanos());
      spoken();
    }
  }

  private void turn() throws InterruptedException {
    long began = System.nanoTime();
    outbox.add(scrape(STEP_SECONDS, /* settle= */ true));
    boolean taken = outbox.deliver();
    if (taken) spoken();
    double pace = taken ? speed : speed == 0 ? AWAY_SPEED : speed;
    if (pace > 0) {
      long due = began + (long) (STEP_SECONDS / pace * 1e9);
      for (long left = due - System.nanoTime(); left > 0 && !stopped; ) {
        rest(left);
        left = due - System.nanoTime();
      }
    }
  }

  private Outbox.Batch scrape(int seconds, boolean settle) {
    lock.lock();
    try {
      world.step(world.nowMs() + 1_000L * seconds);
      if (phase == Phase.LIVE) schedule.step();
      var unused = world.scrape(encoder);
      return new Outbox.Batch(world.nowMs(), encoder.take(), settle);
    } finally {
      lock.unlock();
    }
  }

  private void rest(long nanos) throws InterruptedException {
    lock.lock();
    try {
      var unused = changed.awaitNanos(nanos);
    } finally {
      lock.unlock();
    }
  }
}
