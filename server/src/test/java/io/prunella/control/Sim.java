// Long because: one world, and everything that may happen in it, reads best on one page.
package io.prunella.control;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Evidence;
import io.prunella.diagnose.Match;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.incident.GroupingConfig;
import io.prunella.journal.Draft;
import io.prunella.journal.Journal;
import io.prunella.journal.MemoryDisk;
import io.prunella.journal.MemoryDisk.Fault;
import io.prunella.journal.MemoryDisk.PowerCut;
import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.Situation.Closed;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Readings;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.Target;
import io.prunella.runbook.Targets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole world that one seed draws: three services that fall ill, people, a disk, a network, and
 * servers that die and begin anew on what is on the disk. Control and everything below it are the
 * production classes; only the ports are of this world: clock, scheduler, disk, network, targets,
 * people. One thread; the same seed gives the same world, fact for fact.
 */
final class Sim {
  private static final Instant BEGIN = Instant.parse("2026-03-02T09:00:00Z");
  private static final Expressions EXPRESSIONS = new Expressions(ExpressionConfig.DEFAULTS);
  private static final Duration CALM =
      GroupingConfig.DEFAULTS.quietFor().plus(GroupingConfig.DEFAULTS.lingerFor());
  private static final int MOMENTS = 130;
  private static final int CALM_MOMENTS = 130;
  private static final int ROUNDS_MAX = 12;

  /** Short enough that a seed sees every deadline pass. */
  static final PolicyConfig POLICY = policy(PolicyConfig.DEFAULTS.inputAgeMax());

  final long seed;
  final SplittableRandom chance;
  SimOdds odds;
  Instant time = BEGIN;
  final Oracle oracle;
  final MemoryDisk disk;
  final SimBooks books;
  final SimPeople people;
  final Map<String, SimService> services = new LinkedHashMap<>();
  Control control;

  /** Whose hands are at work. */
  Control calling;

  long turns;

  private final Topology topology;
  private final Map<String, SimService> byPattern = new LinkedHashMap<>();
  private final List<Due> due = new ArrayList<>();
  private final List<Control> zombies = new ArrayList<>();
  private Duration skew = Duration.ZERO;
  private Instant fullUntil = Instant.MIN;
  private long lastDue;
  private boolean leaseLost;
  private int shortMoments;

  /**
   * Drawn apart, so that what a quarter of the worlds has besides changes nothing in the others.
   */
  final SplittableRandom apart;

  /** Its clock jumps while it runs, people override what holds back, and work on services. */
  final boolean odd;

  /**
   * What the watch has to say of a healing may come as late as the plan that was made before it, as
   * after a full disk: then a remediation is admitted in the very turn in which its incident ends.
   */
  final boolean wordsWait;

  /** Something that happens at its time: an effect begins, an answer arrives. */
  private record Due(Instant at, long order, Control server, Runnable what) {}

  Sim(long seed) {
    this.seed = seed;
    this.chance = new SplittableRandom(seed);
    this.apart = new SplittableRandom(~seed);
    this.odd = apart.nextInt(4) == 0;
    this.wordsWait = apart.nextInt(4) == 0;
    this.odds = SimOdds.draw(chance);
    var around = new SplittableRandom(Long.rotateLeft(seed, 48) ^ 29);
    boolean hasZones = around.nextInt(3) == 0;
    this.books =
        new SimBooks(
            chance,
            new SplittableRandom(Long.rotateLeft(seed, 32) ^ 17),
            new SplittableRandom(Long.rotateLeft(seed, 16) ^ 23),
            around);
    this.disk = new MemoryDisk(this::diskFault);
    this.oracle = new Oracle(disk, policyInForce(), books, services);
    this.people = new SimPeople(this);
    var patterns = new ArrayList<>(SimBooks.KINDS);
    Supplier<Map<String, String>> labels =
        () -> hasZones ? Map.of("zone", around.nextBoolean() ? "a" : "b") : Map.of();
    add("basket", "stateless", "production", drawn(patterns), 8 + nextInt(5), labels.get());
    add("sessions", "cache", "production", drawn(patterns), 3, labels.get());
    String environment = chance.nextBoolean() ? "production" : "staging";
    add("orders", "database", environment, drawn(patterns), 12, labels.get());
    this.topology =
        odds.calls()
            ? new Topology(Map.of("basket", Set.of("sessions", "orders")))
            : Topology.EMPTY;
    this.control = server();
  }

