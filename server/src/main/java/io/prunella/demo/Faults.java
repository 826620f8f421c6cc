package io.prunella.demo;

/** The faults that the scenarios cause. */
final class Faults {
  private Faults() {}

  /**
   * More is asked for a while, then it ebbs away; of those who came, as many stay as can be served
   * with the instances that were added.
   *
   * @param factor of the usual load, at the height
   * @param elsewhere true when what is short is not the instances
   */
  record Surge(String service, double factor, double holdMinutes, boolean elsewhere)
      implements Fault {
    private static final double RISE_MINUTES = 3;
    private static final double FALL_MINUTES = 4;

    @Override
    public void begin(World world) {
      var target = world.service(service);
      target.bottleneckElsewhere = elsewhere;
      target.trafficBefore = target.trafficFactor;
    }

    @Override
    public void go(World world, double minutes) {
      var target = world.service(service);
      double risen = Math.min(1, minutes / RISE_MINUTES);
      double fallen = Math.clamp((minutes - RISE_MINUTES - holdMinutes) / FALL_MINUTES, 0, 1);
      double surged = target.trafficBefore * (1 + (factor - 1) * risen);
      target.trafficFactor = surged + (staying(target) - surged) * fallen;
    }

    private static double staying(SimulatedService target) {
      return (double) target.replicas / target.spec.replicas();
    }

    @Override
    public boolean over(World world, double minutes) {
      if (minutes < RISE_MINUTES + holdMinutes + FALL_MINUTES) return false;
      mend(world);
      return true;
    }

    @Override
    public void mend(World world) {
      var target = world.service(service);
      target.trafficFactor = staying(target);
      target.bottleneckElsewhere = false;
    }
  }

  /**
   * Some instances come up, work a little and crash, until they are restarted from a clean state.
   */
  record CrashLoop(String service, int instances) implements Fault {
    @Override
    public void begin(World world) {
      var all = world.service(service).instances;
      for (int i = 0; i < Math.min(instances, all.size()); i++) all.get(i).wedge(5 + 7.0 * i);
    }

    @Override
    public boolean over(World world, double minutes) {
      return world.service(service).instances.stream().noneMatch(i -> i.wedged);
    }

    @Override
    public void mend(World world) {
      world.service(service).restartInTurn();
    }
  }

  /** Memory is taken and never given back. */
  record Leak(String service) implements Fault {
    @Override
    public void begin(World world) {
      for (var instance : world.service(service).instances) instance.leaking = true;
    }

    @Override
    public boolean over(World world, double minutes) {
      return world.service(service).instances.stream().noneMatch(i -> i.leaking);
    }

    @Override
    public void mend(World world) {
      world.service(service).restartInTurn();
    }
  }

  /**
   * Keys are written that never expire.
   *
   * @param sharePerMinute of all the keys that fit
   */
  record KeyFlood(String service, double sharePerMinute) implements Fault {
    @Override
    public void begin(World world) {
      store(world).floodPerSecond = sharePerMinute / 60;
    }

    @Override
    public boolean over(World world, double minutes) {
      return store(world).floodPerSecond == 0;
    }

    @Override
    public void mend(World world) {
      var unused = store(world).trim();
    }

    private Store store(World world) {
      var store = world.service(service).store;
      if (store == null) throw new IllegalStateException(service + " holds no keys");
      return store;
    }
  }

  /**
   * One machine logs far more than usual.
   *
   * @param factor of the usual
   */
  record LogFlood(String service, double factor) implements Fault {
    @Override
    public void begin(World world) {
      host(world).logFactor = factor;
    }

    @Override
    public boolean over(World world, double minutes) {
      return host(world).logFactor == 1;
    }

    @Override
    public void mend(World world) {
      var unused = host(world).archive();
    }

    private Host host(World world) {
      var host = world.service(service).instances.getFirst().host;
      if (host == null) throw new IllegalStateException(service + " has no machine of its own");
      return host;
    }
  }

  /**
   * A version is rolled out that answers slowly and fails often.
   *
   * @param failing share of requests
   */
  record BadDeploy(String service, String version, double failing, double slow) implements Fault {
    @Override
    public void begin(World world) {
      var target = world.service(service);
      target.badVersion = version;
      target.failing = failing;
      target.slow = slow;
      target.deploy(version);
    }

    @Override
    public boolean over(World world, double minutes) {
      var target = world.service(service);
      if (target.version.equals(version) || target.isTurning()) return false;
      target.badVersion = null;
      target.failing = 0;
      target.slow = 1;
      return true;
    }

    @Override
    public void mend(World world) {
      var target = world.service(service);
      target.deploy(target.previousVersion);
    }
  }

  /** The service's processes run and answer nobody. */
  record Outage(String service) implements Fault {
    @Override
    public void begin(World world) {
      world.service(service).down = true;
    }

    @Override
    public boolean over(World world, double minutes) {
      return !world.service(service).down;
    }

    @Override
    public void mend(World world) {
      world.service(service).down = false;
    }
  }

  /** Answers take long, and nothing that is measured says why. */
  record Slowness(String service, double factor) implements Fault {
    @Override
    public void begin(World world) {
      world.service(service).slow = factor;
    }

    @Override
    public boolean over(World world, double minutes) {
      return world.service(service).slow == 1;
    }

    @Override
    public void mend(World world) {
      world.service(service).slow = 1;
    }
  }
}
