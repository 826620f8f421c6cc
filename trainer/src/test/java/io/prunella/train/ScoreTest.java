package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreTest {
  private static final String HEADER =
      "timestamp,value,expected,lower,upper,surprise,p_value,score,anomaly";

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    return TrainerRun.of(out, err, args);
  }

  private int score(String... more) {
    var args = new ArrayList<>(List.of("score", "--out", folder.resolve("out").toString()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private static String rows(int count, boolean header) {
    var random = new Random(1);
    var text = new StringBuilder(header ? "timestamp,value,label\n" : "");
    for (int i = 0; i < count; i++) {
      double value = 100 + random.nextGaussian() + (i >= 300 && i < 310 ? 50 : 0);
      text.append(1_780_000_000L + i * 60).append(',').append(value).append(",0\n");
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void score_file_givesARowForEachAndFindsTheShift(boolean header) throws IOException {
    Path in = Files.writeString(folder.resolve("a.csv"), rows(400, header));
    assertThat(score(in.toString())).as(err.toString()).isZero();
    List<String> lines = Files.readAllLines(folder.resolve("out/a.csv"));
    assertThat(lines).hasSize(401).startsWith(HEADER);
    assertThat(lines.get(1)).startsWith("1780000000,").contains(",,,,0.0,1.0,0.0,0");
    var odd = new ArrayList<Integer>();
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      assertThat(cells).hasSize(9);
      assertThat(Double.parseDouble(cells[6])).isBetween(0.0, 1.0);
      assertThat(Double.parseDouble(cells[6])).isEqualTo(Math.exp(-Double.parseDouble(cells[5])));
      if (cells[8].equals("1")) odd.add(i - 1);
    }
    assertThat(odd).isNotEmpty().allMatch(i -> i >= 300 && i < 316);
  }

  @Test
  void score_prefix_scoresTheSame() throws IOException {
    Files.writeString(folder.resolve("all.csv"), rows(400, true));
    Files.writeString(folder.resolve("part.csv"), rows(305, true));
    assertThat(score(folder.resolve("all.csv").toString(), folder.resolve("part.csv").toString()))
        .isZero();
    List<String> all = Files.readAllLines(folder.resolve("out/all.csv"));
    assertThat(Files.readAllLines(folder.resolve("out/part.csv"))).isEqualTo(all.subList(0, 306));
  }

  @Test
  void score_folder_isReadWithItsFoldersAndGzip() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("in/deep"));
    Files.writeString(folder.resolve("in/a.csv"), rows(50, true));
    try (var gz = new GZIPOutputStream(Files.newOutputStream(deep.resolve("b.csv.gz")))) {
      gz.write(rows(50, true).getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("in/readme.txt"), "no series");
    assertThat(score(folder.resolve("in").toString())).isZero();
    assertThat(folder.resolve("out/a.csv")).exists();
    assertThat(folder.resolve("out/readme.txt")).doesNotExist();
    try (var gz = new GZIPInputStream(Files.newInputStream(folder.resolve("out/deep/b.csv.gz")))) {
      assertThat(new String(gz.readAllBytes(), StandardCharsets.UTF_8).lines()).hasSize(51);
    }
    assertThat(err.toString()).contains("files=2 failed=0 rows=100");
  }

  @Test
  void score_badRows_areNamedByLineAndRefuseTheFile() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("a.csv"), "timestamp,value\n1,1\nyesterday,2\n3,x\n4\n5,5\n6,\n7,NaN\n");
    assertThat(score(in.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "a.csv:3: timestamp is \"yesterday\", wanted epoch seconds, milliseconds or ISO 8601")
        .contains("a.csv:4: value is \"x\", wanted a number")
        .contains("a.csv:5: has 1 columns, wanted at least 2")
        .contains("3 bad rows");
    assertThat(folder.resolve("out")).isEmptyDirectory();
    assertThat(score(in.toString(), "--skip-bad")).isZero();
    assertThat(Files.readAllLines(folder.resolve("out/a.csv")).stream().map(l -> l.split(",")[0]))
        .containsExactly("timestamp", "1", "5", "6", "7");
  }

  @ParameterizedTest
  @CsvSource({
    "1780000000, 1780000000000",
    "1780000000.5, 1780000000500",
    "1780000000000, 1780000000000",
    "2014-02-14 14:30:00, 1392388200000",
    "2014-02-14T14:30:00Z, 1392388200000",
    "2014-02-14T14:30:00+01:00, 1392384600000",
    "2014-02-14T14:30:00.250, 1392388200250",
    "0, 0",
  })
  void time_secondsMillisecondsAndIso_areRead(String text, long timeMs) {
    assertThat(CsvSeries.time(text)).hasValue(timeMs);
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "NaN", "1e300", "2014-13-14 14:30:00"})
  void time_anythingElse_isNone(String text) {
    assertThat(CsvSeries.time(text)).isEmpty();
  }

  @Test
  void score_namedColumns_areFoundWhereverTheyStand() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("a.csv"),
            "\"Label\",\"Value\",\"TimeStamp\"\n\"0\",\"7\",\"2018-04-25T00:00:00Z\"\n");
    assertThat(score(in.toString())).isZero();
    assertThat(Files.readAllLines(folder.resolve("out/a.csv")).get(1))
        .startsWith("2018-04-25T00:00:00Z,7.0,");
  }

  @Test
  void score_timesThatRepeatOrGoBack_haveRowsWithoutScore() throws IOException {
    String twice = rows(100, false) + "1780000000,1e9,0\n";
    Files.writeString(folder.resolve("a.csv"), twice);
    assertThat(score(folder.resolve("a.csv").toString())).isZero();
    List<String> lines = Files.readAllLines(folder.resolve("out/a.csv"));
    assertThat(lines).hasSize(102);
    assertThat(lines.getLast()).isEqualTo("1780000000,1.0E9,,,,0.0,1.0,0.0,0");
  }

  @Test
  void score_spreadsheet_isReadByItsHeader() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("a.csv"),
            "\uFEFFnote,\"value\",timestamp\n\"a, b\",5,1780000000\nc,6,1780000060\n");
    assertThat(score(in.toString())).as(err.toString()).isZero();
    assertThat(Files.readAllLines(folder.resolve("out/a.csv")))
        .satisfiesExactly(
            l -> assertThat(l).isEqualTo(HEADER),
            l -> assertThat(l).startsWith("1780000000,5.0,"),
            l -> assertThat(l).startsWith("1780000060,6.0,"));
  }

  @Test
  void score_wrongUse_saysWhatWasWanted() throws IOException {
    Path in = Files.writeString(folder.resolve("a.csv"), rows(5, true));
    assertThat(score(in.toString(), "--stage", "3")).isEqualTo(2);
    assertThat(score(folder.resolve("none.csv").toString())).isEqualTo(2);
    assertThat(run("score", "--out", folder.toString(), in.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("--stage is 3, wanted 1 or 2")
        .contains("none.csv is not there")
        .contains("would be overwritten");
    Path broken = Files.writeString(folder.resolve("b.csv.gz"), "no gzip");
    assertThat(score(broken.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("b.csv.gz: ");
  }

  @Test
  void datasets_check_tellsWhatIsThere() throws IOException {
    Path manifests = Files.createDirectories(folder.resolve("datasets"));
    Path data = Files.createDirectories(folder.resolve("data/mine"));
    Files.writeString(data.resolve("a.csv"), "1,1\n");
    String digest = Manifest.digest(List.of(data.resolve("a.csv")));
    String manifest =
        List.of(
                "name: mine",
                "title: Mine",
                "source: somewhere",
                "licence: MIT",
                "folder: mine",
                "layout: labelled",
                "files: \"*.csv\"",
                "count: 1",
                "sha256: " + digest,
                "split: none")
            .stream()
            .collect(Collectors.joining("\n"));
    Files.writeString(manifests.resolve("mine.yaml"), manifest);
    String[] where = {
      "--manifests", manifests.toString(), "--data", folder.resolve("data").toString()
    };
    assertThat(run("datasets", "check", where[0], where[1], where[2], where[3])).isZero();
    assertThat(out.toString()).contains("mine: 1 files, as they should be");
    assertThat(run("datasets", "list", where[0], where[1], where[2], where[3])).isZero();
    assertThat(out.toString()).contains("Mine");
    Files.writeString(data.resolve("a.csv"), "1,2\n");
    assertThat(run("datasets", "check", where[0], where[1], where[2], where[3])).isEqualTo(1);
    assertThat(err.toString()).contains("mine: the digest is");
    Files.writeString(manifests.resolve("mine.yaml"), manifest + "\nsplitt: x\n");
    assertThat(run("datasets", "list", where[0], where[1], where[2], where[3])).isEqualTo(2);
    assertThat(err.toString()).contains("mine.yaml:11: unknown key \"splitt\"");
  }

  @Test
  void datasets_shippedManifests_areWhole() throws IOException {
    var names = Manifest.all(Path.of("..", "datasets")).stream().map(Manifest::name).toList();
    assertThat(names).contains("asd", "kpi", "ms-cloud", "nab");
  }
}
