package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Anomaly;
import io.prunella.detect.DetectConfig;
import io.prunella.series.Fingerprint;
import io.prunella.series.Labels;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Change;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A watch for a test, what it found, and a way to feed it. */
class WatchFixture {
  static final long START = 1_700_000_000_000L;
  static final long STEP = 15_000;
  static final WatchConfig SETTLED =
      WatchConfig.DEFAULTS.withShards(1).withDelivery(WatchConfig.Delivery.SETTLED);

  final Fingerprint fingerprint = new Fingerprint(7);
  final Feed feed = new Feed(fingerprint);
  final List<Anomaly> anomalies = new ArrayList<>();
  final List<Change> changes = new ArrayList<>();
  final List<Watch> open = new ArrayList<>();

  Watch watch(WatchConfig config) {
    return watch(config, anomalies, changes);
  }

  Watch watch(WatchConfig config, List<Anomaly> found, List<Change> changed) {
    var watch =
        new Watch(
            config,
            DetectConfig.DEFAULTS,
            fingerprint,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            _ -> null,
            found::add,
            changed::add);
    open.add(watch);
    return watch;
  }

  @AfterEach
  void close() {
    open.forEach(Watch::close);
  }

  static Labels gauge(int i) {
    return Labels.of("__name__", "queue_depth", "job", "shop", "instance", "host-" + i + ":80");
  }

  static Window only(Watch watch, Selector selector) {
    List<Window> windows = watch.read(selector, 0, Long.MAX_VALUE, 10).join();
    assertThat(windows).hasSize(1);
    return windows.getFirst();
  }

  /** All that is kept of a row, but for where its recent samples happen to lie. */
  static List<Long> stateOf(Shard shard, int row) {
    var all = new ArrayList<Long>();
    all.add((long) shard.rows.marks[row]);
    all.add((long) shard.rows.traits[row]);
    all.add((long) shard.rows.signal[row]);
    all.add(shard.rows.lastBits[row]);
    double[] page = shard.rows.page(row);
    for (int i = 0; i < shard.rows.rowDoubles(); i++) {
      all.add(Double.doubleToRawLongBits(page[shard.rows.at(row) + i]));
    }
    var packed = new Frame(1024);
    shard.recent.save(row, packed);
    int words = Frame.intAt(packed.bytes, 0);
    // Of the row all but its places; of each chunk its first time and its count.
    for (int i : new int[] {0, 1, 3}) all.add(Frame.longAt(packed.bytes, 4 + 8 * i));
    for (int i = 4; i < words; i += ChunkStore.WORDS) {
      all.add(Frame.longAt(packed.bytes, 4 + 8 * i));
    }
    shard.recent.read(
        row,
        (timeMs, value) -> {
          all.add(timeMs);
          all.add(Double.doubleToRawLongBits(value));
        });
    return all;
  }
}
