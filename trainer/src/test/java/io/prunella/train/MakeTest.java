package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int make(String... more) {
    var args = new java.util.ArrayList<>(List.of("datasets", "make", "--manifests", "../datasets"));
    args.addAll(List.of(more));
    return TrainerRun.of(out, err, args.toArray(String[]::new));
  }

  private Path recipe(String what, int count) throws IOException {
    return Files.writeString(
        folder.resolve(what + ".yaml"),
        """
        name: small-%s
        title: "Small"
        what: %s
        count: %d
        days: 5
        interval-seconds: 300
        anomalies: 3
        seed: 4
        """
            .formatted(what, what, count));
  }

  private String digest() {
    var found = Pattern.compile("sha256 (\\w{64})").matcher(out.toString());
    assertThat(found.find()).as(out + " " + err).isTrue();
    out.getBuffer().setLength(0);
    return found.group(1);
  }

  @Test
  void make_sameSeed_givesTheSameBytes() throws IOException {
    for (String what : List.of("series", "incidents")) {
      String recipe = recipe(what, 5).toString();
      assertThat(make(recipe, "--out", folder.resolve("a").toString())).as(err.toString()).isZero();
      String first = digest();
      make(recipe, "--out", folder.resolve("b").toString());
      assertThat(digest()).isEqualTo(first);
      make(recipe, "--out", folder.resolve("c").toString(), "--seed", "5");
      assertThat(digest()).isNotEqualTo(first);
    }
  }

  @Test
  void make_series_areReadAsLabelled() throws IOException {
    make(recipe("series", 10).toString(), "--out", folder.toString());
    var all = Sets.read(folder.resolve("small-series"));
    assertThat(all).hasSize(10).allMatch(s -> s.rows() == 5 * 288);
    assertThat(all.stream().mapToInt(s -> s.segments().size()).sum()).isBetween(15, 30);
    for (Labelled one : all) {
      // The first three days are to learn from.
      assertThat(one.segments()).allMatch(s -> s.from() >= 3 * 288);
    }
  }

  @Test
  void make_incidents_nameCulpritAndOnset() throws IOException {
    make(recipe("incidents", 5).toString(), "--out", folder.toString());
    var lines = Files.readAllLines(folder.resolve("small-incidents/incidents.csv"));
    assertThat(lines).hasSize(6);
    for (String line : lines.subList(1, 6)) {
      String[] cells = line.split(",", -1);
      var culprit = Sets.read(folder.resolve("small-incidents/" + cells[0]));
      assertThat(culprit).hasSize(20);
      var latency =
          culprit.stream().filter(s -> s.name().equals(cells[4] + "-latency.csv")).findFirst();
      assertThat(latency.orElseThrow().segments()).hasSize(1);
      long from = latency.get().timesMs()[latency.get().segments().getFirst().from()] / 1000;
      assertThat(from).isBetween(Long.parseLong(cells[1]), Long.parseLong(cells[2]));
    }
  }

  @Test
  void make_wrongUse_saysWhatWasWanted() throws IOException {
    assertThat(make("nothing", "--out", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("nothing is no recipe in");
    Path wrong = Files.writeString(folder.resolve("w.yaml"), "name: w\ncuont: 3\n");
    assertThat(make(wrong.toString(), "--out", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("unknown key \"cuont\"");
  }

  @Test
  void shippedRecipes_areWhole() throws IOException {
    for (String name : List.of("made-series", "made-incidents")) {
      assertThat(Recipe.read(Path.of("..", "datasets", "recipes", name + ".yaml")).name())
          .isEqualTo(name);
    }
  }
}
