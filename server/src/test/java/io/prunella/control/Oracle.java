// Long because: the invariants of one state machine, each a few lines, read best on one page.
package io.prunella.control;

import io.prunella.control.OracleBook.Round;
import io.prunella.control.OracleBook.Run;
import io.prunella.incident.IncidentFact;
import io.prunella.journal.Entry;
import io.prunella.journal.Fact;
import io.prunella.journal.MemoryDisk;
import io.prunella.remediation.Action;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.remediation.RemediationFact;
import io.prunella.remediation.RemediationFact.Checked;
import io.prunella.remediation.RemediationFact.DecisionMade;
import io.prunella.remediation.RemediationFact.Judged;
import io.prunella.remediation.RemediationFact.Moved;
import io.prunella.remediation.RemediationFact.Proposed;
import io.prunella.remediation.RemediationFact.StepEnded;
import io.prunella.remediation.RemediationFact.StepIntended;
import io.prunella.remediation.RemediationFact.SuggestionMade;
import io.prunella.remediation.RemediationFact.WindowRestarted;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import io.prunella.runbook.BadEnd;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Readings;
import io.prunella.runbook.TargetClass;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Watches a simulated world from outside: what is on the disk, what reached the network, what
 * readers were served, what people were told. After every turn the invariants I1 to I10 must hold.
 */
final class Oracle {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration COLD_MAX = Duration.ofMinutes(5);
  private static final Duration SLACK = Duration.ofMinutes(2);
  private static final long STALE_MS = 60_000;
  private static final Set<Status> WELL_ENDED = Set.of(Status.SUCCEEDED, Status.ROLLED_BACK);

  /** What must never be. */
  static final class Violation extends AssertionError {
    Violation(String what) {
      super(what);
    }
  }

  final Set<String> transitions = new TreeSet<>();
  final Set<StepState> stepStates = new HashSet<>();
  final Map<String, OracleBook> books = new LinkedHashMap<>();

  private final MemoryDisk disk;
  private final PolicyConfig policy;
  private final SimBooks files;
  private final Map<String, SimService> services;
  private final OracleBook.Stops stops = new OracleBook.Stops();
  private final OracleBook.Incidents incidents = new OracleBook.Incidents();
  private final Map<String, Instant> deployments = new HashMap<>(); // service and id -> begun
  private final Set<String> frozen = new HashSet<>();
  private final Set<String> paged = new HashSet<>();
  private final Set<String> pagedNow = new HashSet<>(); // in the turn that is read
  private final Set<String> wantedResumed = new HashSet<>();
  private final Map<String, TreeMap<Instant, double[]>> served = new HashMap<>();
  private final Map<String, TreeSet<Long>> seenSince = new HashMap<>();
  private Instant startedAt = Instant.MIN;
  private long fence;
  private long read;

  Oracle(MemoryDisk disk, PolicyConfig policy, SimBooks files, Map<String, SimService> services) {
    this.services = services;
    this.disk = disk;
    this.policy = policy;
    this.files = files;
  }

  static void must(boolean holds, String what, Object... args) {
    if (!holds) throw new Violation(what.formatted(args));
  }

  /** A turn is over: reads what it has put on the disk, then looks at the whole. */
  void turned(State state, Instant now) {
    readOn();
    Instant at = now.isAfter(state.at()) ? now : state.at();
    if (state.journalDown() != null) return;
    for (OracleBook one : books.values()) {
      if (!one.isHolding() || one.deadline == null) continue;
      boolean late = at.isAfter(one.deadline.plus(SLACK)) && at.isAfter(startedAt.plus(COLD_MAX));
      must(!late, "I8: %s is %s past its deadline %s at %s", one.id, one.status, one.deadline, at);
    }
    for (OracleBook one : books.values()) {
      boolean bad = one.hasEnded() && one.acted() && !WELL_ENDED.contains(one.status);
      must(
          !bad || paged.contains(one.id) || one.since.isBefore(startedAt),
          "%s ended %s after it had acted, and nobody was told",
          one.id,
          one.status);
    }
  }

