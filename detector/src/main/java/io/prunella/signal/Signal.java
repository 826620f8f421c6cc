package io.prunella.signal;

/**
 * What a series means for its service: one of the golden signals, or the saturation of one
 * resource.
 */
public enum Signal {
  /** How long answers take. */
  LATENCY,
  /** Answers that failed. */
  ERRORS,
  /** How much is asked. */
  TRAFFIC,
  /** Processor time, or waiting for it. */
  CPU,
  /** Resident or used memory, heap included. */
  MEMORY,
  /** Space or inodes of a file system. */
  DISK,
  /** Connections, threads or permits of a bounded pool. */
  POOL,
  /** Work that waits: queue depth, consumer lag. */
  QUEUE,
  /** Packets, bytes and errors on the wire. */
  NETWORK,
  /** Descriptors, quotas, certificate age: any other bounded resource. */
  QUOTA,
  /** A probe or readiness check: 1 is well, 0 is not. */
  HEALTH,
  /** Restarts of the service's instances. */
  RESTARTS,
  /** How many instances there are. */
  REPLICAS,
  /** Evidence of a change: build info, deployment generation, start time. */
  CHANGE,
  /** Watched, but nobody has said what it means. */
  OTHER;

  /** True when the signal tells of the service's own resources and not of what its callers see. */
  public boolean isSaturation() {
    return switch (this) {
      case CPU, MEMORY, DISK, POOL, QUEUE, NETWORK, QUOTA -> true;
      case LATENCY, ERRORS, TRAFFIC, HEALTH, RESTARTS, REPLICAS, CHANGE, OTHER -> false;
    };
  }
}
