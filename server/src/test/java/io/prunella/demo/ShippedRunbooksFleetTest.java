package io.prunella.demo;

// Long because: one table of cases, and the site on which each of them is carried out.

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.action.CommandConfig;
import io.prunella.action.CommandRun;
import io.prunella.action.HttpCall;
import io.prunella.action.HttpConfig;
import io.prunella.action.HttpSet;
import io.prunella.action.RedisFree;
import io.prunella.control.Command;
import io.prunella.control.Control;
import io.prunella.control.ControlConfig;
import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Match;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.incident.Grouping;
import io.prunella.incident.GroupingConfig;
import io.prunella.journal.SqliteJournal;
import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep.Idempotency;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Readings;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.RunbookReader;
import io.prunella.runbook.ShippedRunbooks;
import io.prunella.runbook.Target;
import io.prunella.runbook.Targets;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped runbook from the incident to its proven end: the real control, planner, guardrails
 * and actions, over loopback connections and real processes, against the simulated fleet.
 */
class ShippedRunbooksFleetTest {
  private static final Duration TICK = Duration.ofSeconds(15);
  private static final Duration HISTORY = Duration.ofMinutes(20);
  private static final Duration LASTING_MAX = Duration.ofMinutes(70);
  private static final HashSet<String> PROVEN = new HashSet<>();

  @TempDir Path folder;

  /**
   * One runbook at work.
   *
   * @param struck the service that the fault strikes
   * @param labels what the operator has declared of it
   * @param sick whether the fault is still felt
   * @param call what the fleet must have been asked, as it has noted it
   */
  record Case(
      String runbook,
      String pattern,
      Signal signal,
      String struck,
      String kind,
      String role,
      Map<String, String> labels,
      Consumer<FleetPlatform> fault,
      Predicate<FleetPlatform> sick,
      String call) {
    @Override
    public String toString() {
      return runbook;
    }
  }

