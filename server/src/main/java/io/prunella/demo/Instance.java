package io.prunella.demo;

import io.prunella.demo.Noise.Wander;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a simulated service: its life, its load, and what its counters have summed up. Owned
 * by its {@link SimulatedService}.
 */
final class Instance {
  static final int OK = 0;
  static final int REFUSED = 1;
  static final int FAILED = 2;
  static final double START_SECONDS = 20;
  static final double READY_SECONDS = 14;
  private static final double ERROR_FLOOR = .0003;
  private static final double BACKOFF_SECONDS_MAX = 120;

  final Spec spec;
  final int ordinal;
  final String name;
  final String ip;
  final String node;
  final Noise noise;
  final double imbalance;
  final List<Series> series = new ArrayList<>();
  final @Nullable Host host;
  private final Wander memoryWander = new Wander(.012, 2_400);
  private final Wander threadWander = new Wander(.04, 900);

  // life
  String version;
  long createdMs;
  long startedMs;
  boolean up;
  boolean ready;
  boolean wedged; // crashes again and again until it is restarted cleanly
  boolean leaking;
  long restarts;
  long oomKills;
  private int crashesInRow;
  private double untilUp;
  private double untilReady;
  private double untilCrash;
  boolean wasSeen; // at the last scrape, for stale markers
  private long nowMs;

  // this step
  double perSecond;
  double load; // of its processors; above 1 when more is asked than they can do
  double latency;
  double errors;
  double cores;
  double poolActive;
  double poolPending;
  double memory;
  double heapLive;
  double eden;
  double metaspace;
  double threads;
  double files;

  // summed up since the start of the process (or, where an outsider counts, of the container)
  final long[][] requests;
  final double[][] seconds;
  double cpuSeconds;
  double throttledSeconds;
  double received;
  double sent;
  double written;
  long collections;
  double collectionSeconds;
  long warnings;
  double leaked;
  double allocated;

  Instance(Spec spec, int ordinal, String name, Noise noise, @Nullable Host host) {
    this.spec = spec;
    this.ordinal = ordinal;
    this.name = name;
    this.noise = noise;
    this.host = host;
    version = spec.version();
    imbalance = 1 + .04 * noise.gaussian();
    ip = "10.42." + (1 + noise.below(8)) + "." + (2 + noise.below(250));
    node = "worker-" + (1 + noise.below(5));
    requests = new long[spec.handlers().size()][3];
    seconds = new double[spec.handlers().size()][3];
    untilUp = START_SECONDS;
  }

  double upSeconds() {
    return (nowMs - startedMs) / 1000.0;
  }

  /** It has been running for days. */
  void settled(long nowMs, double upSeconds) {
    up = true;
    ready = true;
    startedMs = nowMs - (long) (1000 * upSeconds);
    createdMs = startedMs;
    metaspace = 150e6;
    collections = (long) (upSeconds / 20);
    collectionSeconds = collections * .012;
    cpuSeconds = upSeconds * spec.cores() * spec.utilisation() * .8;
  }

  /** Life goes on: starting, getting ready, crashing. */
  void live(long nowMs, double elapsed) {
    this.nowMs = nowMs;
    if (!up) {
      untilUp -= elapsed;
      if (untilUp <= 0) start(nowMs);
      return;
    }
    if (!ready) {
      untilReady -= elapsed;
      ready = untilReady <= 0;
    }
    if (wedged) {
      untilCrash -= elapsed;
      if (untilCrash <= 0) {
        crashesInRow++;
        stop(backoff());
        restarts++;
      }
    } else if (memory >= spec.memoryBytes() * .995) {
      oomKills++;
      restarts++;
      stop(START_SECONDS);
    }
  }

  /** As a kubelet does: at once, then after 10 seconds, then twice as long each time. */
  private double backoff() {
    return crashesInRow == 1
        ? 1
        : Math.min(BACKOFF_SECONDS_MAX, 10 << Math.min(crashesInRow - 2, 6));
  }

  /** Someone takes the process away and starts it again from a clean state. */
  void restart() {
    wedged = false;
    leaking = false;
    crashesInRow = 0;
    if (spec.platform() == Spec.Platform.KUBERNETES) restarts++;
    stop(START_SECONDS);
  }

  void wedge(double crashInSeconds) {
    wedged = true;
    untilCrash = crashInSeconds;
  }

  private void stop(double againInSeconds) {
    up = false;
    ready = false;
    untilUp = againInSeconds;
  }

