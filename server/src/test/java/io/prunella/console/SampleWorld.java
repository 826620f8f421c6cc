package io.prunella.console;

import io.prunella.control.Answer;
import io.prunella.control.Command;
import io.prunella.control.Desk;
import io.prunella.control.Progress;
import io.prunella.control.State;
import io.prunella.control.Stop;
import io.prunella.detect.AlarmBudget;
import io.prunella.incident.Incident;
import io.prunella.journal.Entry;
import io.prunella.journal.Journal;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.Decision;
import io.prunella.remediation.Remediation.Suggestion;
import io.prunella.remediation.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A desk that behaves as control does towards people, over a made-up state; for tests of the
 * console only.
 */
public final class SampleWorld implements Desk {
  /** The world's present in every test. */
  public static final Instant NOW = Instant.parse("2026-03-04T03:14:22Z");

  private final List<Consumer<List<Entry>>> listeners = new CopyOnWriteArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private volatile State state;
  private volatile Progress progress = Progress.of(Map.of());
  private volatile Journal.Verdict verdict =
      new Journal.Verdict(true, 42, "42 facts, chain and checkpoints are whole");
  private @Nullable Command lastAsked;

  /** With incidents, suggestions, a review that is wanted, and facts. */
  public static SampleWorld busy() {
    var world = new SampleWorld(SampleState.busy());
    for (int i = 1; i <= 120; i++) {
      String body =
          i % 7 == 0
              ? "{\"incident\":\"INC-7\",\"title\":\"<script>alert(1)</script>\"}"
              : "{\"incident\":\"INC-" + i + "\"}";
      world.seal(
          i % 5 == 0 ? "ada" : "prunella",
          i % 3 == 0 ? "incident.opened" : "remediation.proposed",
          body);
    }
    return world;
  }

  /** Nothing has ever happened. */
  public static SampleWorld empty() {
    return new SampleWorld(SampleState.empty());
  }

  private SampleWorld(State state) {
    this.state = state;
  }

  @Override
  public AlarmBudget budget() {
    return AlarmBudget.of(0.5).with(0, 0.6).with(0, 60);
  }

  @Override
  public State state() {
    return state;
  }

  public synchronized @Nullable Command lastAsked() {
    return lastAsked;
  }

