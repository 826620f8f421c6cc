package io.prunella.control;

import io.prunella.diagnose.Pattern;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Reader;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.Targets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The one writer. */
public final class Control implements Desk, AutoCloseable {
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
      Supplier<Topology> topology) {}

  /** Any thread. */
  public boolean submit(Command command) {
    throw new UnsupportedOperationException("to come");
  }

  /** Begins the thread that takes the turns. */
  public void start() {
    throw new UnsupportedOperationException("to come");
  }

  /** Turns without a thread, until nothing more can happen at this time. */
  public void settle(Instant now) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public State state() {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public CompletableFuture<Answer> ask(Command command) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public Runnable subscribe(Consumer<List<Entry>> listener) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public List<Entry> newest(long beforeSeq, int entriesMax) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public Journal.Verdict verify() {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("to come");
  }
}