  private void start(long nowMs) {
    up = true;
    ready = wedged;
    untilReady = READY_SECONDS;
    untilCrash = noise.uniform(18, 34);
    startedMs = nowMs;
    leaked = 0;
    metaspace = 90e6;
    collections = 0;
    collectionSeconds = 0;
    warnings = 0;
    allocated = 0;
    for (int h = 0; h < requests.length; h++) {
      requests[h] = new long[3];
      seconds[h] = new double[3];
    }
  }

  /**
   * Takes this step's share of the load.
   *
   * @param callees time that one request spends with those it calls
   * @param calleesFail share of requests that fail because a callee does
   * @param cpuPerRequest processor seconds
   */
  void serve(
      double perSecond,
      double cpuPerRequest,
      double slow,
      double callees,
      double failing,
      double calleesFail,
      double elapsed) {
    this.perSecond = perSecond;
    if (!up) {
      idle();
      return;
    }
    load = perSecond * cpuPerRequest / spec.cores();
    double capped = Math.min(load, .985);
    double queueing = 1 + .6 * StrictMath.pow(capped, 6) / (1 - capped);
    latency = (spec.serviceSeconds() * slow * queueing + callees) * noise.around(.025);
    double overload = load > 1 ? 1 - 1 / load : 0;
    errors =
        1
            - (1 - ERROR_FLOOR)
                * (1 - Math.min(1, failing))
                * (1 - overload)
                * (1 - Math.min(1, calleesFail));
    cores = Math.min(spec.cores(), spec.cores() * (load + .012) * noise.around(.035));
    cpuSeconds += cores * elapsed;
    throttledSeconds += Math.max(0, Math.min(1, load) - .88) * .6 * spec.cores() * elapsed;
    count(elapsed);
    pools(elapsed);
    memory(elapsed);
  }

  private void idle() {
    load = 0;
    latency = 0;
    errors = 1;
    cores = 0;
    poolActive = 0;
    poolPending = 0;
    memory = 0;
  }

  private void count(double elapsed) {
    double asked = perSecond * elapsed;
    for (int h = 0; h < requests.length; h++) {
      double share = requests.length == 1 ? 1 : h == 0 ? .72 : .28 / (requests.length - 1);
      long failed = noise.poisson(asked * share * errors);
      long refused = noise.poisson(asked * share * .006);
      long well = noise.poisson(asked * share * (1 - errors) * .994);
      double each = latency * (h == 0 ? .93 : 1.18);
      tally(h, OK, well, each);
      tally(h, REFUSED, refused, each * .3);
      tally(h, FAILED, failed, each * 1.1);
      warnings += failed;
    }
    received += asked * 2_300 * noise.around(.03);
    sent += asked * 5_900 * noise.around(.03);
    written += asked * 310 * noise.around(.06);
  }

  private void tally(int handler, int kind, long count, double each) {
    requests[handler][kind] += count;
    seconds[handler][kind] += count * each;
  }

  private void pools(double elapsed) {
    if (spec.poolMax() > 0) {
      double wanted = 1.5 + perSecond * latency * 6 * noise.around(.06);
      poolActive = Math.min(spec.poolMax(), Math.rint(wanted));
      poolPending = Math.min(200, Math.max(0, Math.rint(wanted - spec.poolMax())));
    }
    double busy = Math.min(200, perSecond * latency * 1.4);
    threads = Math.rint(46 + busy + 3 * threadWander.step(noise, elapsed) / .04);
    files = Math.rint(118 + busy * 1.6 + poolActive + 4 * noise.gaussian());
  }

  private void memory(double elapsed) {
    if (leaking) leaked += elapsed * spec.memoryBytes() * .00018 * noise.around(.12);
    double limit = spec.memoryBytes();
    double wander = 1 + memoryWander.step(noise, elapsed);
    double busy = Math.min(1, load) * .05;
    double base = (.5 + .06 * imbalance + busy) * wander * limit;
    memory = Math.min(limit, base + leaked);
    heapLive = Math.min(.62 * limit, (.21 + busy) * wander * limit + .92 * leaked);
    eden = noise.uniform(.02, .16) * limit;
    metaspace = Math.min(172e6, metaspace + (172e6 - metaspace) * elapsed / 90);
    double made = perSecond * elapsed * 410_000;
    allocated += made;
    long ran = noise.poisson(made / (.16 * limit));
    collections += ran;
    collectionSeconds += ran * .011 * noise.around(.2) * (1 + 6 * leaked / limit);
  }
}
