package io.prunella.console;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import io.prunella.watch.Windows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Series that were well until a deploy, drawn from one seed. */
final class SampleWindows implements Windows {
  private static final long STEP_MS = 10_000;
  private final List<Line> lines = new ArrayList<>();

  private record Line(
      Labels labels, Meaning meaning, double level, double oddFactor, long oddFromMs) {}

  static SampleWindows busy() {
    var windows = new SampleWindows();
    long odd = SampleWorld.NOW.minusSeconds(460).toEpochMilli();
    windows.add(
        "checkout-api",
        "http_request_duration_seconds_p99",
        Signal.LATENCY,
        "seconds",
        "p99 latency",
        .212,
        2.2,
        odd);
    windows.add(
        "checkout-api",
        "http_requests_errors_rate",
        Signal.ERRORS,
        "ratio",
        "5xx rate",
        .004,
        9.5,
        odd);
    windows.add(
        "checkout-api",
        "hikaricp_connections_active",
        Signal.POOL,
        "",
        "DB pool in use",
        31,
        1.9,
        odd);
    windows.add("cart-web", "client_retries_total", Signal.TRAFFIC, "1/s", "retries", 64, 3.3, odd);
    windows.add(
        "checkout-api",
        "http_requests_total",
        Signal.TRAFFIC,
        "1/s",
        "request rate",
        1_840,
        1,
        odd);
    windows.add(
        "log-store",
        "node_filesystem_avail_bytes",
        Signal.DISK,
        "bytes",
        "disk in use",
        87e9,
        1,
        odd);
    windows.add("mail-relay", "up", Signal.HEALTH, "", SampleState.HOSTILE, 1, 1, odd);
    return windows;
  }

  /** A series of the culprit that no symptom names. */
  static SampleWindows onlyWell() {
    var windows = new SampleWindows();
    windows.add(
        "checkout-api", "processes_waiting", Signal.OTHER, "", "processes waiting", 0, 1, 0);
    return windows;
  }

  static SampleWindows empty() {
    return new SampleWindows();
  }

  private void add(
      String service,
      String metric,
      Signal signal,
      String unit,
      String title,
      double level,
      double odd,
      long from) {
    var labels = Labels.of(Labels.NAME, metric, "service", service, "path", "/a?b=\"c\"&d");
    lines.add(
        new Line(
            labels,
            new Meaning(service, "", signal, Meaning.Type.GAUGE, null, unit, null, title),
            level,
            odd,
            from));
  }

  @Override
  public CompletableFuture<List<Window>> read(
      Selector selector, long fromMs, long toMs, int seriesMax) {
    return CompletableFuture.completedFuture(
        lines.stream()
            .filter(l -> fits(selector, l))
            .limit(seriesMax)
            .map(l -> window(l, fromMs, toMs))
            .toList());
  }

  private static boolean fits(Selector selector, Line line) {
    String search = selector.search();
    return (selector.service() == null || selector.service().equals(line.meaning().service()))
        && (selector.signal() == null || selector.signal() == line.meaning().signal())
        && line.labels().toMap().entrySet().containsAll(selector.labels().entrySet())
        && (search == null
            || line.labels()
                .toString()
                .toLowerCase(Locale.ROOT)
                .contains(search.toLowerCase(Locale.ROOT)));
  }

  private static Window window(Line line, long fromMs, long toMs) {
    var random = new Random(line.labels().hashCode());
    int length = (int) ((toMs - fromMs) / STEP_MS) + 1;
    long[] times = new long[length];
    double[] values = new double[length];
    double[] lower = new double[length];
    double[] upper = new double[length];
    for (int i = 0; i < length; i++) {
      times[i] = fromMs + i * STEP_MS;
      double rise = Math.clamp((times[i] - line.oddFromMs()) / 120_000.0, 0, 1);
      double wave = 1 + 0.05 * Math.sin(times[i] / 400_000.0);
      values[i] =
          line.level()
              * wave
              * (1 + rise * (line.oddFactor() - 1))
              * (1 + 0.03 * random.nextGaussian());
      lower[i] = line.level() * wave * 0.85;
      upper[i] = line.level() * wave * 1.18;
    }
    return new Window(line.labels(), line.meaning(), times, values, lower, upper, Double.NaN);
  }

  @Override
  public CompletableFuture<List<Alert>> alerts(int alertsMax) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<Map<String, ServiceSummary>> services() {
    var services = new LinkedHashMap<String, ServiceSummary>();
    for (Line line : lines) {
      services.merge(
          line.meaning().service(),
          new ServiceSummary(
              line.meaning().service(), 172, 0, SampleWorld.NOW.toEpochMilli() - 3_000),
          (a, b) -> a);
    }
    return CompletableFuture.completedFuture(services);
  }
}
