package io.prunella.control;

import io.prunella.control.ControlFact.NoticeOwed;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Incident;
import io.prunella.journal.Draft;
import io.prunella.journal.Fact;
import io.prunella.remediation.Guardrails;
import io.prunella.remediation.Notice;
import io.prunella.remediation.Plan;
import io.prunella.remediation.Planner.Planned;
import io.prunella.remediation.Proposal;
import io.prunella.remediation.Proposal.Stage;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.RemediationFact.Judged;
import io.prunella.remediation.RemediationFact.Moved;
import io.prunella.remediation.Situation;
import io.prunella.remediation.Status;
import io.prunella.remediation.Terms;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One turn on its way: decided facts are applied at once to a world of its own, so that what is
 * decided next sees them. Nothing of it has happened until its facts are on disk. One thread.
 */
final class Turn {
  final Instant now;
  final Ports ports;
  final Memory memory;
  final Topology topology;
  private final @Nullable String journalDown;
  private final Duration clockBehind;
  private World world;
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Effect> sends = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();

  private final long head;

  Turn(
      World world,
      long head,
      Instant now,
      Ports ports,
      Memory memory,
      @Nullable String journalDown,
      Duration clockBehind) {
    this.clockBehind = clockBehind;
    this.head = head;
    this.world = world;
    this.now = now;
    this.ports = ports;
    this.memory = memory;
    this.journalDown = journalDown;
    this.topology = ports.topology().get();
  }

  World world() {
    return world;
  }

  List<Draft> drafts() {
    return drafts;
  }

  /** The journal's last entry before this turn. */
  long head() {
    return head;
  }

  /** Calls whose intent is among this turn's facts. */
  List<Effect> sends() {
    return sends;
  }

  ControlConfig config() {
    return ports.config();
  }

  void add(Fact fact) {
    add(Terms.PRUNELLA, fact);
  }

  void add(String actor, Fact fact) {
    world = world.apply(fact);
    drafts.add(Facts.draft(actor, fact));
  }

  void send(Effect effect) {
    sends.add(effect);
  }

  /** To be done once the facts are on disk. */
  void after(Runnable change) {
    afterwards.add(change);
  }

  void isOnDisk() {
    afterwards.forEach(Runnable::run);
  }

  /** The remediation as it stands in this turn. */
  Remediation remediation(String id) {
    Remediation one = world.remediations().get(id);
    if (one == null) throw new IllegalStateException("remediation %s is unknown".formatted(id));
    return one;
  }

  /** Its incident while that is open, else null. */
  @Nullable Incident openIncident(Plan plan) {
    Incident one = world.incidents().get(plan.incident());
    return one != null && one.status() == Incident.Status.OPEN ? one : null;
  }

  void move(Remediation one, Status to, String why, @Nullable Instant deadline) {
    move(Terms.PRUNELLA, one, to, why, deadline);
  }

  void move(String actor, Remediation one, Status to, String why, @Nullable Instant deadline) {
    add(actor, new Moved(now, one.id(), one.status(), to, why, deadline));
  }

  /**
   * Asks every guardrail and records what each said.
   *
   * @param read what was read for it just now, which its freshness goes by, since a person may sign
   *     hours after the proposal; null when nothing is read again (before a step)
   */
  List<RuledBy> judge(
      Remediation one,
      Incident incident,
      Stage stage,
      String stageName,
      boolean signed,
      Planned.@Nullable Ready read) {
    Instant freshAt = read == null ? one.freshAt() : read.freshAt();
    var proposal = Proposal.of(one, stage, signed, freshAt);
    var judged = Guardrails.judgeAll(proposal, situation(one, incident, read));
    var rulings = Overrides.lift(one, judged, now);
    add(new Judged(now, one.id(), stageName, rulings));
    return rulings;
  }

  private Situation situation(Remediation one, Incident incident, Planned.@Nullable Ready read) {
    Plan plan = one.plan();
    String service = plan.target().service();
    State.Frozen frozen = world.frozen().get(service);
    return new Situation(
        now,
        config().policy(),
        incident,
        world.incidents().open(),
        world.incidents().resolved(),
        world.remediations(),
        stops(),
        deploying(),
        neighbours(service),
        ports.targets().of(service).orElse(null),
        frozen == null ? null : frozen.why(),
        journalDown,
        read == null ? List.of() : read.preconditions(),
        read == null ? List.of() : read.alerts(),
        read == null ? Aborts.found(this, one) : read.aborts(),
        new Situation.Surroundings(
            ports.targets().all(),
            Set.copyOf(topology.calleesOf(service)),
            maintenances(),
            calendars(one),
            clockBehind,
            ports.outlook().blind(),
            rivals(plan, incident, read)));
  }

