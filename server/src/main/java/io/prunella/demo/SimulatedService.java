package io.prunella.demo;

import io.prunella.demo.Noise.Wander;
import io.prunella.series.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One simulated service with its instances. Owned by its {@link World}. */
final class SimulatedService {
  static final int REPLICAS_MAX = 24;
  private static final double UNREACHABLE_SECONDS = .8;

  final Spec spec;
  final List<Instance> instances = new ArrayList<>();
  final List<Series> gone = new ArrayList<>(); // series of instances that have left: stale once
  final List<Series> own = new ArrayList<>(); // series that speak of the service as a whole
  final @Nullable Store store;
  private final long seed;
  private final Noise noise;
  private final Wander demand = new Wander(.025, 700);
  private final ArrayDeque<Instance> inTurn = new ArrayDeque<>(); // to be restarted one by one
  private final String template;
  private @Nullable Instance turning;
  private int made;
  double cpuPerRequest;

  // what faults and actions change
  double trafficFactor = 1;
  double trafficBefore = 1;
  double slow = 1;
  double failing;
  boolean down; // the process runs but does not answer
  boolean bottleneckElsewhere; // more instances do not help
  int replicas;
  long generation = 7;
  String version;
  String previousVersion;
  @Nullable String badVersion;

  // this step
  double perSecond;
  double latency;
  double errors;

  SimulatedService(Spec spec, long seed, double meanPerSecond) {
    this.spec = spec;
    this.seed = seed;
    noise = new Noise(seed, spec.name());
    version = spec.version();
    previousVersion = spec.version();
    replicas = spec.replicas();
    template = noise.letters(9);
    cpuPerRequest =
        spec.utilisation() * spec.replicas() * spec.cores() / Math.max(1e-9, meanPerSecond);
    store =
        switch (spec.runtime()) {
          case REDIS, POSTGRES ->
              new Store(new Noise(seed, spec.name() + "/store"), spec.memoryBytes(), meanPerSecond);
          case JVM, GO -> null;
        };
  }

  /** Brings the instances up as if they had run for days. */
  void begin(long nowMs) {
    for (int i = 0; i < spec.replicas(); i++) {
      var instance = add(nowMs);
      instance.settled(nowMs, 86_400 * noise.uniform(2, 9));
    }
  }

  private Instance add(long nowMs) {
    int ordinal = made++;
    String name =
        spec.platform() == Spec.Platform.MACHINE
            ? spec.name() + "-" + (ordinal + 1)
            : spec.name() + "-" + template + "-" + noise.letters(5);
    var chance = new Noise(seed, name);
    var host =
        spec.platform() == Spec.Platform.MACHINE
            ? new Host(chance, spec.memoryBytes(), nowMs - 86_400_000L * (20 + chance.below(60)))
            : null;
    var instance = new Instance(spec, ordinal, name, chance, host);
    instance.version = version;
    instance.createdMs = nowMs;
    instances.add(instance);
    Exposition.register(this, instance);
    return instance;
  }

  /** What is asked from outside, at this moment. */
  double ingress(long nowMs, double elapsed) {
    double hour = (nowMs / 1000 % 86_400) / 3_600.0;
    double rhythm =
        1
            + .3 * StrictMath.cos(2 * Math.PI * (hour - spec.busiestHour()) / 24)
            + .05 * StrictMath.cos(4 * Math.PI * (hour - spec.busiestHour()) / 24);
    return spec.ingressPerSecond() * rhythm * trafficFactor * (1 + demand.step(noise, elapsed));
  }

  void live(long nowMs, double elapsed) {
    while (instances.size() > replicas) {
      var last = instances.removeLast();
      inTurn.remove(last);
      gone.addAll(last.series);
    }
    while (instances.size() < replicas) add(nowMs);
    for (var instance : instances) instance.live(nowMs, elapsed);
    if (turning != null && (turning.ready || !instances.contains(turning))) turning = null;
    if (turning == null && !inTurn.isEmpty()) {
      turning = inTurn.removeFirst();
      if (!turning.version.equals(version)) stage(turning);
      turning.restart();
    }
  }

  /** The instance gets another version: its series that name the version end, others begin. */
  private void stage(Instance instance) {
    var before = List.copyOf(instance.series);
    instance.series.clear();
    instance.version = version;
    Exposition.register(this, instance);
    var now = new HashSet<Labels>();
    for (var series : instance.series) now.add(series.labels());
    for (var series : before) if (!now.contains(series.labels())) gone.add(series);
  }

  /** Restarts the instances one after another, each from a clean state. */
  void restartInTurn() {
    for (var instance : instances) {
      if (!inTurn.contains(instance)) inTurn.addLast(instance);
    }
  }

  /** Rolls out a version, one instance after another. */
  void deploy(String newVersion) {
    if (newVersion.equals(version)) return;
    previousVersion = version;
    version = newVersion;
    generation++;
    restartInTurn();
  }

  void scale(int wanted) {
    if (wanted == replicas) return;
    replicas = wanted;
    generation++;
  }

  boolean isTurning() {
    return turning != null || !inTurn.isEmpty();
  }

  long readyCount() {
    return down ? 0 : instances.stream().filter(i -> i.ready).count();
  }

  /** Serves this step's load; those it calls have served theirs. */
  void serve(World world, double elapsed) {
    double callees = 0;
    double well = 1;
    for (var call : spec.calls()) {
      var callee = world.service(call.callee());
      callees += call.perRequest() * callee.latency;
      well *= 1 - Math.min(1, callee.errors * Math.min(1, call.perRequest()) * .9);
    }
    double weights = 0;
    double served = 0;
    for (var i : instances) {
      if (i.ready || spec.pinned()) weights += i.imbalance;
      if (i.ready) served += i.imbalance;
    }
    double sumLatency = 0;
    double sumErrors = 0;
    for (var i : instances) {
      double share = weights > 0 && (i.ready || spec.pinned()) ? i.imbalance / weights : 0;
      double mine = i.ready ? perSecond * share : 0;
      boolean bad = badVersion != null && i.version.equals(badVersion);
      double extra = bottleneckElsewhere ? bottleneck() : 1;
      double fails = down ? 1 : bad ? failing : i.wedged ? .3 : badVersion == null ? failing : 0;
      double slower = (bad || badVersion == null ? slow : 1) * extra;
      i.serve(mine, cpuPerRequest, slower, callees, fails, 1 - well, elapsed);
      sumLatency += share * (i.ready ? i.latency : UNREACHABLE_SECONDS);
      sumErrors += share * (i.ready ? i.errors : 1);
    }
    boolean nobody = served == 0 || down;
    latency = nobody ? UNREACHABLE_SECONDS : sumLatency;
    errors = nobody ? 1 : sumErrors;
    if (store != null) store.step(down ? 0 : perSecond, world.connectionsTo(this), elapsed);
    for (var i : instances) {
      if (i.host != null) {
        i.host.step(world.nowMs(), i.cores / spec.cores(), memoryOf(i), i.perSecond, elapsed);
      }
    }
  }

  /**
   * A quota shared by all instances: latency grows with the service's load, however many serve it.
   */
  private double bottleneck() {
    double used = Math.min(.97, perSecond * cpuPerRequest / (spec.replicas() * spec.cores()));
    return 1 + 1.6 * StrictMath.pow(used, 4) / (1 - used);
  }

  private double memoryOf(Instance instance) {
    return store == null ? instance.memory : Math.min(store.bytes, spec.memoryBytes() * .6);
  }
}
