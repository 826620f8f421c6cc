package io.prunella.bench;

import io.prunella.control.IncidentWeight;
import io.prunella.remediation.JudgeBenchmark;
import io.prunella.remediation.Remediations;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures the executor and writes the page of its figures. Run by {@code
 * bin/prunella-bench-executor}.
 */
public final class Executor {
  /** Remediations remembered: none, a quiet week's, and up to as many as are ever kept. */
  private static final int[] REMEMBERED = {0, 100, 500, 2 * Remediations.ENDED_MAX};

  private static final int JUDGED_MIN = 20_000;
  private static final int FIRST_STEP_MS_MAX = 250;
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
    var judged = new TreeMap<Integer, Double>();
    for (int remembered : REMEMBERED) {
      judged.put(remembered, judged(remembered));
      System.out.printf(
          "judged per CPU-second, %d remembered: %.0f%n", remembered, judged.get(remembered));
    }
    double mib = weighed();
    System.out.printf("10,000 open incidents: %.1f MiB%n", mib);
    var times = FirstStep.measure(SERIES, TRIALS);
    System.out.printf(
        "first step: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
        times.quantile(0.5), times.quantile(0.99), times.quantile(1));
    var machine = new Properties();
    Machine.describe(home, machine);
    Path page = home.resolve("server/docs/executor-performance.md");
    Files.writeString(page, page(judged, mib, times, machine));
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

  private static String rows(SortedMap<Integer, Double> judged) {
    var rows = new StringBuilder();
    judged.forEach((remembered, rate) ->
        rows.append(
            String.format(
                Locale.ROOT,
                "| proposals judged per CPU-second, %,d remediations remembered%s | %,d | %,.0f |"
                    + " %s |%n",
                remembered,
                remembered.equals(judged.lastKey()) ? " (as many as are ever kept)" : "",
                JUDGED_MIN,
                rate,
                rate >= JUDGED_MIN ? "met" : "missed")));
    return rows.toString();
  }

  private static String page(
      SortedMap<Integer, Double> judged, double mib, FirstStep.Times times, Properties machine) {
    return String.format(
        Locale.ROOT,
        """
        # Performance of the executor

        This page is written by `bin/prunella-bench-executor`: every figure was measured by a run, none by hand.

        | | wanted | measured | |
        |---|---:|---:|---|
        %s| p99 from the last needed sample to the first step's call, %,d series, ms | %d | %,.1f | %s |
        | p50 of it, ms |  | %,.1f | |
        | the slowest of %d, ms |  | %,.1f | |
        | memory of 10,000 open incidents, MiB |  | %,.1f | |

        **Judging**: one thread, all %d guardrails; 200 targets, 20 open incidents, a window by cron in a named zone, a
        deployment, the remembered remediations one every seven minutes with their incidents; each proposal is of another
        target; the middle of five windows of a second. The guardrails are pure, so this is all of it. The same world with
        allocations, by JMH: `mvn -q -Pjmh -DskipTests -Djmh.only=JudgeBenchmark verify`.

        **First step**: a whole server in the process that measures: the request over HTTP, detection, grouping, diagnosis,
        plan, guardrails at admission and before the step, the journal in SQLite with full sync, then the call. The sample
        is the third above a cache's limit; the runbook has no wait of its own. A scrape of all series goes on every 15 s.
        Limits are looked at every 100 ms. The first trials meet a server that is cold: they are counted.

        **Memory**: what remains on the heap after a collection; each incident has five symptoms of a service of its own,
        three suspects and two matches with evidence. `incidents.open-max` is 100 unless configured otherwise.

        Measured on %s, %s cores, %s GiB, %s, JVM %s as `bin/serve.jvm` has it, commit %s, %s.
        """,
        rows(judged),
        SERIES,
        FIRST_STEP_MS_MAX,
        times.quantile(0.99),
        times.quantile(0.99) <= FIRST_STEP_MS_MAX ? "met" : "missed",
        times.quantile(0.5),
        TRIALS,
        times.quantile(1),
        mib,
        JudgeBenchmark.guardrails(),
        machine.getProperty("machine.cpu"),
        machine.getProperty("machine.cores"),
        machine.getProperty("machine.memoryGiB"),
        machine.getProperty("machine.system"),
        machine.getProperty("machine.java"),
        machine.getProperty("commit"),
        machine.getProperty("date"));
  }
}