  private void readOn() {
    pagedNow.clear();
    disk.replay(
        read,
        entry -> {
          read = entry.seq();
          take(entry, Facts.read(entry));
        });
  }

  private void take(Entry entry, Fact fact) {
    switch (fact) {
      case RemediationFact f -> remediation(f);
      case IncidentFact f -> incidents.take(f);
      case ControlFact.Started f -> started(entry, f);
      case ControlFact.StopPlaced f -> stops.inForce.put(f.stop().id(), f.stop());
      case ControlFact.StopLifted f -> {
        must(
            wantedResumed.contains(f.stop()) || stops.isOver(f.stop(), f.at()),
            "stop %s was lifted by nobody",
            f.stop());
        stops.inForce.remove(f.stop());
      }
      case ControlFact.DeploymentBegan f ->
          deployments.put(f.service() + "/" + f.deployment(), f.at());
      case ControlFact.DeploymentEnded f ->
          deployments.keySet().removeIf(k -> k.endsWith("/" + f.deployment()));
      case ControlFact.TargetFrozen f -> frozen.add(f.service());
      case ControlFact.TargetThawed f -> {
        must(!f.actor().equals("prunella"), "%s was thawed by nobody", f.service());
        frozen.remove(f.service());
      }
      case ControlFact.NoticeOwed f -> {
        if (f.notice().kind().equals("escalation")) {
          paged.add(f.notice().about());
          must(
              pagedNow.add(f.notice().about()),
              "people are told of %s twice in one turn",
              f.notice().about());
        }
      }
      default -> {}
    }
  }

  private void started(Entry entry, ControlFact.Started f) {
    startedAt = f.at();
    fence = entry.seq();
    seenSince.clear();
    for (OracleBook one : books.values()) {
      one.inherited = !one.hasEnded();
      for (Run run : one.runs.values()) {
        must(
            one.hasEnded() || run.state != StepState.INTENT,
            "the end of step %s of %s is open after a start",
            run.key,
            one.id);
      }
    }
  }

  private void remediation(RemediationFact fact) {
    if (fact instanceof Proposed f) {
      proposed(f);
      return;
    }
    OracleBook one = books.get(fact.remediation());
    must(one != null, "%s is not proposed", fact.remediation());
    switch (fact) {
      case Proposed _ -> {}
      case Judged f -> {
        one.rulings = f.rulings();
        one.judgedAt = f.at();
      }
      case Moved f -> moved(one, f);
      case SuggestionMade f -> {
        become(one, Status.AWAITING_APPROVAL, f.at());
        one.deadline = f.expiresAt();
        one.asked = f.planDigest();
        one.signers.clear();
        one.deciders.clear();
      }
      case DecisionMade f -> {
        must(
            f.planDigest().equals(one.plan.digest()),
            "%s was decided about plan %s, it has plan %s",
            one.id,
            f.planDigest(),
            one.plan.digest());
        must(!f.actor().equals(one.terms.requester()), "%s decides its own request", f.actor());
        must(one.deciders.add(f.actor()), "%s decides about %s twice", f.actor(), one.id);
        if (f.approve()) one.signers.add(f.actor());
      }
      case StepIntended f -> intended(one, f);
      case StepEnded f -> {
        Run run = one.runs.get((f.back() ? "<" : "") + f.step());
        must(run != null, "%s: step %s ends without an intent", one.id, f.step());
        run.state = f.state();
        run.endedAt = f.at();
        stepStates.add(f.state());
      }
      case Checked f -> {
        one.rounds.add(new Round(f.reads().getFirst().at(), f.verdict()));
        for (var check : one.terms.verify().harmless()) {
          one.harmed |=
              f.reads().stream()
                  .anyMatch(r -> r.check().equals(check.name()) && r.verdict() == Verdict.FAIL);
        }
      }
      case WindowRestarted f -> {
        one.rounds.clear();
        one.harmed = false;
        one.since = f.at();
      }
      case RemediationFact.AbortLooked f -> looked(one, f);
      case RemediationFact.Reviewed _ -> {}
      case RemediationFact.OverrideSigned f ->
          one.overriders.computeIfAbsent(f.planDigest(), _ -> new TreeSet<>()).add(f.actor());
    }
  }

