package io.prunella.incident;

// Long because: each rule of grouping has its cases here, and they share one rig.
import static io.prunella.signal.Direction.DOWN;
import static io.prunella.signal.Direction.UP;
import static io.prunella.signal.Signal.CPU;
import static io.prunella.signal.Signal.DISK;
import static io.prunella.signal.Signal.ERRORS;
import static io.prunella.signal.Signal.LATENCY;
import static io.prunella.signal.Signal.MEMORY;
import static io.prunella.signal.Signal.NETWORK;
import static io.prunella.signal.Signal.OTHER;
import static io.prunella.signal.Signal.POOL;
import static io.prunella.signal.Signal.TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.IncidentFact.ChangeSeen;
import io.prunella.incident.IncidentFact.IncidentDiagnosed;
import io.prunella.incident.IncidentFact.IncidentResolved;
import io.prunella.incident.IncidentFact.SymptomsChanged;
import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {
  private final Table table = new Table();

  @Test
  void decide_memoryNearItsLimit_opensAtOnceWithTitle() {
    table.turn(table.headroom("redis-cart", MEMORY, 0.93));
    assertThat(table.only().title()).isEqualTo("redis-cart: memory 93 % of its limit");
    assertThat(table.only().id()).isEqualTo("INC-1");
    assertThat(table.only().severity()).isEqualTo(Incident.Severity.WARNING);
  }

  @Test
  void decide_failedChecks_opensAtOnceAsCritical() {
    table.turn(table.failedChecks("cart"));
    assertThat(table.only().severity()).isEqualTo(Incident.Severity.CRITICAL);
  }

  @Test
  void decide_exhaustion_opensOnceItIsPredictedForAWhile() {
    table.turn(table.limit("logs", DISK, Shape.EXHAUSTION, 0.7, "full in 2 h"));
    assertThat(table.journal).isEmpty();
    table.passes(60);
    assertThat(table.only().title()).isEqualTo("logs: disk full in 2 h");
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3} s → {4}")
  @CsvSource({
    "LATENCY UP, ERRORS UP, '', 75, true",
    "LATENCY UP, CPU UP, '', 75, true",
    "LATENCY UP, '', '', 75, false",
    "LATENCY UP, '', '', 195, true",
    "TRAFFIC UP, CPU UP, LATENCY UP, 75, true",
    "TRAFFIC UP, CPU UP, '', 3600, false",
    "CPU UP, MEMORY UP, '', 3600, false",
    "CPU UP, MEMORY UP, NETWORK UP, 285, false",
    "CPU UP, MEMORY UP, NETWORK UP, 315, true",
    "LATENCY DOWN, ERRORS DOWN, CPU DOWN, 3600, false",
    "OTHER UP, '', '', 3600, false",
    "CPU UP, '', '', 3600, false",
    "OTHER UP, '', '', 5300, false",
  })
  void decide_surprises_openOnlyWhenTheyAgreeAndLast(
      String a, String b, String c, long seconds, boolean opens) {
    var words = new ArrayList<Symptom>();
    for (String signal : new String[] {a, b, c}) {
      if (signal.isEmpty()) continue;
      var parts = signal.split(" ");
      words.add(table.surprise("cart", Signal.valueOf(parts[0]), Direction.valueOf(parts[1]), "0"));
    }
    table.turn(words, List.of());
    table.passes(seconds);
    assertThat(table.incidents.open().isEmpty()).isEqualTo(!opens);
  }

  @Test
  void decide_oneGaugeFarOff_opensOnlyAfterNinetyMinutes() {
    var gauge = table.surprise("cart", OTHER, UP, "gauge", 12, 8);
    table.turn(gauge);
    for (int i = 0; i < 9; i++) {
      assertThat(table.journal).isEmpty();
      table.passes(600);
      table.turn(table.grown(gauge, gauge.value(), gauge.surprise()));
    }
    assertThat(table.only().title()).contains("other_gauge");
  }

  @Test
  void decide_weakWobbles_openNothing() {
    table.turn(
        List.of(
            table.surprise("cart", LATENCY, UP, "0", 8, 1.1),
            table.surprise("cart", CPU, UP, "0", 9, 1.2),
            table.surprise("cart", OTHER, UP, "0", 9, 1.2)),
        List.of());
    table.passes(3_600);
    assertThat(table.journal).isEmpty();
  }

  @Test
  void decide_breakInBetween_waitsAnew() {
    var latency = table.up("cart", LATENCY);
    var errors = table.up("cart", ERRORS);
    table.turn(latency, errors);
    table.passes(45);
    table.turn(table.over(latency), table.over(errors));
    table.passes(60);
    table.turn(table.up("cart", LATENCY), table.up("cart", ERRORS));
    table.passes(45);
    assertThat(table.journal).isEmpty();
    table.passes(30);
    assertThat(table.incidents.open()).hasSize(1);
  }

  @Test
  void decide_callersOfABrokenDependency_joinItsIncident() {
    table.calls("front", "cart").calls("cart", "db").calls("other", "thing");
    table.turn(table.failedChecks("db"));
    table.at = table.at.plusSeconds(30);
    table.turn(table.up("cart", ERRORS), table.up("cart", LATENCY));
    table.passes(30);
    table.turn(table.up("front", LATENCY), table.up("other", LATENCY), table.up("other", ERRORS));
    table.passes(75);
    assertThat(table.incidents.open()).hasSize(2);
    assertThat(table.of("INC-1"))
        .extracting(Incident::services)
        .isEqualTo(java.util.Set.of("db", "cart", "front"));
    assertThat(table.of("INC-2"))
        .extracting(Incident::services)
        .isEqualTo(java.util.Set.of("other"));
    assertThat(table.of("INC-1").title())
        .isEqualTo("db: health check 3 checks in a row failed, and 3 more signals in 3 services");
  }

  @Test
  void decide_culpritIsKnown_theTitleIsAboutIt_whileItSuffers() {
    table.calls("front", "cart");
    var ill = table.up("cart", ERRORS);
    table.turn(ill, table.up("cart", LATENCY));
    table.passes(60);
    table.turn(table.failedChecks("front"));
    table.passes(60);
    assertThat(table.only().title()).startsWith("front: health check");
    var suspects = List.of(new Suspect("cart", 9, "nothing it calls is worse"));
    var incident = table.only();
    table.incidents =
        table.incidents.apply(
            new IncidentDiagnosed(
                table.at, incident.id(), incident.revision(), suspects, List.of()));
    table.turn(table.grown(ill, 90, 60));
    table.passes(60);
    assertThat(table.only().title()).startsWith("cart: errors ").endsWith("in 2 services");
  }

  @Test
  void decide_onlyTheHarmlessIsLeft_theTitleSaysWhatWasWrong() {
    var errors = table.up("cart", ERRORS);
    var latency = table.up("cart", LATENCY);
    var memory = table.up("cart", MEMORY);
    table.turn(errors, latency, memory);
    table.passes(60);
    table.turn(table.over(errors));
    table.passes(60);
    assertThat(table.only().title()).startsWith("cart: latency ");
    table.turn(table.over(latency), table.grown(memory, 90, 60));
    table.passes(60);
    assertThat(table.only().symptoms().values()).anyMatch(Symptom::isOpen);
    assertThat(table.only().title()).startsWith("cart: errors ");
  }

  @Test
  void decide_twoThatShareADependency_openOneIncident() {
    table.calls("shop", "paypal").calls("desk", "paypal");
    table.turn(
        table.up("shop", ERRORS),
        table.up("shop", LATENCY),
        table.up("desk", ERRORS),
        table.up("desk", LATENCY));
    table.passes(75);
    assertThat(table.only().services()).containsExactlyInAnyOrder("shop", "desk");
  }

  @Test
  void decide_neighbourLongAfter_opensItsOwn() {
    table.calls("cart", "db");
    table.turn(table.failedChecks("db"));
    table.passes(700);
    table.turn(table.up("cart", ERRORS), table.up("cart", LATENCY));
    table.passes(75);
    assertThat(table.incidents.open()).hasSize(2);
  }

  @Test
  void decide_fullDiskOfACaller_isAnIncidentOfItsOwn() {
    table.calls("cart", "db");
    table.turn(table.failedChecks("db"), table.headroom("cart", DISK, 0.85));
    assertThat(table.incidents.open()).hasSize(2);
  }

  @Test
  void decide_neighboursNoise_doesNotJoin() {
    table.calls("cart", "db");
    table.turn(table.failedChecks("db"), table.surprise("cart", CPU, UP, "0", 9, 1.1));
    table.passes(60);
    assertThat(table.only().services()).containsExactly("db");
  }

  @Test
  void decide_sameWordAgain_tellsNothing() {
    var memory = table.headroom("redis", MEMORY, 0.93);
    table.turn(memory);
    for (int i = 0; i < 100; i++) {
      table.at = table.at.plusSeconds(15);
      table.turn(table.grown(memory, 0.93 + i * 0.0001, 0));
    }
    assertThat(table.journal).hasSize(1);
  }

  @Test
  void decide_peakGrows_isTold() {
    var memory = table.headroom("redis", MEMORY, 0.90);
    table.turn(memory);
    table.at = table.at.plusSeconds(60);
    var facts = table.turn(table.grown(memory, 0.96, 0));
    assertThat(facts).singleElement().isInstanceOf(SymptomsChanged.class);
    assertThat(table.only().revision()).isEqualTo(2);
    assertThat(table.only().symptoms().values()).extracting(Symptom::value).containsExactly(0.96);
  }

  @Test
  void decide_flapping_isToldTogetherAndNotLost() {
    table.turn(table.headroom("redis", MEMORY, 0.93));
    for (int i = 0; i < 15; i++) {
      table.at = table.at.plusSeconds(1);
      table.turn(table.surprise("redis", CPU, UP, "s" + i));
    }
    assertThat(Table.kinds(table.journal).get(SymptomsChanged.class)).isEqualTo(1L);
    assertThat(table.only().symptoms()).hasSize(16);
  }

  @Test
  void decide_newLimit_isToldAtOnce() {
    table.turn(table.headroom("redis", MEMORY, 0.93));
    table.at = table.at.plusSeconds(1);
    assertThat(table.turn(table.failedChecks("redis"))).hasSize(1);
    assertThat(table.only().severity()).isEqualTo(Incident.Severity.CRITICAL);
  }

  @Test
  void decide_allOver_resolvesAfterQuiet() {
    var memory = table.headroom("redis", MEMORY, 0.93);
    table.turn(memory);
    table.passes(300);
    table.turn(table.over(memory));
    assertThat(table.passes(105)).noneMatch(f -> f instanceof IncidentResolved);
    assertThat(table.passes(15)).singleElement().isInstanceOf(IncidentResolved.class);
    assertThat(table.incidents.open()).isEmpty();
    assertThat(table.of("INC-1").resolution())
        .startsWith("all 1 symptoms are over since 2026-03-02T09:05");
  }

  @Test
  void decide_moreTrafficThanUsualAfterARepair_resolvesAndDoesNotComeBack() {
    var latency = table.up("cart", LATENCY);
    var cpu = table.up("cart", CPU);
    table.turn(
        table.up("cart", TRAFFIC),
        latency,
        cpu,
        table.up("cart", NETWORK),
        table.up("cart", MEMORY));
    table.passes(120);
    assertThat(table.incidents.open()).hasSize(1);
    table.turn(table.over(latency));
    table.passes(150);
    assertThat(table.incidents.open()).isEmpty();
    assertThat(table.of("INC-1").resolution()).contains("the rest does no harm");
    table.passes(1_800);
    assertThat(table.incidents.byId()).hasSize(1);
  }

  @Test
  void decide_leftOverGetsMuchWorse_opensAgain() {
    var latency = table.up("cart", LATENCY);
    var cpu = table.surprise("cart", CPU, UP, "0", 11, 2);
    table.turn(latency, cpu, table.up("cart", TRAFFIC));
    table.passes(120);
    table.turn(table.over(latency));
    table.passes(150);
    table.turn(table.grown(cpu, 20, 25), table.up("cart", LATENCY));
    table.passes(75);
    assertThat(table.only().id()).isEqualTo("INC-2");
  }

  @Test
  void decide_steadyLimitToldOnce_staysOpen() {
    table.turn(table.failedChecks("cart"));
    table.passes(6 * 3_600);
    assertThat(table.incidents.open()).hasSize(1);
  }

  @Test
  void decide_exhaustionEndsAboveHeadroom_staysOpen() {
    var soon = table.limit("redis", MEMORY, Shape.EXHAUSTION, 0.93, "full in 10 min");
    table.turn(soon, table.headroom("redis", MEMORY, 0.93));
    table.passes(60);
    table.turn(table.over(soon));
    table.passes(600);
    assertThat(table.incidents.open()).hasSize(1);
  }

  @Test
  void decide_nothingHeardForADay_endsAndResolves() {
    table.turn(table.headroom("redis", MEMORY, 0.93));
    table.passes(24 * 3_600 + 60);
    assertThat(table.incidents.open()).isEmpty();
    assertThat(table.of("INC-1").symptoms().values())
        .allSatisfy(
            s -> assertThat(s.reason()).endsWith("(not heard of since: its series has gone)"));
  }

  @Test
  void decide_toldAnewAfterARestart_staysOpen() {
    var memory = table.headroom("redis", MEMORY, 0.93);
    table.turn(memory);
    table.pending = Pending.EMPTY; // the process was killed
    table.at = table.at.plusSeconds(7_200);
    assertThat(table.turn()).as("not over only because the server was").isEmpty();
    table.turn(table.headroom("redis", MEMORY, 0.93));
    table.passes(3_600);
    assertThat(table.incidents.open()).hasSize(1);
  }

  @Test
  void decide_limitOverWhileTheServerWasDown_resolvesAfterAWhile() {
    table.turn(table.headroom("redis", MEMORY, 0.93));
    table.pending = Pending.EMPTY; // the process was killed
    table.at = table.at.plusSeconds(300);
    table.turn();
    table.passes(540);
    assertThat(table.incidents.open()).hasSize(1);
    table.passes(90);
    assertThat(table.incidents.open()).isEmpty();
  }

  @Test
  void decide_backSoon_saysAgain() {
    var memory = table.headroom("redis", MEMORY, 0.93);
    table.turn(memory);
    table.at = table.at.plusSeconds(60);
    table.turn(table.over(memory));
    table.passes(135);
    table.passes(420);
    table.turn(table.headroom("redis", MEMORY, 0.94));
    assertThat(table.only().title())
        .isEqualTo("redis: memory 94 % of its limit, again, 7 min after INC-1");
  }

  @Test
  void decide_deployBeforeOnset_isSeen() {
    table.calls("cart", "db");
    var deploy = new Change("cart", "deploy", table.ms() - 240_000, "v1 → v2");
    var callee = new Change("db", "config", table.ms() - 240_000, "");
    var stranger = new Change("mail", "deploy", table.ms() - 240_000, "");
    var old = new Change("cart", "deploy", table.ms() - 5_400_000, "v0 → v1");
    table.turn(List.of(), List.of(deploy, callee, stranger, old));
    table.passes(60);
    table.turn(table.failedChecks("cart"));
    assertThat(table.only().changes()).containsExactlyInAnyOrder(deploy, callee);
    table.passes(300);
    assertThat(Table.kinds(table.journal).get(ChangeSeen.class)).isEqualTo(2L);
  }

  @Test
  void decide_manySymptomsOfOneSignal_keepsTheWeakOneOfAnother() {
    var words = new ArrayList<Symptom>();
    for (int i = 0; i < 300; i++)
      words.add(table.surprise("cart", LATENCY, UP, "s" + i, 10 + i / 100.0, 4));
    words.add(table.surprise("cart", ERRORS, UP, "weak", 6, 4));
    table.turn(words, List.of());
    table.passes(75);
    assertThat(table.only().symptoms()).hasSize(Incidents.SYMPTOMS_MAX);
    assertThat(table.only().symptoms().values()).anyMatch(s -> s.signal() == ERRORS);
  }

  @Test
  void decide_manySymptoms_keepsTheStrongestAndSaysHowManyNot() {
    var words = new ArrayList<Symptom>();
    for (int i = 0; i < 300; i++)
      words.add(
          table.surprise("cart", i % 2 == 0 ? LATENCY : ERRORS, UP, "s" + i, 10 + i / 100.0, 4));
    table.turn(words, List.of());
    table.passes(75);
    assertThat(table.only().symptoms()).hasSize(Incidents.SYMPTOMS_MAX);
    assertThat(table.only().title()).contains("(100 more symptoms than are kept)");
    table.passes(600);
    assertThat(table.journal).as("what is left out is not told again and again").hasSize(1);
  }

  @Test
  void decide_tooManyOpen_waitAndAreCounted() {
    var words = new ArrayList<Symptom>();
    for (int i = 0; i < 150; i++) words.add(table.failedChecks("s" + i));
    table.turn(words, List.of());
    assertThat(table.incidents.open()).hasSize(100);
    assertThat(table.pending.heldBack()).isEqualTo(50);
    table.at = table.at.plusSeconds(15);
    var served =
        words.stream()
            .filter(w ->
                table.incidents.open().stream().anyMatch(i -> i.services().contains(w.service())));
    table.turn(served.limit(75).map(table::over).toList(), List.of());
    table.passes(150);
    assertThat(table.pending.heldBack()).isZero();
    assertThat(table.incidents.opened()).isEqualTo(150);
  }

  @Test
  void decide_tooManyWords_forgetsTheWeakest() {
    var small = new Table(config(200));
    var words = new ArrayList<Symptom>();
    for (int i = 0; i < 500; i++) words.add(small.surprise("s" + i, CPU, UP, "0", i / 100.0, 1));
    small.turn(words, List.of());
    assertThat(small.pending.size()).isEqualTo(200);
    assertThat(small.pending.forgotten()).isEqualTo(300);
    small.turn(small.failedChecks("s1"));
    assertThat(small.incidents.open()).as("what matters still comes through").hasSize(1);
  }

  @Test
  void decide_lateWord_isIgnored() {
    var memory = table.headroom("redis", MEMORY, 0.93);
    table.turn(memory);
    table.at = table.at.plusSeconds(60);
    var over = table.over(memory);
    table.turn(over);
    table.turn(memory);
    assertThat(table.only().symptoms().values()).containsExactly(over);
  }

  @Test
  void config_calmAboveHarm_isRefused() {
    assertThatThrownBy(() -> config(1))
        .hasMessageContaining("grouping.words-max is 1.0, wanted at least 100.0");
  }

  @Test
  void decide_poolDownAndErrorsDown_isNoHarm() {
    table.turn(table.surprise("cart", POOL, DOWN, "0"), table.surprise("cart", ERRORS, DOWN, "0"));
    table.passes(600);
    assertThat(table.journal).isEmpty();
  }

  private static GroupingConfig config(int wordsMax) {
    var d = GroupingConfig.DEFAULTS;
    return new GroupingConfig(
        d.harmPoints(),
        d.harmFor(),
        d.lonePoints(),
        d.loneFor(),
        d.busyPoints(),
        d.busyFor(),
        d.oddFor(),
        d.exhaustionFor(),
        d.lingerFor(),
        d.joinPoints(),
        d.joinWithin(),
        d.joinMax(),
        d.calmPoints(),
        d.quietFor(),
        d.goneAfter(),
        d.limitsToldWithin(),
        d.surprisesToldWithin(),
        d.againWithin(),
        d.changesFor(),
        Duration.ofSeconds(15),
        d.openMax(),
        wordsMax);
  }
}
