package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import io.prunella.train.ShopPast.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A history over HTTP from what answers as a Prometheus does, as files. */
class FetchTest {
  private static List<Line> shop = List.of();

  @TempDir Path folder;
  private Path to = Path.of("");
  private PastRun run = new PastRun();

  @BeforeAll
  static void draw() {
    shop = new ShopPast(1).lines();
  }

  @BeforeEach
  void place() {
    to = folder.resolve("out");
    run = fetchTo(to);
  }

  private static PastRun fetchTo(Path out) {
    return new PastRun("datasets", "fetch", "--out=" + out);
  }

  private int runFirstDay(String url, String... more) {
    var args = new ArrayList<>(List.of("--from=2026-03-02", "--to=2026-03-03"));
    args.addAll(List.of(more));
    return run.of(url, args.toArray(String[]::new));
  }

  /** All files of a folder with what they hold. */
  private static Map<String, String> files(Path folder) throws IOException {
    var files = new TreeMap<String, String>();
    try (var all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private static Line line(Map<String, String> labels, double... values) {
    var seconds = new ArrayList<Long>();
    var all = new ArrayList<Double>();
    for (double value : values) {
      seconds.add(ShopPast.BEGIN.getEpochSecond() + 60 * (seconds.size() + 1));
      all.add(value);
    }
    return new Line(labels, seconds, all);
  }

  private Path file(Line line) {
    return to.resolve(PastFolder.name(Labels.of(withCluster(line))));
  }

  private static Map<String, String> withCluster(Line line) {
    var labels = new TreeMap<>(line.labels());
    labels.put("cluster", "eu"); // the external label
    return labels;
  }

  private static List<String> values(Path file) throws IOException {
    return Files.readAllLines(file).stream().skip(1).map(row -> row.split(",", -1)[1]).toList();
  }

  @Test
  void fetch_twoDays_aFileEachWithEverySampleOfThem() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url())).as(run.err).isZero();
    }
    assertThat(run.err).isEmpty();
    assertThat(run.out)
        .startsWith(
            "From 2026-03-03T00:00:00Z to 2026-03-05T00:00:00Z: 92,128 samples of 40 series")
        .contains(", 20 of them rates of counters");
    assertThat(folder.toFile().list()).containsExactly("out");
    assertThat(to.toFile().list()).hasSize(41);
    long from = ShopPast.BEGIN.getEpochSecond() + 86_400;
    long samples = 0;
    for (Line line : shop) {
      boolean isRate = !line.metric().startsWith("process_") && !line.metric().equals("up");
      var wanted = new ArrayList<String>(List.of("timestamp,value"));
      for (int i = 0; i < line.values().size(); i++) {
        if (line.seconds().get(i) <= from) continue;
        String value = line.values().get(i).toString();
        if (isRate && wanted.size() == 1) {
          value = "";
        } else if (isRate) {
          double seconds = line.seconds().get(i) - line.seconds().get(i - 1);
          value = Double.toString((line.values().get(i) - line.values().get(i - 1)) / seconds);
        }
        wanted.add(line.seconds().get(i) + "," + value);
      }
      assertThat(Files.readAllLines(file(line))).isEqualTo(wanted);
      samples += wanted.size() - 1;
    }
    assertThat(samples).isEqualTo(92_128);
  }

  @Test
  void fetch_cutOff_leavesNothingHalf_andGoesOnToTheSameBytes() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--work=" + folder.resolve("work"))).isZero();
      var whole = files(to);
      int all = server.queries.getAndSet(0);
      assertThat(folder.resolve("work")).isDirectory();
      Files.move(to, folder.resolve("whole"));

      server.queriesMax = 40;
      assertThat(run.twoDays(server.url())).isEqualTo(1);
      assertThat(run.err).contains("answered 503: shutting down");
      assertThat(to).doesNotExist();
      server.queriesMax = Integer.MAX_VALUE;
      server.queries.set(0);
      assertThat(run.twoDays(server.url())).as(run.err).isZero();
      assertThat(run.err).contains("windows of time came out of " + to + ".part");
      assertThat(files(to)).isEqualTo(whole);
      // Seven metrics a window: of what came before it was cut off, the whole windows.
      assertThat(server.queries.get()).isEqualTo(all - 40 / 7 * 7);
      assertThat(folder.toFile().list()).containsExactlyInAnyOrder("out", "whole", "work");

      // What --work keeps serves another.
      Files.move(to, folder.resolve("second"));
      server.queries.set(0);
      assertThat(run.twoDays(server.url(), "--work=" + folder.resolve("work"))).isZero();
      assertThat(server.queries).hasValue(0);
      assertThat(files(to)).isEqualTo(whole);
    }
  }

  @Test
  void fetch_countersByNameAndMetadata_areRatesUnlessRaw() throws IOException {
    var jobs = Map.of("job", "shop", "__name__", "jobs_done"); // by its metadata
    var total = Map.of("job", "shop", "__name__", "requests_total"); // by its name
    var gauge = Map.of("job", "shop", "__name__", "queue_total"); // no counter, by its metadata
    double[] reset = {100, 160, 30, 90, 90};
    var lines = List.of(line(jobs, reset), line(gauge, reset), line(total, reset));
    var rates = List.of("", "1.0", "", "1.0", "0.0");
    var raw = List.of("100.0", "160.0", "30.0", "90.0", "90.0");
    try (var server = new PastServer(lines)) {
      server.types = Map.of("jobs_done", "counter", "queue_total", "gauge");
      assertThat(runFirstDay(server.url())).as(run.err).isZero();
      assertThat(run.out).contains("15 samples of 3 series", ", 2 of them rates of counters");
      assertThat(values(file(lines.get(0)))).isEqualTo(rates);
      assertThat(values(file(lines.get(1)))).isEqualTo(raw);
      assertThat(values(file(lines.get(2)))).isEqualTo(rates);
      Files.move(to, folder.resolve("rates"));
      assertThat(runFirstDay(server.url(), "--raw")).as(run.err).isZero();
      assertThat(run.out).contains("15 samples of 3 series", ", 0 of them rates of counters");
      for (Line line : lines) assertThat(values(file(line))).isEqualTo(raw);
    }
  }

  @Test
  void fetch_configuration_saysWhatIsACounter_asForTheServer() throws IOException {
    var jobs = line(Map.of("__name__", "jobs_done"), 100, 160, 220);
    var total = line(Map.of("__name__", "size_total"), 100, 160, 220);
    var noise = line(Map.of("__name__", "noise"), 100, 160, 220);
    Files.writeString(
        folder.resolve("own.yaml"),
        """
        metrics:
          - {name: jobs_done, signal: traffic, type: counter, title: jobs}
          - {name: size_total, signal: other, type: gauge, title: size}
          - {name: noise, signal: other, type: info, title: noise}
        """);
    Path config =
        Files.writeString(folder.resolve("prunella.yml"), "signals: {files: [own.yaml]}\n");
    try (var server = new PastServer(List.of(jobs, noise, total))) {
      assertThat(runFirstDay(server.url(), "--config=" + config)).as(run.err).isZero();
      assertThat(values(file(jobs))).containsExactly("", "1.0", "1.0");
      assertThat(values(file(total))).containsExactly("100.0", "160.0", "220.0");
      assertThat(run.err).contains("never scores it: noise;");
      Files.move(to, folder.resolve("configured"));
      assertThat(runFirstDay(server.url())).as(run.err).isZero();
      assertThat(values(file(jobs))).containsExactly("100.0", "160.0", "220.0");
      assertThat(values(file(total))).containsExactly("", "1.0", "1.0");
      assertThat(values(file(noise))).containsExactly("100.0", "160.0", "220.0");
      Files.move(to, folder.resolve("shipped"));
      Files.delete(folder.resolve("own.yaml"));
      assertThat(runFirstDay(server.url(), "--config=" + config)).isEqualTo(1);
      assertThat(run.err).contains("own.yaml: cannot be read").doesNotContain("\tat ");
      assertThat(to).doesNotExist();
    }
  }

  @Test
  void fetch_whatIsNeverScored_isLeftOutAndNamed_unlessRaw() throws IOException {
    var bucket = line(Map.of("__name__", "latency_bucket", "le", "1"), 1, 2, 3);
    var info = line(Map.of("__name__", "build_info", "version", "1"), 1, 1, 1);
    var load = line(Map.of("__name__", "load"), 1, 2, 3);
    try (var server = new PastServer(List.of(bucket, info, load))) {
      assertThat(runFirstDay(server.url())).as(run.err).isZero();
      assertThat(run.err)
          .contains("never scores it: build_info, latency_bucket; --raw writes it too");
      assertThat(files(to).keySet()).containsExactly(file(load).getFileName() + "", "series.tsv");
      Files.move(to, folder.resolve("scored"));
      assertThat(runFirstDay(server.url(), "--raw")).as(run.err).isZero();
      assertThat(run.err).isEmpty();
      assertThat(values(file(bucket))).containsExactly("1.0", "2.0", "3.0");
      Files.move(to, folder.resolve("raw"));
    }
    try (var server = new PastServer(List.of(bucket))) {
      assertThat(runFirstDay(server.url())).isEqualTo(1);
      assertThat(run.err).contains("left out, as a server never scores it: latency_bucket; --raw");
      assertThat(to).doesNotExist();
    }
  }

  @Test
  void fetch_hostileLabels_areFilesOfTheFolderAndNothingElse() throws IOException {
    var lines =
        List.of(
            line(Map.of("__name__", "../up"), 1),
            line(Map.of("__name__", "a.b", "path", "../../x/"), 2),
            line(Map.of("__name__", "a:b", "path", "\"},\n\t\\"), 3),
            line(Map.of("__name__", "a_b", "path", "../../x"), 4),
            line(Map.of("__name__", "a_b", "path", "..\\..\\x"), 5));
    try (var server = new PastServer(lines)) {
      assertThat(runFirstDay(server.url())).as(run.err).isZero();
    }
    assertThat(folder.toFile().list()).containsExactly("out");
    assertThat(to.toFile().list()).hasSize(6);
    assertThat(values(file(lines.get(2)))).containsExactly("3.0");
    assertThat(values(file(lines.get(3)))).containsExactly("4.0");
    assertThat(values(file(lines.get(4)))).containsExactly("5.0");
    assertThat(Files.readAllLines(to.resolve("series.tsv")))
        .hasSize(6)
        .allMatch(row -> row.split("\t", -1).length == 6)
        .anyMatch(row -> row.endsWith("a:b{cluster=\"eu\",path=\"\\\"},\\n\\t\\\\\"}"));
  }

  @Test
  void fetch_tooManySeries_saysWhatHelps() throws IOException {
    var lines = new ArrayList<Line>();
    for (int i = 0; i <= PastFolder.SERIES_MAX; i++) {
      lines.add(line(Map.of("__name__", "load", "n", Integer.toString(i)), i));
    }
    try (var server = new PastServer(lines)) {
      assertThat(runFirstDay(server.url())).isEqualTo(1);
    }
    assertThat(run.err)
        .contains("there are more than 100,000 series, a file each; choose fewer by --match")
        .doesNotContain("\tat ");
    assertThat(to).doesNotExist();
  }

  @Test
  void fetch_onlyWhatMatchesWithALabel_isWrittenWithIt() throws IOException {
    try (var server = new PastServer(shop)) {
      String[] asked = {"--match=job=\"pay\"", "--label=zone=b", "--label=region=x"};
      assertThat(run.twoDays(server.url(), asked)).as(run.err).isZero();
    }
    assertThat(Files.readAllLines(to.resolve("series.tsv")).stream().skip(1))
        .hasSize(8)
        .allMatch(row -> row.contains("job=\"pay\",region=\"x\",zone=\"b\"}"));
  }

  /** A Prometheus takes no selector that a series without labels would match, too. */
  @ParameterizedTest
  @CsvSource({"job!=\"pay\", 32", "none=\"\", 40"})
  void fetch_matchThatHoldsForWhatIsAbsent_isNotRefused(String match, int series)
      throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--match=" + match)).as(run.err).isZero();
    }
    assertThat(Files.readAllLines(to.resolve("series.tsv")).stream().skip(1)).hasSize(series);
  }

  @Test
  void fetch_nothingThere_isToldAndNoFolderMade() throws IOException {
    try (var server = new PastServer(shop)) {
      assertThat(run.twoDays(server.url(), "--match=job=\"none\"")).isEqualTo(1);
      assertThat(run.err).contains("has no samples with {job=\"none\"} from 2026-03-03T00:00:00Z");
      server.namesAlways = true; // as those of a block are
      assertThat(run.of(server.url(), "--from=2026-03-06", "--to=2026-03-07")).isEqualTo(1);
      assertThat(run.err).contains("has no samples from 2026-03-06T00:00:00Z");
      assertThat(to).doesNotExist();
    }
  }

  @Test
  void fetch_token_isShownOrRefused() throws IOException {
    try (var server = new PastServer(shop)) {
      server.token = "secret";
      assertThat(run.twoDays(server.url())).isEqualTo(1);
      assertThat(run.err).contains("answered 401: Unauthorized").doesNotContain("\tat ");
      Path token = Files.writeString(folder.resolve("token"), "secret\n");
      String[] shown = {"--bearer-token-file=" + token, "--match=job=\"pay\""};
      assertThat(run.twoDays(server.url(), shown)).as(run.err).isZero();
    }
  }

  @Test
  void fetch_placeThatIsTaken_isWrongUse_andStaysAsItIs() throws IOException {
    String wanted = ", wanted a folder that is empty or not there yet";
    Path mine = TestFiles.plain(folder.resolve("out").resolve("mine.csv"), "1,2\n");
    assertThat(run.twoDays("http://127.0.0.1:1")).isEqualTo(2);
    assertThat(run.err).contains("--out is " + to + wanted);
    assertThat(mine).hasContent("1,2");
    Files.delete(mine);
    Files.delete(to);
    Files.writeString(to, "a file");
    assertThat(run.twoDays("http://127.0.0.1:1")).isEqualTo(2);
    assertThat(run.err).contains("--out is " + to + wanted);
    assertThat(to).hasContent("a file");
  }

  @Test
  void fetch_placeThatCannotBeWritten_isToldInASentence() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (var server = new PastServer(shop)) {
      run = fetchTo(file.resolve("out"));
      assertThat(run.twoDays(server.url())).isEqualTo(1);
      assertThat(run.err).contains("cannot write " + file).doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from=2026-03-05 --to=2026-03-03 | wanted --from to be earlier",
        "--from=2096-03-05 --to=2096-03-06 | wanted a time that has passed",
        "--from=yesterday | --from is \"yesterday\", wanted a time such as 2026-03-01",
        "--from=2d --config=none.yml | none.yml: cannot be read",
        "--from=2d --knob=1 | Unknown option: '--knob=1'",
        "--from=2d --bearer-token-file=none | wanted a file that can be read",
        "--raw | Missing required option: '--from=TIME'",
      })
  void fetch_wrongUse_isToldBeforeAnythingIsAsked(String args, String message) {
    assertThat(run.of("http://127.0.0.1:1", args.split(" "))).isEqualTo(2);
    assertThat(run.err).contains(message);
  }

  @Test
  void fetch_noOut_isWrongUse() {
    run = new PastRun("datasets", "fetch");
    assertThat(run.twoDays("http://127.0.0.1:1")).isEqualTo(2);
    assertThat(run.err).contains("Missing required option: '--out=DIR'");
  }
}
