package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import io.prunella.ingest.Rollouts.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real {@code prunella serve} under 300,000 samples a second while pods come and go: nothing is
 * refused, every sample is counted once, the series table is bounded and memory is flat. Not one of
 * the tests of {@code mvn verify}, since it takes its time:
 *
 * <pre>mvn -Psoak -pl server -am test [-Dprunella.soak.minutes=2]</pre>
 */
class Soak {
  private static final int MINUTES = Integer.getInteger("prunella.soak.minutes", 2);
  private static final int DEPLOYMENTS = 150;
  private static final int SERIES_PER_POD = 200; // of ten pods: 300,000 series, each once a second
  private static final int SENDERS = 4;
  private static final long MIB = 1 << 20;

  /*
   * A production's days in minutes: series are forgotten, their recent samples full, and the table of known labels full of
   * pods that are gone, so soon that the second half of the shortest run is at rest. (Measured with the defaults instead, the
   * heap grew by 44 MiB in the second minute: the table of known labels had not come to its bound, and rows not to theirs.)
   * Past series-max a sender would be told so, which fails the test.
   */
  private static final String CONFIG =
      """
      ingest:
        known-max: 1000000
      watch:
        series-max: 400000
        recent-ms: 30000
        forget-ended-ms: 5000
        forget-silent-ms: 15000
      """;

  // The launcher's collector; the heap is touched at once, so that RSS grows by what is off it.
  private static final String[] JVM = {
    "-XX:+UseParallelGC",
    "-XX:+UseCompactObjectHeaders",
    "-Xms1200m",
    "-Xmx1200m",
    "-XX:+AlwaysPreTouch"
  };