  private void proposed(Proposed f) {
    OracleBook one = books.get(f.remediation());
    if (one == null) {
      one = new OracleBook(f.remediation(), f.plan(), f.terms(), f.at());
      books.put(one.id, one);
      return;
    }
    must(!one.acted(), "I4: %s gets another plan after a step has left", one.id);
    one.plan = f.plan();
    one.terms = f.terms();
    one.signers.clear();
    become(one, Status.PROPOSED, f.at());
  }

  private void become(OracleBook one, Status to, Instant at) {
    if (one.status != to) transitions.add(one.status + ">" + to);
    one.status = to;
    one.since = at;
  }

  private void moved(OracleBook one, Moved f) {
    must(one.status == f.from(), "%s leaves %s, it is %s", one.id, f.from(), one.status);
    if (f.to() == Status.SUCCEEDED) proven(one, f.at());
    takenBack(one, f);
    if (f.to() == Status.ADMITTED) {
      for (OracleBook other : books.values()) {
        boolean second = other != one && other.isHolding() && other.service().equals(one.service());
        must(!second, "I1: %s and %s both hold %s", other.id, one.id, one.service());
      }
      fewAreIll(one, f.at());
    }
    boolean bad = OracleBook.ENDS.contains(f.to()) && one.acted() && !WELL_ENDED.contains(f.to());
    must(
        !bad || frozen.contains(one.service()),
        "%s ends %s after it has acted, and %s is not frozen",
        one.id,
        f.to(),
        one.service());
    become(one, f.to(), f.at());
    one.deadline = f.deadline();
    if (f.to() == Status.VERIFYING || f.to() == Status.ROLLING_BACK) {
      one.rounds.clear();
      one.harmed = false;
    }
  }

  /** What was done is taken back after the ends that the runbook names, and after no other. */
  private void takenBack(OracleBook one, Moved f) {
    if (one.runs.values().stream().anyMatch(run -> run.back)) return; // decided before
    BadEnd how = one.badEnd(f.from());
    must(
        f.to() != Status.ROLLING_BACK || one.wantsBack(how),
        "%s is taken back after %s, its runbook wants it after %s",
        one.id,
        how.word(),
        one.terms.rollbackWhen());
    boolean left =
        f.from() == Status.VERIFYING
            && f.to() == Status.ESCALATED
            && one.hasWayBack()
            && !incidents.led.contains(one.plan.incident());
    must(
        !left || !one.wantsBack(how),
        "%s is left after %s, its runbook wants it taken back",
        one.id,
        how.word());
  }

  /** What is told of the conditions that abort a run must have been so. */
  private void looked(OracleBook one, RemediationFact.AbortLooked f) {
    boolean clear = f.reads().stream().allMatch(r -> r.verdict() == Verdict.PASS);
    double[] reading = served.getOrDefault(one.service(), new TreeMap<>()).get(f.readAt());
    boolean flood = one.terms.limits().abortIf().getFirst().name().equals("flood");
    int time = flood ? 3 : 0;
    boolean fresh = reading != null && f.readAt().toEpochMilli() - reading[time] <= STALE_MS;
    must(
        !clear || (fresh && (flood || reading[1] <= 98.5)),
        "%s was found clear at %s, which nobody could tell",
        one.id,
        f.readAt());
    one.look = new OracleBook.Look(f.readAt(), clear);
    one.aborted |= !clear;
  }