  /** One whose alerts do not fire is no answer at present, and no rival. */
  private List<String> rivals(Plan plan, Incident incident, Planned.@Nullable Ready read) {
    var rivals = Proposer.rivals(this, plan, incident);
    if (read == null) return rivals;
    return rivals.stream().filter(name -> !read.unmatchedRivals().contains(name)).toList();
  }

  /** Those that hold back everything, and those that the runbook names. */
  private List<Situation.Closed> calendars(Remediation one) {
    var closed = new ArrayList<>(ports.outlook().closedAt(now));
    var own = one.terms().limits().windows();
    if (own == null) return closed;
    for (String name : own.calendars()) closed.addAll(ports.outlook().closedAt(now, name));
    return closed;
  }

  private Set<String> neighbours(String service) {
    var neighbours = new HashSet<>(topology.calleesOf(service));
    neighbours.addAll(topology.callersOf(service));
    return neighbours;
  }

  private List<Situation.Deploying> deploying() {
    return world.deployments().values().stream()
        .filter(d -> d.finishedAt() == null)
        .map(d -> new Situation.Deploying(d.id(), d.service(), d.startedAt()))
        .toList();
  }

  /** Whether a deployment of the service or a neighbour has begun and not finished. */
  boolean isDeploying(String service) {
    var near = neighbours(service);
    return deploying().stream()
        .anyMatch(d -> d.service().equals(service) || near.contains(d.service()));
  }

  private Stream<Stop> stopsInForce() {
    return world.stops().values().stream();
  }

  private List<Situation.Maintenance> maintenances() {
    return stopsInForce()
        .filter(s -> s.level().endsByItself())
        .map(s ->
            new Situation.Maintenance(
                s.id(), s.scope(), s.reason(), s.expiresAt() == null ? now : s.expiresAt()))
        .toList();
  }

  /** Whether people have asked not to hear about this service. */
  private boolean isSilenced(String service) {
    return stopsInForce()
        .anyMatch(s -> s.level() == Stop.Level.SILENCE && s.scope().equals("service:" + service));
  }

  private List<Situation.StopInForce> stops() {
    return stopsInForce()
        .filter(s -> !s.level().endsByItself())
        .map(s ->
            new Situation.StopInForce(s.id(), s.level() == Stop.Level.HALT, s.scope(), s.reason()))
        .toList();
  }

  /** True when nothing at all may be sent for this plan. */
  boolean isHalted(Plan plan) {
    return stops().stream().anyMatch(s -> s.halt() && s.covers(plan));
  }

  /** Whether people work on what this plan would change. */
  boolean isMaintained(Plan plan) {
    return maintenances().stream().anyMatch(m -> m.covers(plan));
  }

  boolean isStopped(Plan plan) {
    return stops().stream().anyMatch(s -> s.covers(plan));
  }

  /** Tells people, on every channel. */
  void notice(
      String kind,
      String severity,
      String about,
      String service,
      String title,
      String text,
      String path,
      boolean ended) {
    notice(kind, severity, about, service, title, text, path, ended, ports.channels());
  }

  /** Tells people on these channels. */
  void notice(
      String kind,
      String severity,
      String about,
      String service,
      String title,
      String text,
      String path,
      boolean ended,
      List<String> channels) {
    var notice =
        new Notice(
            "NTC-" + (world.noticesMade() + 1),
            kind,
            severity,
            now,
            about,
            service,
            title,
            text,
            path,
            ended,
            Map.of());
    boolean ours = kind.equals("escalation") || kind.equals("stop");
    add(new NoticeOwed(now, notice, !ours && isSilenced(service) ? List.of() : channels));
  }

  /** Hands an incident to people with a brief, unless they lead it already. */
  void handOver(String incident, String why) {
    handOver(incident, why, null);
  }

  /**
   * The same.
   *
   * @param by who hears of it, or null: all
   */
  void handOver(String incident, String why, Runbook.@Nullable Escalation by) {
    Incident one = world.incidents().get(incident);
    if (one == null) return;
    String brief = Brief.of(one, world.remediations().ofIncident(incident), why);
    world
        .incidents()
        .handOver(now, incident, brief)
        .ifPresent(fact -> {
          add(fact);
          String culprit = one.culprit();
          notice(
              "handover",
              Escalations.severity(
                  by, one.severity() == Incident.Severity.CRITICAL ? "critical" : "warning"),
              incident,
              culprit == null ? "" : culprit,
              "%s: a person is wanted. %s".formatted(incident, one.title()),
              brief,
              "/incidents/" + incident,
              /* ended= */ false,
              Escalations.channels(this, by));
        });
  }
}