  private static PolicyConfig policy(Duration inputAgeMax) {
    var p = PolicyConfig.DEFAULTS;
    return new PolicyConfig(
            p.windows(),
            Duration.ofMinutes(20),
            p.scaleOutPercentMax(),
            p.scaleOutCumulativePercentMax(),
            p.minStepOne(),
            p.attemptsMax(),
            p.attemptsWithin(),
            p.attemptsResetAfter(),
            Duration.ofMinutes(2),
            2,
            inputAgeMax,
            p.databaseRoles(),
            2,
            Duration.ofMinutes(25),
            p.remediationLasting(),
            p.blockedMax(),
            p.retryAfter(),
            p.indeterminateMax())
        .withShortCircuit(
            new PolicyConfig.ShortCircuit(
                75, 10, Duration.ofMinutes(2), 2)) // of four: three may be ill
        .withConcurrency(2, 2); // a runbook may want fewer of one zone
  }

  private PolicyConfig policyInForce() {
    PolicyConfig policy = wordsWait ? policy(Duration.ofMinutes(5)) : POLICY;
    return odds.windows()
        ? policy.withWindows(
            List.of(new CronWindow("freeze", "30 9 * * *", Duration.ofMinutes(20), "Etc/UTC")))
        : policy;
  }

  private String drawn(List<String> from) {
    return from.remove(nextInt(from.size()));
  }

  private void add(
      String name,
      String role,
      String environment,
      String pattern,
      int replicas,
      Map<String, String> labels) {
    var target = new Target(name, "sim", role, environment, role.equals("cache"), "", labels);
    var one = new SimService(target, pattern, replicas, nextInt(5) == 0);
    services.put(one.name(), one);
    byPattern.put(one.pattern, one);
  }

  /** A new process on what is on the disk. */
  private Control server() {
    var self = new Control[1];
    self[0] =
        new Control(
            disk,
            () -> self[0] == control,
            ControlConfig.of(policyInForce()),
            new Grouping(GroupingConfig.DEFAULTS, AlarmBudget.of(1)),
            this::matches,
            () -> RunbookCatalogue.of(books.all()),
            Targets.of(services.values().stream().map(s -> s.target).toList()),
            EXPRESSIONS,
            SimAction.all(this),
            this::read,
            List.of(new Pager()),
            this::clock,
            () -> topology,
            new Calendars());
    return self[0];
  }

  private static final class Calendars implements Outlook {
    @Override
    public List<Closed> closedAt(Instant now) {
      return List.of();
    }

    @Override
    public List<Closed> closedAt(Instant now, String calendar) {
      if (!calendar.equals(SimBooks.MARKET)) return Outlook.super.closedAt(now, calendar);
      return SimBooks.isMarketOpen(now)
          ? List.of(new Closed(now.plus(Duration.ofMinutes(10)), "the market is open"))
          : List.of();
    }

    @Override
    public @Nullable String blind() {
      return null;
    }
  }

  private final class Pager implements Notifier {
    @Override
    public String name() {
      return "pager";
    }

    @Override
    public void send(Notice notice) throws IOException {
      if (happens(odds.readerFails())) throw new IOException("connection refused");
    }
  }

  private List<Match> matches(Evidence evidence) {
    if (evidence.suspects().isEmpty() || happens(odds.wordLost() / 4)) return List.of();
    var culprit = services.get(evidence.suspects().getFirst().service());
    double sure = happens(0.1) ? 0.55 : 0.95;
    return List.of(
        new Match(culprit.pattern, culprit.pattern, sure, List.of("seen"), "declared", ""));
  }

  private Readings read(String service, Instant incidentAt, Instant now) {
    if (happens(odds.readerFails())) throw new IllegalStateException("no answer");
    Readings readings = services.get(service).readings(incidentAt, now);
    oracle.served(service, readings);
    return readings;
  }

  private Fault diskFault(List<Draft> drafts) {
    if (time.isBefore(fullUntil)) return new Fault.Full();
    if (happens(odds.diskFull())) {
      fullUntil = time.plusSeconds(nextInt(180));
      return new Fault.Full();
    }
    if (happens(odds.crashInAppend())) return new Fault.PowerGoes(nextInt(10));
    for (int i = 0; i < drafts.size(); i++) { // the shortest state of all wants a cut of its own
      boolean admits = drafts.get(i).body().contains("\"to\":\"ADMITTED\"");
      if (admits && happens(odds.crashInAppend())) return new Fault.PowerGoes(i + 1);
    }
    return new Fault.None();
  }

