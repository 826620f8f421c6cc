package io.prunella.demo;

import io.prunella.demo.Series.Source;
import io.prunella.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * Which series an instance, a service and a call are seen by: names and labels as the real
 * exporters and a plain scrape configuration would send them.
 */
final class Exposition {
  static final String NAMESPACE = "larkway";

  private final List<Series> into;
  private final Source source;
  private final Map<String, String> common;

  private Exposition(List<Series> into, Source source, Map<String, String> common) {
    this.into = into;
    this.source = source;
    this.common = common;
  }

  /** Series that share these labels (names and values in turn). */
  static Exposition of(List<Series> into, Source source, String... common) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < common.length; i += 2) map.put(common[i], common[i + 1]);
    return new Exposition(into, source, map);
  }

  /** One more series: the metric's name, its value, and further labels in turn. */
  Exposition add(String metric, DoubleSupplier value, String... more) {
    var labels = new TreeMap<>(common);
    labels.put(Labels.NAME, metric);
    for (int i = 0; i < more.length; i += 2) labels.put(more[i], more[i + 1]);
    into.add(Series.of(source, Labels.of(labels), value));
    return this;
  }

  /** All series of one instance. */
  static void register(SimulatedService service, Instance instance) {
    if (instance.spec.platform() == Spec.Platform.KUBERNETES) {
      KubernetesMetrics.register(service, instance);
    } else if (instance.host != null) {
      MachineMetrics.register(instance, instance.host);
    }
    switch (instance.spec.runtime()) {
      case JVM -> JvmMetrics.register(instance, scrape(instance, Source.PROCESS, 8080));
      case GO -> GoMetrics.register(instance, scrape(instance, Source.PROCESS, 8080));
      case REDIS, POSTGRES -> StoreMetrics.register(service, instance);
    }
    if (service.store == null) {
      scrape(instance, Source.OUTSIDE, 8080)
          .add("up", () -> instance.up ? 1 : 0)
          .add(
              "scrape_duration_seconds",
              () -> instance.up ? .012 * instance.noise.around(.15) : .0005);
    }
  }

  /** What is said of the service as a whole. */
  static void register(SimulatedService service) {
    if (service.spec.platform() == Spec.Platform.KUBERNETES) KubernetesMetrics.register(service);
  }

  /** What traces say of one caller and one callee (Tempo's metrics generator). */
  static void register(World.Edge edge, List<Series> into) {
    of(into, Source.OUTSIDE, "client", edge.client, "server", edge.server, "job", "traces")
        .add("traces_service_graph_request_total", () -> edge.requests)
        .add("traces_service_graph_request_failed_total", () -> edge.failed)
        .add("traces_service_graph_request_server_seconds_sum", () -> edge.serverSeconds)
        .add("traces_service_graph_request_server_seconds_count", () -> edge.requests)
        .add("traces_service_graph_request_client_seconds_sum", () -> edge.clientSeconds)
        .add("traces_service_graph_request_client_seconds_count", () -> edge.requests);
  }

  /** The labels of a direct scrape of the instance. */
  static Exposition scrape(Instance instance, Source source, int port) {
    var labels = new ArrayList<String>();
    labels.addAll(List.of("job", instance.spec.name(), "service", instance.spec.name()));
    if (instance.spec.platform() == Spec.Platform.KUBERNETES) {
      labels.addAll(List.of("namespace", NAMESPACE, "pod", instance.name));
      labels.addAll(List.of("container", "app", "instance", instance.ip + ":" + port));
    } else {
      labels.addAll(List.of("instance", instance.name + ":" + port));
    }
    return of(instance.series, source, labels.toArray(String[]::new));
  }
}
