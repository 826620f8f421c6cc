package io.prunella.bench;

import io.prunella.control.IncidentWeight;
import io.prunella.remediation.JudgeBenchmark;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;

/**
 * Measures the executor and writes the page of its figures. Run by {@code
 * bin/prunella-bench-executor}.
 */
public final class Executor {
  private static final int WINDOWS = 5;
  private static final long WINDOW_NS = 1_000_000_000L;
  private static final int SERIES = 100_000;
  private static final int TRIALS = 300;
  private static final int INCIDENTS = 10_000;

  private Executor() {}

  /**
   * @param args the project's folder
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    double few = judged(100);
    double many = judged(2_000);
    System.out.printf("judged per CPU-second: %.0f, %.0f%n", few, many);
    double mib = weighed();
    System.out.printf("10,000 open incidents: %.1f MiB%n", mib);
    var times = FirstStep.measure(SERIES, TRIALS);
    System.out.printf(
        "first step: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
        times.quantile(0.5), times.quantile(0.99), times.quantile(1));
    var machine = new Properties();
    Machine.describe(home, machine);
    Path page = home.resolve("server/docs/executor-performance.md");
    Files.writeString(page, page(few, many, mib, times, machine));
    System.out.println("wrote " + home.relativize(page));
  }

  /** Proposals a second of CPU time, one thread: the middle of five windows. */
  private static double judged(int remembered) {
    var threads = ManagementFactory.getThreadMXBean();
    var benchmark = new JudgeBenchmark();
    benchmark.remembered = remembered;
    benchmark.world();
    var rates = new double[WINDOWS];
    int rulings = 0;
    for (int window = -2; window < WINDOWS; window++) { // two to warm up
      long begun = threads.getCurrentThreadCpuTime();
      long spent = 0;
      long count = 0;
      while (spent < WINDOW_NS) {
        for (int i = 0; i < 100; i++) rulings += benchmark.judge().size();
        count += 100;
        spent = threads.getCurrentThreadCpuTime() - begun;
      }
      if (window >= 0) rates[window] = count * 1e9 / spent;
    }
    if (rulings == 0) throw new IllegalStateException("nothing was judged");
    Arrays.sort(rates);
    return rates[WINDOWS / 2];
  }

  private static double weighed() {
    long before = heapBytes();
    Object world = IncidentWeight.world(INCIDENTS);
    long after = heapBytes();
    if (world.toString().isEmpty()) throw new IllegalStateException("kept until it is weighed");
    return (after - before) / 1048576.0;
  }

  private static long heapBytes() {
    long bytes = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      bytes = Math.min(bytes, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return bytes;
  }

  private static String page(
      double few, double many, double mib, FirstStep.Times times, Properties machine) {
    return String.format(
        Locale.ROOT,
        """
        # Performance of the executor

        This page is written by `bin/prunella-bench-executor`: every figure was measured by a run, none by hand.

        | | wanted | measured | |
        |---|---:|---:|---|
        | proposals judged per CPU-second by every guardrail, one thread, 100 remediations remembered | 20,000 | %,.0f | %s |
        | the same, 2,000 remembered: as many as are ever kept | 20,000 | %,.0f | %s |
        | p99 from the last needed sample to the first step's call, %,d series, ms | 250 | %,.1f | %s |
        | p50 of it, ms |  | %,.1f | |
        | the slowest of %d, ms |  | %,.1f | |
        | memory of 10,000 open incidents, MiB |  | %,.1f | |

        **Judging**: 200 targets, 20 open incidents, a window by cron in a named zone, a deployment; each proposal is of
        another target; the middle of five windows of a second. The guardrails are pure, so this is all of it. The same
        world with allocations, by JMH: `mvn -q -Pjmh -DskipTests -Djmh.only=JudgeBenchmark verify`.

        **First step**: a whole server in the process that measures: the request over HTTP, detection, grouping, diagnosis,
        plan, guardrails at admission and before the step, the journal in SQLite with full sync, then the call. The sample
        is the third above a cache's limit; the runbook has no wait of its own. A scrape of all series goes on every 15 s.

        **Memory**: what remains on the heap after a collection; each incident has five symptoms of a service of its own,
        three suspects and two matches with evidence. `incidents.open-max` is 100 unless configured otherwise.

        Measured on %s, %s cores, %s GiB, %s, JVM %s (serial collector), commit %s, %s.
        """,
        few,
        few >= 20_000 ? "met" : "missed",
        many,
        many >= 20_000 ? "met" : "missed",
        SERIES,
        times.quantile(0.99),
        times.quantile(0.99) <= 250 ? "met" : "missed",
        times.quantile(0.5),
        TRIALS,
        times.quantile(1),
        mib,
        machine.getProperty("machine.cpu"),
        machine.getProperty("machine.cores"),
        machine.getProperty("machine.memoryGiB"),
        machine.getProperty("machine.system"),
        machine.getProperty("machine.java"),
        machine.getProperty("commit"),
        machine.getProperty("date"));
  }
}