  /** The server's clock, which may be wrong. */
  Instant clock() {
    return time.plus(skew);
  }

  SimService service(Target target) {
    return services.get(target.service());
  }

  boolean happens(double odds) {
    return odds > 0 && chance.nextDouble() < odds;
  }

  int nextInt(int bound) {
    return chance.nextInt(bound);
  }

  /** In the world, whoever serves then. */
  void later(int seconds, Runnable what) {
    due.add(new Due(time.plusSeconds(seconds), lastDue++, null, what));
  }

  /** Lives one world and says what broke in it, or null. */
  static String broken(long seed) {
    try {
      new Sim(seed).run();
      return null;
    } catch (Oracle.Violation | RuntimeException e) {
      return e.toString();
    }
  }

  /** The whole life of this world. */
  void run() {
    for (int i = 0; i < MOMENTS; i++) moment(1 + nextInt(nextInt(4) == 0 ? 60 : 20));
    odds = odds.calm();
    fullUntil = Instant.MIN;
    skew = skew.isNegative() ? Duration.ZERO : skew;
    people.resumeAll();
    var open = oracle.underWay();
    for (int i = 0; i < CALM_MOMENTS && !oracle.haveEnded(open); i++) moment(30);
    oracle.ended(open);
    oracle.atTheEnd(control);
  }

  private void moment(int drawn) {
    int seconds = shortMoments > 0 ? 1 + drawn % 3 : drawn;
    if (shortMoments > 0) shortMoments--;
    time = time.plusSeconds(seconds);
    if (happens(odds.jump())) time = time.plusSeconds(600 + nextInt(9_000));
    boolean jumps = odd && odds.falls() > 0 && apart.nextInt(40) == 0;
    if (jumps) skew = Duration.ofSeconds(apart.nextInt(600) - 300);
    world();
    try {
      people.act();
      boolean more = false;
      for (int i = 0; i < ROUNDS_MAX; i++) {
        boolean busy = happenings();
        if (i > 0 && !busy && !more) break;
        more = round();
      }
      if (happens(odds.crash())) throw new PowerCut("between turns");
      wake();
    } catch (PowerCut cut) {
      restart();
    }
  }

  private void world() {
    for (SimService one : services.values()) {
      if (happens(odds.falls())) one.fall(time);
      if (one.sick && happens(odds.mends())) one.heal(time); // by itself
      if (one.relapseAt != null && !time.isBefore(one.relapseAt)) one.fall(time);
      if (!one.sick && one.relapseAt == null && happens(odds.relapses() / 10))
        one.relapseAt = time.plusSeconds(120 + nextInt(900));
      boolean relapses = one.chronic && odds.falls() > 0 && one.wellSince != null;
      if (relapses && !one.sick && one.relapseAt == null)
        one.relapseAt = time.plusSeconds(30 + nextInt(200));
      if (happens(odds.noScrapes())) one.silentUntil = time.plusSeconds(nextInt(900));
      if (odds.noScrapes() == 0) one.silentUntil = Instant.EPOCH;
      boolean healed = one.healedAt != null;
      one.healedAt = null;
      if (happens(healed ? odds.errorsMute() : odds.errorsMute() / 40))
        one.errorsMuteUntil = time.plusSeconds(60 + nextInt(420));
      if (odds.errorsMute() == 0) one.errorsMuteUntil = Instant.EPOCH;
      one.scrape(time);
      var word = one.word(time);
      if (word == null || time.isBefore(one.untoldUntil) || happens(odds.wordLost())) continue;
      control.submit(new Command.SymptomSeen(word));
      if (happens(odds.wordLost())) later(20, () -> control.submit(new Command.SymptomSeen(word)));
    }
  }

