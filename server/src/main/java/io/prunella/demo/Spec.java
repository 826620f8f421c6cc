package io.prunella.demo;

import java.util.List;

/**
 * How one simulated service is built; what never changes while the fleet runs.
 *
 * @param name what its operators call it
 * @param platform where its instances run
 * @param runtime which exporter speaks for it
 * @param role {@code stateless}, {@code cache}, {@code database} or {@code storage}
 * @param replicas instances at the start
 * @param ingressPerSecond requests a second from outside the fleet, mean over a day
 * @param busiestHour hour of the day, UTC, when most is asked
 * @param utilisation share of its processors in use at mean load, 0 to 1; gives the cost of a
 *     request
 * @param cores processors of one instance
 * @param serviceSeconds time of one request on an idle instance, callees not counted
 * @param memoryBytes hard limit of one instance
 * @param poolMax connections of one instance to its database, 0 when it has no pool
 * @param version what runs at the start
 * @param pinned true when each caller has its own instance: what one cannot serve the others do not
 *     get
 * @param handlers routes, the first being asked most
 * @param calls whom it asks, and how often for each request
 */
record Spec(
    String name,
    Platform platform,
    Runtime runtime,
    String role,
    int replicas,
    double ingressPerSecond,
    double busiestHour,
    double utilisation,
    double cores,
    double serviceSeconds,
    double memoryBytes,
    int poolMax,
    String version,
    boolean pinned,
    List<String> handlers,
    List<Call> calls) {

  /** Where instances run. */
  enum Platform {
    KUBERNETES,
    MACHINE
  }

  /** What an instance is made of. */
  enum Runtime {
    JVM,
    GO,
    REDIS,
    POSTGRES
  }

  /**
   * @param perRequest calls for each request of the caller
   */
  record Call(String callee, double perRequest) {}
}
