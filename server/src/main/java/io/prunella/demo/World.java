package io.prunella.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The simulated fleet's state. Steps in simulated time; everything that it draws comes from its
 * seed. Not thread-safe: {@link Stepper} and the API take turns by its lock.
 */
final class World {
  private final Map<String, SimulatedService> services = new LinkedHashMap<>();
  private final Map<String, Edge> edges = new LinkedHashMap<>();
  private long nowMs;

  World(long seed, long beginMs) {
    nowMs = beginMs;
    var mean = new LinkedHashMap<String, Double>();
    for (var spec : Company.SERVICES) {
      mean.merge(spec.name(), spec.ingressPerSecond(), Double::sum);
      for (var call : spec.calls()) {
        double asked = mean.getOrDefault(spec.name(), 0.0) * call.perRequest();
        mean.merge(call.callee(), asked, Double::sum);
      }
    }
    for (var spec : Company.SERVICES) {
      var service = new SimulatedService(spec, seed, mean.getOrDefault(spec.name(), 0.0));
      services.put(spec.name(), service);
      service.begin(beginMs);
      Exposition.register(service);
      for (var call : spec.calls()) {
        var edge =
            new Edge(
                spec.name(),
                call.callee(),
                call.perRequest(),
                new Noise(seed, spec.name() + ">" + call.callee()));
        edges.put(spec.name() + ">" + call.callee(), edge);
        Exposition.register(edge, service.own);
      }
    }
  }

  long nowMs() {
    return nowMs;
  }

  Map<String, SimulatedService> services() {
    return services;
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   */
  SimulatedService service(String name) {
    var service = services.get(name);
    if (service == null) {
      throw new IllegalArgumentException(
          "no simulated service is called " + name + ", there are " + services.keySet());
    }
    return service;
  }

  /** Goes on to a later time. */
  void step(long toMs) {
    if (toMs <= nowMs) {
      throw new IllegalArgumentException("step to %d, wanted later than %d".formatted(toMs, nowMs));
    }
    double elapsed = (toMs - nowMs) / 1000.0;
    nowMs = toMs;
    var ordered = List.copyOf(services.values());
    for (var service : ordered) {
      service.live(nowMs, elapsed);
      service.perSecond = service.ingress(nowMs, elapsed);
    }
    for (var service : ordered) {
      for (var call : service.spec.calls()) {
        service(call.callee()).perSecond += service.perSecond * call.perRequest();
      }
    }
    for (var service : ordered.reversed()) service.serve(this, elapsed);
    for (var edge : edges.values()) {
      edge.step(service(edge.client), service(edge.server), elapsed);
    }
  }

  /**
   * One scrape of everything, at the present time. Noise of single readings is drawn here, so a
   * step is scraped once.
   *
   * @return samples that were added, stale markers included
   */
  int scrape(WriteEncoder into) {
    int samples = 0;
    for (var service : services.values()) {
      for (var series : service.gone) into.add(series.encoded(), nowMs, WriteEncoder.STALE);
      samples += service.gone.size();
      service.gone.clear();
      for (var series : service.own)
        into.add(series.encoded(), nowMs, series.value().getAsDouble());
      samples += service.own.size();
      for (var instance : service.instances) {
        boolean seen = instance.up && !(service.down && service.store != null);
        for (var series : instance.series) {
          if (seen || series.source() == Series.Source.OUTSIDE) {
            into.add(series.encoded(), nowMs, series.value().getAsDouble());
            samples++;
          } else if (instance.wasSeen) {
            into.add(series.encoded(), nowMs, WriteEncoder.STALE);
            samples++;
          }
        }
        instance.wasSeen = seen;
      }
    }
    return samples;
  }

  /** How many series there are now. */
  int seriesCount() {
    int count = 0;
    for (var service : services.values()) {
      count += service.own.size();
      for (var instance : service.instances) count += instance.series.size();
    }
    return count;
  }

  /** Connections that the callers of a store hold. */
  double connectionsTo(SimulatedService store) {
    double sum = 14;
    for (var caller : services.values()) {
      if (caller.spec.calls().stream().noneMatch(c -> c.callee().equals(store.spec.name())))
        continue;
      for (var i : caller.instances) {
        if (i.up) sum += caller.spec.poolMax() > 0 ? i.poolActive + 4 : 8;
      }
    }
    return sum;
  }

  /** Calls from one service to another, as traces count them. */
  static final class Edge {
    final String client;
    final String server;
    private final double perRequest;
    private final Noise noise;
    double requests;
    double failed;
    double serverSeconds;
    double clientSeconds;
    double latency;

    Edge(String client, String server, double perRequest, Noise noise) {
      this.client = client;
      this.server = server;
      this.perRequest = perRequest;
      this.noise = noise;
    }

    private void step(SimulatedService from, SimulatedService to, double elapsed) {
      double asked = noise.poisson(from.perSecond * perRequest * elapsed);
      requests += asked;
      failed += Math.min(asked, noise.poisson(asked * to.errors));
      latency = to.latency * noise.around(.02);
      serverSeconds += asked * to.latency;
      clientSeconds += asked * (to.latency + .0012);
    }
  }
}
