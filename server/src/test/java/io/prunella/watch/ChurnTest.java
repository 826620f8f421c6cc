package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import io.prunella.series.StaleMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods come and go for a week: what is kept stays as much, and a row that is reused is as new. */
class ChurnTest extends WatchFixture {
  private static final long HOUR = 3_600_000;
  private static final long SCRAPE = 300_000;
  private static final int PODS = 12; // of which a half say when they end
  private static final int HOURS_A_DAY = 24;
  private static final WatchConfig CONFIG = SETTLED.withShards(2).withSeriesMax(10_000);

  /** How much there is of everything. */
  private record Counts(
      int series, int rows, int chunks, int resources, int means, int services, long rowBytes) {}

  private static Labels labels(String name, int generation, int pod) {
    return Labels.of(
        "__name__",
        name,
        "job",
        "shop",
        "pod",
        "shop-%08x-%d".formatted(generation * 0x9e3779b1, pod),
        "instance",
        "10.0.%d.%d:80".formatted(generation % 250, pod));
  }

  /** Series of every kind that is kept track of outside of its row too. */
  private static Map<Labels, Double> scrape(int generation, int pod, int i) {
    var all = new HashMap<Labels, Double>();
    double noise = (generation * 31 + pod * 17 + i * 7) % 10;
    all.put(labels("queue_depth", generation, pod), 100 + noise);
    all.put(labels("http_requests_total", generation, pod), 1000.0 * i + noise);
    all.put(labels("http_request_duration_seconds_sum", generation, pod), 20.0 * i);
    all.put(labels("http_request_duration_seconds_count", generation, pod), 1000.0 * i);
    all.put(labels("redis_memory_used_bytes", generation, pod), 50e6 + noise);
    all.put(labels("redis_memory_max_bytes", generation, pod), 100e6);
    all.put(labels("up", generation, pod), 1.0);
    all.put(labels("process_start_time_seconds", generation, pod), 1.7e9 + generation);
    var version = labels("shop_build_info", generation, pod).toMap();
    version.put("version", "1." + generation);
    all.put(Labels.of(version), 1.0);
    return all;
  }

  /** An hour of the pods of one generation; those before end as it begins. */
  private void hour(Watch watch, int generation, boolean isFirst) {
    long begin = START + generation * HOUR;
    for (int i = 0; i < HOUR / SCRAPE; i++) {
      long at = begin + i * SCRAPE;
      for (int pod = 0; pod < PODS; pod++) {
        scrape(generation, pod, i).forEach((labels, value) -> feed.add(labels, at, value));
        if (i > 0 || isFirst || pod % 2 == 1) continue;
        int before = generation - 1;
        scrape(before, pod, 0)
            .keySet()
            .forEach(labels -> feed.addBits(labels, at, StaleMarker.BITS));
      }
      assertThat(feed.send(watch).refused()).isZero();
      watch.settle(at);
    }
  }

  private static Counts counts(Watch watch) {
    int series = 0;
    int rows = 0;
    int chunks = 0;
    int services = 0;
    long bytes = 0;
    for (Shard shard : watch.shards) {
      series += shard.table.live();
      rows += shard.table.rowsEnd();
      chunks += shard.recent.chunks();
      services += shard.services.size();
      bytes += shard.rows.bytes() + shard.recent.bytes() + shard.table.bytes();
    }
    Rooms rooms = watch.shards.getFirst().rooms;
    assertThat(rooms.series()).hasValue(series);
    return new Counts(
        series, rows, chunks, rooms.gather().resources(), rooms.means().size(), services, bytes);
  }

  private static long labelBytes(Watch watch) {
    return watch.shards.stream().mapToLong(shard -> shard.labels.bytes()).sum();
  }

  private static Map<Labels, List<Long>> rowsOf(Watch watch, int generation) {
    var rows = new HashMap<Labels, List<Long>>();
    String pods = labels("up", generation, 0).get("pod", "").replaceAll("0$", "");
    for (Shard shard : watch.shards) {
      for (int row = 0; row < shard.table.rowsEnd(); row++) {
        if (!shard.table.isLive(row)) continue;
        Labels labels = shard.labels.labels(row);
        if (labels.get("pod", "").startsWith(pods)) rows.put(labels, stateOf(shard, row));
      }
    }
    return rows;
  }

  @Test
  void week_ofHourlyRollouts_keepsAsMuchAndReusedRowsAreAsNew() {
    Watch watch = watch(CONFIG);
    int hours = 7 * HOURS_A_DAY;
    var atMidnight = new ArrayList<Counts>();
    long labelsThirdDay = 0;
    long labelsLastDay = 0;
    for (int hour = 0; hour < hours; hour++) {
      hour(watch, hour, hour == 0);
      if ((hour + 1) % HOURS_A_DAY == 0) atMidnight.add(counts(watch));
      if (hour / HOURS_A_DAY == 2) labelsThirdDay = Math.max(labelsThirdDay, labelBytes(watch));
      if (hour / HOURS_A_DAY == 6) labelsLastDay = Math.max(labelsLastDay, labelBytes(watch));
    }
    // Who falls silent is kept for a day: from the third midnight on nothing grows.
    Counts wanted = atMidnight.get(2);
    assertThat(wanted.series()).isGreaterThan(PODS * 10 * HOURS_A_DAY / 2);
    assertThat(atMidnight.subList(3, 7))
        .allSatisfy(counts -> {
          assertThat(counts.series()).isEqualTo(wanted.series());
          assertThat(counts.chunks()).isEqualTo(wanted.chunks());
          assertThat(counts.resources()).isEqualTo(wanted.resources());
          assertThat(counts.means()).isEqualTo(wanted.means());
          assertThat(counts.services()).isEqualTo(wanted.services());
          // Which shard a pod's series fall to is chance: a shard's largest hour may come late.
          assertThat(counts.rows()).isBetween(wanted.series(), wanted.rows() + wanted.rows() / 20);
          assertThat(counts.rowBytes())
              .isLessThanOrEqualTo(wanted.rowBytes() + wanted.rowBytes() / 10);
        });
    assertThat(labelsLastDay).isLessThanOrEqualTo(labelsThirdDay + labelsThirdDay / 10);
    assertThat(watch.figures().registered()).isGreaterThan(5L * wanted.rows());
    assertThat(watch.figures().faults()).isZero();

    // The last pods' rows had other series before; a watch that has seen nothing else has the same.
    Watch fresh = watch(CONFIG);
    hour(fresh, hours - 1, true);
    Map<Labels, List<Long>> last = rowsOf(watch, hours - 1);
    assertThat(last).hasSize(PODS * 10);
    rowsOf(fresh, hours - 1)
        .forEach((labels, row) -> assertThat(last.get(labels)).as("%s", labels).isEqualTo(row));
  }
}
