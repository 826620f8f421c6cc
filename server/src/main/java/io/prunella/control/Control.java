package io.prunella.control;

import io.prunella.control.Mailbox.Ask;
import io.prunella.control.Mailbox.Batch;
import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Pattern;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.Planner;
import io.prunella.remediation.Reader;
import io.prunella.runbook.Checks;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.Targets;
import io.prunella.runbook.Templates;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer: owns the state, and nobody else changes it. A turn takes what has come, decides
 * facts, has them made durable in one append, applies them, and only then begins effects on virtual
 * threads; what they come to is the next turn's mail.
 *
 * <p>Either {@link #start} gives it a thread of its own, or {@link #settle} is called: then turns
 * and effects run on the caller's thread in a fixed order, and the same commands give the same
 * facts.
 *
 * <p>While the journal cannot be written nothing happens: automation stands still, people are
 * answered 503, symptoms keep coalescing, and every tick tries again.
 */
public final class Control implements Desk, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);
  private static final int ROUNDS_MAX = 1_000;

  private final Journal journal;
  private final Ports ports;
  private final InstantSource clock;
  private final Progress progress = new Progress();
  private final Hands hands;
  private final Mailbox mailbox;
  private final List<Consumer<List<Entry>>> listeners = new CopyOnWriteArrayList<>();
  private final Turns turns; // only the thread that takes the turns, but for its state()
  private @Nullable Thread thread;

  /**
   * Replays the journal; nothing is written or begun before {@link #start} or {@link #settle}.
   *
   * @param runbooks the catalogue in force; asked in every turn, so that a reload is seen
   * @param actions by name
   * @param topology who calls whom at present
   * @throws IllegalStateException when the journal is not as it was written, or was written by a
   *     newer version
   */
  public Control(
      Journal journal,
      ControlConfig config,
      Grouping grouping,
      Pattern patterns,
      Supplier<RunbookCatalogue> runbooks,
      Targets targets,
      Expressions expressions,
      Map<String, Action> actions,
      Reader reader,
      List<Notifier> notifiers,
      InstantSource clock,
      Supplier<Topology> topology) {
    this(
        journal,
        Lease.SOLE,
        config,
        grouping,
        patterns,
        runbooks,
        targets,
        expressions,
        actions,
        reader,
        notifiers,
        clock,
        topology,
        Outlook.CLEAR);
  }

  /**
   * The same with more to look at.
   *
   * @param outlook calendars, and whether enough is seen
   */
  public Control(
      Journal journal,
      ControlConfig config,
      Grouping grouping,
      Pattern patterns,
      Supplier<RunbookCatalogue> runbooks,
      Targets targets,
      Expressions expressions,
      Map<String, Action> actions,
      Reader reader,
      List<Notifier> notifiers,
      InstantSource clock,
      Supplier<Topology> topology,
      Outlook outlook) {
    this(
        journal,
        Lease.SOLE,
        config,
        grouping,
        patterns,
        runbooks,
        targets,
        expressions,
        actions,
        reader,
        notifiers,
        clock,
        topology,
        outlook);
  }

  /**
   * The same where several servers share the journal.
   *
   * @param lease asked just before each call leaves
   */
  public Control(
      Journal journal,
      Lease lease,
      ControlConfig config,
      Grouping grouping,
      Pattern patterns,
      Supplier<RunbookCatalogue> runbooks,
      Targets targets,
      Expressions expressions,
      Map<String, Action> actions,
      Reader reader,
      List<Notifier> notifiers,
      InstantSource clock,
      Supplier<Topology> topology,
      Outlook outlook) {
    this.journal = journal;
    this.clock = clock;
    var checks = new Checks(expressions);
    this.ports =
        new Ports(
            config,
            grouping,
            patterns,
            runbooks,
            targets,
            checks,
            new Planner(new Templates(expressions), checks, actions),
            Map.copyOf(actions),
            reader,
            List.copyOf(notifiers),
            topology,
            outlook);
    this.hands = new Hands(ports, new LastLook(lease, clock, this::state), progress);
    this.mailbox = new Mailbox(config.asksMax(), config.changesMax());
    this.turns = new Turns(journal, ports, mailbox, this::tell);
  }

  /** The sum of a journal's facts. */
  static World replay(Journal journal) {
    var sum = new World[] {World.EMPTY};
    journal.replay(0, entry -> sum[0] = sum[0].apply(Facts.read(entry)));
    return sum[0];
  }

  /**
   * Hands over a command of the data plane or the clock. Any thread; never waits.
   *
   * @return false when it was not taken because too many wait; never for symptoms, changes and
   *     ticks
   */
  public boolean submit(Command command) {
    return switch (command) {
      case Command.SymptomSeen c -> {
        mailbox.symptom(c.symptom());
        yield true;
      }
      case Command.ChangeNoticed c -> {
        mailbox.change(c.change());
        yield true;
      }
      case Command.Tick c -> {
        mailbox.tick(c.now());
        yield true;
      }
      case Command.Decide _,
          Command.StopAutomation _,
          Command.ResumeAutomation _,
          Command.DeploymentPosted _,
          Command.ReviewGiven _,
          Command.FreezeLifted _,
          Command.TakenOver _,
          Command.AbortRemediation _,
          Command.OverrideHold _,
          Command.Diagnosed _ ->
          mailbox.ask(new Ask(command, new CompletableFuture<>()));
    };
  }

  /** Begins the thread that takes the turns; ticks come as commands from the roof. */
  public synchronized void start() {
    if (thread != null) throw new IllegalStateException("control has been started");
    thread = Thread.ofPlatform().name("control").start(this::loop);
  }

  private void loop() {
    var rest = new Rest();
    try {
      while (mailbox.await(/* patient= */ turns.isJournalDown())) {
        Instant begun = clock.instant();
        Batch batch = mailbox.drain();
        Instant now = batch.tick() != null ? batch.tick() : clock.instant();
        for (Effect effect : turns.take(batch, now)) {
          Thread.ofVirtual()
              .name("effect " + effect.key())
              .start(() -> report(hands.carryOut(effect)));
        }
        mailbox.rest(rest.after(begun, clock.instant()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fault(e);
      throw e;
    }
  }

  /** Our own fault: going on could do harm, so automation ends here and says so wherever it can. */
  private void fault(Throwable e) {
    LOG.error("control has ended by a fault of its own; nothing runs by itself any more", e);
    mailbox.close();
    turns.end("control has ended by a fault of its own: " + e);
    for (Ask ask : mailbox.drain().asks())
      ask.answer().complete(Turns.unavailable(String.valueOf(e)));
  }

  /**
   * Turns on the caller's thread until nothing more can happen at this time. Effects are carried
   * out one after another, in order of their keys.
   *
   * @param now not before the last one
   * @throws IllegalStateException when it does not come to rest, naming what kept running
   */
  public synchronized void settle(Instant now) {
    if (thread != null) throw new IllegalStateException("control has a thread of its own");
    mailbox.tick(now);
    List<Effect> effects = List.of();
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Batch batch = mailbox.drain();
      if (round > 0 && batch.isEmpty()) return;
      effects = turns.take(batch, now);
      effects.stream()
          .sorted(Comparator.comparing(Effect::key))
          .forEach(effect -> mailbox.report(hands.carryOut(effect)));
      if (turns.isJournalDown()) return; // what came waits for the next tick
    }
    throw new IllegalStateException(
        "control does not come to rest at %s after %d rounds; still running: %s"
            .formatted(now, ROUNDS_MAX, effects.stream().map(Effect::key).sorted().toList()));
  }

  /**
   * One turn over all that waits, for a scheduler that carries out the effects itself: in its own
   * order, late, or never. {@link #settle} and the thread are two such schedulers.
   *
   * @return the effects to begin
   */
  synchronized List<Effect> round(Instant now) {
    if (thread != null) throw new IllegalStateException("control has a thread of its own");
    mailbox.tick(now);
    return turns.take(mailbox.drain(), now);
  }

  /** Begins an effect of {@link #round} and waits for its end. Any thread. */
  Report carryOut(Effect effect) {
    return hands.carryOut(effect);
  }

  /** What an effect came to: mail for the next turn. Any thread. */
  void report(Report report) {
    mailbox.report(report);
  }

  private void tell(List<Entry> entries) {
    for (var listener : listeners) {
      try {
        listener.accept(entries);
      } catch (RuntimeException e) {
        LOG.warn("a listener of the journal failed and is dropped", e);
        listeners.remove(listener);
      }
    }
  }

  @Override
  public State state() {
    return turns.state();
  }

  @Override
  public AlarmBudget budget() {
    return turns.budget();
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public CompletableFuture<Answer> ask(Command command) {
    var answer = new CompletableFuture<Answer>();
    boolean silent =
        command instanceof Command.SymptomSeen
            || command instanceof Command.ChangeNoticed
            || command instanceof Command.Tick;
    if (silent) {
      submit(command);
      answer.complete(new Answer.Accepted(""));
    } else if (!mailbox.ask(new Ask(command, answer))) {
      answer.complete(
          new Answer.Refused(
              503,
              "more than %d commands wait, or the server is ending"
                  .formatted(ports.config().asksMax())));
    }
    return answer;
  }

  @Override
  public Runnable subscribe(Consumer<List<Entry>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public List<Entry> newest(long beforeSeq, int entriesMax) {
    return journal.newest(beforeSeq, entriesMax);
  }

  @Override
  public Journal.Verdict verify() {
    return journal.verify();
  }

  /** Takes what has come, then ends its thread. The journal is the roof's to close. */
  @Override
  public void close() {
    mailbox.close();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null && running != Thread.currentThread()) {
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (Ask ask : mailbox.drain().asks())
      ask.answer().complete(Turns.unavailable("the server is ending"));
  }
}