  /** I9. */
  private void proven(OracleBook one, Instant at) {
    must(one.mayGoOn(at, policy.inputAgeMax()), "%s succeeded without a clear look", one.id);
    int wanted = one.terms.verify().consecutiveSuccesses();
    int have = one.rounds.size();
    must(have >= wanted, "I9: %s succeeded after %d of %d rounds", one.id, have, wanted);
    Instant last = one.since;
    for (Round round : one.rounds.subList(have - wanted, have)) {
      double[] reading = served.getOrDefault(one.service(), new TreeMap<>()).get(round.readAt());
      must(
          round.verdict() == Verdict.PASS && reading != null && reading[1] < 80,
          "I9: %s succeeded on a round of %s that says %s",
          one.id,
          round.readAt(),
          reading == null ? "nothing" : reading[1]);
      boolean errorsToo =
          one.terms.verify().checks().stream().anyMatch(c -> c.expression().contains("errors"));
      must(
          !errorsToo || (reading[2] < 1 && round.readAt().toEpochMilli() - reading[3] <= STALE_MS),
          "I9: %s succeeded on a round of %s that has no fresh word about errors",
          one.id,
          round.readAt());
      Instant newest = Instant.ofEpochMilli((long) reading[0]);
      must(newest.isAfter(last), "I9: %s succeeded on a sample of %s twice", one.id, newest);
      last = newest;
    }
  }

  private void intended(OracleBook one, StepIntended f) {
    must(one.plan != null && !one.hasEnded(), "%s acts after its end", one.id);
    var halt = stops.covering(one.plan, /* haltOnly= */ one.acted()); // what runs may finish
    must(halt == null, "I6: step %s of %s begins under stop %s", f.step(), one.id, halt);
    boolean allowed =
        f.at().equals(one.judgedAt)
            && !one.rulings.isEmpty()
            && one.rulings.stream().allMatch(r -> r.ruling() instanceof Ruling.Allow);
    must(allowed, "I4: step %s of %s begins without an allow of this turn", f.step(), one.id);
    Run run = one.runs.get((f.back() ? "<" : "") + f.step());
    if (run != null) {
      must(
          step(one, f).idempotency() != Idempotency.N && run.intents == 1,
          "I7: step %s of %s is sent again",
          f.step(),
          one.id);
      must(
          run.state == StepState.NOT_APPLIED,
          "I7: step %s of %s is sent again, and is %s",
          f.step(),
          one.id,
          run.state);
    }
    if (!f.back()) forward(one, f, run == null);
    if (run == null) run = new Run();
    run.state = StepState.INTENT;
    run.intents++;
    run.intendedAt = f.at();
    run.key = f.key();
    run.back = f.back();
    one.runs.put((f.back() ? "<" : "") + f.step(), run);
    stepStates.add(StepState.INTENT);
    warm(one, f.at());
    if (!f.back() && one.actedAt == null) one.actedAt = f.at();
  }

  /** After a start nothing goes on before two fresh observations, or the longest wait. */
  private void warm(OracleBook one, Instant at) {
    int seen = seenSince.getOrDefault(one.service(), new TreeSet<>()).size();
    must(
        !one.inherited || seen >= 2 || !at.isBefore(startedAt.plus(COLD_MAX)),
        "%s goes on after a start with %d fresh observations",
        one.id,
        seen);
  }

  private static PlannedStep step(OracleBook one, StepIntended f) {
    for (var step : f.back() ? one.plan.rollback() : one.plan.steps())
      if (step.id().equals(f.step())) return step;
    throw new Violation("%s has no step %s".formatted(one.id, f.step()));
  }

  private void forward(OracleBook one, StepIntended f, boolean first) {
    must(
        one.mayGoOn(f.at(), policy.inputAgeMax()),
        "step %s of %s begins without a clear look at what aborts it",
        f.step(),
        one.id);
    must(!frozen.contains(one.service()), "%s acts on frozen %s", one.id, one.service());
    for (var deployment : deployments.entrySet()) {
      boolean covers =
          deployment.getKey().startsWith(one.service() + "/")
              && f.at().isBefore(deployment.getValue().plus(policy.deploymentMax()));
      must(
          !covers || one.isOverridden(),
          "I6: %s acts during deployment %s",
          one.id,
          deployment.getKey());
    }
    if (!policy.windows().isEmpty()) {
      var hands = f.at().atZone(ZoneOffset.UTC);
      boolean inside = hands.getHour() == 9 && hands.getMinute() >= 30 && hands.getMinute() < 50;
      must(!inside || one.isOverridden(), "I6: %s acts inside the window at %s", one.id, f.at());
    }
    must(
        !one.needsPeople(policy.databaseRoles()) || one.signers.size() >= policy.approversMin(),
        "%s acts with the signatures of %s only",
        one.id,
        one.signers);
    must(!one.plan.mode().equals("observe"), "%s may only observe", one.id);
    must(
        one.signers.isEmpty() || one.asked.equals(one.plan.digest()),
        "%s acts on a plan that nobody has signed",
        one.id);
    if (first && !one.acted()) {
      counted(one, f.at());
      rested(one, f.at());
    }
    scaled(one, step(one, f));
    inTime(one, f.at());
    inItsZone(one);
    within(one);
  }

