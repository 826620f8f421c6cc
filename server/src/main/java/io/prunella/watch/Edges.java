package io.prunella.watch;

import io.prunella.diagnose.Topology;
import io.prunella.series.Labels;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who calls whom, as far as labels of known metrics say so. Bounded; any thread. */
final class Edges {
  /**
   * Where a metric says who calls whom.
   *
   * @param callerSpace label with the caller's namespace, or empty
   */
  private record Hint(String callerSpace, String caller, String calleeSpace, String callee) {}

  private static final Hint GRAPH = new Hint("", "client", "", "server");
  private static final Hint ISTIO =
      new Hint(
          "source_workload_namespace",
          "source_workload",
          "destination_workload_namespace",
          "destination_workload");
  private static final Hint LINKERD =
      new Hint("namespace", "deployment", "dst_namespace", "dst_deployment");
  private static final Map<String, Hint> HINTS =
      Map.ofEntries(
          Map.entry("traces_service_graph_request_total", GRAPH),
          Map.entry("traces_service_graph_request_failed_total", GRAPH),
          Map.entry("traces_service_graph_request_server_seconds_count", GRAPH),
          Map.entry("traces_service_graph_request_client_seconds_count", GRAPH),
          Map.entry("service_graph_request_total", GRAPH),
          Map.entry("istio_requests_total", ISTIO),
          Map.entry("istio_tcp_connections_opened_total", ISTIO),
          Map.entry("response_total", LINKERD),
          Map.entry("request_total", LINKERD));

  private final int max;
  private final Set<Watch.Edge> edges = ConcurrentHashMap.newKeySet();

  Edges(int max) {
    this.max = max;
  }

  /** Looks at the labels of a series that was not known before. Past the bound nothing is added. */
  void see(Labels labels) {
    Hint hint = HINTS.get(labels.metric());
    if (hint == null || edges.size() >= max) return;
    String caller = name(labels, hint.callerSpace(), hint.caller());
    String callee = name(labels, hint.calleeSpace(), hint.callee());
    if (caller != null && callee != null && !caller.equals(callee)) {
      edges.add(new Watch.Edge(caller, callee));
    }
  }

  private static @Nullable String name(Labels labels, String spaceLabel, String nameLabel) {
    String name = labels.get(nameLabel);
    if (name == null || name.equals("unknown")) return null;
    String space = spaceLabel.isEmpty() ? null : labels.get(spaceLabel);
    return space == null || space.equals("unknown") ? name : space + "/" + name;
  }

  Set<Watch.Edge> all() {
    return Set.copyOf(edges);
  }

  Topology topology() {
    var callees = new TreeMap<String, Set<String>>();
    for (Watch.Edge edge : edges) {
      callees.computeIfAbsent(edge.caller(), _ -> new TreeSet<>()).add(edge.callee());
    }
    return new Topology(callees);
  }
}
