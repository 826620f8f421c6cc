package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Anomaly;
import io.prunella.series.Labels;
import io.prunella.series.Refusal;
import io.prunella.series.StaleMarker;
import io.prunella.series.Tally;
import io.prunella.signal.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However a stream is cut into requests, mixed, repeated and sent again, what comes of it is the
 * same to the last bit: of every series the detector's row, its marks, last value and recent
 * samples as they are packed; and all anomalies and changes that are told.
 *
 * <p>A sender keeps the order of a series' samples. One that does not is told: what comes after a
 * newer sample is refused, and the state is that of the samples that were taken.
 */
class StreamModelTest extends WatchFixture {
  private static final int STEPS = 150;
  private static final WatchConfig CONFIG =
      new WatchConfig(
          1,
          1000,
          0,
          256,
          64,
          7_200_000,
          8192,
          86_400_000,
          86_400_000,
          100,
          100,
          SETTLED.delivery());

  private record Sample(Labels labels, long timeMs, long bits) {}

  /** All that there is after a stream. */
  private record State(Map<Labels, List<Long>> rows, List<Anomaly> found, List<Change> changed) {}

  private static Labels series(String name, int i) {
    return Labels.of("__name__", name, "job", "shop", "instance", "host-" + i + ":80");
  }

  /** Series of every kind that is treated differently, each in its order. */
  private static Map<Labels, List<Sample>> stream() {
    var stream = new TreeMap<Labels, List<Sample>>((a, b) -> a.toString().compareTo(b.toString()));
    var random = new Random(11);
    for (int i = 0; i < STEPS; i++) {
      long at = START + STEP * i;
      for (int k = 0; k < 8; k++) {
        double shift = k == 3 && i > 100 ? 60 : 0;
        add(stream, gauge(k), at, 100 + random.nextGaussian() + shift);
        add(stream, series("http_requests_total", k), at, (i < 70 || k > 1 ? i : i - 70) * 30.0);
        double requests = i * 50.0;
        add(stream, series("http_request_duration_seconds_count", k), at, requests);
        double slow = k == 5 && i > 110 ? 0.9 * (i - 110) * 50 : 0;
        add(stream, series("http_request_duration_seconds_sum", k), at, requests * 0.02 + slow);
      }
      add(stream, series("redis_memory_used_bytes", 0), at, i < 90 ? 50e6 : 95e6);
      add(stream, series("redis_memory_max_bytes", 0), at, 100e6);
      add(stream, series("up", 1), at, i < 120 ? 1 : 0);
      add(stream, series("process_start_time_seconds", 2), at, i < 60 ? 1.69e9 : 1.7e9);
      add(stream, series("odd_values", 3), at, i % 7 == 0 ? Double.NaN : i % 11 == 0 ? 1e308 : i);
      if (i == 80) addBits(stream, series("ended", 4), at, StaleMarker.BITS);
      else if (i < 80) add(stream, series("ended", 4), at, i % 5);
    }
    return stream;
  }

  private static void add(
      Map<Labels, List<Sample>> stream, Labels labels, long timeMs, double value) {
    addBits(stream, labels, timeMs, Double.doubleToRawLongBits(value));
  }

  private static void addBits(
      Map<Labels, List<Sample>> stream, Labels labels, long timeMs, long bits) {
    stream.computeIfAbsent(labels, _ -> new ArrayList<>()).add(new Sample(labels, timeMs, bits));
  }

  private Tally send(Watch watch, List<Sample> samples) {
    samples.forEach(sample -> feed.addBits(sample.labels(), sample.timeMs(), sample.bits()));
    return feed.send(watch);
  }

  /** The state after each series' samples in turn of their times, a request a step. */
  private State inOrder(Map<Labels, List<Sample>> stream, int shards) {
    return run(
        shards,
        watch -> {
          for (int i = 0; i < STEPS; i++) {
            long at = START + STEP * i;
            List<Sample> step =
                stream.values().stream()
                    .flatMap(List::stream)
                    .filter(sample -> sample.timeMs() == at)
                    .toList();
            assertThat(send(watch, step).refused()).isZero();
          }
        });
  }

  private interface Sending {
    void to(Watch watch);
  }

