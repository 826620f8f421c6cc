package io.prunella.demo;

/** The machine under an instance that does not run in Kubernetes. Owned by its instance. */
final class Host {
  static final int CPUS = 2; // of the many: more would only be more of the same
  private static final long DAY_MS = 86_400_000;

  final double memoryBytes;
  final double diskBytes;
  final double logDiskBytes;
  final long bootedMs;
  private final Noise noise;
  private final Noise.Wander cacheWander = new Noise.Wander(.02, 3_600);

  final double[] idle = new double[CPUS];
  final double[] user = new double[CPUS];
  final double[] system = new double[CPUS];
  final double[] waiting = new double[CPUS];
  double available;
  double used; // bytes of the root file system
  double logged; // bytes of the log file system
  double logFactor = 1; // how much more is logged than usual
  double busySeconds;
  double readBytes;
  double writtenBytes;
  double received;
  double sent;
  double contextSwitches;
  double load1;
  double load5;
  double files;
  private long rotatedDay;

  Host(Noise noise, double processMemory, long bootedMs) {
    this.noise = noise;
    this.bootedMs = bootedMs;
    memoryBytes = Math.rint(processMemory * 1.6);
    diskBytes = 118 * Company.GIB;
    logDiskBytes = 39.1 * Company.GIB;
    used = diskBytes * noise.uniform(.31, .44);
    logged = logDiskBytes * noise.uniform(.4, .47);
    for (int c = 0; c < CPUS; c++) {
      idle[c] = 1.9e6 + noise.uniform(0, 1e5);
      user[c] = 6.1e5;
      system[c] = 1.1e5;
      waiting[c] = 9e3;
    }
    available = memoryBytes * .5;
  }

  /**
   * @param share of its processors that the instance uses
   * @param processBytes memory of the instance
   * @param perSecond requests of the instance
   */
  void step(long nowMs, double share, double processBytes, double perSecond, double elapsed) {
    for (int c = 0; c < CPUS; c++) {
      double busy = Math.min(.97, share * noise.around(.05) + .02);
      double io = .006 * noise.around(.3) * (1 + .5 * (logFactor - 1) / 50);
      user[c] += elapsed * busy * .82;
      system[c] += elapsed * busy * .18;
      waiting[c] += elapsed * io;
      idle[c] += elapsed * Math.max(0, 1 - busy - io);
    }
    load1 += (share * 8 * noise.around(.08) - load1) * Math.min(1, elapsed / 60);
    load5 += (share * 8 - load5) * Math.min(1, elapsed / 300);
    double cache = memoryBytes * (.16 + cacheWander.step(noise, elapsed));
    available =
        Math.max(memoryBytes * .02, memoryBytes * .97 - processBytes - Math.max(0, cache) * .25);
    double logs = (6_000 + perSecond * 140) * elapsed * noise.around(.05) * logFactor;
    logged = Math.min(logDiskBytes * .998, logged + logs);
    long day = nowMs / DAY_MS;
    if (rotatedDay != 0 && day > rotatedDay && logFactor == 1) {
      logged =
          Math.min(logged, logDiskBytes * noise.uniform(.4, .44)); // at midnight, as a timer does
    }
    rotatedDay = day;
    used += elapsed * 900 * noise.around(.1);
    writtenBytes += logs + elapsed * 40_000 * noise.around(.1);
    readBytes += elapsed * 22_000 * noise.around(.15);
    busySeconds += elapsed * Math.min(.9, .012 * noise.around(.1) * Math.sqrt(logFactor));
    received += perSecond * elapsed * 2_700 * noise.around(.03);
    sent += perSecond * elapsed * 6_300 * noise.around(.03);
    contextSwitches += elapsed * (4_200 + perSecond * 31) * noise.around(.03);
    files = Math.rint(2_016 + perSecond * .8 + 32 * noise.around(.3));
  }

  /** Old logs move to the archive; returns how many bytes. */
  double archive() {
    double kept = logDiskBytes * .37;
    double moved = Math.max(0, logged - kept);
    logged -= moved;
    logFactor = 1;
    return moved;
  }
}
