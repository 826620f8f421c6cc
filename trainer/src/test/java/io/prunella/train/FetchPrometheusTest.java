package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a real Prometheus as files, and its scores. */
class FetchPrometheusTest {
  @TempDir Path folder;

  private static void fetch(String url, Path out, String... more) {
    var fetch =
        new PastRun("datasets", "fetch", "--from=2026-03-02", "--to=2026-03-05", "--out=" + out);
    assertThat(fetch.of(url, more)).as(fetch.err).isZero();
  }

  private static Map<String, List<String>> lines(Path folder) throws IOException {
    var files = new TreeMap<String, List<String>>();
    try (var all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllLines(file));
      }
    }
    return files;
  }

  /** The file of the series with these labels, by the table. */
  private static String file(Path fetched, String... labels) throws IOException {
    return Files.readAllLines(fetched.resolve("series.tsv")).stream()
        .filter(row -> List.of(labels).stream().allMatch(row::contains))
        .map(row -> row.substring(0, row.indexOf('\t')))
        .reduce((a, b) -> {
          throw new AssertionError("%s and %s have %s".formatted(a, b, List.of(labels)));
        })
        .orElseThrow();
  }

  @Test
  void fetchThenScore_threeDaysWithOneFault_scoresSayWhereItIs() throws Exception {
    PrometheusPeer.need();
    Path fetched = folder.resolve("fetched");
    // No query may load more than a tenth of a window: all are halved, as with a large one.
    try (var prometheus =
        PrometheusPeer.start(folder, new ShopPast(4).openMetrics(), "--query.max-samples=250")) {
      fetch(prometheus.url(), fetched);
      // All matchers hold for what is absent: a selector of these alone would be refused.
      fetch(prometheus.url(), folder.resolve("others"), "--match=job!=\"pay\"");
    }
    // What answers as a Prometheus does in the other tests does so indeed.
    try (var server = new PastServer(new ShopPast(4).lines())) {
      fetch(server.url(), folder.resolve("answered"));
    }
    var files = lines(fetched);
    assertThat(files).hasSize(41).isEqualTo(lines(folder.resolve("answered")));
    assertThat(lines(folder.resolve("others"))).hasSize(33);

    Path scored = folder.resolve("scored");
    var out = new StringWriter();
    var err = new StringWriter();
    assertThat(TrainerRun.of(out, err, "score", fetched.toString(), "--out=" + scored)).isZero();
    assertThat(out + err.toString()).contains("files=40 failed=0 rows=138208 ");
    assertThat(scored.toFile().list()).hasSize(40);
    var errors =
        Files.readAllLines(scored.resolve(file(fetched, "code=\"500\"", "job=\"cart\""))).stream()
            .filter(row -> row.endsWith(",1"))
            .map(row -> Instant.ofEpochSecond(Long.parseLong(row.substring(0, row.indexOf(',')))))
            .toList();
    assertThat(errors).isNotEmpty();
    assertThat(errors.getFirst()).isBetween(ShopPast.FAULT, ShopPast.FAULT.plusSeconds(300));
    // A steady service has none.
    assertThat(
            Files.readAllLines(scored.resolve(file(fetched, "code=\"500\"", "job=\"pay\"")))
                .stream()
                .filter(row -> row.endsWith(",1")))
        .isEmpty();
  }
}
