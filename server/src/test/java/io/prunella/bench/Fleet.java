package io.prunella.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A made-up fleet of pods and what each exports: containers, state of the cluster, request
 * histograms and a runtime. Series of one pod lie together, as a scrape has them; labels are sorted
 * by name, as senders must.
 */
final class Fleet {
  /** How a series moves from one scrape to the next. */
  enum Kind {
    /** Grows by 0 to 31. */
    COUNTER,
    /** Moves within some per cent of a level. */
    GAUGE,
    /** Never moves. */
    CONSTANT
  }

  /** One series. @param labels name and value in turn, sorted by name */
  record Series(String[] labels, Kind kind, double level) {}

  private static final String[] SERVICES = {
    "basket", "catalog", "checkout", "customer-profile", "invoice", "mail-gateway", "order-intake",
    "payment", "pricing", "recommend", "search-frontend", "stock", "tax", "voucher"
  };
  private static final String[] ROUTES = {"/v1/items", "/v1/items/{id}", "/v1/orders", "/health"};
  private static final String[] EDGES = {
    "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"
  };
  private static final String[] CONTAINER_COUNTERS = {
    "container_cpu_usage_seconds_total", "container_cpu_user_seconds_total",
    "container_cpu_cfs_throttled_periods_total", "container_fs_writes_bytes_total",
    "container_network_receive_bytes_total", "container_network_transmit_bytes_total",
    "container_network_receive_errors_total"
  };
  private static final String[] CONTAINER_GAUGES = {
    "container_memory_working_set_bytes",
    "container_memory_rss",
    "container_memory_cache",
    "container_file_descriptors",
    "container_sockets"
  };
  private static final String[] RUNTIME_GAUGES = {
    "go_goroutines",
    "go_threads",
    "go_memstats_alloc_bytes",
    "go_memstats_heap_inuse_bytes",
    "go_memstats_heap_idle_bytes",
    "go_memstats_stack_inuse_bytes",
    "go_memstats_next_gc_bytes",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_open_fds"
  };
  private static final String[] RUNTIME_COUNTERS = {
    "go_memstats_alloc_bytes_total", "go_memstats_mallocs_total", "go_memstats_frees_total",
    "go_gc_duration_seconds_count", "go_gc_duration_seconds_sum", "process_cpu_seconds_total"
  };

  private final List<Series> series = new ArrayList<>();
  private final SplittableRandom random;

  private Fleet(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The first {@code count} series of as many pods as that takes; the same for the same seed. */
  static List<Series> of(int count, long seed) {
    var fleet = new Fleet(seed);
    for (int pod = 0; fleet.series.size() < count; pod++) fleet.pod(pod);
    return fleet.series.subList(0, count);
  }

  private void pod(int number) {
    String service = SERVICES[number % SERVICES.length];
    int node = number / 20;
    String zone = "eu-west-1" + (char) ('a' + node % 3);
    var own = new TreeMap<String, String>();
    own.put("cluster", "shop-production-eu-west-1");
    own.put("instance", "10.%d.%d.%d:9102".formatted(node >> 8, node & 255, number % 250 + 2));
    own.put("job", "shop/" + service);
    own.put("namespace", "shop-" + service);
    own.put("node", "ip-10-%d-%d-7.compute.internal".formatted(node >> 8, node & 255));
    own.put("pod", "%s-%s-%s".formatted(service, token(10), token(5)));
    own.put("region", "eu-west-1");
    own.put("service", service);
    own.put("zone", zone);
    for (String container : new String[] {service, "mesh-proxy"}) containers(own, container);
    state(own, service);
    requests(own);
    runtime(own);
  }

  private void containers(TreeMap<String, String> own, String container) {
    for (String name : CONTAINER_COUNTERS) add(own, name, Kind.COUNTER, "container", container);
    for (String name : CONTAINER_GAUGES) add(own, name, Kind.GAUGE, "container", container);
    constant(own, "container_spec_memory_limit_bytes", 1L << 30, "container", container);
    constant(own, "kube_pod_container_status_restarts_total", 1, "container", container);
  }

  private void state(TreeMap<String, String> own, String container) {
    for (String phase : new String[] {"Failed", "Pending", "Running", "Succeeded", "Unknown"}) {
      constant(own, "kube_pod_status_phase", phase.equals("Running") ? 1 : 0, "phase", phase);
    }
    for (String resource : new String[] {"cpu", "memory"}) {
      double much = resource.equals("cpu") ? 4 : 1L << 30;
      String metric = "kube_pod_container_resource_limits";
      constant(own, metric, much, "container", container, "resource", resource);
      metric = "kube_pod_container_resource_requests";
      constant(own, metric, much / 2, "container", container, "resource", resource);
    }
    constant(own, "up", 1);
    add(own, "scrape_duration_seconds", Kind.GAUGE);
  }

  private void requests(TreeMap<String, String> own) {
    for (String route : ROUTES) {
      for (String code : new String[] {"200", "404", "500"}) {
        String metric = "http_server_request_duration_seconds";
        for (String edge : EDGES) {
          add(own, metric + "_bucket", Kind.COUNTER, "code", code, "le", edge, "route", route);
        }
        add(own, metric + "_count", Kind.COUNTER, "code", code, "route", route);
        add(own, metric + "_sum", Kind.COUNTER, "code", code, "route", route);
      }
    }
  }

  private void runtime(TreeMap<String, String> own) {
    for (String name : RUNTIME_GAUGES) add(own, name, Kind.GAUGE);
    for (String name : RUNTIME_COUNTERS) add(own, name, Kind.COUNTER);
    // Some use more than they may: incidents are open all the time, as where something is wrong.
    for (String area : new String[] {"heap", "nonheap"}) {
      for (String part : new String[] {"used", "committed", "max"}) {
        add(own, "jvm_memory_" + part + "_bytes", Kind.GAUGE, "area", area);
      }
    }
    constant(own, "go_info", 1, "version", "go1.24.3");
    constant(own, "process_start_time_seconds", 1.7e9);
  }

  private void add(TreeMap<String, String> own, String metric, Kind kind, String... more) {
    add(own, metric, kind, Math.rint(random.nextDouble(100, 1e6)), more);
  }

  private void constant(TreeMap<String, String> own, String metric, double value, String... more) {
    add(own, metric, Kind.CONSTANT, value, more);
  }

  private void add(
      TreeMap<String, String> own, String metric, Kind kind, double level, String... more) {
    var all = new TreeMap<>(own);
    all.put("__name__", metric);
    for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
    var flat = new String[2 * all.size()];
    int at = 0;
    for (var label : all.entrySet()) {
      flat[at++] = label.getKey();
      flat[at++] = label.getValue();
    }
    series.add(new Series(flat, kind, level));
  }

  private String token(int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append("bcdfghjklmnpqrstvwxz2456789".charAt(random.nextInt(27)));
    }
    return text.toString();
  }
}
