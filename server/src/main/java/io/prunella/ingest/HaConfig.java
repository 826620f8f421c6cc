package io.prunella.ingest;

/**
 * Replicas of one Prometheus that send the same series: one of each cluster is heard, the others
 * are answered and left out. As Mimir, Cortex and VictoriaMetrics have it.
 *
 * @param replicaLabel label that tells the replicas of a cluster apart, such as __replica__; it is
 *     taken off the series, so that they stay the same whichever replica is heard. Empty: nothing
 *     is left out
 * @param clusterLabel label that names what the replicas are replicas of; a series that lacks one
 *     of both labels is taken as it is
 * @param failoverMs after so long a silence of the replica that is heard, the next that writes is
 * @param clustersMax clusters that are told apart; series of more are refused
 */
public record HaConfig(String replicaLabel, String clusterLabel, long failoverMs, int clustersMax) {
  public static final HaConfig DEFAULTS = new HaConfig("", "cluster", 30_000, 100);

  public HaConfig {
    if (!replicaLabel.isEmpty() && (clusterLabel.isEmpty() || clusterLabel.equals(replicaLabel))) {
      throw new IllegalArgumentException(
          "ingest.ha.cluster-label is \"%s\", wanted a label other than ingest.ha.replica-label"
              .formatted(clusterLabel));
    }
    if (replicaLabel.equals("__name__") || clusterLabel.equals("__name__")) {
      throw new IllegalArgumentException(
          "ingest.ha.replica-label or cluster-label is __name__, wanted a label beside the name");
    }
    Bounds.between("ingest.ha.failover-ms", failoverMs, 1_000, 86_400_000);
    Bounds.between("ingest.ha.clusters-max", clustersMax, 1, 10_000);
  }

  boolean isOn() {
    return !replicaLabel.isEmpty();
  }
}
