package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlbumTest {
  private static final Instant OVER = SampleWorld.NOW;

  @TempDir Path folder;

  private static List<Chart> charts(String title) {
    var row = new Chart.Row(OVER, "5 ms", "1 – 2 ms", true);
    return List.of(
        new Chart(
            "up{a=\"<b>\"}",
            title,
            "cart",
            "cart-1",
            "5 ms",
            "expected 1 – 2 ms",
            "×2.5",
            true,
            "{\"v\":[1,null]}",
            "M0 1L2 3",
            "",
            "M0 0Z",
            "latency of cart",
            List.of(row)));
  }

  @Test
  void read_afterARestart_givesWhatWasPut() throws IOException {
    new Album(folder.resolve("charts"), 10).put("INC-7", OVER, charts("latency"));
    var again = new Album(folder.resolve("charts"), 10);
    assertThat(again.size()).isEqualTo(1);
    assertThat(again.has("INC-7", OVER)).isTrue();
    assertThat(again.read("INC-7", OVER)).isEqualTo(charts("latency"));
  }

  @Test
  void has_otherEndOrIncident_isNotTheSame() throws IOException {
    var album = new Album(folder, 10);
    album.put("INC-7", OVER, charts("latency"));
    assertThat(album.has("INC-7", OVER.plusMillis(1))).isFalse();
    assertThat(album.has("INC-70", OVER)).isFalse();
    assertThat(album.read("INC-70", OVER)).isEmpty();
  }

  @Test
  void put_full_whatEndedFirstGoes() throws IOException {
    var album = new Album(folder, 3);
    for (int i : new int[] {5, 1, 9, 3, 7}) {
      album.put("INC-" + i, OVER.plusSeconds(i), charts("latency"));
    }
    assertThat(IntStream.range(0, 10).filter(i -> album.has("INC-" + i, OVER.plusSeconds(i))))
        .containsExactly(5, 7, 9);
    assertThat(folder.toFile().list()).hasSize(3);
  }

  @Test
  void put_endedAnew_takesThePlaceOfTheEarlierEnd() throws IOException {
    var album = new Album(folder, 10);
    album.put("INC-1", OVER, charts("latency"));
    album.put("INC-10", OVER, charts("errors"));
    album.put("INC-1", OVER.plusSeconds(900), charts("latency again"));
    assertThat(album.has("INC-1", OVER)).isFalse();
    assertThat(album.read("INC-1", OVER.plusSeconds(900))).isEqualTo(charts("latency again"));
    assertThat(album.read("INC-10", OVER)).isEqualTo(charts("errors"));
    assertThat(folder.toFile().list()).hasSize(2);
  }

  @Test
  void read_damaged_isNoChartAndHarmsNothing() throws IOException {
    var album = new Album(folder, 10);
    album.put("INC-1", OVER, charts("latency"));
    album.put("INC-2", OVER, charts("errors"));
    Path first = folder.resolve("INC-1." + OVER.toEpochMilli() + ".charts-1.json.gz");
    byte[] whole = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(whole, whole.length / 2));
    assertThat(album.read("INC-1", OVER)).isEmpty();
    Files.writeString(first, "no gzip");
    assertThat(album.read("INC-1", OVER)).isEmpty();
    assertThat(album.read("INC-2", OVER)).isEqualTo(charts("errors"));
  }

  @Test
  void open_filesOfOthers_areLeftAlone() throws IOException {
    Files.writeString(folder.resolve("README"), "mine");
    var album = new Album(folder, 1);
    album.put("INC-1", OVER, charts("latency"));
    album.put("INC-2", OVER.plusSeconds(1), charts("latency"));
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            "README", "INC-2." + OVER.plusSeconds(1).toEpochMilli() + ".charts-1.json.gz");
  }
}
