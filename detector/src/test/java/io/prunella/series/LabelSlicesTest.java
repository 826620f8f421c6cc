package io.prunella.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LabelSlicesTest {
  @Test
  void toLabels_outOfLabels_isTheSame() {
    var labels = Labels.of("__name__", "größe", "ä b", "x\ny", "zone", "é🙂");
    assertThat(LabelSlices.of(labels).toLabels()).isEqualTo(labels);
  }

  @Test
  void sort_anyOrder_isByNameBytes() {
    byte[] bytes = "zone1__name__upa2".getBytes(StandardCharsets.UTF_8);
    var slices = new LabelSlices();
    slices.clear(bytes);
    slices.add(0, 4, 4, 5);
    slices.add(5, 13, 13, 15);
    slices.add(15, 16, 16, 17);
    slices.sort();
    assertThat(slices.toLabels()).isEqualTo(Labels.of("__name__", "up", "a", "2", "zone", "1"));
    assertThat(slices.isName(0, "__name__")).isTrue();
    assertThat(slices.isName(0, "__name")).isFalse();
  }

  @Test
  void add_moreThanRoom_keepsAll() {
    var slices = new LabelSlices();
    slices.clear("k".repeat(1000).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 500; i++) slices.add(i, i + 1, i + 1, i + 2);
    assertThat(slices.size()).isEqualTo(500);
    assertThat(slices.nameFrom(499)).isEqualTo(499);
  }
}
