package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.Anomaly;
import io.prunella.series.Labels;
import io.prunella.watch.Windows.Selector;
import io.prunella.watch.Windows.Window;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest extends WatchFixture {
  @Test
  void restore_afterCheckpoint_goesOnAsIfNothingHadBeen(@TempDir Path folder) throws IOException {
    var found = new ArrayList<Anomaly>();
    var afterwards = new ArrayList<Anomaly>();
    Watch one = watch(SETTLED.withShards(2), found, changes);
    send(one, 0, 300);
    one.settle(START + STEP * 300);
    found.clear();
    changes.clear();
    Path file = folder.resolve("watch.checkpoint");
    assertThat(one.checkpoint(file, START)).isEqualTo(Files.size(file));

    Watch other = watch(SETTLED.withShards(3), afterwards, changes);
    Checkpoint.Restored restored = other.restore(file);
    assertThat(restored.why()).isEmpty();
    assertThat(restored.rows()).isEqualTo(602);
    assertThat(restored.atMs()).isEqualTo(START);
    send(other, 299, 300); // a sender's retry
    assertThat(other.figures().repeated()).isEqualTo(602);
    send(one, 300, 340);
    send(other, 300, 340);
    one.settle(START + STEP * 340);
    other.settle(START + STEP * 340);
    assertThat(found).isNotEmpty();
    assertThat(afterwards).isEqualTo(found);
    assertThat(changes).isEmpty();
    Window before = only(one, new Selector(null, null, Map.of("instance", "host-7:80"), null));
    Window after = only(other, new Selector(null, null, Map.of("instance", "host-7:80"), null));
    assertThat(after.values()).isEqualTo(before.values());
    assertThat(after.timesMs()).isEqualTo(before.timesMs());
  }

  private void send(Watch watch, int from, int to) {
    for (int i = from; i < to; i++) {
      var random = new Random(i);
      for (int k = 0; k < 600; k++) {
        double shift = k % 100 == 0 && i >= 310 ? 60 : 0;
        feed.add(gauge(k), START + STEP * i, 100 + random.nextGaussian() + shift);
      }
      feed.add(
          Labels.of("__name__", "shop_build_info", "job", "shop", "version", "1.0"),
          START + STEP * i,
          1);
      feed.add(
          Labels.of("__name__", "process_start_time_seconds", "job", "shop"),
          START + STEP * i,
          5e8);
      feed.send(watch);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip", "cut", "empty", "magic", "tail"})
  void restore_damagedFile_isSetAsideAndNothingIsLoaded(String how, @TempDir Path folder)
      throws IOException {
    Watch one = watch(SETTLED);
    send(one, 0, 3);
    Path file = folder.resolve("watch.checkpoint");
    one.checkpoint(file, START);
    try (var damage = new RandomAccessFile(file.toFile(), "rw")) {
      switch (how) {
        case "flip" -> {
          damage.seek(damage.length() / 2);
          int was = damage.read();
          damage.seek(damage.length() / 2);
          damage.write(was ^ 1);
        }
        case "cut" -> damage.setLength(damage.length() * 2 / 3);
        case "empty" -> damage.setLength(0);
        case "magic" -> damage.write('X');
        default -> damage.setLength(damage.length() - 1);
      }
    }
    Watch other = watch(SETTLED);
    Checkpoint.Restored restored = other.restore(file);
    assertThat(restored.rows()).isZero();
    assertThat(restored.why()).isNotEmpty();
    assertThat(restored.setAside()).exists();
    assertThat(file).doesNotExist();
    assertThat(other.services().join()).isEmpty();
  }

  @Test
  void restore_noFile_isCold(@TempDir Path folder) throws IOException {
    Checkpoint.Restored restored = watch(SETTLED).restore(folder.resolve("none"));
    assertThat(restored).isEqualTo(new Checkpoint.Restored(0, 0, null, ""));
  }
}
