package io.prunella.control;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Match;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.incident.GroupingConfig;
import io.prunella.journal.Journal;
import io.prunella.remediation.Action;
import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Readings;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.Target;
import io.prunella.runbook.Targets;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Control with everything around it made by hand: one service whose memory fills, one action that
 * frees it, people, a clock that the test turns. The world outlives the server: {@link #restart}
 * begins a new control over the same journal.
 */
final class Rig {
  static final Instant BEGIN = Instant.parse("2026-03-02T09:00:00Z");
  static final Duration TICK = Duration.ofSeconds(15);
  static final String SERVICE = "basket";

  Instant now = BEGIN;
  final World outside = new World();
  Journal journal;
  Control control;
  ControlConfig config = ControlConfig.DEFAULTS;
  List<Runbook> runbooks = List.of(runbook(3, Runbook.Mode.AUTO, true, 1));
  Target target = new Target(SERVICE, "fake", "stateless", "production", false, "", Map.of());
  List<Target> more = List.of();
  Topology topology = Topology.EMPTY;
  Outlook outlook = Outlook.CLEAR;
  Lease lease = Lease.SOLE;
  double match = 0.95;
  List<String> channels = List.of("pager");
  private @Nullable Instant healedAt;

  Rig(Journal journal) {
    this.journal = journal;
  }

  /** What is really there, whatever the server believes. */
  static final class World implements Action, Notifier {
    Idempotency idempotency = Idempotency.D;
    boolean reversible = true;
    boolean helps = true;
    boolean sick = true;
    boolean silent;
    boolean worse; // it is not only ill
    String replicas = "8";
    final Set<String> alsoSick = new TreeSet<>(); // services besides the one
    final List<Map<String, String>> firing = new ArrayList<>(); // labels of alerts
    final Set<String> throwsIn = new HashSet<>(); // phases of an action
    boolean backDown; // what takes back is never heard
    int backTries;
    @Nullable Instant stuckAt; // no sample is newer
    final Map<String, Integer> done = new LinkedHashMap<>(); // key -> how often it really happened
    final Set<String> lost = new HashSet<>(); // "answer" or "request"
    final List<Notice> notices = new ArrayList<>();
    final Map<String, List<Notice>> heard = new HashMap<>(); // the same by channel
    boolean channelDown;
    int probes;
    Runnable whileRunning = () -> {};
    @Nullable String says; // on its way

    @Override
    public String name() {
      return "fake.fix";
    }

    @Override
    public Idempotency idempotency() {
      return idempotency;
    }

    @Override
    public boolean reversible() {
      return reversible;
    }

    @Override
    public List<String> problems(Map<String, String> arguments) {
      return List.of();
    }

    @Override
    public Map<String, String> snapshot(Target target, Duration timeout) {
      thrown("snapshot");
      return Map.of("replicas", replicas);
    }

    @Override
    public List<String> dryRun(
        Target target, Map<String, String> arguments, Map<String, String> snapshot) {
      thrown("dryRun");
      return List.of("+ " + new TreeMap<>(arguments));
    }

    @Override
    public Outcome run(Call call, Consumer<Supplier<String>> onItsWay) {
      String text = says;
      if (text != null) onItsWay.accept(() -> text);
      return run(call);
    }

    @Override
    public Outcome run(Call call) {
      whileRunning.run();
      thrown("run");
      boolean back = call.step().arguments().containsKey("back");
      if (back) backTries++;
      if (back && backDown) return new Outcome.Unknown("the request was lost");
      if (lost.remove("request")) return new Outcome.Unknown("the request was lost");
      if (lost.remove("failed")) return new Outcome.Failed("refused");
      done.merge(call.key(), 1, Integer::sum);
      replicas = call.step().arguments().getOrDefault("replicas", replicas);
      boolean own = call.target().service().equals(SERVICE);
      if (helps && !back && own) sick = false;
      if (helps && !back) alsoSick.remove(call.target().service());
      if (lost.remove("answer")) return new Outcome.Unknown("the answer was lost");
      return new Outcome.Done("fixed");
    }

    @Override
    public Probe probe(Call call) {
      probes++;
      thrown("probe");
      if (lost.contains("probe")) return Probe.UNKNOWN;
      return done.containsKey(call.key()) ? Probe.APPLIED : Probe.NOT_APPLIED;
    }

    private void thrown(String phase) {
      if (throwsIn.contains(phase)) throw new IllegalStateException(phase + " throws");
    }

    @Override
    public void send(Notice notice) throws IOException {
      if (channelDown) throw new IOException("connection refused");
      notices.add(notice);
    }
  }

  /** A runbook with so many steps, each of which frees memory; verified by the memory's share. */
  static Runbook runbook(int tier, Runbook.Mode mode, boolean reversible, int steps) {
    var forward = new ArrayList<Runbook.Step>();
    for (int i = 1; i <= steps; i++) {
      forward.add(
          new Runbook.Step("fix-" + i, "fake.fix", Map.of("n", "" + i), Duration.ofSeconds(20)));
    }
    var verify =
        new Runbook.Verification(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            3,
            1,
            Duration.ofMinutes(5),
            List.of(new Runbook.Check("memory", "share(\"memory\") < 0.8")),
            List.of());
    var back =
        new Runbook.Rollback(
            List.of(
                new Runbook.Step(
                    "undo", "fake.fix", Map.of("back", "yes"), Duration.ofSeconds(20))),
            List.of(new Runbook.Check("there", "share(\"memory\") > 0.0")),
            Duration.ofMinutes(3));
    return new Runbook(
        "free-memory",
        "1",
        "digest-1",
        "",
        tier,
        mode,
        "frees memory",
        "",
        "",
        Map.of(),
        new Runbook.When("cache-full", Duration.ofSeconds(30), 0.5),
        new Runbook.Needs(List.of("fake"), List.of(), false),
        List.of(new Runbook.Check("full", "share(\"memory\") > 0.9")),
        new Runbook.Limits(null, null, null, null),
        forward,
        verify,
        reversible ? back : null);
  }

  Rig begin() {
    var expressions = new Expressions(ExpressionConfig.DEFAULTS);
    control =
        new Control(
            journal,
            lease,
            config,
            new Grouping(GroupingConfig.DEFAULTS, AlarmBudget.of(1)),
            _ ->
                List.of(
                    new Match(
                        "cache-full", "Cache full", match, List.of("memory 95 %"), "declared", "")),
            () -> RunbookCatalogue.of(runbooks),
            Targets.of(Stream.concat(Stream.of(target), more.stream()).toList()),
            expressions,
            Map.of("fake.fix", outside),
            this::readings,
            channels.stream().map(this::channel).toList(),
            () -> now,
            () -> topology,
            outlook);
    return this;
  }

  /** The process dies and another one begins on the same journal. */
  Rig restart() {
    return begin();
  }

  private Notifier channel(String name) {
    return new Notifier() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void send(Notice notice) throws IOException {
        outside.send(notice);
        outside.heard.computeIfAbsent(name, _ -> new ArrayList<>()).add(notice);
      }
    };
  }

  private Readings readings(String service, Instant incidentAt, Instant at) {
    boolean sick = service.equals(SERVICE) ? outside.sick : outside.alsoSick.contains(service);
    Instant stuck = outside.stuckAt;
    Instant newest = stuck == null ? at : stuck;
    if (outside.silent) return new Readings(at, incidentAt, Map.of());
    int count = 40;
    long[] times = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = newest.minus(TICK.multipliedBy(count - 1 - i)).toEpochMilli();
      values[i] = outside.worse ? 99 : sick ? 95 : 40;
    }
    var track = new Readings.Track("cache_bytes", "", times, values, 100);
    return new Readings(at, incidentAt, Map.of(Signal.MEMORY, List.of(track)), alerts(at));
  }

  private List<Readings.Alert> alerts(Instant at) {
    var alerts = new ArrayList<Readings.Alert>();
    for (Map<String, String> labels : outside.firing) {
      var all = new HashMap<>(labels);
      all.put("alertstate", "firing");
      alerts.add(new Readings.Alert(all, at.toEpochMilli(), 1));
    }
    return alerts;
  }

  /** Lets time pass: each tick the watch tells its word, then everything settles. */
  Rig pass(Duration time) {
    Instant until = now.plus(time);
    while (now.isBefore(until)) tick();
    return this;
  }

  void tick() {
    now = now.plus(TICK);
    control.submit(new Command.SymptomSeen(word()));
    for (String service : outside.alsoSick) {
      control.submit(new Command.SymptomSeen(word(service, "cache_bytes", 0)));
    }
    control.settle(now);
  }

  Symptom word() {
    if (outside.sick) healedAt = null;
    else if (healedAt == null) healedAt = now;
    return word(SERVICE, "cache_bytes", healedAt == null ? 0 : healedAt.toEpochMilli());
  }

  /** A word about any service: a limit is broken since the beginning, until {@code to}. */
  Symptom word(String service, String metric, long to) {
    String labels = service.equals(SERVICE) ? "" : service;
    return new Symptom(
        "%s{%s}#limit".formatted(metric, labels),
        service,
        "",
        Signal.MEMORY,
        metric,
        Direction.UP,
        Shape.HEADROOM,
        BEGIN.toEpochMilli(),
        to,
        now.toEpochMilli(),
        95,
        Double.NaN,
        Double.NaN,
        90,
        0,
        "memory 95 % of its limit");
  }

  /** The only remediation, or the latest. */
  Remediation last() {
    var all = new ArrayList<>(control.state().remediations().values());
    if (all.isEmpty())
      throw new AssertionError("no remediation; incidents: " + control.state().incidents());
    return all.getLast();
  }

  Answer ask(Command command) {
    var answer = control.ask(command);
    control.settle(now);
    return answer.getNow(new Answer.Refused(0, "no answer"));
  }

  List<String> types() {
    var types = new ArrayList<String>();
    journal.replay(0, e -> types.add(e.type()));
    return types;
  }

  Map<String, Integer> really() {
    return new HashMap<>(outside.done);
  }
}