  public void found(Journal.Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public synchronized CompletableFuture<Answer> ask(Command command) {
    lastAsked = command;
    return CompletableFuture.completedFuture(answer(command));
  }

  private Answer answer(Command command) {
    return switch (command) {
      case Command.Decide decide -> decide(decide);
      case Command.StopAutomation stop -> {
        String id = "STOP-" + (state.stops().size() + 1);
        var stops = new LinkedHashMap<>(state.stops());
        Instant until = stop.lasting() == null ? null : NOW.plus(stop.lasting());
        stops.put(
            id, new Stop(id, stop.level(), stop.scope(), stop.reason(), stop.actor(), NOW, until));
        become(state.remediations(), stops, state.frozen());
        seal(stop.actor(), "stop.begun", "{\"stop\":\"" + id + "\"}");
        yield new Answer.Accepted(id);
      }
      case Command.ResumeAutomation resume -> {
        if (!state.stops().containsKey(resume.stop())) {
          yield new Answer.Refused(404, "there is no stop " + resume.stop());
        }
        var stops = new LinkedHashMap<>(state.stops());
        stops.remove(resume.stop());
        become(state.remediations(), stops, state.frozen());
        seal(resume.actor(), "stop.ended", "{\"stop\":\"" + resume.stop() + "\"}");
        yield new Answer.Accepted(resume.stop());
      }
      case Command.FreezeLifted lifted -> {
        var frozen = new LinkedHashMap<>(state.frozen());
        if (frozen.remove(lifted.service()) == null)
          yield new Answer.Refused(404, lifted.service() + " is not frozen");
        become(state.remediations(), state.stops(), frozen);
        yield new Answer.Accepted(lifted.service());
      }
      case Command.TakenOver over ->
          state.incidents().containsKey(over.incident())
              ? new Answer.Accepted(over.incident())
              : new Answer.Refused(404, "there is no incident " + over.incident());
      case Command.AbortRemediation abort -> {
        Remediation one = state.remediations().get(abort.remediation());
        if (one == null)
          yield new Answer.Refused(404, "there is no remediation " + abort.remediation());
        yield one.status().isTerminal()
            ? new Answer.Refused(409, one.id() + " is over")
            : new Answer.Accepted(one.id());
      }
      case Command.OverrideHold over ->
          state.remediations().containsKey(over.remediation())
              ? new Answer.Accepted(over.remediation())
              : new Answer.Refused(404, "there is no remediation " + over.remediation());
      case Command.ReviewGiven review ->
          state.remediations().containsKey(review.remediation())
              ? new Answer.Accepted(review.remediation())
              : new Answer.Refused(404, "there is no remediation " + review.remediation());
      case Command.DeploymentPosted posted -> new Answer.Accepted(posted.deployment());
      default -> throw new IllegalArgumentException("people do not ask for " + command);
    };
  }

  private Answer decide(Command.Decide decide) {
    var found = state.suggestion(decide.approval());
    if (found.isEmpty())
      return new Answer.Refused(404, "there is no approval " + decide.approval());
    Remediation one = found.get();
    Suggestion asked = java.util.Objects.requireNonNull(one.suggestion());
    if (one.status() == Status.EXPIRED)
      return new Answer.Refused(410, asked.id() + " has expired; nothing was done");
    if (one.status() != Status.AWAITING_APPROVAL)
      return new Answer.Refused(409, asked.id() + " is decided already");
    if (!asked.planDigest().equals(decide.planDigest())) {
      return new Answer.Refused(409, "the plan has changed since you looked; look at the new one");
    }
    if (asked.decisions().stream().anyMatch(d -> d.actor().equals(decide.actor()))) {
      return new Answer.Refused(
          403, decide.actor() + " has decided already and does not count twice");
    }
    var decisions = new ArrayList<>(asked.decisions());
    decisions.add(
        new Decision(
            NOW, decide.actor(), decide.approve(), decide.reason(), decide.idempotencyKey()));
    long approved = decisions.stream().filter(Decision::approve).count();
    Status then =
        !decide.approve()
            ? Status.REJECTED
            : approved >= asked.approversMin() ? Status.APPROVED : Status.AWAITING_APPROVAL;
    var changed = new LinkedHashMap<>(state.remediations());
    changed.put(one.id(), SampleState.decided(one, decisions, then, decide.reason()));
    become(changed, state.stops(), state.frozen());
    seal(decide.actor(), "approval.decided", "{\"approval\":\"" + asked.id() + "\"}");
    return new Answer.Accepted(asked.id());
  }

  /** A step that is out says something. */
  public void say(String key, String soFar) {
    progress = Progress.of(Map.of(key, soFar));
  }

  @Override
  public Progress progress() {
    return progress;
  }

  /** A remediation comes, or becomes another. */
  public synchronized void put(Remediation one) {
    var changed = new LinkedHashMap<>(state.remediations());
    changed.put(one.id(), one);
    become(changed, state.stops(), state.frozen());
  }

  /** An incident is over. */
  synchronized void end(String incident, Instant at) {
    var changed = new LinkedHashMap<>(state.incidents());
    Incident one = changed.get(incident);
    changed.put(
        incident,
        new Incident(
            one.id(),
            one.revision() + 1,
            Incident.Status.RESOLVED,
            one.severity(),
            one.title(),
            one.openedAt(),
            at,
            at,
            one.services(),
            one.symptoms(),
            one.suspects(),
            one.matches(),
            one.diagnosed(),
            one.changes(),
            one.handedOver(),
            "all symptoms are over"));
    become(changed, state.remediations(), state.stops(), state.frozen());
  }

  /** The plan of a suggestion is another one from now on. */
  public synchronized void changePlan(String approval, String digest) {
    Remediation one = state.suggestion(approval).orElseThrow();
    var changed = new LinkedHashMap<>(state.remediations());
    changed.put(one.id(), SampleState.withDigest(one, digest));
    become(changed, state.stops(), state.frozen());
  }

  /** The journal has broken, or is well again. */
  public synchronized void journalDown(@Nullable String why) {
    state =
        new State(
            state.head(),
            NOW,
            state.incidents(),
            state.remediations(),
            state.stops(),
            state.deployments(),
            state.frozen(),
            why);
  }

  private void become(
      Map<String, Remediation> remediations,
      Map<String, Stop> stops,
      Map<String, State.Frozen> frozen) {
    become(state.incidents(), remediations, stops, frozen);
  }

  private void become(
      Map<String, Incident> incidents,
      Map<String, Remediation> remediations,
      Map<String, Stop> stops,
      Map<String, State.Frozen> frozen) {
    state =
        new State(
            state.head(),
            NOW,
            incidents,
            remediations,
            stops,
            state.deployments(),
            frozen,
            state.journalDown());
  }

  /** Seals a fact and tells everyone. */
  public synchronized void seal(String actor, String type, String body) {
    long seq = entries.size() + 1;
    var entry =
        new Entry(
            seq,
            NOW.minusSeconds(500 - seq),
            actor,
            type,
            body,
            "0".repeat(64),
            "%064x".formatted(seq));
    entries.add(entry);
    state =
        new State(
            seq,
            NOW,
            state.incidents(),
            state.remediations(),
            state.stops(),
            state.deployments(),
            state.frozen(),
            state.journalDown());
    listeners.forEach(listener -> listener.accept(List.of(entry)));
  }

  @Override
  public Runnable subscribe(Consumer<List<Entry>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public synchronized List<Entry> newest(long beforeSeq, int entriesMax) {
    return entries.reversed().stream().filter(e -> e.seq() < beforeSeq).limit(entriesMax).toList();
  }

  @Override
  public Journal.Verdict verify() {
    return verdict;
  }
}
