package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.detect.DetectConfig;
import io.prunella.detect.Stage1;
import io.prunella.series.Labels;
import io.prunella.server.PastSeries;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastFolderTest {
  private static final Labels REQUESTS = Labels.of("__name__", "requests_total", "job", "shop");
  private static final Catalogue CATALOGUE = Catalogue.shipped(ServiceRules.DEFAULTS);

  @TempDir Path folder;

  private static PastSeries series(Labels labels, Object... timesMsAndValues) {
    var series = new PastSeries(labels);
    for (int i = 0; i < timesMsAndValues.length; i += 2) {
      long timeMs = ((Number) timesMsAndValues[i]).longValue();
      series.add(timeMs, ((Number) timesMsAndValues[i + 1]).doubleValue());
    }
    return series;
  }

  private Path write(String name, boolean isRaw, List<List<PastSeries>> windows)
      throws IOException {
    Path out = folder.resolve(name);
    var past = new PastFolder(out, isRaw, labels -> CATALOGUE.meaning(labels).type());
    past.begin();
    for (var window : windows) past.take(window);
    assertThat(out).doesNotExist();
    past.finish();
    return out;
  }

  private String text(Labels labels, Object... timesMsAndValues) throws IOException {
    var window = List.of(series(labels, timesMsAndValues));
    Path out = write("x" + folder.toFile().list().length, /* isRaw= */ false, List.of(window));
    return Files.readString(out.resolve(PastFolder.name(labels)));
  }

  private static List<CsvSeries.Row> rows(Path file) throws IOException {
    var rows = new ArrayList<CsvSeries.Row>();
    try (var csv = new CsvSeries(file)) {
      for (var row = csv.next(); row != null; row = csv.next()) rows.add(row);
    }
    return rows;
  }

  @Test
  void take_counterWithReset_hasNoValueThereAndNoneAtFirst() throws IOException {
    assertThat(text(REQUESTS, 10_000, 100, 25_000, 130, 40_000, 6, 55_000, 36, 70_000, 36))
        .isEqualTo("timestamp,value\n10,\n25,2.0\n40,\n55,2.0\n70,0.0\n");
  }

  @Test
  void take_gauge_isAsItWas_withWhatIsNoNumberAndAnyTime() throws IOException {
    var labels = Labels.of("__name__", "load");
    Object[] samples = {
      -1500,
      1e-300,
      0,
      -0.0,
      50,
      Double.NaN,
      1_000,
      Double.POSITIVE_INFINITY,
      99_999_999_999L,
      Double.NEGATIVE_INFINITY,
      100_000_000_001L,
      0.1,
      1_772_409_600_123L,
      1e308
    };
    String text = text(labels, samples);
    assertThat(text)
        .isEqualTo(
            """
            timestamp,value
            -1.500,1.0E-300
            0,-0.0
            0.050,
            1,Infinity
            99999999.999,-Infinity
            100000000.001,0.1
            1772409600.123,1.0E308
            """);
    var read = rows(Files.writeString(folder.resolve("back.csv"), text));
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).timeMs()).isEqualTo(((Number) samples[2 * i]).longValue());
      assertThat(read.get(i).value()).isEqualTo((Double) samples[2 * i + 1]);
    }
    assertThat(read).hasSize(7);
  }

  /** Resets, flat stretches and what is no number, cut into windows anywhere. */
  @Test
  void take_anyCounter_isAsTheDetectorScoresIt() throws IOException {
    for (int seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      var stage = new Stage1(DetectConfig.DEFAULTS);
      int traits = Stage1.traits(CATALOGUE.meaning(REQUESTS));
      var row = new double[stage.rowDoubles()];
      stage.begin(row, 0, traits);
      var windows = new ArrayList<List<PastSeries>>();
      var window = new PastSeries(REQUESTS);
      var wanted = new ArrayList<Double>();
      long timeMs = 1_772_409_600_000L;
      double value = 0;
      double before = Double.NaN;
      for (int i = 0; i < 300; i++) {
        timeMs += 1 + random.nextInt(60_000);
        int what = random.nextInt(20);
        value = what == 0 ? random.nextInt(10) : value + (what < 5 ? 0 : random.nextInt(100));
        double seen = what == 1 ? Double.NaN : what == 2 ? Double.POSITIVE_INFINITY : value;
        window.add(timeMs, seen);
        stage.observe(row, 0, traits, timeMs, seen);
        boolean isReset = seen < before;
        if (Double.isFinite(seen)) before = seen;
        wanted.add(isReset || !Double.isFinite(seen) ? Double.NaN : stage.scored(row, 0));
        if (random.nextInt(40) == 0) {
          windows.add(List.of(window));
          window = new PastSeries(REQUESTS);
        }
      }
      windows.add(List.of(window));
      Path out = write("seed" + seed, /* isRaw= */ false, windows);
      assertThat(rows(out.resolve(PastFolder.name(REQUESTS))))
          .as("seed %d", seed)
          .extracting(CsvSeries.Row::value)
          .containsExactlyElementsOf(wanted);
      assertThat(windows).as("seed %d", seed).hasSizeGreaterThan(1);
      assertThat(wanted).as("seed %d", seed).anyMatch(rate -> rate > 0);
    }
  }

  @Test
  void name_anyLabels_isSafeAndEachItsOwn() {
    var hostile =
        List.of(
            Map.of("__name__", "a:b"),
            Map.of("__name__", "a_b"),
            Map.of("__name__", "A_b"),
            Map.of("__name__", "a.b"),
            Map.of("__name__", "../../etc/passwd"),
            Map.of("__name__", "/", "path", "/root"),
            Map.of("__name__", "con"),
            Map.of("__name__", "con", "a", "1", "b", "2"),
            Map.of("__name__", "con", "a", "1,b=2"),
            Map.of("__name__", "con", "a", "1\u0000b\u00002"),
            Map.of("__name__", "con", "a", "b1", "b", "2"),
            Map.of("__name__", "x".repeat(5000)),
            Map.of("__name__", "x".repeat(5001)),
            Map.of("__name__", "größe\n\t\"%s\""),
            Map.of("job", "nameless"));
    var names = new HashSet<String>();
    for (var labels : hostile) {
      String name = PastFolder.name(Labels.of(labels));
      assertThat(name).matches("[A-Za-z0-9_]{1,100}-[0-9a-f]{24}\\.csv");
      names.add(name.toLowerCase(java.util.Locale.ROOT));
    }
    assertThat(names).hasSize(hostile.size());
    assertThat(PastFolder.name(REQUESTS)).startsWith("requests_total-");
  }

  @Test
  void finish_table_saysOfEachFileWhatItIs() throws IOException {
    var hostile = Labels.of("__name__", "load", "path", "a\tb\n\"c\"\r\\", "z", "ü,;");
    var bucket = Labels.of("__name__", "latency_seconds_bucket", "le", "1");
    var up = Labels.of("__name__", "up", "job", "shop");
    var windows =
        List.of(
            List.of(series(bucket, 1_000, 1), series(hostile, 1_000, 1)),
            List.of(series(hostile, 2_500, 1), series(REQUESTS, 2_000, 1, 3_000, 2)),
            List.of(series(up)));
    Path out = write("out", /* isRaw= */ false, windows);
    assertThat(Files.readString(out.resolve(PastFolder.TABLE)))
        .isEqualTo(
            """
            file	value	samples	first	last	labels
            %s	raw	2	1970-01-01T00:00:01Z	1970-01-01T00:00:02.500Z	%s
            %s	rate	2	1970-01-01T00:00:02Z	1970-01-01T00:00:03Z	requests_total{job="shop"}
            """
                .formatted(
                    PastFolder.name(hostile),
                    "load{path=\"a\\tb\\n\\\"c\\\"\\r\\\\\",z=\"ü,;\"}",
                    PastFolder.name(REQUESTS)));
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            PastFolder.TABLE, PastFolder.name(hostile), PastFolder.name(REQUESTS));

    Path raw = write("raw", /* isRaw= */ true, windows);
    assertThat(Files.readAllLines(raw.resolve(PastFolder.name(REQUESTS))))
        .containsExactly("timestamp,value", "2,1.0", "3,2.0");
    assertThat(raw.resolve(PastFolder.name(bucket))).exists();
    assertThat(Files.readString(raw.resolve(PastFolder.TABLE)))
        .contains("\traw\t", "latency_seconds_bucket{le=\"1\"}")
        .doesNotContain("\trate\t");
  }

  @Test
  void finish_somethingElseInThePart_stays() throws IOException {
    Path mine = TestFiles.plain(folder.resolve("out.part").resolve("mine.txt"), "mine");
    Path half = TestFiles.plain(folder.resolve("out.part/series").resolve("half.csv"), "1,");
    Path out = write("out", /* isRaw= */ false, List.of(List.of(series(REQUESTS, 1_000, 1))));
    assertThat(mine).hasContent("mine");
    assertThat(half).doesNotExist();
    assertThat(out.resolve("half.csv")).doesNotExist();
    assertThat(out.resolve(PastFolder.name(REQUESTS))).exists();
  }

  @Test
  void finish_aFolderThatIsEmpty_isReplaced() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Path out = write("out", /* isRaw= */ false, List.of(List.of(series(REQUESTS, 1_000, 1))));
    assertThat(out.resolve(PastFolder.name(REQUESTS))).exists();
    assertThat(folder.toFile().list()).containsExactly("out");
  }
}
