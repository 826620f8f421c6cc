package io.prunella.demo;

import java.util.function.DoubleSupplier;

/** What a Java service with Micrometer says of itself. */
final class JvmMetrics {
  private static final String[] STATUS = {"200", "422", "500"};
  private static final String[] OUTCOME = {"SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"};

  private JvmMetrics() {}

  static void register(Instance i, Exposition into) {
    requests(i, into);
    double heapMax = .62 * i.spec.memoryBytes();
    into.add("jvm_memory_used_bytes", () -> i.heapLive, "area", "heap", "id", "G1 Old Gen")
        .add("jvm_memory_used_bytes", () -> i.eden, "area", "heap", "id", "G1 Eden Space")
        .add("jvm_memory_used_bytes", () -> i.metaspace, "area", "nonheap", "id", "Metaspace")
        .add("jvm_memory_max_bytes", () -> heapMax, "area", "heap", "id", "G1 Old Gen")
        .add("jvm_memory_max_bytes", () -> -1, "area", "heap", "id", "G1 Eden Space")
        .add("jvm_memory_max_bytes", () -> -1, "area", "nonheap", "id", "Metaspace")
        .add(
            "jvm_gc_pause_seconds_count",
            () -> i.collections,
            "action",
            "end of minor GC",
            "cause",
            "G1 Evacuation Pause")
        .add(
            "jvm_gc_pause_seconds_sum",
            () -> i.collectionSeconds,
            "action",
            "end of minor GC",
            "cause",
            "G1 Evacuation Pause")
        .add("jvm_gc_memory_allocated_bytes_total", () -> i.allocated)
        .add("jvm_threads_live_threads", () -> i.threads)
        .add("process_cpu_usage", () -> i.cores / i.spec.cores())
        .add("process_files_open_files", () -> i.files)
        .add("process_files_max_files", () -> 65_536)
        .add("process_start_time_seconds", () -> i.startedMs / 1000.0)
        .add("logback_events_total", () -> i.warnings, "level", "error");
    if (i.spec.poolMax() > 0) {
      into.add("hikaricp_connections_active", () -> i.poolActive, "pool", "HikariPool-1")
          .add("hikaricp_connections_pending", () -> i.poolPending, "pool", "HikariPool-1")
          .add("hikaricp_connections_max", i.spec::poolMax, "pool", "HikariPool-1")
          .add(
              "hikaricp_connections",
              () -> Math.min(i.spec.poolMax(), i.poolActive + 5),
              "pool",
              "HikariPool-1");
    }
    into.add("app_build_info", () -> 1, "version", i.version);
  }

  private static void requests(Instance i, Exposition into) {
    for (int h = 0; h < i.requests.length; h++) {
      int handler = h;
      String uri = i.spec.handlers().get(h);
      for (int k = 0; k < STATUS.length; k++) {
        int kind = k;
        String[] labels = {"uri", uri, "method", "GET", "status", STATUS[k], "outcome", OUTCOME[k]};
        into.add("http_server_requests_seconds_count", () -> i.requests[handler][kind], labels);
        into.add("http_server_requests_seconds_sum", () -> i.seconds[handler][kind], labels);
      }
      quantile(into, "0.5", uri, () -> i.latency * .82 * i.noise.around(.03));
      quantile(into, "0.99", uri, () -> i.latency * 3.1 * i.noise.around(.07));
    }
  }

  private static void quantile(Exposition into, String quantile, String uri, DoubleSupplier value) {
    into.add(
        "http_server_requests_seconds",
        value,
        "uri",
        uri,
        "method",
        "GET",
        "status",
        "200",
        "outcome",
        "SUCCESS",
        "quantile",
        quantile);
  }
}
