package io.prunella.bench;

import io.prunella.control.Desk;
import io.prunella.control.State;
import io.prunella.demo.WriteEncoder;
import io.prunella.detect.DetectConfig;
import io.prunella.remediation.OneCall;
import io.prunella.series.Labels;
import io.prunella.server.ConfigFile;
import io.prunella.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * How long it takes from the last sample that is needed to the first step's call: a whole server
 * (HTTP, detection, grouping, diagnosis, plan, every guardrail, journal on disk) watches so many
 * series, a scrape of all of them every 15 s going on; now and then the third sample of a cache
 * above its limit comes, and a runbook without a wait of its own acts. Time counts from before the
 * request leaves until the action is called.
 */
final class FirstStep {
  private static final int BODY_SERIES = 2_000;

  /** So many samples beyond a limit are an anomaly, and so many below it its end. */
  private static final int SAMPLES = DetectConfig.DEFAULTS.limitSamples();

  private static final int TRIES = 3;
  private static final int SLOWEST = 8;
  private static final Duration SCRAPE = Duration.ofSeconds(15);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final String RUNBOOK =
      """
      apiVersion: prunella.io/v1
      kind: Runbook
      metadata: {name: touch, version: 1.0.0, mode: auto}
      spec:
        tier: 3
        description: {what: Touches it., whenToUse: It is measured., whenNotToUse: Never.}
        match: {pattern: cache-full, for: 0s, minConfidence: 0.1}
        target: {kinds: [bench], roles: [cache]}
        preconditions: [{name: full, check: 'share("memory") > 0.9'}]
        steps: [{id: touch, action: bench.touch}]
        verify:
          settle: 0s
          interval: 1s
          consecutiveSuccess: 1
          deadline: 60s
          checks: [{name: freed, check: 'share("memory") < 0.8'}]
        tests:
          - name: refuses without data
            given: {signals: {}}
            expect: {preconditions: inconclusive, because: full}
      """;

  private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();
  private final Map<String, Long> calledAt = new ConcurrentHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<byte[]> fill = new ArrayList<>();

  /** So many caches have been acted on and are well again, as every scrape tells from then on. */
  private final AtomicInteger well = new AtomicInteger();

  private URI write = URI.create("http://127.0.0.1/");

  /** Milliseconds of each trial, in order of size. */
  record Times(double[] ms) {
    double quantile(double q) {
      return ms[(int) Math.min(ms.length - 1, Math.ceil(q * ms.length) - 1)];
    }
  }

  static Times measure(int series, int trials) throws Exception {
    return new FirstStep().run(series, trials);
  }