  /** What it takes, after a full collection; bytes. */
  private record Size(
      int second, long rss, long liveHeap, long parts, long series, Map<String, Long> classes) {
    @Override
    public String toString() {
      return "soak: after %d s: RSS %d MiB, live heap %d MiB, of it rows, windows, tables, labels %d MiB, %d series"
          .formatted(second, rss / MIB, liveHeap / MIB, parts / MIB, series);
    }

    /** The classes whose objects take so much more than before, the most first: who is to blame. */
    String grownSince(Size before) {
      return classes.entrySet().stream()
          .map(now ->
              Map.entry(
                  now.getKey(), now.getValue() - before.classes.getOrDefault(now.getKey(), 0L)))
          .filter(grown -> grown.getValue() >= MIB / 8)
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .limit(12)
          .map(grown -> "%s +%d KiB".formatted(grown.getKey(), grown.getValue() >> 10))
          .collect(Collectors.joining(", "));
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final Rollouts rollouts = new Rollouts(DEPLOYMENTS, SERIES_PER_POD);
  private final Semaphore underWay = new Semaphore(SENDERS);
  private final AtomicReference<AssertionError> failure = new AtomicReference<>();
  private long sent;
  private long lastMs;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void soak_podsComeAndGo_nothingIsRefusedAndMemoryIsFlat(@TempDir Path folder) throws Exception {
    try (var peers = new Peers(folder);
        var senders = Executors.newFixedThreadPool(SENDERS);
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      var receiver = new Receiver(peers, folder, CONFIG, JVM);
      try {
        List<Size> sizes = run(receiver, senders::execute, clock);
        everySampleCountedOnce(receiver);
        flat(sizes);
      } catch (AssertionError e) {
        throw peers.told(e, "prunella");
      } finally {
        clock.shutdownNow();
      }
    }
  }

  /** Sends for the whole time; answers the sizes at the second half's quarters. */
  private List<Size> run(
      Receiver receiver, java.util.concurrent.Executor senders, ScheduledExecutorService clock)
      throws Exception {
    var seconds = new Semaphore(0);
    long begin = System.nanoTime();
    clock.scheduleAtFixedRate(seconds::release, 0, 1, TimeUnit.SECONDS);
    var sizes = new ArrayList<Size>();
    int rounds = MINUTES * 60;
    for (int round = 1; round <= rounds; round++) {
      seconds.acquire();
      round(receiver, senders, round);
      if (round * 2 >= rounds && round * 8 % rounds == 0) {
        sizes.add(size(receiver, round));
        System.out.println(sizes.getLast());
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "soak: %d samples in %.1f s, %.0f a second; %d series begun%n",
        sent, took, sent / took, rollouts.seriesBegun());
    return sizes;
  }

  private void round(Receiver receiver, java.util.concurrent.Executor senders, int round)
      throws InterruptedException {
    lastMs = Math.max(lastMs + 1, System.currentTimeMillis());
    // Every series is replaced within 75 rounds.
    for (int left = 2; left > 0 && round > 1; left--) {
      Part end = rollouts.rollOut(lastMs);
      if (end != null) send(receiver, senders, end);
    }
    for (int i = 0; i < rollouts.deployments(); i++) {
      send(receiver, senders, rollouts.part(i, round, lastMs));
    }
    // A series' next samples leave when these have been taken.
    underWay.acquire(SENDERS);
    underWay.release(SENDERS);
    if (failure.get() != null) throw failure.get();
  }

  private void send(Receiver receiver, java.util.concurrent.Executor senders, Part part)
      throws InterruptedException {
    byte[] body = Bodies.snappy(part.body());
    sent += part.samples();
    underWay.acquire();
    senders.execute(() -> {
      try {
        post(receiver, body, part.isV2());
      } catch (AssertionError e) {
        failure.compareAndSet(null, e);
      } catch (IOException | InterruptedException | RuntimeException e) {
        failure.compareAndSet(
            null, new AssertionError("a request failed; of the server, " + receiver.state(), e));
      } finally {
        underWay.release();
      }
    });
  }

  private void post(Receiver receiver, byte[] body, boolean isV2)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(receiver.writeUrl()))
            .header("Content-Encoding", "snappy")
            .header("Content-Type", isV2 ? Door.TYPE_V2 : "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  private static Size size(Receiver receiver, int second) throws Exception {
    Map<String, Long> classes = classes(receiver.pid());
    Map<String, Double> metrics = receiver.metrics();
    return new Size(
        second,
        rss(receiver.pid()),
        (long) Receiver.sum(metrics, "jvm_memory_pool_collection_used_bytes"),
        (long) Receiver.sum(metrics, "prunella_watch_memory_bytes"),
        (long) Receiver.sum(metrics, "prunella_watch_series"),
        classes);
  }

  /** Bytes of the live objects of each class, after a full collection. */
  private static Map<String, Long> classes(long pid) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram").start();
    var classes = new HashMap<String, Long>();
    try (var lines = process.inputReader()) {
      lines
          .lines()
          .map(line -> line.trim().split("\\s+")) // 1: 4711 123456 [B (java.base@25)
          .filter(words -> words.length >= 4 && words[0].matches("\\d+:"))
          .forEach(words -> classes.merge(words[3], Long.parseLong(words[2]), Long::sum));
    }
    assertThat(process.waitFor()).isZero();
    return classes;
  }

  private static long rss(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
    throw new IOException("no VmRSS of process " + pid);
  }

  private void everySampleCountedOnce(Receiver receiver) {
    Map<String, Double> metrics = receiver.metrics();
    assertThat(metrics)
        .containsEntry("prunella_watch_samples_total", (double) sent)
        .containsEntry("prunella_watch_registered_series_total", (double) rollouts.seriesBegun())
        .containsEntry("prunella_watch_repeated_samples_total", 0.0)
        .containsEntry("prunella_watch_refused_samples_total", 0.0)
        .containsEntry("prunella_watch_full_inboxes_total", 0.0)
        .containsEntry("prunella_watch_faults_total", 0.0);
    long live = (long) DEPLOYMENTS * rollouts.seriesPerDeployment();
    // At most those that went in the last forget-silent-ms are there besides the living.
    assertThat(metrics.get("prunella_watch_series")).isBetween((double) live, live * 1.3);
  }

  /** A quarter is no larger than the one before it but for what chance and the ticks' moment do. */
  private static void flat(List<Size> sizes) {
    Size first = sizes.getFirst();
    for (Size size : sizes) {
      String what = "%s; first %s; grown: %s".formatted(size, first, size.grownSince(first));
      assertThat(size.liveHeap()).as(what).isLessThan(grown(first.liveHeap()));
      assertThat(size.parts()).as(what).isLessThan(grown(first.parts()));
      assertThat(size.rss()).as(what).isLessThan(grown(first.rss()));
    }
  }

  private static long grown(long bytes) {
    return bytes + bytes / 20 + 16 * MIB;
  }
}
