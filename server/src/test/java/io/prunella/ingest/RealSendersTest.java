package io.prunella.ingest;

// Long because: the senders, the fault and what must hold after it are one story.
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Peers;
import io.prunella.series.Labels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real senders write to a real {@code prunella serve}: Prometheus 2 with remote write 1.0,
 * Prometheus 3 with 2.0 and native histograms, vmagent. Nothing is refused and no sender complains;
 * after {@code kill -9} under load their queues catch up and nothing is scored twice.
 */
class RealSendersTest {
  private static final int PODS = 3000;
  private static final List<Integer> COMPARED = List.of(0, 1, 499, 500, 1234, 2222, PODS - 1);
  private static final int BATCH = 500; // samples of a request
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern COMPLAINT =
      Pattern.compile("(?i).*(level=(warn|error)|\\t(warn|error|fatal)\\t).*(remote|write).*");
  // Prunella keeps more than its default of a series, so that the whole run can be compared.
  private static final String CONFIG = "watch: {recent-bytes-max: 8192}\n";

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * A Prometheus that scrapes one path of the exporter, and itself when it is to send histograms.
   */
  private record Sender(String name, int port, Process process, Path config) {}

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void realSenders_killedAndRestartedReceiver_catchUpAndNothingIsScoredTwice(@TempDir Path folder)
      throws Exception {
    Peers.need("prometheus", "prometheus-3", "vmagent");
    try (var peers = new Peers(folder);
        var exporter = new Exporter(PODS)) {
      try {
        var receiver = new Receiver(peers, folder, CONFIG);
        Sender two = prometheus(peers, folder, exporter, receiver, "prometheus");
        Sender three = prometheus(peers, folder, exporter, receiver, "prometheus-3");
        Process vmagent = vmagent(peers, folder, exporter, receiver);

        List<Sender> senders = List.of(two, three);
        delivered(receiver, senders, 5);
        eventuallyTrue("samples of vmagent", () -> kept(receiver, "vmagent").size() >= 5);
        nobodyComplains(peers, receiver, "prometheus", "prometheus-3", "vmagent");
        vmagent.destroy();
        vmagent.waitFor();
        nobodyComplains(peers, receiver, "vmagent");

        Map<Labels, NavigableMap<Long, Double>> safe = checkpointed(receiver, senders);
        receiver.kill();
        List<Sent> outage = outage(exporter, senders);
        receiver.startAgain();
        assertThat(receiver.log()).contains("series go on where they were");
        caughtUp(exporter, receiver, senders);
        nothingTwice(receiver, senders, outage);
        for (Sender sender : senders) {
          for (int pod : COMPARED) sameAsAtTheSender(receiver, sender, pod, safe);
        }
        // Retries after the kill are as it should be; data that could not be sent are not.
        for (Sender sender : senders) {
          assertThat(Files.readString(peers.log(sender.name()))).doesNotContain("non-recoverable");
        }
        damagedCheckpointIsSetAside(receiver);
      } catch (AssertionError e) {
        throw peers.told(e, "prunella", "prometheus", "prometheus-3");
      }
    }
  }

  @Test
  void prometheus3_nativeHistograms_areTakenAndCounted(@TempDir Path folder) throws Exception {
    Peers.need("prometheus-3");
    try (var peers = new Peers(folder);
        var exporter = new Exporter(1)) {
      try {
        var receiver = new Receiver(peers, folder, CONFIG);
        Sender sender =
            prometheus(
                peers,
                folder,
                exporter,
                receiver,
                "prometheus-3",
                "--enable-feature=native-histograms");
        eventuallyTrue(
            "native histograms",
            () ->
                Receiver.sum(
                        Receiver.metricsAt(sender.port()),
                        "prometheus_remote_storage_histograms_total")
                    > 0);
        var metrics = Receiver.metricsAt(sender.port());
        assertThat(Receiver.sum(metrics, "prometheus_remote_storage_histograms_failed_total"))
            .isZero();
        assertThat(Receiver.sum(metrics, "prometheus_remote_storage_samples_failed_total"))
            .isZero();
        eventuallyTrue(
            "a count out of a native histogram",
            () -> receiver.found("prometheus_http_request_duration_seconds_count") > 0);
        nobodyComplains(peers, receiver, "prometheus-3");
      } catch (AssertionError e) {
        throw peers.told(e, "prunella", "prometheus-3");
      }
    }
  }

