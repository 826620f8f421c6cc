package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.server.PastSamples;
import io.prunella.server.PastSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PastWindowsTest {
  private static final Instant FROM = ShopPast.BEGIN;
  private static final Instant TO = FROM.plusSeconds(36_000);
  private static final List<ShopPast.Line> SHOP = new ShopPast(2).lines();

  @TempDir Path folder;

  private PastWindows windows(PastServer server, PastStore store, Instant settled, int max) {
    var past = new PastSamples(server.url(), "", "");
    return new PastWindows(past, Map.of("cluster", "eu"), store, settled, max);
  }

  private static List<PastWindows.Window> all(PastWindows windows)
      throws IOException, InterruptedException {
    var all = new ArrayList<PastWindows.Window>();
    for (Instant at = FROM; at.isBefore(TO); at = all.getLast().to()) {
      all.add(windows.next(at, TO));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {PastWindows.SAMPLES_MAX, 5_000, 500})
  void next_anyBound_givesEachSampleOnceInWindowsWithinIt(int max) throws Exception {
    try (var server = new PastServer(SHOP)) {
      long samples = 0;
      for (var window : all(windows(server, null, TO, max))) {
        long here = window.series().stream().mapToLong(PastSeries::size).sum();
        assertThat(here).isLessThanOrEqualTo(max);
        assertThat(window.series()).isSortedAccordingTo(Comparator.comparing(PastSeries::labels));
        for (PastSeries one : window.series()) {
          assertThat(one.labels().get("cluster")).isEqualTo("eu");
          assertThat(one.timeMs(one.size() - 1)).isLessThanOrEqualTo(window.to().toEpochMilli());
        }
        samples += here;
      }
      assertThat(samples).isEqualTo(32 * 600);
    }
  }

  @Test
  void next_moreThanTheShortestWindowMayHave_saysWhatHelps() throws Exception {
    try (var server = new PastServer(SHOP)) {
      assertThatThrownBy(() -> all(windows(server, null, TO, 20)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("have more than 20 samples; choose fewer by --match");
    }
  }

  @Test
  void next_secondRunWithAStore_asksNothingAgain_notEvenWhatWasTooMuch() throws Exception {
    try (var server = new PastServer(SHOP)) {
      var store = new PastStore(folder, List.of("x"), Map.of());
      var first = all(windows(server, store, TO, 2_000));
      server.queries.set(0);
      var second = all(windows(server, store, TO, 2_000));
      assertThat(server.queries).hasValue(0);
      assertThat(second).hasSameSizeAs(first).noneMatch(PastWindows.Window::isRead);
      assertThat(first).allMatch(PastWindows.Window::isRead);
    }
  }

  @Test
  void next_windowThatMayStillGrow_isNotKept() throws Exception {
    try (var server = new PastServer(SHOP)) {
      var store = new PastStore(folder, List.of("x"), Map.of());
      var settled = TO.minusSeconds(60);
      var first = all(windows(server, store, settled, PastWindows.SAMPLES_MAX));
      var second = all(windows(server, store, settled, PastWindows.SAMPLES_MAX));
      assertThat(second).hasSameSizeAs(first).hasSizeGreaterThan(1);
      assertThat(second.getLast().isRead()).isTrue();
      assertThat(second.subList(0, second.size() - 1)).noneMatch(PastWindows.Window::isRead);
    }
  }
}