  /** What is admitted for one is no answer for many that are ill at once. */
  private void fewAreIll(OracleBook one, Instant at) {
    var pool = new TreeSet<String>();
    for (SimService service : services.values()) {
      if (service.target.environment().equals(one.plan.target().environment()))
        pool.add(service.name());
    }
    var own = one.terms.limits().shortCircuit();
    Integer ownMax = own == null ? null : own.unhealthyMax();
    int most = policy.shortCircuit().unhealthyMax();
    if (ownMax != null) most = Math.min(most, ownMax);
    int share = pool.size() * policy.shortCircuit().unhealthyPercentMax() / 100;
    int max = Math.min(most, Math.max(2, share));
    var ill = incidents.illAt(at, pool);
    for (OracleBook other : books.values()) {
      if (other.isHolding() && pool.contains(other.service())) ill.add(other.service());
    }
    ill.add(one.service());
    must(ill.size() <= max, "%s is admitted while %s are ill, at most %d may be", one.id, ill, max);
    Duration calm = policy.shortCircuit().stormCooldown();
    Duration longer = own == null ? null : own.stormCooldown();
    if (longer != null && longer.compareTo(calm) > 0) calm = longer;
    for (Instant ended : incidents.endsAfter(at.minus(calm))) {
      var were = incidents.illAt(ended.minusMillis(1), pool);
      must(
          were.size() <= max,
          "%s is admitted at %s, %s were ill until %s",
          one.id,
          at,
          were,
          ended);
    }
  }

  /** Its own times, which are less than the policy's. */
  private static void inTime(OracleBook one, Instant at) {
    var own = one.terms.limits().windows();
    if (own == null || one.isOverridden()) return;
    must(own.deny().stream().noneMatch(w -> isIn(w, at)), "%s acts at %s, %s", one.id, at, own);
    must(
        own.allow().isEmpty() || own.allow().stream().anyMatch(w -> isIn(w, at)),
        "%s acts at %s, %s",
        one.id,
        at,
        own);
    must(
        own.calendars().isEmpty() || !SimBooks.isMarketOpen(at),
        "%s acts at %s, the market is open",
        one.id,
        at);
  }

  /** Of a window that begins every so many minutes of an hour. */
  private static boolean isIn(CronWindow window, Instant at) {
    int every = Integer.parseInt(window.cron().replaceAll("\\*/(\\d+) .*", "$1"));
    return at.atZone(ZoneOffset.UTC).getMinute() % every < window.lasting().toMinutes();
  }

  /** One zone at a time, and only so many there. */
  private void inItsZone(OracleBook one) {
    String zone = one.plan.target().labels().get("zone");
    if (zone == null) return;
    int inZone = 0;
    for (OracleBook other : books.values()) {
      if (!other.isHolding()) continue; // itself as well
      String theirs = other.plan.target().labels().get("zone");
      must(
          zone.equals(theirs),
          "%s goes on in zone %s while %s is under way in zone %s",
          one.id,
          zone,
          other.id,
          theirs);
      inZone++;
    }
    var own = one.terms.limits().concurrency();
    Integer ownMax = own == null ? null : own.perDomainMax();
    int max = policy.failureDomains().perDomainMax();
    if (ownMax != null) max = Math.min(max, ownMax);
    must(inZone <= max, "%s goes on in zone %s with %d, at most %d may", one.id, zone, inZone, max);
  }

