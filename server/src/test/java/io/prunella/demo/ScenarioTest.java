package io.prunella.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioTest {
  private static final long BEGIN = Stepper.BEGIN.toEpochMilli();

  static List<Scenario> all() {
    return Scenario.ALL;
  }

  @Test
  void all_byName_areThereOnceAndOneForEachPattern() {
    assertThat(Scenario.ALL).extracting(Scenario::name).doesNotHaveDuplicates();
    assertThat(Scenario.ALL)
        .extracting(Scenario::name)
        .contains(
            "cache-full",
            "crash-loop",
            "disk-filling",
            "load-surge",
            "memory-leak",
            "bad-deploy",
            "dependency-outage");
    assertThat(Scenario.ALL).extracting(Scenario::end).contains(Scenario.End.values());
  }

  @Test
  void all_byCulprit_strikeServicesThatThereAre() {
    var services = new HashSet<>(Company.SERVICES.stream().map(Spec::name).toList());
    assertThat(Scenario.ALL).allMatch(s -> services.contains(s.culprit()));
  }

  @Test
  void named_ofAnUnknownName_isEmpty() {
    assertThat(Scenario.named("cache-ful")).isEmpty();
    assertThat(Scenario.names()).contains("cache-full, load-surge");
  }

  @ParameterizedTest
  @MethodSource("all")
  void fault_whenPeopleMendIt_isOverWithinMinutes(Scenario scenario) {
    var world = new World(7, BEGIN);
    step(world, 2);
    scenario.fault().begin(world);
    double minutes = 0;
    for (; minutes < 6; minutes += .25) {
      step(world, .25);
      scenario.fault().go(world, minutes);
      assertThat(scenario.fault().over(world, minutes))
          .as("%s after %s min", scenario.name(), minutes)
          .isFalse();
    }
    scenario.fault().mend(world);
    step(world, 8);
    assertThat(scenario.fault().over(world, scenario.lastingMinutes() + 14)).isTrue();
    assertThat(world.service(scenario.culprit()).errors).isLessThan(.01);
  }

  @Test
  void schedule_ofOneScenario_causesItFourMinutesInAndNeverAgain() {
    var world = new World(7, BEGIN);
    var schedule = new Schedule(world, Scenario.named("cache-full").orElseThrow(), BEGIN);
    step(world, schedule, 3.75);
    assertThat(schedule.caused()).isEmpty();
    step(world, schedule, .25);
    assertThat(schedule.caused()).hasSize(1);
    assertThat(schedule.caused().getFirst().begunMs).isEqualTo(BEGIN + 4 * 60_000);
    new FleetActions(world)
        .run(new FleetActions.Request("k", "lantern-cache", "trim", java.util.Map.of()));
    step(world, schedule, 60);
    assertThat(schedule.caused()).hasSize(1);
    assertThat(schedule.caused().getFirst().overMs).isPositive();
  }

  @Test
  void schedule_onTour_causesOneAfterAnotherWithCalmBetween() {
    var world = new World(7, BEGIN);
    var schedule = new Schedule(world, null, BEGIN);
    step(world, schedule, 4 * 60);
    var caused = schedule.caused();
    assertThat(caused).hasSizeGreaterThan(2);
    for (int i = 1; i < caused.size(); i++) {
      assertThat(caused.get(i).begunMs)
          .as("%s after %s", caused.get(i).scenario.name(), caused.get(i - 1).scenario.name())
          .isGreaterThanOrEqualTo(caused.get(i - 1).overMs + 14 * 60_000);
    }
  }

  @Test
  void cause_whileTheServiceSuffersAlready_saysWhyNot() {
    var world = new World(7, BEGIN);
    var schedule = new Schedule(world, null, BEGIN);
    var leak = Scenario.named("memory-leak").orElseThrow();
    assertThat(schedule.cause(leak)).isNull();
    assertThat(schedule.cause(leak)).isEqualTo("memory-leak is still at work on consignee");
    assertThat(schedule.cause(Scenario.named("load-surge").orElseThrow())).isNull();
  }

  private static void step(World world, double minutes) {
    for (int i = 0; i < minutes * 4; i++) world.step(world.nowMs() + 15_000);
  }

  private static void step(World world, Schedule schedule, double minutes) {
    for (int i = 0; i < minutes * 4; i++) {
      world.step(world.nowMs() + 15_000);
      schedule.step();
    }
  }
}
