package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prunella.train.CalmServices.Candidate;
import io.prunella.train.Labelled.Segment;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromiseTest {
  private static final int ROWS = 10_000;
  private static final int SPIKE = 6_000;

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    return TrainerRun.of(out, err, args);
  }

  /** A sample a minute, forty of them far away. */
  private static Labelled series(List<Segment> segments) {
    var random = new Random(3);
    var times = new long[ROWS];
    var values = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      times[i] = 1_780_000_000_000L + i * 60_000L;
      values[i] = 100 + random.nextGaussian() + (i >= SPIKE && i < SPIKE + 40 ? 40 : 0);
    }
    return new Labelled("made/a", times, values, segments, 0);
  }

  @Test
  void calm_nobodyHasLabelledIt_isAWordAndItsEnd() {
    var calm = CalmSeries.of("made", 0, series(List.of()));
    assertThat(calm.spanMs()).isEqualTo((ROWS - 1 - ROWS / 10) * 60_000L);
    assertThat(calm.words()).isNotEmpty();
    assertThat(calm.words().getFirst().open()).isTrue();
    assertThat(calm.words().getLast().open()).isFalse();
    long fromMs = (SPIKE - ROWS / 10) * 60_000L;
    assertThat(calm.words().getFirst().fromMs()).isBetween(fromMs, fromMs + 300_000);
  }

  @Test
  void calm_labelled_isLeftOutWithAMargin() {
    var calm = CalmSeries.of("made", 0, series(List.of(new Segment(SPIKE, SPIKE + 39))));
    assertThat(calm.words()).isEmpty();
    long margin = (60 + 39 + 360 + 1 + 1) * 60_000L; // an hour before, six after, two seams
    assertThat(calm.spanMs()).isEqualTo((ROWS - 1 - ROWS / 10) * 60_000L - margin);
  }

  @Test
  void week_sameSeed_sameCandidates() {
    var all = new ArrayList<CalmSeries>();
    for (int i = 0; i < 10; i++) all.add(CalmSeries.of("made", i, series(List.of())));
    var services = new CalmServices(all);
    var week = services.week(new SplittableRandom(4));
    assertThat(week).isEqualTo(services.week(new SplittableRandom(4)));
    // They were seen together and are odd together: one stretch each time round, far over the line.
    assertThat(week).hasSizeBetween(1, 2).allMatch(c -> c.peak() > 2);
    assertThat(week).allMatch(c -> c.atMs() >= 0 && c.atMs() < CalmServices.WEEK_MS);
  }

  @Test
  void services_allIsLabelled_isRefused() {
    var none = CalmSeries.of("made", 0, series(List.of(new Segment(0, ROWS - 1))));
    assertThatThrownBy(() -> new CalmServices(List.of(none)))
        .hasMessageContaining("none of 1 series");
  }

  /** Weeks with so many candidates each on average, peaks Pareto's. */
  private static PromiseCell.Pool pool(double rate) {
    var random = new SplittableRandom(9);
    var weeks = new ArrayList<List<Candidate>>();
    for (int week = 0; week < 3_000; week++) {
      var candidates = new ArrayList<Candidate>();
      for (double left = rate; left > random.nextDouble(); left--) {
        long at = random.nextLong(CalmServices.WEEK_MS);
        candidates.add(new Candidate(at, 0.5 * Math.pow(1 - random.nextDouble(), -0.3)));
      }
      weeks.add(candidates);
    }
    return new PromiseCell.Pool(weeks);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 0.1, true",
    "100, 1, true",
    "10000, 1, true",
    "10000, 10, true",
    "10, 10, false"
  })
  void cell_paretoPeaks_isKeptWhereItCanBe(int series, double asked, boolean reached) {
    var cell = PromiseCell.run(pool(0.5), series, asked, new SplittableRandom(2));
    assertThat(cell.asked() * cell.weeks()).isGreaterThanOrEqualTo(20);
    assertThat(cell.isKept()).as("%s", cell).isEqualTo(reached);
    assertThat(cell.isOutOfReach()).as("%s", cell).isNotEqualTo(reached);
    assertThat(cell.perWeek()).isBetween(cell.lower(), cell.upper());
    assertThat(cell).isEqualTo(PromiseCell.run(pool(0.5), series, asked, new SplittableRandom(2)));
  }

  @Test
  void interval_ofTenEventsInTenWeeks_isGarwoods() {
    var cell = new PromiseCell(100, 1, 10, 10, 99, 1);
    assertThat(cell.lower()).isCloseTo(0.4795, within(1e-4));
    assertThat(cell.upper()).isCloseTo(1.8390, within(1e-4));
    var none = new PromiseCell(100, 1, 10, 0, 99, 1);
    assertThat(none.lower()).isZero();
    assertThat(none.upper()).isCloseTo(0.3689, within(1e-4));
  }

  @Test
  void promise_folder_tellsAllCellsAndWritesThem() throws IOException {
    var text = new StringBuilder("timestamp,value,label\n");
    var made = series(List.of());
    for (int i = 0; i < ROWS; i++) {
      text.append("%d,%s,0\n".formatted(made.timesMs()[i] / 1000, made.values()[i]));
    }
    TestFiles.plain(folder.resolve("made/a.csv"), text.toString());
    var report = folder.resolve("promise.md");
    String set = folder.resolve("made").toString();
    assertThat(run("promise", "--weeks=100", "--report", report.toString(), set))
        .as("%s", err)
        .isZero();
    assertThat(out.toString()).containsPattern("\\| 10 \\| 0.1000 \\| 300 \\| \\d+ \\|");
    assertThat(out.toString().lines().filter(l -> l.matches("\\| \\d.*"))).hasSize(15);
    assertThat(out.toString()).containsPattern("\nOf 15 cells \\d+ are kept");
    assertThat(Files.readString(report))
        .startsWith("# How many false incidents open\n\n`bin/prunella-train promise --weeks=100 ")
        .endsWith(out.toString());
  }

  @Test
  void promise_tooFewWeeks_isRefused() {
    assertThat(run("promise", "--weeks=3", "drawn")).isEqualTo(2);
    assertThat(err.toString()).contains("--weeks is 3, wanted 100 to 1000000");
  }
}