  private Times run(int series, int trials) throws Exception {
    Path folder = Files.createTempDirectory("prunella-first-step");
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, config(trials));
    for (int i = 0; i < series; i++) fill.add(labels("queue_length", "host-" + i, "fill"));
    var setting =
        new Server.Setting(
            folder.resolve("data"),
            ConfigFile.read(file),
            InstantSource.system(),
            List.of(new Touch()),
            Map.of("touch.yaml", RUNBOOK),
            List.of(),
            Optional.empty());
    var going = new AtomicBoolean(true);
    try (var server = new Server(setting)) {
      write = URI.create("http://127.0.0.1:%d/api/v1/write".formatted(server.port()));
      server.runByWall();
      scrape(Duration.ZERO);
      Thread scraping =
          Thread.ofPlatform()
              .start(() -> {
                while (going.get()) scrape(SCRAPE);
              });
      for (int i = 0; i < trials; i++) limit(i, 0.5, System.currentTimeMillis() - 60_000);
      var ms = new double[trials];
      var random = new Random(1);
      for (int i = 0; i < trials; i++) ms[i] = trial(i, random, server.desk());
      going.set(false);
      scraping.join();
      slowest(ms);
      Arrays.sort(ms);
      return new Times(ms);
    } finally {
      going.set(false);
    }
  }

  /** Which ones were slow tells of the cause: the first ones are cold. */
  private static void slowest(double[] ms) {
    IntStream.range(0, ms.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -ms[i]))
        .limit(SLOWEST)
        .forEach(i -> System.out.printf("trial %d: %.1f ms%n", i, ms[i]));
  }

  private double trial(int i, Random random, Desk desk) throws Exception {
    String service = "cache-" + i;
    long now = System.currentTimeMillis();
    for (int sample = 1; sample < SAMPLES; sample++)
      limit(i, 0.95, now - 15_000L * (SAMPLES - sample));
    LockSupport.parkNanos((100 + random.nextInt(200)) * 1_000_000L); // out of step with ticks
    var called = new CountDownLatch(1);
    awaited.put(service, called);
    long begun = System.nanoTime();
    limit(i, 0.95, System.currentTimeMillis());
    if (!called.await(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          "%s was not acted on within %d s: %s"
              .formatted(service, ANSWER_MAX.toSeconds(), known(service, desk.state())));
    }
    well.set(i + 1);
    return (calledAt.get(service) - begun) / 1e6;
  }

  /** What control knows of a service: its latest incident and what became of the proposals. */
  private static String known(String service, State state) {
    var incidents =
        state.incidents().values().stream().filter(i -> i.services().contains(service)).toList();
    if (incidents.isEmpty()) return "no incident; %d are known".formatted(state.incidents().size());
    var last = incidents.getLast();
    var words = new StringBuilder("%s %s".formatted(last.id(), last.status()));
    if (last.handedOver() != null) words.append(", ").append(last.handedOver());
    state.remediations().values().stream()
        .filter(r -> r.plan().incident().equals(last.id()))
        .forEach(r -> words.append("; %s %s, %s".formatted(r.id(), r.status(), r.why())));
    return words.toString();
  }

  /** One sample of what a cache uses and may use. */
  private void limit(int i, double share, long timeMs) {
    var encoder = new WriteEncoder();
    limit(encoder, i, share, timeMs);
    encoder.take().forEach(this::post);
  }

  private static void limit(WriteEncoder encoder, int i, double share, long timeMs) {
    encoder.add(labels("redis_memory_max_bytes", "i-" + i, "cache-" + i), timeMs, 1e9);
    encoder.add(labels("redis_memory_used_bytes", "i-" + i, "cache-" + i), timeMs, share * 1e9);
  }

  /**
   * One sample of every series, spread over the time as scrapes are. What was acted on is well: so
   * remediations are proven and incidents end, since bad ends would stop the runbook for all.
   */
  private void scrape(Duration over) {
    var encoder = new WriteEncoder();
    int bodies = (fill.size() + BODY_SERIES - 1) / BODY_SERIES;
    long begun = System.nanoTime();
    for (int body = 0; body < bodies; body++) {
      long timeMs = System.currentTimeMillis();
      int to = Math.min(fill.size(), (body + 1) * BODY_SERIES);
      for (int i = body * BODY_SERIES; i < to; i++) encoder.add(fill.get(i), timeMs, 100 + i % 7);
      for (int i = body; i < well.get(); i += bodies) limit(encoder, i, 0.5, timeMs);
      encoder.take().forEach(this::post);
      long wait = begun + over.toNanos() / bodies * (body + 1) - System.nanoTime();
      if (wait > 0) LockSupport.parkNanos(wait);
    }
  }

  private void post(byte[] body) {
    var request =
        HttpRequest.newBuilder(write)
            .header("Content-Encoding", "snappy")
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    for (int left = TRIES; ; left--) {
      try {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) return;
        throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
      } catch (IOException e) {
        // A kept connection may be closed by the server at the moment of its use; samples may come
        // twice.
        if (left == 0) throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static byte[] labels(String metric, String instance, String job) {
    return WriteEncoder.labels(Labels.of("__name__", metric, "instance", instance, "job", job));
  }

  /** Every cache is in an environment of its own, or so many ill at once would stop everything. */
  private static String config(int trials) {
    var text =
        new StringBuilder(
            """
            web: {listen-address: '127.0.0.1:0'}
            runbooks: {shipped: false}
            incidents: {open-max: 10000}
            guardrails: {concurrent-max: 10000}
            targets:
            """);
    for (int i = 0; i < trials; i++) {
      text.append(
          "  - {service: cache-%d, kind: bench, role: cache, environment: e%d}%n".formatted(i, i));
    }
    return text.toString();
  }

  /** Tells when it is called. */
  private final class Touch extends OneCall {
    Touch() {
      super("bench.touch", "touched");
    }

    @Override
    protected void called(Call call) {
      calledAt.put(call.target().service(), System.nanoTime());
      CountDownLatch called = awaited.get(call.target().service());
      if (called != null) called.countDown();
    }

    @Override
    protected boolean isApplied(Call call) {
      return calledAt.containsKey(call.target().service());
    }
  }
}
