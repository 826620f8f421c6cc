package io.prunella.demo;

/** What a Go service with the Prometheus client says of itself. */
final class GoMetrics {
  private static final String[] CODE = {"200", "404", "503"};

  private GoMetrics() {}

  static void register(Instance i, Exposition into) {
    for (int h = 0; h < i.requests.length; h++) {
      int handler = h;
      String route = i.spec.handlers().get(h);
      for (int k = 0; k < CODE.length; k++) {
        int kind = k;
        into.add(
            "http_requests_total",
            () -> i.requests[handler][kind],
            "code",
            CODE[k],
            "handler",
            route,
            "method",
            "get");
      }
      into.add(
              "http_request_duration_seconds",
              () -> i.latency * .8 * i.noise.around(.03),
              "handler",
              route,
              "quantile",
              "0.5")
          .add(
              "http_request_duration_seconds",
              () -> i.latency * 3.4 * i.noise.around(.07),
              "handler",
              route,
              "quantile",
              "0.99")
          .add(
              "http_request_duration_seconds_sum",
              () -> i.seconds[handler][0] + i.seconds[handler][1] + i.seconds[handler][2],
              "handler",
              route)
          .add(
              "http_request_duration_seconds_count",
              () -> i.requests[handler][0] + i.requests[handler][1] + i.requests[handler][2],
              "handler",
              route);
    }
    into.add("go_goroutines", () -> Math.rint(i.threads * 3.4))
        .add("go_memstats_heap_inuse_bytes", () -> i.heapLive + i.eden)
        .add("go_memstats_alloc_bytes_total", () -> i.allocated)
        .add("go_gc_duration_seconds_sum", () -> i.collectionSeconds)
        .add("go_gc_duration_seconds_count", () -> i.collections)
        .add("process_cpu_seconds_total", () -> i.cpuSeconds)
        .add("process_resident_memory_bytes", () -> i.memory * .94)
        .add("process_open_fds", () -> i.files)
        .add("process_max_fds", () -> 65_536)
        .add("process_start_time_seconds", () -> i.startedMs / 1000.0)
        .add("app_build_info", () -> 1, "version", i.version);
  }
}
