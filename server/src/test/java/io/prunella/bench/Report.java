package io.prunella.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;

/** The page of figures out of what runs have left behind. */
final class Report {
  private final TreeMap<Integer, Properties> v1 = new TreeMap<>();
  private final TreeMap<Integer, Properties> v2 = new TreeMap<>();
  private final StringBuilder text = new StringBuilder();

  private Report(Path kept) throws IOException {
    try (var files = Files.newDirectoryStream(kept, "*.properties")) {
      for (Path file : files) {
        var run = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
          run.load(in);
        }
        String name = String.valueOf(file.getFileName());
        int series = Integer.parseInt(name.substring(0, name.indexOf('-')));
        (name.contains("-v1") ? v1 : v2).put(series, run);
      }
    }
  }

  /** Markdown of every run whose figures lie in a folder. */
  static String of(Path kept) throws IOException {
    return new Report(kept).write();
  }

  private String write() {
    text.append(
        """
        # Performance

        This page is written by `bin/prunella-bench`: every figure below was measured by a run, none by hand. A whole server
        (`bin/prunella serve`, all detection and checkpoints on) is pinned to one core, a generator of its own process to
        another. The generator sends requests of 2000 samples over 4 connections as fast as answers come, unless a row says
        otherwise; its fleet is made up of pods with containers, request histograms and a runtime. CPU time is that of the
        server's process, the kernel's work for it included.

        """);
    wanted();
    text.append("\n## By number of series\n\n");
    first();
    second();
    text.append(
        """

        With the core full, figures are those of the best of three windows of 8 s; what other processes took of the two cores
        meanwhile is told, as they share caches and the cores' units with the server. Half of the rate is paced: latency
        counts from when a request should have left, so that a stall shows whole. A cold start compiles about the same code
        for few series as for many, so the first sight of few series is dear. `/-/healthy` is asked every 10 ms, the page of
        what is going on every 20 ms, a stop is given every 50 ms, for 4 s each.

        ## Bytes per series

        Recent windows full; what the watch keeps, without the JVM and what is young in its heap.

        """);
    rows("");
    row("state of the detectors", v1, "memory.state", "%.0f");
    row("recent window", v1, "memory.recent", "%.0f");
    row("labels", v1, "memory.labels", "%.0f");
    row("table of series", v1, "memory.tables", "%.0f");
    row("samples that each series had had", v1, "memory.samplesASeries", "%.0f");
    profile();
    machine();
    return text.toString();
  }

  /** What the most series must reach, beside what they did. */
  private void wanted() {
    if (v1.isEmpty()) return;
    text.append(String.format(Locale.ROOT, "## At %,d series\n\n", v1.lastKey()));
    text.append("| | wanted at least | goal | measured | |\n|---|---:|---:|---:|---|\n");
    Properties one = v1.lastEntry().getValue();
    Properties two = v2.isEmpty() ? new Properties() : v2.lastEntry().getValue();
    more("samples per CPU-second, remote write 1.0", 1.2e6, 2e6, one, "steady.perCpuSecond");
    more("the same, remote write 2.0", 1.3e6, 2.3e6, two, "steady.perCpuSecond");
    less("resident memory, recent windows full, MiB", 3072, 2048, one, "memory.residentMiB");
    more("first sight: series per CPU-second", 60e3, 150e3, one, "first.perCpuSecond");
    less("p99 of an answer at half of the rate, ms", 60, 20, one, "half.p99Ms");
    less("p99 of a page, core full, ms", 500, 200, one, "people.pageP99Ms");
    less("p99 of a stop, core full, ms", 500, 200, one, "people.stopP99Ms");
    less("p99 of `/-/healthy`, core full, ms", 500, 200, one, "people.healthyP99Ms");
    less("restart until ready and warm, s", 15, 5, one, "restart.readySeconds");
    less(
        "bytes allocated per known sample by the shard, recent windows full",
        1,
        0,
        one,
        "allocated.shards");
  }

  private void more(String name, double gate, double goal, Properties run, String key) {
    wanted(name, gate, goal, run.getProperty(key), 1);
  }

  private void less(String name, double gate, double goal, Properties run, String key) {
    wanted(name, gate, goal, run.getProperty(key), -1);
  }

  private void wanted(String name, double gate, double goal, String value, int sign) {
    if (value == null) return;
    double measured = Double.parseDouble(value);
    String verdict =
        sign * measured >= sign * goal ? "goal" : sign * measured >= sign * gate ? "met" : "missed";
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f | %,.0f | %s | %s |\n",
            name,
            gate,
            goal,
            figure(measured),
            verdict));
  }

  private static String figure(double value) {
    String format = value < 1 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private void first() {
    rows("remote write 1.0");
    row("samples per CPU-second", v1, "steady.perCpuSecond", "%,.0f");
    ratio("as a part of that of the fewest series", v1, "steady.perCpuSecond");
    row("cores that others took meanwhile", v1, "steady.otherCores", "%.2f");
    row("first sight: series per CPU-second", v1, "first.perCpuSecond", "%,.0f");
    row("p99 of an answer, core full, ms", v1, "steady.p99Ms", "%.1f");
    row("slowest answer, core full, ms", v1, "steady.maxMs", "%.0f");
    row("p50 of an answer, half of that rate, ms", v1, "half.p50Ms", "%.1f");
    row("p99 of an answer, half of that rate, ms", v1, "half.p99Ms", "%.1f");
    row(
        "bytes allocated per sample by the shard, recent windows full",
        v1,
        "allocated.shards",
        "%.2f");
    row(
        "by the event loop: what a request needs, spread over its 2000 samples",
        v1,
        "allocated.door",
        "%.2f");
    row(
        "whole process while windows still fill, checkpoints, pages and decisions included",
        v1,
        "steady.allocated",
        "%.1f");
    row("share of CPU time in the kernel", v1, "steady.systemShare", "%.2f");
    row("p99 of `/-/healthy`, core full, ms", v1, "people.healthyP99Ms", "%.1f");
    row("p99 of a page, core full, ms", v1, "people.pageP99Ms", "%.1f");
    row("p99 of a stop, on disk, core full, ms", v1, "people.stopP99Ms", "%.1f");
    row("resident memory, recent windows full, MiB", v1, "memory.residentMiB", "%,.0f");
    row("restart until ready and warm, s", v1, "restart.readySeconds", "%.1f");
    row("series after the restart, means included", v1, "restart.series", "%,.0f");
    row("checkpoint, MiB", v1, "restart.fileMiB", "%,.0f");
    text.append('\n');
  }

  private void second() {
    rows("remote write 2.0");
    row("samples per CPU-second", v2, "steady.perCpuSecond", "%,.0f");
    ratio("as a part of that of the fewest series", v2, "steady.perCpuSecond");
    row("cores that others took meanwhile", v2, "steady.otherCores", "%.2f");
    row("first sight: series per CPU-second", v2, "first.perCpuSecond", "%,.0f");
    row("p99 of an answer, core full, ms", v2, "steady.p99Ms", "%.1f");
    row("p99 of an answer, half of that rate, ms", v2, "half.p99Ms", "%.1f");
  }

  private void rows(String first) {
    text.append("| ").append(first).append(" |");
    for (int series : v1.keySet()) {
      text.append(String.format(Locale.ROOT, " %,d series |", series));
    }
    text.append("\n|---|").append("---:|".repeat(v1.size())).append('\n');
  }

  private void row(String name, TreeMap<Integer, Properties> runs, String key, String format) {
    text.append("| ").append(name).append(" |");
    for (int series : v1.keySet()) {
      Properties run = runs.get(series);
      String value = run == null ? null : run.getProperty(key);
      text.append(' ');
      if (value != null) text.append(String.format(Locale.ROOT, format, Double.valueOf(value)));
      text.append(" |");
    }
    text.append('\n');
  }

  private void ratio(String name, TreeMap<Integer, Properties> runs, String key) {
    if (runs.isEmpty()) return;
    double of = Double.parseDouble(runs.firstEntry().getValue().getProperty(key));
    text.append("| ").append(name).append(" |");
    for (int series : v1.keySet()) {
      Properties run = runs.get(series);
      text.append(' ');
      if (run != null) {
        double value = Double.parseDouble(run.getProperty(key));
        text.append(String.format(Locale.ROOT, "%.2f", value / of));
      }
      text.append(" |");
    }
    text.append('\n');
  }

  private void profile() {
    text.append(
        """

        ## Where the time goes

        Per cent of the samples of a flight recording (JFR) over 10 s with the core full, put to the innermost part on the
        stack. What the kernel does for the server, the collector of garbage and native code (decompression by snappy) are not
        in it.

        """);
    Properties one = v1.isEmpty() ? new Properties() : v1.lastEntry().getValue();
    Properties two = v2.isEmpty() ? new Properties() : v2.lastEntry().getValue();
    int series = v1.isEmpty() ? 0 : v1.lastKey();
    text.append(
        String.format(Locale.ROOT, "| %,d series | 1.0 | 2.0 |\n|---|---:|---:|\n", series));
    var names = new TreeMap<String, String[]>();
    for (Properties run : new Properties[] {one, two}) {
      for (String key : run.stringPropertyNames()) {
        if (!key.startsWith("profile.")) continue;
        String[] both = names.computeIfAbsent(key.substring(11), _ -> new String[] {"", ""});
        both[run == one ? 0 : 1] = run.getProperty(key);
      }
    }
    names.forEach(
        (name, both) -> text.append("| %s | %s | %s |\n".formatted(name, both[0], both[1])));
  }

  private void machine() {
    text.append("\n## How\n\n");
    text.append(
        """
        ```
        bin/prunella-bench                              # everything, about a quarter of an hour
        bin/prunella-bench --series 100000 --wire 1     # one run; the page is written from all that were kept
        bin/prunella-bench --series 100000 --quick      # a look, some figures only; writes no page
        bin/prunella-bench --page                       # the page again, out of what was kept
        ```

        What single steps cost (decoding, look-up, detection, recent window) and that they allocate nothing is measured by
        JMH: `mvn -q -Pjmh -DskipTests verify`.

        """);
    text.append("| run | date | commit | machine |\n|---|---|---|---|\n");
    v1.forEach((series, run) -> machine(series, 1, run));
    v2.forEach((series, run) -> machine(series, 2, run));
  }

  private void machine(int series, int wire, Properties run) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %,d, %d.0: %s labels, %s bytes a sample | %s | %s | %s, %s cores, %s GiB, %s, Java"
                + " %s |\n",
            series,
            wire,
            run.getProperty("labels"),
            run.getProperty("rawBytes"),
            run.getProperty("date"),
            run.getProperty("commit"),
            run.getProperty("machine.cpu"),
            run.getProperty("machine.cores"),
            run.getProperty("machine.memoryGiB"),
            run.getProperty("machine.system"),
            run.getProperty("machine.java")));
  }
}
