package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.demo.WriteEncoder;
import io.prunella.incident.Incident;
import io.prunella.series.Labels;
import io.prunella.server.Hindsight.Cause;
import io.prunella.server.Hindsight.Outcome;
import io.prunella.server.Hindsight.Raised;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would have been raised, beside what a server raises. */
class HindsightTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  private static final int STEP = 15; // seconds
  private static final int STEPS = 4 * 3600 / STEP;
  private static final int FAULT = 2 * 3600 / STEP;
  private static final int FULL = 3 * 3600 / STEP;

  @TempDir Path folder;

  private final Map<Labels, PastSeries> past = new TreeMap<>();

  private static Instant at(int step) {
    return BEGIN.plusSeconds((long) (step + 1) * STEP);
  }

  private void add(int step, String metric, String job, double value, String... more) {
    var labels = new TreeMap<String, String>();
    labels.put("__name__", metric);
    labels.put("job", job);
    labels.put("instance", job + "-1");
    for (int i = 0; i < more.length; i += 2) labels.put(more[i], more[i + 1]);
    past.computeIfAbsent(Labels.of(labels), PastSeries::new).add(at(step).toEpochMilli(), value);
  }

  /** Four hours of three services: one fails after two of them, of one the disk fills later. */
  private void fill() {
    var random = new Random(3);
    for (String job : List.of("cart", "mail", "pay")) {
      double good = 0;
      double bad = 0;
      double sum = 0;
      for (int step = 0; step < STEPS; step++) {
        boolean isFault = job.equals("cart") && step >= FAULT && step < FAULT + 60;
        boolean isFull = job.equals("mail") && step >= FULL && step < FULL + 60;
        double requests = 1500 * (1 + 0.05 * random.nextGaussian());
        double failed = requests * (isFault ? 0.4 : 0.002 + 0.001 * random.nextDouble());
        good += requests - failed;
        bad += failed;
        sum += requests * 0.05 * (1 + 0.1 * random.nextGaussian()) * (isFault ? 12 : 1);
        add(step, "http_requests_total", job, good, "code", "200");
        add(step, "http_requests_total", job, bad, "code", "500");
        add(step, "http_request_duration_seconds_sum", job, sum);
        add(step, "http_request_duration_seconds_count", job, good + bad);
        add(step, "process_open_fds", job, isFull ? 995 : 200 + 5 * random.nextDouble());
        add(step, "process_max_fds", job, 1000);
      }
    }
  }

  private List<PastSeries> window(Instant after, Instant to) {
    var window = new ArrayList<PastSeries>();
    for (PastSeries all : past.values()) {
      var part = new PastSeries(all.labels());
      for (int i = 0; i < all.size(); i++) {
        boolean isIn = all.timeMs(i) > after.toEpochMilli() && all.timeMs(i) <= to.toEpochMilli();
        if (isIn) part.add(all.timeMs(i), all.value(i));
      }
      if (part.size() > 0) window.add(part);
    }
    return window;
  }

  private Hindsight hindsight(Instant from, long seed, Double... knob) {
    var file = new ConfigFile(Config.DEFAULTS, folder);
    return new Hindsight(file, List.of(knob), from, seed, _ -> null);
  }

  private List<Outcome> outcomes(Hindsight hindsight, int seconds, Instant end) {
    for (Instant at = BEGIN; at.isBefore(end); ) {
      Instant to = at.plusSeconds(seconds).isBefore(end) ? at.plusSeconds(seconds) : end;
      hindsight.take(window(at, to), to);
      at = to;
    }
    return hindsight.outcomes();
  }

  private List<Outcome> outcomes(Instant from, int seconds, long seed, Double... knob) {
    try (var hindsight = hindsight(from, seed, knob)) {
      return outcomes(hindsight, seconds, at(STEPS - 1));
    }
  }

  /** Lets a whole server see the same, as it comes, and answers its incidents. */
  private List<Incident> served() throws Exception {
    String config = "watch: {shards: 1, delivery: settled}";
    try (var served = new ServedWorld(folder, config, BEGIN, List.of(), Map.of())) {
      var encoder = new WriteEncoder();
      for (int step = 0; step < STEPS; step++) {
        for (PastSeries one : past.values()) {
          encoder.add(WriteEncoder.labels(one.labels()), one.timeMs(step), one.value(step));
        }
        served.at(at(step), encoder);
      }
      return List.copyOf(served.state().incidents().values());
    }
  }

  @Test
  void outcome_beside_a_server_isWhatTheServerHasRaised() throws Exception {
    fill();
    List<Incident> served = served();
    assertThat(served).hasSizeGreaterThanOrEqualTo(2);
    List<Raised> raised = outcomes(BEGIN, 3600, 1, 1.0).getFirst().raised();
    assertThat(raised).hasSameSizeAs(served);
    for (int i = 0; i < served.size(); i++) {
      Raised seen = raised.get(i);
      Incident wanted = served.get(i);
      assertThat(seen.openedAt()).isEqualTo(wanted.openedAt());
      assertThat(seen.endedAt()).isEqualTo(wanted.resolvedAt());
      assertThat(seen.services()).containsExactlyElementsOf(wanted.services());
      assertThat(seen.severity()).isEqualToIgnoringCase(wanted.severity().name());
    }
    assertThat(raised.getFirst().title()).startsWith("cart: ");
  }

  @Test
  void outcome_eachSetting_asIfItWereAlone() {
    fill();
    var together = outcomes(BEGIN, 3600, 1, 0.05, 1.0, 20.0);
    assertThat(together).extracting(Outcome::perWeek).containsExactly(0.05, 1.0, 20.0);
    for (Outcome one : together) {
      assertThat(outcomes(BEGIN, 3600, 1, one.perWeek())).containsExactly(one);
      assertThat(one.raised())
          .filteredOn(r -> r.cause() == Cause.LIMIT)
          .singleElement()
          .satisfies(limit -> {
            assertThat(limit.services()).containsExactly("mail");
            assertThat(limit.peak()).isZero();
          });
    }
    var cart = together.getFirst().raised().getFirst();
    assertThat(cart.cause()).isEqualTo(Cause.SURPRISE);
    assertThat(cart.peak()).isGreaterThan(cart.level());
    assertThat(together.getFirst().level()).isGreaterThan(together.getLast().level());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 100, 1000, 20_000})
  void outcome_anyWindowsAndSeed_areTheSame(int seconds) {
    fill();
    assertThat(outcomes(BEGIN, seconds, seconds, 0.1, 10.0))
        .isEqualTo(outcomes(BEGIN, 3600, 1, 0.1, 10.0));
  }

  @Test
  void outcome_openedBeforeItCounts_isNotAmongThem() {
    fill();
    var late = outcomes(at(FAULT + 30), 3600, 1, 1.0).getFirst();
    assertThat(late.openBefore()).isEqualTo(1);
    assertThat(late.opened()).isEqualTo(1);
    assertThat(late.raised()).singleElement().extracting(Raised::cause).isEqualTo(Cause.LIMIT);
    var later = outcomes(at(FULL - 10), 3600, 1, 1.0).getFirst();
    assertThat(later.openBefore()).as("it has ended").isZero();
  }

  @Test
  void outcome_targetThatGoes_isNotSilent() {
    // A Prometheus says so by stale markers, which its API keeps to itself.
    fill();
    past.values().removeIf(one -> !"cart".equals(one.labels().get("job")));
    var cart = window(BEGIN, at(FAULT - 1));
    past.clear();
    fill();
    past.values().removeIf(one -> "cart".equals(one.labels().get("job")));
    cart.forEach(one -> past.put(one.labels(), one));
    assertThat(outcomes(BEGIN, 3600, 1, 1000.0).getFirst().raised())
        .extracting(Raised::cause)
        .containsOnly(Cause.LIMIT);
  }

  @Test
  void outcome_nothingForAnHour_isNobodysIncidentAndNotWatched() {
    var rates = new ArrayList<Double>();
    for (boolean isAway : List.of(false, true)) {
      past.clear();
      var random = new Random(6);
      for (int step = 0; step < STEPS; step++) {
        if (isAway && step > FAULT && step < FULL) continue;
        for (int copy = 0; copy < 3; copy++) {
          add(step, "queue_depth", "shop", 20 + random.nextGaussian(), "pod", "shop-" + copy);
        }
      }
      var outcome = outcomes(BEGIN, 3600, 1, 1.0).getFirst();
      assertThat(outcome.raised()).isEmpty();
      rates.add(outcome.candidatesPerWeek());
    }
    assertThat(rates.getLast()).as("as many in fewer weeks").isGreaterThan(rates.getFirst());
  }

  @Test
  void take_tooManySeries_isCountedAndTold() {
    for (int copy = 0; copy < 5; copy++) add(0, "queue_depth", "shop", 1, "pod", "shop-" + copy);
    var file = new ConfigFile(ConfigFile.parse("c", "watch: {series-max: 3}"), folder);
    try (var hindsight = new Hindsight(file, List.of(1.0), BEGIN, 1, _ -> null)) {
      hindsight.take(window(BEGIN, at(1)), at(1));
      assertThat(hindsight.refused()).isEqualTo(2);
      assertThat(hindsight.refusal()).contains("queue_depth", "is one series more than 3");
      assertThat(hindsight.samples()).isEqualTo(3);
      assertThat(hindsight.since()).isEqualTo(at(0));
    }
  }

  @Test
  void take_twoReplicas_areOne() {
    var random = new Random(7);
    for (int step = 0; step < 40; step++) {
      double value = random.nextDouble();
      for (String replica : List.of("a", "b")) {
        if (replica.equals("b") && step < 20) continue;
        add(step, "queue_depth", "shop", value, "cluster", "eu", "replica", replica);
      }
    }
    var config = ConfigFile.parse("c", "ingest: {ha: {replica-label: replica}}");
    try (var hindsight =
        new Hindsight(new ConfigFile(config, folder), List.of(1.0), BEGIN, 1, _ -> null)) {
      hindsight.take(window(BEGIN, at(STEPS)), at(STEPS));
      assertThat(hindsight.series()).isEqualTo(1);
      assertThat(hindsight.samples()).isEqualTo(40);
      assertThat(hindsight.refused()).isZero();
    }
  }

  @Test
  void knob_noneOrOutside_isRefused() {
    assertThatThrownBy(() -> hindsight(BEGIN, 1))
        .hasMessage("0 settings of the knob, wanted 1 to 100");
    assertThatThrownBy(() -> hindsight(BEGIN, 1, 0.0))
        .hasMessageContaining("0.0 false incidents a week are asked for, wanted 0.01 to 1000");
  }
}