  // Long because: a row for each runbook.
  static List<Case> cases() {
    return List.of(
        new Case(
            "free-cache-memory",
            "cache-full",
            Signal.MEMORY,
            "lantern-cache",
            "redis",
            "cache",
            Map.of("prefixes", "session:"),
            p -> new Faults.KeyFlood("lantern-cache", .04).begin(p.world),
            p -> p.world.service("lantern-cache").store.strays > 0,
            "UNLINK session:1"),
        new Case(
            "restart-unhealthy-service",
            "crash-loop",
            Signal.HEALTH,
            "labelsmith",
            "command",
            "stateless",
            Map.of("unit", "labelsmith.service"),
            p -> new Faults.CrashLoop("labelsmith", 2).begin(p.world),
            p -> p.world.service("labelsmith").instances.stream().anyMatch(i -> !i.ready),
            "systemctl restart labelsmith.service"),
        new Case(
            "restart-leaking-service",
            "memory-leak",
            Signal.MEMORY,
            "consignee",
            "command",
            "stateless",
            Map.of("unit", "consignee.service"),
            p -> new Faults.Leak("consignee").begin(p.world),
            p -> p.world.service("consignee").instances.stream().anyMatch(i -> i.leaking),
            "systemctl restart consignee.service"),
        new Case(
            "rolling-restart-leaking-service",
            "memory-leak",
            Signal.MEMORY,
            "consignee",
            "http",
            "stateless",
            Map.of("restartPath", "/restart/consignee"),
            p -> new Faults.Leak("consignee").begin(p.world),
            p -> p.world.service("consignee").instances.stream().anyMatch(i -> i.leaking),
            "/restart/consignee {\"maxUnavailable\": 1, \"incident\": \"INC-1\"}"),
        new Case(
            "archive-logs",
            "disk-filling",
            Signal.DISK,
            "scrollbox",
            "command",
            "storage",
            Map.of("logrotate", "/etc/logrotate.d/scrollbox"),
            p -> new Faults.LogFlood("scrollbox", 9_000).begin(p.world),
            p -> p.world.service("scrollbox").instances.getFirst().host.logFactor > 1,
            "logrotate --force /etc/logrotate.d/scrollbox"),
        new Case(
            "clear-temp-files",
            "disk-filling",
            Signal.DISK,
            "tariffs",
            "command",
            "stateless",
            Map.of("tmpfiles", "/etc/tmpfiles.d/tariffs.conf"),
            p -> p.temporaryFlood = true,
            p -> p.temporary > .5,
            "systemd-tmpfiles --clean /etc/tmpfiles.d/tariffs.conf"),
        new Case(
            "scale-out-saturated-service",
            "load-surge",
            Signal.TRAFFIC,
            "tariffs",
            "http",
            "stateless",
            Map.of("statePath", "/state/tariffs", "canScale", "yes"),
            p -> p.surge = 1.7,
            p -> p.world.service("tariffs").readyCount() < 9,
            "set tariffs {\"replicas\":10}"),
        new Case(
            "shed-load",
            "load-surge",
            Signal.TRAFFIC,
            "yardcam",
            "http",
            "stateless",
            Map.of("statePath", "/state/yardcam", "canShed", "yes"),
            p -> p.surge = 1.5,
            p -> p.shedPercent == 0,
            "set yardcam {\"shedPercent\":20}"),
        new Case(
            "pause-runaway-job",
            "load-surge",
            Signal.TRAFFIC,
            "sortline",
            "http",
            "batch",
            Map.of("statePath", "/state/sortline"),
            p -> p.runaway = true,
            p -> !p.suspended,
            "set sortline {\"suspended\":true}"),
        new Case(
            "add-read-replica",
            "pool-exhausted",
            Signal.POOL,
            "ledgerbase",
            "http",
            "database",
            Map.of("statePath", "/state/ledgerbase"),
            p -> p.poolFlood = true,
            p -> p.poolFlood && p.readReplicas == 1,
            "set ledgerbase {\"readReplicas\":2}"),
        new Case(
            "promote-replica",
            "dependency-outage",
            Signal.HEALTH,
            "ledgerbase",
            "http",
            "database",
            Map.of("promotePath", "/promote/ledgerbase"),
            p -> new Faults.Outage("ledgerbase").begin(p.world),
            p -> p.world.service("ledgerbase").down,
            "/promote/ledgerbase {\"incident\": \"INC-1\"}"),
        new Case(
            "rollback-deploy",
            "bad-deploy",
            Signal.LATENCY,
            "waybill",
            "http",
            "stateless",
            Map.of("rollbackPath", "/rollback/waybill"),
            p -> new Faults.BadDeploy("waybill", "2.42.0", .09, 2.6).begin(p.world),
            p -> p.world.service("waybill").version.equals("2.42.0"),
            "/rollback/waybill {\"service\": \"waybill\", \"incident\": \"INC-1\"}"),
        new Case(
            "rotate-stuck-consumer",
            "queue-stuck",
            Signal.QUEUE,
            "carrier-link",
            "http",
            "queue",
            Map.of("consumerPath", "/rotate/carrier-link", "idempotency", "keyed"),
            p -> p.consumerStuck = true,
            p -> p.consumerStuck,
            "/rotate/carrier-link {\"incident\": \"INC-1\"}"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shipped_onTheFleet_isCarriedOutOnceAndProven(Case one) throws IOException {
    var world = new World(7, Stepper.BEGIN.toEpochMilli());
    Path programs = Files.createDirectories(folder.resolve("programs"));
    try (var platform = new FleetPlatform(world, programs);
        var site = new Site(one, platform, folder.resolve("journal"))) {
      site.live(HISTORY, /* ill= */ false);
      one.fault().accept(platform);
      site.live(LASTING_MAX, /* ill= */ true);
      Remediation last = site.last();
      assertThat(last.plan().runbook()).isEqualTo(one.runbook());
      assertThat(last.status()).as("%s", site.endings()).isEqualTo(Status.SUCCEEDED);
      assertThat(last.plan().diff()).isNotEmpty();
      assertThat(platform.calls).containsExactly(one.call());
      assertThat(last.rulings()).extracting(r -> r.guardrail()).doesNotHaveDuplicates();
      assertThat(one.sick().test(platform)).isFalse();
      PROVEN.add(one.runbook());
    }
  }

  @AfterAll
  static void everyShippedRunbookHasItsCase() {
    assertThat(PROVEN)
        .containsExactlyInAnyOrderElementsOf(cases().stream().map(Case::runbook).toList())
        .hasSizeGreaterThanOrEqualTo(12);
    assertThat(runbooks(Map.of()))
        .extracting(Runbook::name)
        .containsExactlyInAnyOrderElementsOf(PROVEN);
  }

  private static List<Runbook> runbooks(Map<String, Action> actions) {
    var traits = new TreeMap<String, ActionTraits>();
    actions.forEach(
        (name, a) -> traits.put(name, new ActionTraits(name, a.reversible(), _ -> List.of())));
    var reader =
        new RunbookReader(
            new Expressions(ExpressionConfig.DEFAULTS), actions.isEmpty() ? null : traits);
    return ShippedRunbooks.read(reader);
  }

  /** Programs that stand in for those of a machine; everything else is the real action. */
  private record StandIns(Action real, Path programs) implements Action {
    private Map<String, String> placed(Map<String, String> arguments) {
      var placed = new HashMap<>(arguments);
      placed.computeIfPresent(
          "argv.0", (_, path) -> programs.resolve(path.replaceFirst(".*/", "")).toString());
      return placed;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public Idempotency idempotency() {
      return real.idempotency();
    }

    @Override
    public boolean reversible() {
      return real.reversible();
    }

    @Override
    public List<String> problems(Map<String, String> arguments) {
      return real.problems(placed(arguments));
    }

    @Override
    public Map<String, String> snapshot(Target target, Duration timeout) {
      return real.snapshot(target, timeout);
    }

    @Override
    public List<String> dryRun(
        Target target, Map<String, String> arguments, Map<String, String> snapshot) {
      return real.dryRun(target, placed(arguments), snapshot);
    }

    @Override
    public Outcome run(Call call) {
      return real.run(placed(call));
    }

    @Override
    public Probe probe(Call call) {
      return real.probe(placed(call));
    }

    private Call placed(Call call) {
      var step = call.step();
      return new Call(
          call.target(),
          new io.prunella.remediation.PlannedStep(
              step.id(),
              step.action(),
              placed(step.arguments()),
              step.timeout(),
              step.idempotency(),
              step.reversible()),
          call.key(),
          call.snapshot());
    }
  }

  /** A server over one fleet, with the clock in the test's hand. */
  private static final class Site implements AutoCloseable {
    private final Case one;
    private final FleetPlatform platform;
    private final SqliteJournal journal;
    private final Control control;
    private final Map<Signal, List<double[]>> seen = new EnumMap<>(Signal.class);
    private final Map<Signal, Double> limits = new EnumMap<>(Signal.class);
    private Instant now = Stepper.BEGIN;
    private Instant struckAt = Instant.MAX;
    private Instant healedAt = Instant.MAX;
    private long restarts;

    Site(Case one, FleetPlatform platform, Path storage) throws IOException {
      this.one = one;
      this.platform = platform;
      var command =
          new CommandConfig(
              List.of("systemctl", "logrotate", "systemd-tmpfiles").stream()
                  .map(p -> platform.programs.resolve(p).toString())
                  .toList(),
              Map.of(),
              "/",
              4_096,
              List.of());
      var http = new HttpConfig(List.of(platform.address()), Map.of(), 4_096);
      var actions = new LinkedHashMap<String, Action>();
      for (Action action :
          List.of(
              new RedisFree(),
              new StandIns(new CommandRun(command), platform.programs),
              HttpCall.once(http),
              HttpCall.keyed(http),
              new HttpSet(http))) {
        actions.put(action.name(), action);
      }
      var shelf =
          RunbookCatalogue.of(
              runbooks(actions).stream().map(r -> r.withMode(Runbook.Mode.AUTO)).toList());
      String address =
          switch (one.kind()) {
            case "redis" -> platform.redisAddress();
            case "http" -> "http://" + platform.address();
            default -> "";
          };
      var target =
          new Target(one.struck(), one.kind(), one.role(), "staging", true, address, one.labels());
      journal = SqliteJournal.open(Files.createDirectories(storage));
      control =
          new Control(
              journal,
              ControlConfig.DEFAULTS,
              new Grouping(GroupingConfig.DEFAULTS, AlarmBudget.of(1)),
              _ -> List.of(new Match(one.pattern(), "known", .95, List.of("seen"), "declared", "")),
              () -> shelf,
              Targets.of(List.of(target)),
              new Expressions(ExpressionConfig.DEFAULTS),
              actions,
              (_, incidentAt, at) -> readings(incidentAt, at),
              List.of(),
              () -> now,
              () -> Topology.EMPTY);
    }

    /** Until the time is over, or a remediation has come to its end. */
    void live(Duration time, boolean ill) {
      if (ill) struckAt = now;
      Instant until = now.plus(time);
      while (now.isBefore(until)) {
        now = now.plus(TICK);
        platform.step(one.struck(), now.toEpochMilli());
        look();
        if (ill) control.submit(new Command.SymptomSeen(symptom()));
        control.settle(now);
        approve();
        var all = control.state().remediations().values();
        if (all.stream().anyMatch(r -> r.status() == Status.SUCCEEDED)) return;
      }
    }

    /** A person signs what waits for one. */
    private void approve() {
      for (Remediation one : List.copyOf(control.state().remediations().values())) {
        var asked = one.suggestion();
        if (one.status() != Status.AWAITING_APPROVAL || asked == null) continue;
        control.ask(
            new Command.Decide(asked.id(), "ada", true, asked.planDigest(), "looked at it", ""));
        control.settle(now);
      }
    }

    Remediation last() {
      var all = new ArrayList<>(control.state().remediations().values());
      assertThat(all).as("%s", control.state().incidents()).isNotEmpty();
      return all.getLast();
    }

    List<String> endings() {
      return control.state().remediations().values().stream()
          .map(r -> "%s %s %s: %s".formatted(r.id(), r.plan().runbook(), r.status(), r.why()))
          .toList();
    }

    private Symptom symptom() {
      boolean sick = one.sick().test(platform);
      if (sick) healedAt = Instant.MAX;
      else if (healedAt.equals(Instant.MAX)) healedAt = now;
      return new Symptom(
          one.struck() + "#1",
          one.struck(),
          "",
          one.signal(),
          "seen",
          Direction.UP,
          Shape.HEADROOM,
          struckAt.toEpochMilli(),
          sick ? 0 : healedAt.toEpochMilli(),
          now.toEpochMilli(),
          95,
          Double.NaN,
          Double.NaN,
          90,
          0,
          "more than usual");
    }

    private void look() {
      var service = platform.world.service(one.struck());
      double memory = 0;
      double cpu = 0;
      long begun = 0;
      for (Instance i : service.instances) {
        memory = Math.max(memory, i.memory / service.spec.memoryBytes());
        cpu = Math.max(cpu, i.cores / service.spec.cores());
        begun += i.restarts;
      }
      if (service.store != null) memory = service.store.bytes / service.store.limitBytes;
      var host = service.instances.getFirst().host;
      double disk = host == null ? platform.temporary : host.logged / host.logDiskBytes;
      see(Signal.MEMORY, memory, 1);
      see(Signal.CPU, cpu, 1);
      see(Signal.DISK, disk, 1);
      see(Signal.POOL, platform.poolShare(), 1);
      see(Signal.QUEUE, platform.backlog, Double.NaN);
      see(Signal.LATENCY, service.latency, Double.NaN);
      see(Signal.ERRORS, service.errors, Double.NaN);
      see(Signal.TRAFFIC, service.perSecond, Double.NaN);
      see(Signal.REPLICAS, service.readyCount(), Double.NaN);
      boolean well = service.readyCount() >= service.replicas - (service.isTurning() ? 1 : 0);
      see(Signal.HEALTH, well ? 1 : 0, Double.NaN);
      see(Signal.RESTARTS, begun - restarts, Double.NaN);
      restarts = begun;
    }

    private void see(Signal signal, double value, double limit) {
      seen.computeIfAbsent(signal, _ -> new ArrayList<>())
          .add(new double[] {now.toEpochMilli(), value});
      limits.put(signal, limit);
    }

    private Readings readings(Instant incidentAt, Instant at) {
      var tracks = new EnumMap<Signal, List<Readings.Track>>(Signal.class);
      seen.forEach((signal, samples) -> {
        long[] times = samples.stream().mapToLong(s -> (long) s[0]).toArray();
        double[] values = samples.stream().mapToDouble(s -> s[1]).toArray();
        tracks.put(
            signal,
            List.of(
                new Readings.Track(
                    "seen", "", times, values, limits.getOrDefault(signal, Double.NaN))));
      });
      return new Readings(at, incidentAt, tracks);
    }

    @Override
    public void close() {
      control.close();
      journal.close();
    }
  }
}