  /** What a runbook wants stricter than the policy. */
  private void within(OracleBook one) {
    var limits = one.terms.limits();
    var target = one.plan.target();
    for (TargetClass denied : limits.deny()) {
      boolean role = denied.role().equals("*") || denied.role().equals(target.role());
      boolean environment =
          denied.environment().equals("*") || denied.environment().equals(target.environment());
      must(!role || !environment, "%s acts on %s, %s is denied", one.id, one.service(), denied);
    }
    var own = limits.concurrency();
    if (own == null || own.max() == null) return;
    long atOnce = books.values().stream().filter(OracleBook::isHolding).count(); // itself as well
    must(
        atOnce <= own.max(),
        "%s goes on while %d are under way, its runbook lets %d",
        one.id,
        atOnce,
        own.max());
  }

  /** Between two attempts on a target there is rest, unless two people want it otherwise. */
  private void rested(OracleBook one, Instant at) {
    for (OracleBook other : books.values()) {
      boolean before =
          other != one
              && other.acted()
              && other.hasEnded()
              && other.service().equals(one.service());
      must(
          !before || one.isOverridden() || !at.isBefore(other.since.plus(policy.cooldown())),
          "%s acts on %s at %s, %s ended at %s",
          one.id,
          one.service(),
          at,
          other.id,
          other.since);
    }
  }

  private void counted(OracleBook one, Instant at) {
    int inIncident = 0;
    int onTarget = 0;
    Instant from = at.minus(policy.attemptsWithin());
    for (OracleBook other : books.values()) {
      boolean healed = other.status == Status.SUCCEEDED && other.service().equals(one.service());
      boolean later = healed && other.since.isAfter(from);
      if (later && incidents.isHealthy(one.service(), other.since, healthyUntil(other), at))
        from = other.since;
    }
    for (OracleBook other : books.values()) {
      if (other == one || !other.acted()) continue;
      if (other.plan.incident().equals(one.plan.incident())) {
        inIncident++;
        must(
            other.service().equals(one.service()),
            "I2: %s acts on %s, %s of the same incident on %s",
            one.id,
            one.service(),
            other.id,
            other.service());
      }
      boolean same =
          other.service().equals(one.service()) && other.plan.pattern().equals(one.plan.pattern());
      if (same && other.actedAt.isAfter(from)) onTarget++;
    }
    must(
        inIncident < policy.attemptsMax() && onTarget < policy.attemptsMax(),
        "I5: %s is attempt %d of its incident, %d on its target",
        one.id,
        inIncident + 1,
        onTarget + 1);
  }

  private Instant healthyUntil(OracleBook healed) {
    return healed.since.plus(policy.attemptsResetAfter());
  }

  /** I3. */
  private void scaled(OracleBook one, PlannedStep step) {
    String wanted = step.arguments().get("replicas");
    if (wanted == null) return;
    int to = Integer.parseInt(wanted);
    int from = replicas(one);
    int base = from;
    for (OracleBook other : books.values()) {
      boolean before =
          other.plan.incident().equals(one.plan.incident())
              && other.service().equals(one.service())
              && other.acted();
      if (!before) continue;
      base = replicas(other);
      break;
    }
    int grown =
        Math.max(from + from / 4, one.signers.size() >= policy.approversMin() ? from + 1 : 0);
    must(to >= from, "I3: %s scales in, from %d to %d", one.id, from, to);
    must(to <= grown, "I3: %s scales from %d to %d", one.id, from, to);
    Integer own = one.terms.limits().scaleOutCumulativePercentMax();
    must(
        to <= Math.max(base + base * (own == null ? 50 : Math.min(50, own)) / 100, base + 1),
        "I3: %s scales to %d, the incident began with %d",
        one.id,
        to,
        base);
  }

  private static int replicas(OracleBook one) {
    return Integer.parseInt(one.plan.snapshot().get("replicas"));
  }

