package io.prunella.ingest;

import io.prunella.ingest.Bodies.Message;
import io.prunella.series.StaleMarker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of many deployments whose pods are replaced now and then, as ready requests: the bytes
 * of a deployment's request are made once a rollout and only times and values are written into them
 * after that, so that a small machine can send much more than it could encode.
 *
 * <p>One thread. Half of the deployments are sent as remote write 1.0, half as 2.0; half of the
 * pods that go say so with stale markers, half fall silent.
 */
final class Rollouts {
  /** One request, before it is compressed. */
  record Part(byte[] body, boolean isV2, int samples) {}

  private static final int PODS = 10;
  private static final int TIME_BYTES = 6; // of a varint of any day of our lives
  private static final String[] NAMES = {
    "container_memory_working_set_bytes",
    "container_cpu_usage_seconds_total",
    "http_requests_total",
    "http_request_duration_seconds_bucket",
    "queue_depth",
    "jvm_memory_used_bytes",
    "db_pool_connections_in_use",
    "process_open_fds",
    "rpc_latency_seconds_sum",
    "cache_hits_total"
  };

  private final int seriesPerPod;
  private final Deployment[] deployments;
  private int next; // the deployment whose turn it is to be rolled out
  private int begun;

  /** A deployment's request and where its samples are in it. */
  private static final class Deployment {
    byte[] body = {};
    int[] at = {};
    boolean isV2;
    boolean tellsItsEnd;
  }

  /**
   * @param deployments each of ten pods, each one request
   * @param seriesPerPod series of one pod
   */
  Rollouts(int deployments, int seriesPerPod) {
    this.seriesPerPod = seriesPerPod;
    this.deployments = new Deployment[deployments];
    for (int i = 0; i < deployments; i++) this.deployments[i] = begin(i);
  }

  int deployments() {
    return deployments.length;
  }

  int seriesPerDeployment() {
    return PODS * seriesPerPod;
  }

  /** Series that have ever been begun. */
  long seriesBegun() {
    return (long) begun * seriesPerDeployment();
  }

  /** What a deployment sends in a round; the bytes are good until the next call for it. */
  Part part(int number, int round, long timeMs) {
    Deployment of = deployments[number];
    for (int i = 0; i < of.at.length; i++) {
      write(of.body, of.at[i], Double.doubleToRawLongBits(value(number, i, round)), timeMs);
    }
    return new Part(of.body, of.isV2, of.at.length);
  }

  /**
   * Replaces all pods of the next deployment by new ones.
   *
   * @return the old pods' stale markers, or null when they end without a word
   */
  Part rollOut(long timeMs) {
    int number = next;
    next = (next + 1) % deployments.length;
    Deployment old = deployments[number];
    deployments[number] = begin(number);
    if (!old.tellsItsEnd) return null;
    for (int at : old.at) write(old.body, at, StaleMarker.BITS, timeMs);
    return new Part(old.body, old.isV2, old.at.length);
  }

  /** Gauges wander a little, counters rise; drawn from the numbers alone. */
  private static double value(int deployment, int series, int round) {
    long mixed =
        (deployment * 1_000_003L + series) * 0x9e3779b97f4a7c15L + round * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 31)) * 0x94d049bb133111ebL;
    double noise = (mixed >>> 40) / (double) (1 << 24);
    boolean isCounter = NAMES[series % NAMES.length].endsWith("_total");
    return isCounter ? round * 100.0 + Math.floor(noise * 50) : 1000 + 10 * noise;
  }

  private static void write(byte[] body, int from, long bits, long timeMs) {
    int at = from;
    for (int i = 0; i < 8; i++) body[at++] = (byte) (bits >>> (8 * i));
    at++; // the tag of the time
    long left = timeMs;
    for (int i = 0; i < TIME_BYTES - 1; i++) {
      body[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    body[at] = (byte) left;
  }

  private Deployment begin(int number) {
    var deployment = new Deployment();
    deployment.isV2 = number % 2 == 1;
    deployment.tellsItsEnd = begun % 4 < 2;
    int generation = begun++;
    var series = new ArrayList<Map<String, String>>();
    for (int pod = 0; pod < PODS; pod++) {
      for (int i = 0; i < seriesPerPod; i++) series.add(labels(number, generation, pod, i));
    }
    deployment.body = deployment.isV2 ? bodyV2(series) : bodyV1(series);
    deployment.at = samplesIn(deployment.body, series.size());
    return deployment;
  }

  private static Map<String, String> labels(int deployment, int generation, int pod, int i) {
    var labels = new LinkedHashMap<String, String>();
    String name = "shop-" + deployment;
    labels.put("__name__", NAMES[i % NAMES.length]);
    labels.put("cluster", "prod-eu-west-1");
    labels.put("container", "app");
    labels.put("deployment", name);
    labels.put("endpoint", "/api/v2/resource-" + i / NAMES.length);
    labels.put("env", "production");
    labels.put("instance", "10.%d.%d.%d:8080".formatted(deployment / 250, deployment % 250, pod));
    labels.put("job", name);
    labels.put("namespace", "team-" + deployment % 20);
    labels.put("node", "ip-10-0-%d-%d.eu-west-1.compute.internal".formatted(deployment % 40, pod));
    labels.put("pod", "%s-%08x-%05x".formatted(name, generation * 0x9e3779b1, pod * 7919));
    labels.put("prometheus", "monitoring/k8s");
    return labels;
  }

  // A value and a time that cannot be mistaken for anything else, to find the samples' places by.
  private static final long MARK_BITS = 0x7ff8_5a17_3c6e_9d42L;
  private static final long MARK_TIME = (1L << 40) | 0x5b_3a91_77c3L;

  private static byte[] bodyV1(List<Map<String, String>> series) {
    var request = new Message();
    for (var labels : series) {
      var message = new Message();
      labels.forEach((name, value) -> message.message(1, Bodies.label(name, value)));
      request.message(1, message.message(2, mark()));
    }
    return request.toBytes();
  }

  private static byte[] bodyV2(List<Map<String, String>> series) {
    var symbols = new LinkedHashMap<String, Integer>();
    symbols.put("", 0);
    var parts = new ArrayList<Message>();
    for (var labels : series) {
      var refs = new long[2 * labels.size()];
      int at = 0;
      for (var label : labels.entrySet()) {
        refs[at++] = symbol(symbols, label.getKey());
        refs[at++] = symbol(symbols, label.getValue());
      }
      parts.add(new Message().packed(1, refs).message(2, mark()));
    }
    var request = new Message();
    symbols.keySet().forEach(symbol -> request.text(4, symbol));
    parts.forEach(part -> request.message(5, part));
    return request.toBytes();
  }

  private static int symbol(Map<String, Integer> symbols, String text) {
    Integer known = symbols.putIfAbsent(text, symbols.size());
    return known == null ? symbols.size() - 1 : known;
  }

  private static Message mark() {
    return new Message().real(1, MARK_BITS).number(2, MARK_TIME);
  }

  private static int[] samplesIn(byte[] body, int count) {
    var at = new int[count];
    int found = 0;
    for (int i = 0; i + 8 <= body.length; i++) {
      long bits = 0;
      for (int k = 7; k >= 0; k--) bits = bits << 8 | body[i + k] & 0xff;
      if (bits == MARK_BITS) at[found++] = i;
    }
    if (found != count) throw new IllegalStateException("%d marks of %d".formatted(found, count));
    return at;
  }
}