  private State run(int shards, Sending sending) {
    var found = new ArrayList<Anomaly>();
    var changed = new ArrayList<Change>();
    Watch watch = watch(CONFIG.withShards(shards), found, changed);
    sending.to(watch);
    watch.settle(START + STEP * STEPS);
    var rows = new HashMap<Labels, List<Long>>();
    for (Shard shard : watch.shards) { // at rest since they settled
      for (int row = 0; row < shard.table.rowsEnd(); row++) {
        if (shard.table.isLive(row)) rows.put(shard.labels.labels(row), stateOf(shard, row));
      }
    }
    watch.close();
    return new State(rows, found, changed);
  }

  private static void assertSame(State seen, State wanted, String what) {
    assertThat(seen.rows().keySet()).as(what).isEqualTo(wanted.rows().keySet());
    wanted
        .rows()
        .forEach((labels, row) ->
            assertThat(seen.rows().get(labels)).as("%s: %s", what, labels).isEqualTo(row));
    assertThat(seen.found()).as(what).isEqualTo(wanted.found());
    assertThat(seen.changed()).as(what).isEqualTo(wanted.changed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void offer_splitMixedAndSentAgain_givesTheSameState(int shards) {
    var stream = stream();
    State wanted = inOrder(stream, 1);
    assertThat(wanted.found()).hasSizeGreaterThan(2);
    assertThat(wanted.rows()).hasSizeGreaterThan(stream.size()); // and the means
    for (long seed = 0; seed < 6; seed++) {
      var random = new Random(seed);
      State seen = run(shards, watch -> mixed(watch, stream, random));
      assertSame(seen, wanted, "seed %d, %d shards".formatted(seed, shards));
    }
  }

  private void mixed(Watch watch, Map<Labels, List<Sample>> stream, Random random) {
    var queues = new ArrayList<Deque<Sample>>();
    stream.values().forEach(samples -> queues.add(new ArrayDeque<>(samples)));
    var sent = new ArrayList<List<Sample>>();
    while (!queues.isEmpty()) {
      var request = new ArrayList<Sample>();
      // Few or many, of one series or of all; some of them twice in the request.
      for (int left = 1 + random.nextInt(random.nextBoolean() ? 5 : 400); left > 0; left--) {
        if (queues.isEmpty()) break;
        int at = random.nextInt(queues.size());
        request.add(queues.get(at).remove());
        if (queues.get(at).isEmpty()) queues.remove(at);
        if (random.nextInt(30) == 0) request.add(request.get(random.nextInt(request.size())));
      }
      send(watch, request, random.nextInt(4));
      sent.add(request);
      // A retry of the last request, or of an old one that a sender had kept.
      if (random.nextInt(3) == 0) send(watch, sent.getLast(), 1);
      if (random.nextInt(3) == 0) send(watch, sent.get(random.nextInt(sent.size())), 1);
    }
  }

  private void send(Watch watch, List<Sample> request, int times) {
    for (int i = 0; i <= times; i++) {
      Tally tally = send(watch, request);
      assertThat(tally.refused()).as("%s", tally.message()).isZero();
      assertThat(tally.accepted()).isEqualTo(request.size());
    }
  }

  @Test
  void offer_samplesOfASeriesInAnyOrder_refusesTheLateAndIsAsIfTheyHadNotCome() {
    for (long seed = 0; seed < 3; seed++) {
      var random = new Random(seed);
      var taken = new TreeMap<Labels, List<Sample>>((a, b) -> a.toString().compareTo(b.toString()));
      State seen =
          run(
              2,
              watch -> {
                for (var samples : stream().values()) shuffled(watch, samples, random, taken);
              });
      assertSame(seen, inOrder(taken, 1), "seed " + seed);
    }
  }

  /** Sends one by one, some of them later than the ones after them. */
  private void shuffled(
      Watch watch, List<Sample> samples, Random random, Map<Labels, List<Sample>> taken) {
    var order = new ArrayList<>(samples);
    for (int i = 0; i + 5 < order.size(); i++) {
      if (random.nextInt(6) == 0) order.add(i + random.nextInt(5), order.remove(i));
    }
    long newest = 0;
    for (Sample sample : order) {
      Tally tally = send(watch, List.of(sample));
      boolean isLate = sample.timeMs() < newest;
      assertThat(tally.accepted()).isEqualTo(isLate ? 0 : 1);
      // Before all that is remembered: then whether there was one of that time is not known.
      int late = tally.refused(Refusal.OUT_OF_ORDER) + tally.refused(Refusal.TOO_OLD);
      assertThat(late).isEqualTo(isLate ? 1 : 0);
      if (!isLate) taken.computeIfAbsent(sample.labels(), _ -> new ArrayList<>()).add(sample);
      newest = Math.max(newest, sample.timeMs());
    }
  }
}