  /** A call has left a server. */
  void sent(Action.Call call, Instant now, boolean leads) {
    must(leads, "%s is sent by a server that has lost its lease", call.key());
    readOn();
    for (OracleBook one : books.values()) {
      for (Run run : one.runs.values()) {
        if (!run.key.equals(call.key())) continue;
        run.sends++;
        must(run.sends <= run.intents, "I4: %s of %s is sent, not intended", call.key(), one.id);
        must(
            run.sends == 1 || call.step().idempotency() != Idempotency.N,
            "I7: %s of %s is sent again",
            call.key(),
            one.id);
        must(
            call.fence() == fence,
            "%s of %s is sent by the server of entry %d, entry %d leads",
            call.key(),
            one.id,
            call.fence(),
            fence);
        must(
            stops.covering(one.plan, /* haltOnly= */ true) == null,
            "I6: %s of %s is sent while halted",
            call.key(),
            one.id);
        must(
            !now.isAfter(run.intendedAt.plus(GRACE)),
            "%s of %s is sent %s after its intent",
            call.key(),
            one.id,
            Duration.between(run.intendedAt, now));
        return;
      }
    }
    throw new Violation("I4: %s is sent, and no intent is on disk".formatted(call.key()));
  }

  /** A reader was given these. */
  void served(String service, Readings readings) {
    double[] memory = newest(readings, Signal.MEMORY);
    double[] errors = newest(readings, Signal.ERRORS);
    served
        .computeIfAbsent(service, _ -> new TreeMap<>())
        .put(readings.at(), new double[] {memory[0], memory[1], errors[1], errors[0]});
    for (double[] track : new double[][] {memory, errors}) {
      if (Double.isFinite(track[1]) && Instant.ofEpochMilli((long) track[0]).isAfter(startedAt))
        seenSince.computeIfAbsent(service, _ -> new TreeSet<>()).add((long) track[0]);
    }
  }

  /** Time and value of the newest sample; NaN when there is none. */
  private static double[] newest(Readings readings, Signal signal) {
    for (Readings.Track track : readings.tracks().getOrDefault(signal, List.of())) {
      int last = track.timesMs().length - 1;
      return new double[] {track.timesMs()[last], track.values()[last]};
    }
    return new double[] {Long.MIN_VALUE, Double.NaN};
  }

  /** A person asks. */
  void asked(Command command) {
    if (command instanceof Command.ResumeAutomation resume) wantedResumed.add(resume.stop());
  }

  /** A person was told that a decision counts. */
  void accepted(Command.Decide decision) {
    boolean known =
        books.values().stream()
            .anyMatch(b ->
                b.asked.equals(decision.planDigest())
                    || b.plan.digest().equals(decision.planDigest()));
    must(known, "a decision about plan %s was taken", decision.planDigest());
  }

  /** I10: what is on the disk is whole, after whatever has happened. */
  void intact() {
    var verdict = disk.verify();
    must(verdict.intact(), "I10: %s", verdict.message());
    readOn();
  }

  /** The old server's word about the last fresh sample counts no more. */
  void restarted() {
    seenSince.clear();
  }

  Set<String> underWay() {
    readOn();
    var open = new HashSet<String>();
    for (OracleBook one : books.values()) if (one.isHolding()) open.add(one.id);
    return open;
  }

  boolean haveEnded(Set<String> ids) {
    return ids.stream().allMatch(id -> books.get(id).hasEnded());
  }

  void ended(Set<String> ids) {
    for (String id : ids) {
      OracleBook one = books.get(id);
      must(one.hasEnded(), "I8: %s is still %s when all faults are long over", id, one.status);
    }
  }

  /** Replay is memory. */
  void atTheEnd(Control control) {
    intact();
    State lived = control.state();
    World replayed = Control.replay(disk);
    must(
        replayed.remediations().byId().equals(lived.remediations()),
        "replay gives other remediations");
    must(replayed.incidents().byId().equals(lived.incidents()), "replay gives other incidents");
    must(replayed.frozen().equals(lived.frozen()), "replay gives other frozen targets");
    must(replayed.stops().equals(lived.stops()), "replay gives other stops");
    List<String> differ = new ArrayList<>();
    for (OracleBook one : books.values()) {
      var known = lived.remediations().get(one.id);
      if (known != null && known.status() != one.status) differ.add(one.id);
    }
    must(differ.isEmpty(), "journal and memory differ about %s", differ);
  }
}
