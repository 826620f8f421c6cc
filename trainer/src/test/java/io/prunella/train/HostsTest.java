package io.prunella.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prunella.detect.Candidate;
import io.prunella.detect.Siblings;
import io.prunella.model.Card.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostsTest {
  private static final int ROWS = 1200;
  private static final int SERIES = 6;
  private static final int SIBLINGS = Candidate.OF_ANOMALY.indexOf("siblings");
  private static final int OPEN = Candidate.OF_ANOMALY.indexOf("siblings-open");

  /**
   * A host's series: at every 300th row all leap together, which is called odd; halfway between one
   * of them leaps alone, which is not.
   */
  private static List<Labelled> host(String name, int seed, int rows) {
    var all = new ArrayList<Labelled>();
    for (int k = 0; k < SERIES; k++) {
      var random = new Random(31L * seed + k);
      var times = new long[rows];
      var values = new double[rows];
      var odd = new boolean[rows];
      for (int i = 0; i < rows; i++) {
        int place = i % 300;
        odd[i] = i >= 300 && place < 8;
        boolean alone = i >= 300 && place >= 150 && place < 158 && i / 300 % SERIES == k;
        times[i] = i * 60_000L;
        values[i] = 100 + random.nextGaussian() + (odd[i] || alone ? 30 : 0);
      }
      var segments = Labelled.segments(odd);
      all.add(new Labelled(name + "/" + k, times, values, segments, 0, name));
    }
    return all;
  }

  private static List<Seen> seen(List<Labelled> host, Labelled series) {
    return Seen.of(Question.OPENING, "made", 0, series, Hosts.of(host)).seen();
  }

  @Test
  void around_allLeap_andOneLeaps_isToldApart() {
    var host = host("h", 1, ROWS);
    int together = 0;
    int alone = 0;
    for (Labelled series : host) {
      for (Seen one : seen(host, series)) {
        assertThat(one.numbers()).hasSize(Candidate.OF_ANOMALY.size());
        assertThat(one.numbers()[SIBLINGS]).isCloseTo(Math.log1p(SERIES - 1), within(0.04));
        if (one.odd()) together++;
        else if (one.row() % 300 >= 150) alone++;
        if (one.odd()) assertThat(one.numbers()[OPEN]).as("row %d", one.row()).isGreaterThan(0.5);
        else assertThat(one.numbers()[OPEN]).as("row %d", one.row()).isLessThan(0.3);
      }
    }
    assertThat(together).isGreaterThanOrEqualTo(SERIES);
    assertThat(alone).isPositive();
  }

  @Test
  void around_prefix_neverChangesWhenMoreFollows() {
    var whole = host("h", 1, ROWS);
    var part = host("h", 1, 700);
    for (int k = 0; k < SERIES; k++) {
      var some = seen(part, part.get(k));
      var all = seen(whole, whole.get(k));
      assertThat(some).isNotEmpty();
      for (int i = 0; i < some.size(); i++) {
        assertThat(all.get(i).numbers()).isEqualTo(some.get(i).numbers());
      }
    }
  }

  @Test
  void around_aloneInTheWorld_is0() {
    var alone = host("", 1, ROWS).getFirst();
    for (Seen one : seen(List.of(alone), alone)) {
      assertThat(java.util.Arrays.copyOfRange(one.numbers(), SIBLINGS, OPEN + 1)).containsOnly(0);
    }
  }

  @Test
  void of_otherTimes_areRefusedByName() {
    var odd = new ArrayList<>(host("h", 1, 400));
    odd.add(host("h", 2, 500).getFirst());
    assertThatThrownBy(() -> Hosts.of(odd))
        .hasMessageContaining("h/0 has other times than h/0 of the same host");
  }

  @Test
  void oneClass_ofCalmRows_findsWhatIsNone() {
    var calm = new ArrayList<Seen>();
    for (int seed = 1; seed <= 3; seed++) {
      var host = host("h" + seed, seed, ROWS);
      calm.addAll(Hosts.of(host).calm("made", host));
    }
    assertThat(calm).extracting(Seen::group).contains("made/h1", "made/h2", "made/h3");
    assertThat(calm).noneMatch(Seen::odd);
    var oneClass = OneClass.of(calm);
    assertThat(oneClass).isNotNull();
    var other = host("h9", 9, ROWS);
    int from = SIBLINGS;
    var odd = new ArrayList<Double>();
    for (Labelled series : other) {
      for (Seen one : seen(other, series)) {
        var vector =
            java.util.Arrays.copyOfRange(one.numbers(), from, from + Siblings.NAMES.size());
        if (one.odd()) odd.add(oneClass.oddness(vector));
      }
    }
    var usual = Hosts.of(other).calm("made", other).stream().filter(s -> s.row() % 300 == 100);
    double most = usual.mapToDouble(s -> oneClass.oddness(s.numbers())).max().orElseThrow();
    assertThat(odd).isNotEmpty().allMatch(oddness -> oddness > most);
    assertThat(OneClass.of(List.of())).isNull();
  }

  @Test
  void train_hosts_measuresTheOneClassBaselineBesideTheForest() {
    var all = new ArrayList<Seen>();
    var calm = new ArrayList<Seen>();
    for (int seed = 1; seed <= 6; seed++) {
      var host = host("h" + seed, seed, ROWS);
      var hosts = Hosts.of(host);
      calm.addAll(hosts.calm("made", host));
      for (Labelled series : host) {
        all.addAll(Seen.of(Question.OPENING, "made", seed, series, hosts).seen());
      }
    }
    var training =
        new Training(Question.OPENING, all, calm, new Trees(8, 5, 5, 0.5), 3, 7, () -> {});
    assertThat(Double.parseDouble(training.figures().get("auc-one-class-made"))).isGreaterThan(0.9);
    assertThat(Double.parseDouble(training.figures().get("auc-forest-made"))).isGreaterThan(0.95);
  }
}
