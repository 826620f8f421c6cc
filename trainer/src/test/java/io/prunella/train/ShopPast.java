package io.prunella.train;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Three days of four services, a sample a minute, drawn from a seed: traffic with a time of day,
 * latency, failed requests, memory. On the third day `cart` fails for half an hour, and the disk of
 * `mail` runs full for one; a copy of `search` is replaced by another on the second.
 */
final class ShopPast {
  static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  static final Instant END = Instant.parse("2026-03-05T00:00:00Z");
  static final Instant FAULT = Instant.parse("2026-03-04T10:00:00Z");
  static final Instant FULL = Instant.parse("2026-03-04T16:00:00Z");
  private static final Instant REPLACED = Instant.parse("2026-03-03T12:00:00Z");
  private static final int STEP_SECONDS = 60;
  private static final List<String> SERVICES = List.of("cart", "mail", "pay", "search");

  /** One series; values with their times in seconds since the epoch. */
  record Line(Map<String, String> labels, List<Long> seconds, List<Double> values) {
    String metric() {
      return labels.getOrDefault("__name__", "");
    }
  }

  private final Map<String, Line> lines = new TreeMap<>();

  ShopPast(long seed) {
    var random = new Random(seed);
    for (String service : SERVICES) service(service, random);
  }

  /** All series, in order of their metrics. */
  List<Line> lines() {
    return new ArrayList<>(lines.values());
  }

  private void service(String service, Random random) {
    double good = 0;
    double bad = 0;
    double sum = 0;
    double memory = 3e8;
    for (long at = BEGIN.getEpochSecond(); at < END.getEpochSecond(); at += STEP_SECONDS) {
      boolean isFault = service.equals("cart") && within(at, FAULT, 1800);
      boolean isFull = service.equals("mail") && within(at, FULL, 3600);
      double day = 1 + 0.4 * Math.sin(2 * Math.PI * (at % 86_400) / 86_400.0);
      double requests = Math.max(0, 6000 * day * (1 + 0.05 * random.nextGaussian()));
      double failed = requests * (isFault ? 0.4 : 0.002 * (1 + 0.3 * random.nextDouble()));
      double latency = 0.05 * (1 + 0.08 * random.nextGaussian()) * (isFault ? 12 : 1);
      good += requests - failed;
      bad += failed;
      sum += requests * latency;
      memory += 0.1 * (3e8 - memory) + 2e6 * random.nextGaussian();
      boolean isNew = service.equals("search") && at >= REPLACED.getEpochSecond();
      String instance = service + (isNew ? "-b" : "-a");
      add(at, good, "http_requests_total", service, instance, "code", "200");
      add(at, bad, "http_requests_total", service, instance, "code", "500");
      add(at, sum, "http_request_duration_seconds_sum", service, instance);
      add(at, good + bad, "http_request_duration_seconds_count", service, instance);
      add(at, memory, "process_resident_memory_bytes", service, instance);
      add(at, isFull ? 995 : 200 + 5 * random.nextDouble(), "process_open_fds", service, instance);
      add(at, 1000, "process_max_fds", service, instance);
      add(at, 1, "up", service, instance);
    }
  }

  private static boolean within(long at, Instant from, int seconds) {
    return at >= from.getEpochSecond() && at < from.getEpochSecond() + seconds;
  }

  private void add(
      long at, double value, String metric, String service, String instance, String... more) {
    var line =
        lines.computeIfAbsent(
            metric + instance + String.join(",", more),
            _ -> {
              var labels = new TreeMap<String, String>();
              labels.put("__name__", metric);
              labels.put("job", service);
              labels.put("instance", instance);
              for (int i = 0; i < more.length; i += 2) labels.put(more[i], more[i + 1]);
              return new Line(labels, new ArrayList<>(), new ArrayList<>());
            });
    line.seconds().add(at);
    line.values().add(value);
  }

  /** As OpenMetrics, for promtool. */
  String openMetrics() {
    var text = new StringBuilder();
    String before = "";
    for (Line line : lines.values()) {
      String family = line.metric().replaceAll("_total$|_sum$|_count$", "");
      if (!family.equals(before)) {
        text.append("# TYPE %s unknown\n".formatted(family));
        before = family;
      }
      var labels = new ArrayList<String>();
      line.labels()
          .forEach((name, value) -> {
            if (!name.equals("__name__")) labels.add("%s=\"%s\"".formatted(name, value));
          });
      String name = "%s{%s} ".formatted(line.metric(), String.join(",", labels));
      for (int i = 0; i < line.values().size(); i++) {
        text.append(name).append(line.values().get(i)).append(' ');
        text.append(line.seconds().get(i)).append('\n');
      }
    }
    return text.append("# EOF\n").toString();
  }
}
