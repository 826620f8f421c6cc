package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.prunella.train.MadeSeries.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  private static final Path MANIFESTS = Path.of("../datasets");
  @TempDir Path folder;

  @Test
  void made_firstSeries_areWhatTheCommandWrites() throws IOException {
    var recipe = Recipe.read(MANIFESTS.resolve("recipes/made-series.yaml"));
    var two =
        new Recipe(
            recipe.name(),
            recipe.title(),
            recipe.what(),
            2,
            recipe.days(),
            recipe.intervalSeconds(),
            recipe.anomalies(),
            recipe.seed());
    MakeSeries.write(two, two.seed(), folder);
    var made = new Corpus(MANIFESTS, null).made(2);
    var written = Sets.read(folder);
    written = written.stream().sorted((a, b) -> order(a.name()) - order(b.name())).toList();
    for (int i = 0; i < 2; i++) {
      assertThat(made.get(i).name()).isEqualTo(written.get(i).name());
      assertThat(made.get(i).timesMs()).isEqualTo(written.get(i).timesMs());
      assertThat(made.get(i).values()).isEqualTo(written.get(i).values());
      assertThat(made.get(i).segments()).isEqualTo(written.get(i).segments()).isNotEmpty();
    }
  }

  private static int order(String name) {
    return Integer.parseInt(name.replaceAll("\\D", ""));
  }

  @Test
  void made_oneShape_hasNoOther() throws IOException {
    var corpus = new Corpus(MANIFESTS, null);
    var dropped = corpus.made(Kind.DAILY, MadeShape.DROP, 3);
    assertThat(dropped.segments()).hasSizeGreaterThan(3);
    for (var segment : dropped.segments()) {
      double[] odd = Arrays.copyOfRange(dropped.values(), segment.from(), segment.to() + 1);
      assertThat(odd).containsOnly(0);
    }
    assertThat(corpus.made(Kind.DAILY, MadeShape.DROP, 4).values()).isNotEqualTo(dropped.values());
  }

  @Test
  void read_noDataFolder_saysWhatToDo() throws IOException {
    var corpus = new Corpus(MANIFESTS, null);
    assertThat(corpus.has("nab")).isFalse();
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> corpus.read("nab"))
        .withMessageContaining("PRUNELLA_DATA is not set. Set it to a folder with nab/ below it");
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> corpus.read("nib"))
        .withMessageContaining("nib is no data set");
  }

  @Test
  void read_folderWithoutFiles_saysHowManyAreWanted() throws IOException {
    var corpus = new Corpus(MANIFESTS, folder);
    assertThat(corpus.has("nab")).isFalse();
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> corpus.read("nab"))
        .withMessageContaining("0 files of nab in")
        .withMessageContaining("wanted 58");
  }

  @Test
  void published_fileOfAnotherLength_isRefused() throws IOException {
    Path manifests = Files.createDirectories(folder.resolve("datasets"));
    String manifest = Files.readString(MANIFESTS.resolve("nab.yaml"));
    Files.writeString(manifests.resolve("nab.yaml"), manifest.replace("count: 58", "count: 1"));
    Path data = folder.resolve("data");
    Path csv = Files.createDirectories(data.resolve("nab/data/real")).resolve("a.csv");
    Files.writeString(csv, "timestamp,value\n0,1\n300,2\n");
    var series =
        new Labelled("real/a.csv", new long[] {0, 300_000}, new double[] {1, 2}, List.of(), 0);
    Path scores = Files.createDirectories(data.resolve("nab/results/peer/real"));
    var corpus = new Corpus(manifests, data);

    TestFiles.gzip(scores.resolve("a.csv.gz"), "timestamp,score\n0,0.25\n300,0.5\n");
    assertThat(corpus.published("peer", List.of(series))).containsExactly(new double[] {0.25, 0.5});
    TestFiles.gzip(scores.resolve("a.csv.gz"), "timestamp,score\n0,0.25\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> corpus.published("peer", List.of(series)))
        .withMessageContaining("has 1 rows, wanted 2");
    TestFiles.gzip(scores.resolve("a.csv.gz"), "timestamp,score\n0\n300,1\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> corpus.published("peer", List.of(series)))
        .withMessageContaining("\"0\", wanted time,score");
  }
}
