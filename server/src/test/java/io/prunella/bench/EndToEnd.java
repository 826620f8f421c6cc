package io.prunella.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Measures a whole server as {@code bin/prunella serve} starts it: a sender on a core of its own
 * against a server on another. Keeps what each run found under {@code target/bench} and writes
 * {@code server/docs/performance.md} out of all that is there.
 *
 * <p>{@code bin/prunella-bench [--series 100000,500000,1000000] [--wire 1,2] [--quick] [--page]}
 */
public final class EndToEnd {
  private static final int CONNECTIONS = 4;
  // Of all series: a noisy one has no more room after some 330, a quiet one keeps two hours.
  private static final int PASSES_THAT_FILL = 490;
  private static final int STEADY_WINDOWS = 3;

  private final Path home;
  private final int seriesCount;
  private final int wire;
  private final boolean isQuick;
  private final Properties found = new Properties();

  private EndToEnd(Path home, int seriesCount, int wire, boolean isQuick) {
    this.home = home;
    this.seriesCount = seriesCount;
    this.wire = wire;
    this.isQuick = isQuick;
  }

  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    Path home = Path.of(option(given, "--home", "")).toAbsolutePath();
    boolean isQuick = given.contains("--quick");
    Path kept = home.resolve("target/bench");
    Files.createDirectories(kept);
    boolean isPageOnly = given.contains("--page");
    String all = isPageOnly ? "" : option(given, "--series", "100000,500000,1000000");
    for (String series : all.split(",")) {
      if (series.isEmpty()) continue;
      for (String wire : option(given, "--wire", "1,2").split(",")) {
        var run = new EndToEnd(home, Integer.parseInt(series), Integer.parseInt(wire), isQuick);
        run.measure();
        Path file = kept.resolve(isQuick ? "quick" : "%s-v%s.properties".formatted(series, wire));
        try (Writer out = Files.newBufferedWriter(file)) {
          run.found.store(out, null);
        }
      }
    }
    if (!isQuick) Files.writeString(home.resolve("server/docs/performance.md"), Report.of(kept));
  }

  private static String option(List<String> given, String name, String otherwise) {
    int at = given.indexOf(name);
    return at < 0 ? otherwise : given.get(at + 1);
  }

  private void put(String key, double value) {
    found.setProperty(key, String.format(Locale.ROOT, "%.4g", value));
    System.out.printf(Locale.ROOT, "  %-28s %,.6g%n", key, value);
  }

  /**
   * CPU that a piece of work took, and what it did.
   *
   * @param otherSeconds CPU that processes took which are no part of the benchmark
   */
  private record Work(
      Map<String, Double> said, double userSeconds, double systemSeconds, double otherSeconds) {
    double cpuSeconds() {
      return userSeconds + systemSeconds;
    }

    double samplesACpuSecond() {
      return said.get("samples") / cpuSeconds();
    }
  }

  private static Work work(Target target, Sender sender, String command) throws Exception {
    double[] before = Machine.cpuSeconds(target.process.pid());
    double busy = Machine.busySeconds();
    double sent = sender.cpuSeconds();
    var said = sender.ask(command);
    double[] after = Machine.cpuSeconds(target.process.pid());
    if (said.get("retries") > 0) System.out.println("  retries: " + said.get("retries"));
    double user = after[0] - before[0];
    double system = after[1] - before[1];
    double others = Machine.busySeconds() - busy - (sender.cpuSeconds() - sent) - user - system;
    return new Work(said, user, system, Math.max(0, others));
  }

  private void measure() throws Exception {
    System.out.printf("%,d series, remote write %d.0%n", seriesCount, wire);
    Path work = home.resolve("target/bench/work");
    deleteAll(work);
    Files.createDirectories(work);
    int port = Target.freePort();
    Machine.describe(home, found);
    try (var target = new Target(home, work, port);
        var sender = new Sender(home, port)) {
      put("start.seconds", target.readySeconds);
      sender.greeting.forEach(this::put);
      Work first = work(target, sender, "passes 1");
      put("first.perCpuSecond", first.samplesACpuSecond());
      sender.ask("seconds " + (isQuick ? 5 : 10));
      steady(target, sender);
      double rate = Double.parseDouble(found.getProperty("steady.perSecond"));
      var half = sender.ask("rate %d %d".formatted((long) (rate / 2), isQuick ? 5 : 10));
      put("half.p50Ms", half.get("p50"));
      put("half.p99Ms", half.get("p99"));
      if (wire == 1) people(target, sender, Target.token(work));
      if (wire == 1 && !isQuick) memory(target, sender);
      if (!isQuick) profile(target, sender, work);
    }
    if (wire == 1) restart(work);
    deleteAll(work);
  }

  /**
   * The best of some windows: whatever else runs on the machine can only take away. What others
   * took meanwhile is told.
   */
  private void steady(Target target, Sender sender) throws Exception {
    Work best = null;
    double allocated = 0;
    for (int i = 0; i < (isQuick ? 1 : STEADY_WINDOWS); i++) {
      double before = target.metric("jvm_memory_pool_allocated_bytes_total", "");
      Work window = work(target, sender, "seconds 8");
      double after = target.metric("jvm_memory_pool_allocated_bytes_total", "");
      if (best != null && best.samplesACpuSecond() >= window.samplesACpuSecond()) continue;
      best = window;
      allocated = after - before;
    }
    if (best == null) throw new IllegalStateException("no window");
    double seconds = best.said().get("seconds");
    put("steady.perCpuSecond", best.samplesACpuSecond());
    put("steady.perSecond", best.said().get("samples") / seconds);
    put("steady.systemShare", best.systemSeconds() / best.cpuSeconds());
    put("steady.p99Ms", best.said().get("p99"));
    put("steady.maxMs", best.said().get("max"));
    put("steady.allocated", allocated / best.said().get("samples"));
    put("steady.ownCores", best.cpuSeconds() / seconds);
    put("steady.otherCores", best.otherSeconds() / seconds);
  }

  private void profile(Target target, Sender sender, Path work) throws Exception {
    Path file = work.resolve("profile.jfr");
    String pid = Long.toString(target.process.pid());
    jcmd(pid, "JFR.start", "name=bench", "settings=profile", "filename=" + file);
    double samples = sender.ask("seconds 10").get("samples");
    jcmd(pid, "JFR.stop", "name=bench");
    int at = 0;
    for (var part : Profile.shares(file).entrySet()) {
      found.setProperty(
          "profile.%02d.%s".formatted(at++, part.getKey()),
          String.format(Locale.ROOT, "%.1f", part.getValue()));
    }
    put("allocated.shards", Profile.allocated(file, "watch-\\d+") / samples);
    put("allocated.door", Profile.allocated(file, "vert.x-eventloop.*") / samples);
    put("allocated.control", Profile.allocated(file, "control") / samples);
  }

  private static void jcmd(String... args) throws Exception {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/jcmd"));
    command.addAll(Arrays.asList(args));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) throw new IOException("failed: " + command);
  }

  /** What people wait for while senders send all they can. */
  private void people(Target target, Sender sender, String token) throws Exception {
    int seconds = 4;
    var load = sender.begin("seconds " + (3 * seconds + 4));
    String form = "application/x-www-form-urlencoded";
    target.post("/login", form, "token=" + token);
    for (int i = 0; i < 5; i++) target.get("/"); // the first of a start loads classes
    String[] bearer = {"Authorization", "Bearer " + token};
    put(
        "people.healthyP99Ms",
        Target.p99(seconds, 10, 200, () -> target.get("/-/healthy").statusCode()));
    put("people.pageP99Ms", Target.p99(seconds, 20, 200, () -> target.get("/").statusCode()));
    String stop =
        "{\"level\":\"stop-new\",\"scope\":\"service:none\",\"reason\":\"bench\",\"for\":\"1m\"}";
    put(
        "people.stopP99Ms",
        Target.p99(
            seconds,
            50,
            201,
            () -> target.post("/api/v1/stop", "application/json", stop, bearer).statusCode()));
    load.get(2, TimeUnit.MINUTES);
  }

  /** Resident memory when every series has as much of its past as it may keep. */
  private void memory(Target target, Sender sender) throws Exception {
    double taken = target.metric("prunella_watch_samples_total", "");
    long left = PASSES_THAT_FILL - (long) (taken / seriesCount);
    if (left > 0) sender.ask("passes " + left);
    put("memory.residentMiB", target.residentMiB());
    for (String part : List.of("tables", "state", "recent", "labels")) {
      double bytes = target.metric("prunella_watch_memory_bytes", "part=\"" + part + "\"");
      put("memory." + part, bytes / seriesCount);
    }
    put("memory.samplesASeries", target.metric("prunella_watch_samples_total", "") / seriesCount);
  }

  /** A server that had all series and was stopped starts anew. */
  private void restart(Path work) throws Exception {
    Path file = work.resolve("data/watch.checkpoint");
    put("restart.fileMiB", Files.exists(file) ? Files.size(file) / 1048576.0 : 0);
    try (var target = new Target(home, work, Target.freePort())) {
      put("restart.readySeconds", target.readySeconds);
      // The figures are those of the last tick: the first one may be still to come.
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      double series = 0;
      while (series < seriesCount && System.nanoTime() < patience) {
        series = target.metric("prunella_watch_series", "");
      }
      put("restart.series", series);
      put("restart.residentMiB", target.residentMiB());
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (var all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(one);
    }
  }

  /** The generator's process. */
  private final class Sender implements AutoCloseable {
    final Map<String, Double> greeting;
    private final Process process;
    private final BufferedReader from;
    private final Writer to;

    Sender(Path home, int port) throws IOException {
      var command = new ArrayList<>(Target.pinnedTo(1));
      command.addAll(
          List.of(
              System.getProperty("java.home") + "/bin/java",
              "-Xmx3g",
              "-XX:+UseSerialGC",
              home.resolve("server/src/test/java/io/prunella/bench/Generator.java").toString(),
              Integer.toString(port),
              Integer.toString(seriesCount),
              Integer.toString(wire),
              Integer.toString(CONNECTIONS)));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      from =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      to = process.outputWriter(StandardCharsets.UTF_8);
      greeting = read();
    }

    Map<String, Double> ask(String command) throws IOException {
      to.write(command + "\n");
      to.flush();
      return read();
    }

    double cpuSeconds() {
      double[] both = Machine.cpuSeconds(process.pid());
      return both[0] + both[1];
    }

    CompletableFuture<Map<String, Double>> begin(String command) {
      return CompletableFuture.supplyAsync(() -> {
        try {
          return ask(command);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
    }

    private Map<String, Double> read() throws IOException {
      String line = from.readLine();
      if (line == null) throw new IOException("the generator has ended");
      var values = new java.util.LinkedHashMap<String, Double>();
      for (String pair : line.split(" ")) {
        int at = pair.indexOf('=');
        values.put(pair.substring(0, at), Double.valueOf(pair.substring(at + 1)));
      }
      return values;
    }

    @Override
    public void close() throws Exception {
      to.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    }
  }
}