  // --- what must hold

  /** Gets all that is kept at this moment into a checkpoint; answers it for some of the pods. */
  private static Map<Labels, NavigableMap<Long, Double>> checkpointed(
      Receiver receiver, List<Sender> senders) throws Exception {
    var safe = new HashMap<Labels, NavigableMap<Long, Double>>();
    for (Sender sender : senders) {
      for (int pod : COMPARED) {
        Labels labels = labels(sender.name(), pod);
        safe.put(labels, receiver.window(labels));
      }
    }
    double now = Instant.now().toEpochMilli() / 1000.0;
    eventuallyTrue(
        "a checkpoint", () -> receiver.metric("prunella_watch_checkpoint_timestamp_seconds") > now);
    return safe;
  }

  /** Waits until the senders have noticed and some scrapes wait; answers their counts. */
  private static List<Sent> outage(Exporter exporter, List<Sender> senders) throws Exception {
    var sent = new ArrayList<Sent>();
    for (Sender sender : senders) {
      int scrapes = exporter.scrapes("/" + sender.name());
      eventuallyTrue(
          "retries of " + sender.name(),
          () ->
              exporter.scrapes("/" + sender.name()) >= scrapes + 4
                  && sum(sender, "samples_retried_total") > 0);
      sent.add(Sent.by(sender));
    }
    return sent;
  }

  /**
   * @param samples those that left for good, and those that are just being tried
   * @param triedMax how many of them are just being tried, at most
   */
  private record Sent(Sender sender, double samples, double triedMax) {
    static Sent by(Sender sender) {
      var metrics = Receiver.metricsAt(sender.port());
      String prefix = "prometheus_remote_storage_";
      // Each attempt counts as sent, and each but a batch's first also as a retry.
      return new Sent(
          sender,
          Receiver.sum(metrics, prefix + "samples_total")
              - Receiver.sum(metrics, prefix + "samples_retried_total"),
          Receiver.sum(metrics, prefix + "shards") * BATCH);
    }
  }

  private void caughtUp(Exporter exporter, Receiver receiver, List<Sender> senders)
      throws Exception {
    for (Sender sender : senders) {
      int wanted = exporter.scrapes("/" + sender.name());
      eventuallyTrue(
          sender.name() + " catches up",
          () -> {
            var kept = kept(receiver, sender.name());
            return !kept.isEmpty() && kept.lastEntry().getValue() >= wanted;
          });
      // From here on it scrapes nothing, so that its counters come to rest.
      Files.writeString(sender.config(), config(sender.name(), "", receiver.writeUrl()));
      new ProcessBuilder("kill", "-HUP", Long.toString(sender.process().pid())).start().waitFor();
    }
  }

  /**
   * What the senders say was taken since the restart is what was scored, but for the requests that
   * were just being tried when they were asked: neither a retry nor the restored state made a
   * sample count twice. And no series began anew.
   */
  private static void nothingTwice(Receiver receiver, List<Sender> senders, List<Sent> outage)
      throws Exception {
    double before = outage.stream().mapToDouble(Sent::samples).sum();
    double triedMax = outage.stream().mapToDouble(Sent::triedMax).sum();
    var difference = new AtomicReference<>(Double.NaN);
    eventuallyTrue(
        "that queues come to rest",
        () -> {
          double sent = senders.stream().mapToDouble(s -> Sent.by(s).samples()).sum() - before;
          var own = receiver.metrics();
          double taken =
              own.get("prunella_watch_samples_total")
                  + own.get("prunella_watch_repeated_samples_total");
          boolean isUnchanged = difference.getAndSet(taken - sent) == taken - sent;
          return isUnchanged && senders.stream().allMatch(RealSendersTest::isAtRest);
        });
    assertThat(difference.get()).as("taken, but not sent").isBetween(0.0, triedMax);
    assertThat(receiver.metric("prunella_watch_registered_series_total"))
        .as("series that a restart made cold")
        .isZero();
    for (Sender sender : senders) {
      assertThat(sum(sender, "samples_failed_total")).as(sender.name()).isZero();
      assertThat(sum(sender, "samples_dropped_total")).as(sender.name()).isZero();
    }
  }

