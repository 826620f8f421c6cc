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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real {@code prunella serve} under 300,000 samples a second while pods come and go: nothing is
 * refused, every sample is counted once, the series table is bounded and memory is flat. Not one of
 * the tests of {@code mvn verify}, since it takes its time:
 *
 * <pre>mvn test -pl server -am -Dtest=Soak -Dsurefire.failIfNoSpecifiedTests=false
 *     [-Dprunella.soak.minutes=20]</pre>
 */
class Soak {
  private static final int MINUTES = Integer.getInteger("prunella.soak.minutes", 2);
  private static final int DEPLOYMENTS = 150;
  private static final int SERIES_PER_POD = 200; // of ten pods: 300,000 series, each once a second
  private static final int SENDERS = 4;
  private static final long MIB = 1 << 20;

  /*
   * A production's hours in minutes: series are forgotten, and their recent samples full, so soon that half of the shortest
   * run is at rest. Past series-max a sender would be told so, which fails the test.
   */
  private static final String CONFIG =
      """
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
  private record Size(int second, long rss, long liveHeap, long parts, long series) {
    @Override
    public String toString() {
      return "soak: after %d s: RSS %d MiB, live heap %d MiB, of it rows, windows, tables, labels %d MiB, %d series"
          .formatted(second, rss / MIB, liveHeap / MIB, parts / MIB, series);
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
    // Three rollouts in two rounds: every series is replaced within 100 rounds.
    for (int left = round * 3 / 2 - (round - 1) * 3 / 2; left > 0 && round > 1; left--) {
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
        failure.compareAndSet(null, new AssertionError("a request failed", e));
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
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(receiver.pid());
    assertThat(new ProcessBuilder(jcmd, pid, "GC.run").start().waitFor()).isZero();
    Map<String, Double> metrics = receiver.metrics();
    return new Size(
        second,
        rss(receiver.pid()),
        (long) Receiver.sum(metrics, "jvm_memory_pool_collection_used_bytes"),
        (long) Receiver.sum(metrics, "prunella_watch_memory_bytes"),
        (long) Receiver.sum(metrics, "prunella_watch_series"));
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
      assertThat(size.liveHeap())
          .as("%s; first %s", size, first)
          .isLessThan(grown(first.liveHeap()));
      assertThat(size.parts()).as("%s; first %s", size, first).isLessThan(grown(first.parts()));
      assertThat(size.rss()).as("%s; first %s", size, first).isLessThan(grown(first.rss()));
    }
  }

  private static long grown(long bytes) {
    return bytes + bytes / 20 + 16 * MIB;
  }
}
