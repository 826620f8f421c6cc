package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelStoreTest {
  private static Labels labels(int pod, int series) {
    return Labels.of(
        "__name__", "metric_" + series,
        "pod", "checkout-7d9f8-" + pod,
        "größe", "é🙂 " + pod % 7,
        "namespace", "shop");
  }

  @Test
  void labels_whatWasPut_comesBack() {
    var store = new LabelStore(new Fingerprint(1));
    for (int row = 0; row < 5000; row++) {
      Labels wanted = labels(row / 100, row % 100);
      assertThat(store.put(row, LabelSlices.of(wanted))).isEqualTo(wanted);
    }
    for (int row = 0; row < 5000; row++) {
      assertThat(store.labels(row)).isEqualTo(labels(row / 100, row % 100));
    }
    assertThat(store.bytes() / 5000.0).as("bytes a series").isLessThan(80);
  }

  @Test
  void compactWhenWorth_rolloutsForLong_memoryStaysFlat() {
    var random = new Random(1);
    var store = new LabelStore(new Fingerprint(1));
    var model = new HashMap<Integer, Labels>();
    long early = 0;
    int pod = 0;
    for (int round = 0; round < 400; round++) {
      for (int row = 0; row < 2000; row++) {
        if (model.containsKey(row) && random.nextInt(10) > 0) continue;
        if (model.containsKey(row)) store.remove(row);
        Labels labels = labels(pod++, row % 100);
        store.put(row, LabelSlices.of(labels));
        model.put(row, labels);
      }
      store.compactWhenWorth(2000);
      if (round == 40) early = store.bytes();
    }
    assertThat(store.bytes()).isLessThan(2 * early + (1 << 20));
    model.forEach((row, labels) -> assertThat(store.labels(row)).isEqualTo(labels));
  }
}