  private static boolean isAtRest(Sender sender) {
    return sum(sender, "samples_pending") == 0
        && sum(sender, "queue_highest_sent_timestamp_seconds")
            >= sum(sender, "highest_timestamp_in_seconds");
  }

  /**
   * Series are kept as their sender has them, each sample once. What is missing was sent after the
   * last checkpoint and before the kill: one piece, and nothing of what was {@code safe}.
   */
  private void sameAsAtTheSender(
      Receiver receiver, Sender sender, int pod, Map<Labels, NavigableMap<Long, Double>> allSafe)
      throws Exception {
    Labels labels = labels(sender.name(), pod);
    NavigableMap<Long, Double> safe = allSafe.get(labels);
    NavigableMap<Long, Double> wanted = stored(sender, pod);
    NavigableMap<Long, Double> kept = receiver.window(labels);
    assertThat(wanted).as("%s at its sender", labels).hasSizeGreaterThan(10);
    assertThat(safe).as("%s in the checkpoint", labels).hasSizeGreaterThanOrEqualTo(5);
    assertThat(kept).as("%s after the restart", labels).containsAllEntriesOf(safe);
    assertThat(wanted).as("%s as sent", labels).containsAllEntriesOf(kept);
    var lost = new TreeMap<>(wanted);
    lost.keySet().removeAll(kept.keySet());
    if (lost.isEmpty()) return;
    assertThat(kept.subMap(lost.firstKey(), lost.lastKey())).as("lost in one piece").isEmpty();
    assertThat(lost.firstKey()).as("lost of what was safe").isGreaterThan(safe.lastKey());
    assertThat(lost.lastKey()).as("lost of what waited").isLessThan(kept.lastKey());
  }

