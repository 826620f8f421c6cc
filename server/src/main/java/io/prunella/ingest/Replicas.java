package io.prunella.ingest;

import io.prunella.series.LabelSlices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which replica of each cluster is heard. The first that writes is elected and stays so until it
 * has been silent for {@code failoverMs}; then the next that writes is. Bounded; any thread.
 */
final class Replicas {
  /*
   * Series are told apart by the hash of their label bytes as written, which differ between replicas: a table like that of
   * known series says whose they are, so that a known series costs one more look-up and its labels are not read. Numbers of
   * replicas are never used again; one that was forgotten is looked up anew.
   */
  private static final int REPLICAS_MAX = 16; // of a cluster
  private static final long FORGET_MS = 3_600_000; // a full table forgets clusters silent for this

  /** What the labels say of series that belong to no cluster. */
  static final Replica NOBODY = new Replica(1, "", new Cluster(""));

  /** One writer of a cluster's series. */
  static final class Replica {
    final long number;
    final String name;
    final Cluster cluster;
    volatile long heardMs;

    Replica(long number, String name, Cluster cluster) {
      this.number = number;
      this.name = name;
      this.cluster = cluster;
    }
  }

  /** Replicas that say the same. Its map is guarded by the table. */
  static final class Cluster {
    final String name;
    final Map<String, Replica> replicas = new HashMap<>();
    volatile @Nullable Replica elected;
    volatile long changes;

    Cluster(String name) {
      this.name = name;
    }

    long heardMs() {
      Replica of = elected;
      return of == null ? 0 : of.heardMs;
    }
  }

  private final HaConfig config;
  private final int valueBytesMax;
  private final Known writers;
  private final Map<Long, Replica> byNumber = new ConcurrentHashMap<>();
  private final Map<String, Cluster> clusters = new HashMap<>(); // guarded by this
  private long lastNumber = NOBODY.number; // guarded by this

  Replicas(IngestConfig config) {
    this.config = config.ha();
    this.valueBytesMax = config.labelValueBytesMax();
    this.writers = new Known(isOn() ? config.knownMax() : 1);
  }

  boolean isOn() {
    return config.isOn();
  }

  /** Who wrote label bytes with this hash; null when {@link #learn} must find out. */
  @Nullable Replica writer(long hash) {
    return writer(hash, new Known.Place());
  }

  /** The same, looking first behind where the reader found the last one. */
  @Nullable Replica writer(long hash, Known.Place place) {
    long number = writers.print(hash, place);
    if (number == 0) return null;
    return number == NOBODY.number ? NOBODY : byNumber.get(number);
  }

  /** Whose labels these are; null when the cluster is new and there is no room for it. */
  @Nullable Replica learn(long hash, LabelSlices labels, long nowMs) {
    String cluster = value(labels, config.clusterLabel());
    String replica = value(labels, config.replicaLabel());
    Replica writer = NOBODY;
    if (cluster != null && replica != null) {
      Replica found = join(cluster, replica, nowMs);
      if (found == null) return null;
      writer = found;
    }
    writers.add(hash, writer.number);
    return writer;
  }

  /** A label that may be somebody's name; what is no sound label is refused elsewhere. */
  private @Nullable String value(LabelSlices labels, String name) {
    int label = labels.find(name);
    if (label < 0) return null;
    int from = labels.valueFrom(label);
    int bytes = labels.valueTo(label) - from;
    boolean isSound =
        bytes > 0
            && bytes <= valueBytesMax
            && LabelCheck.isUtf8(labels.bytes(), from, from + bytes);
    return isSound ? new String(labels.bytes(), from, bytes, StandardCharsets.UTF_8) : null;
  }

  private synchronized @Nullable Replica join(String name, String replica, long nowMs) {
    Cluster cluster = clusters.get(name);
    if (cluster == null) {
      if (clusters.size() >= config.clustersMax() && !forgetOne(nowMs)) return null;
      cluster = new Cluster(name);
      clusters.put(name, cluster);
    }
    Replica known = cluster.replicas.get(replica);
    if (known != null) return known;
    if (cluster.replicas.size() >= REPLICAS_MAX) forgetOne(cluster);
    var writer = new Replica(++lastNumber, replica, cluster);
    writer.heardMs = nowMs;
    cluster.replicas.put(replica, writer);
    byNumber.put(writer.number, writer);
    return writer;
  }

  private boolean forgetOne(long nowMs) {
    Cluster oldest =
        clusters.values().stream().min(Comparator.comparingLong(Cluster::heardMs)).orElseThrow();
    if (nowMs - oldest.heardMs() < FORGET_MS) return false;
    clusters.remove(oldest.name);
    oldest.replicas.values().forEach(one -> byNumber.remove(one.number));
    return true;
  }

  private void forgetOne(Cluster of) {
    Replica oldest =
        of.replicas.values().stream()
            .filter(one -> one != of.elected)
            .min(Comparator.comparingLong(one -> one.heardMs))
            .orElseThrow();
    of.replicas.remove(oldest.name);
    byNumber.remove(oldest.number);
  }

  /** True when what this replica writes now is to be taken. Holds the elections. */
  boolean isHeard(Replica writer, long nowMs) {
    if (writer == NOBODY) return true;
    if (writer.heardMs < nowMs) writer.heardMs = nowMs;
    Cluster cluster = writer.cluster;
    if (cluster.elected == writer) return true;
    synchronized (cluster) {
      Replica elected = cluster.elected;
      if (elected != null && nowMs - elected.heardMs < config.failoverMs()) {
        return elected == writer;
      }
      if (elected != null) cluster.changes++;
      cluster.elected = writer;
      return true;
    }
  }

  /** The elections as they stand, by the clusters' names. */
  synchronized List<Election> elections() {
    var all = new ArrayList<Election>();
    new TreeMap<>(clusters)
        .forEach((name, cluster) -> {
          Replica elected = cluster.elected;
          if (elected != null) {
            all.add(new Election(name, elected.name, elected.heardMs, cluster.changes));
          }
        });
    return all;
  }
}