  /** What is due, in an order that the seed draws. */
  private boolean happenings() {
    var now = new ArrayList<Due>();
    for (Due one : due) if (!one.at().isAfter(time)) now.add(one);
    if (now.isEmpty()) return false;
    due.removeAll(now);
    var drawn = new LinkedHashMap<Due, Integer>();
    for (Due one : now) drawn.put(one, nextInt(1_000));
    now.sort(Comparator.<Due>comparingInt(drawn::get).thenComparingLong(Due::order));
    for (int i = 0; i < now.size(); i++) {
      try {
        now.get(i).what().run();
      } catch (PowerCut cut) {
        for (Due rest : now.subList(i + 1, now.size())) due.add(rest);
        throw cut;
      }
      if (happens(odds.crash() / 10)) {
        due.addAll(now.subList(i + 1, now.size()));
        throw new PowerCut("between effects");
      }
    }
    return true;
  }

  /**
   * One turn, and its effects set on their way.
   *
   * @return whether somebody has asked for something that the next turn must see
   */
  private boolean round() {
    turns++;
    Control server = control;
    List<Effect> effects = server.round(clock());
    oracle.turned(server.state(), clock());
    boolean asked = false;
    for (Effect effect : effects) {
      if (happens(odds.effectHangs())) continue;
      int wait = happens(odds.effectLate()) ? nextInt(45) : 0;
      if (effect instanceof Effect.RunStep step) {
        boolean halted = happens(odds.haltInCall());
        if (halted) people.halt(step.call().target().service());
        leaseLost |= !halted && happens(odds.leaseLostInCall());
        asked |= halted;
        if (halted || leaseLost) {
          wait = 1 + nextInt(8);
          shortMoments = 6;
        }
      }
      at(server, wait, () -> begin(server, effect));
    }
    if (leaseLost) throw new PowerCut("paused, and another server takes the lease");
    return asked;
  }

  private void begin(Control server, Effect effect) {
    calling = server;
    Report report = server.carryOut(effect);
    int wait = happens(odds.reportLate()) ? nextInt(90) : 0;
    if (effect instanceof Effect.Prepare plan && odds.reportLate() > 0)
      wait = healsUnheard(plan).orElse(untilCalm(plan).orElse(wait));
    at(server, wait, () -> server.report(report));
    if (happens(odds.reportTwice())) at(server, wait + nextInt(60), () -> server.report(report));
  }

  /** Seconds until the incident of this plan is seen as over, when that is soon. */
  private OptionalInt untilCalm(Effect.Prepare plan) {
    Instant well = service(plan.target()).wellSince;
    if (well == null) return OptionalInt.empty();
    long wait = Duration.between(time, well.plus(CALM)).toSeconds();
    return wait > 0 && wait < 60 ? OptionalInt.of((int) wait) : OptionalInt.empty();
  }

  /** Seconds until this plan arrives, and the word that its target has been well for long. */
  private OptionalInt healsUnheard(Effect.Prepare plan) {
    if (!wordsWait || apart.nextInt(3) > 0) return OptionalInt.empty();
    Duration quiet = GroupingConfig.DEFAULTS.quietFor();
    SimService one = service(plan.target());
    one.heal(time);
    one.untoldUntil = time.plus(quiet);
    return OptionalInt.of((int) quiet.toSeconds());
  }

  private void at(Control server, int seconds, Runnable what) {
    due.add(new Due(time.plusSeconds(seconds), lastDue++, server, what));
  }

  /** A server that was paused and does not know that another one leads now. */
  private void wake() {
    if (zombies.isEmpty() || !happens(0.2)) return;
    Control old = zombies.removeFirst();
    long head = disk.head();
    try {
      old.submit(new Command.StopAutomation("ann", Stop.Level.STOP_NEW, "all", "late", null));
      old.round(clock());
    } catch (Journal.StaleWriterException e) {
      return; // as it must
    } catch (PowerCut e) {
      throw new Oracle.Violation("a stale writer was let to the disk");
    }
    if (disk.head() != head) throw new Oracle.Violation("a stale writer has written");
  }

  private void restart() {
    Control dead = control;
    boolean taken = leaseLost;
    leaseLost = false;
    boolean paused = taken || happens(odds.zombie());
    if (paused) zombies.add(dead);
    else due.removeIf(d -> d.server() == dead);
    int away = nextInt(4) == 0 ? nextInt(1_500) : nextInt(60);
    time = time.plusSeconds(taken ? away % 3 : away);
    if (happens(odds.skew())) skew = Duration.ofSeconds(nextInt(240) - 120);
    oracle.intact();
    people.forgotten();
    control = server();
    oracle.restarted();
  }
}