  private static void damagedCheckpointIsSetAside(Receiver receiver) throws Exception {
    receiver.stop();
    try (var file = new RandomAccessFile(receiver.checkpoint.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int was = file.read();
      file.seek(file.length() / 2);
      file.write(was ^ 0x10);
    }
    receiver.startAgain();
    assertThat(receiver.log()).contains("checkpoint set aside, series begin cold");
    assertThat(receiver.checkpoint.resolveSibling("watch.checkpoint.damaged")).exists();
    assertThat(receiver.metric("prunella_watch_series")).isZero();
  }

  private static void nobodyComplains(Peers peers, Receiver receiver, String... names)
      throws IOException {
    for (String name : names) {
      assertThat(Files.readAllLines(peers.log(name)))
          .as(name)
          .noneMatch(line -> COMPLAINT.matcher(line).matches());
    }
    assertThat(receiver.metric("prunella_watch_refused_samples_total")).isZero();
    assertThat(receiver.metric("prunella_watch_faults_total")).isZero();
  }

  private void delivered(Receiver receiver, List<Sender> senders, int scrapes) throws Exception {
    for (Sender sender : senders) {
      eventuallyTrue(
          scrapes + " scrapes of " + sender.name(),
          () -> kept(receiver, sender.name()).size() >= scrapes);
      assertThat(sum(sender, "samples_failed_total")).isZero();
      assertThat(sum(sender, "samples_retried_total")).isZero();
    }
  }

  private static TreeMap<Long, Double> kept(Receiver receiver, String sender) {
    return receiver.window(labels(sender, PODS - 1));
  }

  private static Labels labels(String sender, int pod) {
    return Labels.of(
        "__name__",
        Exporter.METRIC,
        "instance",
        "fleet",
        "job",
        "fleet",
        "pod",
        Exporter.pod(pod),
        "sender",
        sender);
  }

  /** The same series as the sender itself has stored it. */
  private NavigableMap<Long, Double> stored(Sender sender, int pod) throws Exception {
    String query = Exporter.METRIC + "{pod=\"" + Exporter.pod(pod) + "\"}[1h]";
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/api/v1/query?query=%s"
                        .formatted(
                            sender.port(), URLEncoder.encode(query, StandardCharsets.UTF_8))))
            .build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    var samples = new TreeMap<Long, Double>();
    json.readTree(answer.body())
        .at("/data/result/0/values")
        .valueStream()
        .forEach(v ->
            samples.put(
                Math.round(v.get(0).asDouble() * 1000), Double.valueOf(v.get(1).asString())));
    return samples;
  }

  private static double sum(Sender sender, String what) {
    return Receiver.sum(Receiver.metricsAt(sender.port()), "prometheus_remote_storage_" + what);
  }

  // --- the senders

  private static Sender prometheus(
      Peers peers,
      Path folder,
      Exporter exporter,
      Receiver receiver,
      String program,
      String... options)
      throws IOException {
    int port = Peers.freePort();
    Path config = folder.resolve(program + ".yml");
    String scrapes = scrape(program, exporter.port());
    if (options.length > 0) {
      scrapes +=
          "  - {job_name: itself, static_configs: [{targets: ['127.0.0.1:%d']}]}\n".formatted(port);
    }
    Files.writeString(config, config(program, scrapes, receiver.writeUrl()));
    var command =
        new ArrayList<>(
            List.of(
                program,
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve(program + "-tsdb"),
                "--web.listen-address=127.0.0.1:" + port));
    command.addAll(List.of(options));
    return new Sender(program, port, peers.start(program, command), config);
  }

  private static String scrape(String path, int port) {
    return """
      - job_name: fleet
        metrics_path: /%s
        static_configs: [{targets: ['127.0.0.1:%d'], labels: {instance: fleet}}]
    """
        .formatted(path, port);
  }

  private static String config(String program, String scrapes, String url) {
    return """
    global: {scrape_interval: 1s, scrape_timeout: 1s, external_labels: {sender: %s}}
    scrape_configs:
    %sremote_write:
      - url: %s
        queue_config: {batch_send_deadline: 1s, max_samples_per_send: %d, max_backoff: 1s}
    %s\
    """
        .formatted(
            program,
            scrapes.isEmpty() ? "  []\n" : scrapes,
            url,
            BATCH,
            program.equals("prometheus-3")
                ? "    protobuf_message: io.prometheus.write.v2.Request\n"
                    + "    send_native_histograms: true\n"
                    + "    metadata_config: {send: false}\n" // 2.0 has it in every request
                : "");
  }

  private static Process vmagent(Peers peers, Path folder, Exporter exporter, Receiver receiver)
      throws IOException {
    Path config = folder.resolve("vmagent.yml");
    Files.writeString(
        config,
        "global: {scrape_interval: 1s, external_labels: {sender: vmagent}}\nscrape_configs:\n"
            + scrape("vmagent", exporter.port()));
    return peers.start(
        "vmagent",
        List.of(
            "vmagent",
            "-promscrape.config=" + config,
            "-remoteWrite.url=" + receiver.writeUrl(),
            // One queue: with several it does not keep the order of a series' samples.
            "-remoteWrite.queues=1",
            "-remoteWrite.tmpDataPath=" + folder.resolve("vmagent"),
            "-httpListenAddr=127.0.0.1:" + Peers.freePort()));
  }

  private interface Question {
    boolean isSo() throws Exception;
  }

  private static void eventuallyTrue(String what, Question question) throws Exception {
    Peers.eventually(
        what,
        SOON,
        () -> {
          try {
            return question.isSo() ? Optional.of(true) : Optional.empty();
          } catch (Exception e) {
            throw new IllegalStateException(what, e);
          }
        });
  }
}
