package io.prunella.control;

import io.prunella.control.ControlFact.JournalBack;
import io.prunella.control.Mailbox.Ask;
import io.prunella.control.Mailbox.Batch;
import io.prunella.detect.AlarmBudget;
import io.prunella.incident.Pending;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import io.prunella.signal.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes turns: decides what follows from what has come, has the facts made durable in one append,
 * applies them, answers, and says which effects are to begin. It owns the world. One thread, but
 * for {@link #state} and {@link #budget}.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private final Journal journal;
  private final Ports ports;
  private final Mailbox mailbox;
  private final Consumer<List<Entry>> listeners;
  private final Memory memory = new Memory();
  private final Pace pace = new Pace();
  private World world;
  private long head;
  private @Nullable String journalDown;
  private @Nullable Instant journalDownAt;
  private volatile State state;
  private volatile AlarmBudget budget;

  /**
   * Replays the journal.
   *
   * @param mailbox what cannot be made durable goes back there
   * @param listeners told of every batch of sealed facts
   */
  Turns(Journal journal, Ports ports, Mailbox mailbox, Consumer<List<Entry>> listeners) {
    this.journal = journal;
    this.ports = ports;
    this.mailbox = mailbox;
    this.listeners = listeners;
    this.world = Control.replay(journal);
    this.head = journal.head();
    this.state = world.state(head, null);
    this.budget = ports.grouping().budget();
  }

  /** The latest snapshot. Any thread. */
  State state() {
    return state;
  }

  /** What the alarm budget has learnt by the latest turn. Any thread. */
  AlarmBudget budget() {
    return budget;
  }

  boolean isJournalDown() {
    return journalDown != null;
  }

  /** No turn is taken any more; people see why. */
  void end(String why) {
    state = world.state(head, why);
  }

  /**
   * One turn.
   *
   * @return the effects to begin, now that their facts are on disk
   */
  List<Effect> take(Batch batch, Instant wanted) {
    Instant now = pace.next(world.at(), wanted);
    Duration behind = Duration.between(wanted, now); // 0 unless it has jumped back
    var turn = new Turn(world, head, now, ports, memory, null, behind);
    String downFor = journalDown;
    if (downFor != null) {
      turn.add(
          new JournalBack(
              now,
              "the journal could not be written since %s: %s".formatted(journalDownAt, downFor)));
    }
    if (memory.startedAt == null) Recovery.begin(turn);
    var answers = new ArrayList<Answer>();
    var changes = new ArrayList<>(batch.changes());
    for (Ask ask : batch.asks()) answers.add(answer(turn, ask.command(), changes));
    batch.reports().stream()
        .sorted(Comparator.comparing(Report::key))
        .forEach(report -> Reports.take(turn, report));
    var grouped =
        ports
            .grouping()
            .decide(
                turn.world().incidents(),
                memory.pending,
                batch.symptoms(),
                changes,
                turn.topology,
                now);
    grouped.facts().forEach(turn::add);
    Counter.lookAtStops(turn);
    Lifecycle.look(turn);
    Proposer.look(turn);
    Outbox.look(turn);
    List<Entry> entries;
    try {
      entries = turn.drafts().isEmpty() ? List.of() : journal.append(head, turn.drafts());
    } catch (Journal.JournalUnavailableException e) {
      unavailable(batch, now, String.valueOf(e.getMessage()));
      return List.of();
    }
    return done(turn, batch, answers, entries, grouped.pending());
  }

  private static Answer answer(Turn turn, Command command, List<Change> changes) {
    int before = turn.drafts().size();
    Answer answer = Counter.take(turn, command);
    boolean told = turn.drafts().size() > before; // said again, it is no other change
    boolean began =
        told
            && command instanceof Command.DeploymentPosted posted
            && !posted.finished()
            && answer instanceof Answer.Accepted;
    if (began && command instanceof Command.DeploymentPosted p) {
      changes.add(new Change(p.service(), "deploy", turn.now.toEpochMilli(), p.detail()));
    }
    return answer;
  }

  private List<Effect> done(
      Turn turn, Batch batch, List<Answer> answers, List<Entry> entries, Pending pending) {
    if (!entries.isEmpty()) head = entries.getLast().seq();
    world = turn.world().at(turn.now);
    memory.pending = pending;
    var learnt = pending.budget();
    if (learnt != null) budget = learnt;
    batch.reports().forEach(memory::ended);
    if (journalDown != null) LOG.info("the journal can be written again head={}", head);
    journalDown = null;
    turn.isOnDisk();
    state = world.state(head, null);
    for (int i = 0; i < answers.size(); i++) batch.asks().get(i).answer().complete(answers.get(i));
    if (!entries.isEmpty()) listeners.accept(entries);
    var after = new Turn(world, head, turn.now, ports, memory, null, Duration.ZERO);
    var effects = new ArrayList<>(turn.sends());
    effects.forEach(effect -> memory.begun(effect, turn.now));
    for (Effect wanted : Wanted.of(after)) {
      memory.begun(wanted, turn.now);
      effects.add(wanted);
    }
    return effects;
  }

  private void unavailable(Batch batch, Instant now, String why) {
    if (journalDown == null) {
      LOG.error("the journal cannot be written: nothing runs by itself any more. {}", why);
      journalDownAt = now;
    }
    journalDown = why;
    state = world.state(head, why);
    mailbox.putBack(batch.reports(), batch.symptoms(), batch.changes());
    for (Ask ask : batch.asks()) ask.answer().complete(unavailable(why));
  }

  static Answer unavailable(String why) {
    return new Answer.Refused(
        503, "nothing can be recorded at present, so nothing was done: " + why);
  }
}
