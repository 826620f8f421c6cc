package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.incident.Incident;
import io.prunella.watch.Windows;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {
  private static final String ID = "INC-1093";
  private static final Instant OVER = SampleWorld.NOW;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SampleWorld world = SampleWorld.busy();
  private volatile Instant now = OVER;
  private Album album;

  @BeforeEach
  void open() {
    album = new Album(folder, 10);
    world.end(ID, OVER);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Charts charts(Windows windows) {
    return new Charts(vertx, new Evidence(windows), album, world, () -> now);
  }

  private List<Chart> of(Charts charts) throws Exception {
    Incident incident = world.state().incidents().get(ID);
    return charts.of(world.state(), incident).get(10, TimeUnit.SECONDS);
  }

  private void look(Charts charts) throws Exception {
    charts.look().get(10, TimeUnit.SECONDS);
  }

  @Test
  void of_samplesThatAreGone_showsWhatWasKept() throws Exception {
    var charts = charts(SampleWindows.busy());
    now = OVER.plus(Evidence.AFTER);
    List<Chart> live = of(charts);
    look(charts);
    charts.close();
    now = OVER.plus(Duration.ofDays(30));
    var later = charts(SampleWindows.empty());
    assertThat(live).hasSize(5);
    assertThat(of(later)).isEqualTo(live);
    later.close();
  }

  @Test
  void look_soonAfterTheEnd_waitsForHowItWentOn() throws Exception {
    var charts = charts(SampleWindows.busy());
    now = OVER.plus(Evidence.AFTER).minusSeconds(1);
    look(charts);
    assertThat(album.size()).isZero();
    now = OVER.plus(Evidence.AFTER);
    look(charts);
    assertThat(album.has(ID, OVER)).isTrue();
    charts.close();
  }

  @Test
  void look_longAfterTheEnd_keepsNoHalfOfIt() throws Exception {
    var charts = charts(SampleWindows.busy());
    now = OVER.plus(Duration.ofHours(2));
    look(charts);
    assertThat(album.size()).isZero();
    charts.close();
  }

  @Test
  void look_again_putsNothingTwice() throws Exception {
    var charts = charts(SampleWindows.busy());
    now = OVER.plus(Evidence.AFTER);
    look(charts);
    Path file = folder.resolve(folder.toFile().list()[0]);
    file.toFile().setLastModified(1_000);
    look(charts);
    assertThat(file.toFile().lastModified()).isEqualTo(1_000);
    charts.close();
  }

  @Test
  void look_manyEndedAtOnce_areReadALittleAtATime() throws Exception {
    for (int i = 1; i <= 20; i++) world.end("INC-" + i, OVER);
    var reads = new AtomicInteger();
    var charts = charts(counted(SampleWindows.busy(), reads));
    now = OVER.plus(Evidence.AFTER);
    var seen = new ArrayList<Integer>();
    for (int i = 0; i < 4; i++) {
      reads.set(0);
      look(charts);
      seen.add(reads.get());
    }
    // Twenty without symptoms are a read each, the one with four symptoms is five.
    assertThat(seen).startsWith(8, 8).endsWith(0);
    assertThat(seen.stream().mapToInt(i -> i).sum()).isEqualTo(25);
    charts.close();
  }

  private static Windows counted(SampleWindows windows, AtomicInteger reads) {
    return new Windows() {
      @Override
      public CompletableFuture<List<Window>> read(
          Selector selector, long fromMs, long toMs, int seriesMax) {
        reads.incrementAndGet();
        return windows.read(selector, fromMs, toMs, seriesMax);
      }

      @Override
      public CompletableFuture<List<Alert>> alerts(int alertsMax) {
        return windows.alerts(alertsMax);
      }

      @Override
      public CompletableFuture<Map<String, ServiceSummary>> services() {
        return windows.services();
      }
    };
  }

  @Test
  void of_openedAgain_isDrawnAnew() throws Exception {
    var charts = charts(SampleWindows.busy());
    now = OVER.plus(Evidence.AFTER);
    look(charts);
    Instant again = OVER.plusSeconds(1_200);
    world.end(ID, again);
    now = again;
    assertThat(of(charts).getFirst().json()).contains("\"t\":").isNotEqualTo(kept().json());
    charts.close();
  }

  private Chart kept() {
    return album.read(ID, OVER).getFirst();
  }

  @Test
  void of_noSymptomsSeries_showsNoneThatIsWell() throws Exception {
    var charts = charts(SampleWindows.onlyWell());
    now = OVER;
    assertThat(of(charts)).isEmpty();
    charts.close();
  }
}
