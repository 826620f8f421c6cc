package io.prunella.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A server and a fleet at work together. {@link #settle} is called on one thread, the settle
 * door's; the rest by the command.
 */
final class DemoRun implements AutoCloseable {
  private final FleetProcess fleet;
  private final Path storage;
  private final Roof.Opener opener;
  private final Account account;
  private final DemoClock clock;
  private final @Nullable Scenario scenario;
  private final CountDownLatch settled = new CountDownLatch(1);
  private final CountDownLatch closedNow = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final boolean endsByItself;
  private volatile @Nullable Roof roof;
  private @Nullable SettleDoor door;
  private volatile @Nullable Ending ending;
  private volatile String trouble = "";
  private boolean live;

  DemoRun(
      FleetProcess fleet, Path storage, Roof.Opener opener, Account account, boolean endsByItself)
      throws IOException {
    this.fleet = fleet;
    this.storage = storage;
    this.opener = opener;
    this.account = account;
    this.endsByItself = endsByItself;
    scenario = Scenario.named(fleet.file().scenario()).orElse(null);
    // After a crash the next moment to be settled is the one that may have been under way.
    long settledMs = fleet.client().status().settledMs();
    clock =
        new DemoClock(
            settledMs == 0
                ? Stepper.BEGIN.minus(Stepper.HISTORY)
                : Instant.ofEpochMilli(settledMs).plusSeconds(Stepper.STEP_SECONDS));
  }

  /** Opens the server and makes the fleet write to it. */
  void open(String listenAddress, String logLevel) throws IOException {
    var opened =
        opener.open(
            new Roof.Setup(
                storage,
                listenAddress,
                logLevel,
                clock,
                SimulatedAction.all(fleet.client()),
                fleet.file().secret(),
                DemoSite.targets(),
                DemoSite.runbooks()));
    roof = opened;
    account.begin(opened.desk().state());
    var opensDoor = new SettleDoor(fleet.file().secret(), this::settle);
    door = opensDoor;
    fleet.client().attach(new Outbox.Peer(opened.address() + "/api/v1/write", opensDoor.address()));
  }

  private void settle(Instant to) {
    var at = roof;
    if (at == null || closed.get()) throw new IllegalStateException("the server is closing");
    Instant now = clock.advance(to);
    try {
      at.settle(now);
    } catch (RuntimeException e) {
      if (trouble.isEmpty()) account.tell(now, "trouble", String.valueOf(e));
      trouble = String.valueOf(e);
      throw e;
    }
    trouble = "";
    var state = at.desk().state();
    account.look(state, now);
    if (now.isBefore(Stepper.BEGIN)) return;
    if (!live) {
      live = true;
      account.tell(now, "fleet", "is live; what came before was its history");
    }
    faults();
    var judge = ending;
    if (judge == null) return;
    judge.look(state, now);
    if (judge.verdict().isPresent()) settled.countDown();
  }

  private void faults() {
    try {
      var faults = fleet.client().faults();
      account.faults(faults);
      var only = scenario;
      if (only != null && ending == null) {
        faults.stream()
            .filter(f -> f.name().equals(only.name()))
            .findFirst()
            .ifPresent(f -> ending = new Ending(only, Instant.ofEpochMilli(f.begunMs())));
      }
    } catch (IOException e) {
      trouble = "the fleet does not answer: " + e.getMessage();
    }
  }

  /**
   * Waits for the scenario's end.
   *
   * @return false when it took too long
   */
  boolean awaitSettled(Duration timeout) throws InterruptedException {
    return settled.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until it is closed from elsewhere. */
  void awaitEver() throws InterruptedException {
    closedNow.await();
  }

  String address() {
    var at = roof;
    return at == null ? "" : at.address();
  }

  Optional<String> token() {
    var at = roof;
    return at == null || endsByItself ? Optional.empty() : at.token();
  }

  String scenario() {
    return scenario == null ? "the tour" : scenario.name();
  }

  /** How it should end. */
  String wanted() {
    return scenario == null ? "no end" : scenario.end().word;
  }

  Optional<Ending.Verdict> verdict() {
    var judge = ending;
    return judge == null ? Optional.empty() : judge.verdict();
  }

  String present() {
    var judge = ending;
    return judge == null ? "the fault has not begun" : judge.present();
  }

  List<String> times() {
    var judge = ending;
    return judge == null ? List.of() : judge.times();
  }

  String trouble() {
    return trouble;
  }

  /** Ends the fleet, then the server. Any thread; once. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) return;
    boolean neverOpened = roof == null;
    if (!fleet.found() || !neverOpened) fleet.end(); // one that was found outlives a failed start
    var opened = door;
    if (opened != null) opened.close();
    var at = roof;
    if (at != null) at.close();
    closedNow.countDown();
  }
}
