package io.prunella.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldTest {
  private static final long BEGIN = Stepper.BEGIN.toEpochMilli();

  private final World world = new World(7, BEGIN);
  private final WriteEncoder encoder = new WriteEncoder();

  private List<WriteBodies.Sample> scrape() throws IOException {
    var unused = world.scrape(encoder);
    return WriteBodies.read(encoder.take());
  }

  private void minutes(double minutes) {
    for (int i = 0; i < minutes * 4; i++) world.step(world.nowMs() + 15_000);
  }

  private void minutes(Fault fault, double minutes) {
    double after = 0;
    for (int i = 0; i < minutes * 4; i++) {
      world.step(world.nowMs() + 15_000);
      after += .25;
      fault.go(world, after);
      var unused = fault.over(world, after);
    }
  }

  private double sum(String metric, Predicate<Map<String, String>> which) throws IOException {
    return scrape().stream()
        .filter(s -> s.metric().equals(metric) && which.test(s.labels()) && !s.isStale())
        .mapToDouble(WriteBodies.Sample::value)
        .sum();
  }

  private static boolean has(Map<String, String> labels, String name, String prefix) {
    return labels.getOrDefault(name, "").startsWith(prefix);
  }

  @Test
  void scrape_ofTheWholeFleet_isSomeThousandSeriesEachOnce() throws IOException {
    minutes(1);
    var samples = scrape();
    var distinct = new HashSet<Map<String, String>>();
    for (var s : samples) assertThat(distinct.add(s.labels())).as("%s", s.labels()).isTrue();
    assertThat(samples).hasSizeBetween(2_000, 4_000).hasSize(world.seriesCount());
    assertThat(samples)
        .allMatch(s -> s.timeMs() == world.nowMs())
        .noneMatch(WriteBodies.Sample::isStale);
    assertThat(samples).allMatch(s -> Double.isFinite(s.value()), "finite");
    assertThat(samples.stream().map(s -> s.labels().getOrDefault("service", "")))
        .contains("waybill", "lantern-cache", "ledgerbase", "scrollbox", "tariffs");
  }

  @Test
  void step_whenQuiet_keepsEveryCounterFromFalling() throws IOException {
    minutes(1);
    var before = new java.util.HashMap<Map<String, String>, Double>();
    for (var s : scrape()) before.put(s.labels(), s.value());
    minutes(2);
    assertThat(scrape())
        // pg_locks_count and pg_stat_activity_count are gauges, whatever their names say.
        .filteredOn(s -> s.metric().matches("(?!pg_).*(_total|_count|_sum)"))
        .isNotEmpty()
        .allSatisfy(s ->
            assertThat(s.value())
                .as("%s", s.labels())
                .isGreaterThanOrEqualTo(before.getOrDefault(s.labels(), -1.0)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, true", "1, 2, false"})
  void scrape_bySeed_givesTheSameBytesOrNot(long one, long other, boolean same) throws Exception {
    assertThat(digest(one).equals(digest(other))).isEqualTo(same);
  }

  /** Half an hour with a fault and an action in it. */
  private static String digest(long seed) throws Exception {
    var world = new World(seed, BEGIN);
    var encoder = new WriteEncoder();
    var actions = new FleetActions(world);
    var digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 120; i++) {
      world.step(world.nowMs() + 15_000);
      if (i == 20) new Faults.Leak("consignee").begin(world);
      if (i == 60) actions.run(new FleetActions.Request("k", "consignee", "restart", Map.of()));
      var unused = world.scrape(encoder);
      for (byte[] body : encoder.take()) digest.update(body);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void scale_underASurge_lowersLatency() {
    minutes(5);
    var tariffs = world.service("tariffs");
    double calm = tariffs.latency;
    var surge = new Faults.Surge("tariffs", 1.75, 60, false);
    surge.begin(world);
    minutes(surge, 8);
    double surged = tariffs.latency;
    tariffs.scale(10);
    minutes(surge, 4);
    assertThat(surged).isGreaterThan(1.7 * calm);
    assertThat(tariffs.latency).isLessThan(1.35 * calm);
    assertThat(tariffs.readyCount()).isEqualTo(10);
  }

  @Test
  void scale_whenSomethingElseIsShort_doesNotHelp() {
    var yardcam = world.service("yardcam");
    minutes(5);
    double calm = yardcam.latency;
    var surge = new Faults.Surge("yardcam", 1.5, 60, true);
    surge.begin(world);
    minutes(surge, 8);
    yardcam.scale(10);
    minutes(surge, 4);
    assertThat(yardcam.latency).isGreaterThan(2 * calm);
  }

  @Test
  void scale_in_marksTheSeriesOfWhatLeftAsStaleOnce() throws IOException {
    minutes(1);
    var unused = scrape();
    world.service("milepost").scale(7);
    minutes(.25);
    assertThat(
            scrape().stream()
                .filter(WriteBodies.Sample::isStale)
                .map(s -> s.labels().get("pod"))
                .distinct())
        .hasSize(1);
    minutes(.25);
    assertThat(scrape()).noneMatch(WriteBodies.Sample::isStale);
  }

  @Test
  void leak_untilRestart_growsAndThenIsGone() throws IOException {
    var leak = new Faults.Leak("consignee");
    minutes(5);
    double calm = sum("container_memory_working_set_bytes", l -> has(l, "pod", "consignee"));
    leak.begin(world);
    minutes(15);
    double leaked = sum("container_memory_working_set_bytes", l -> has(l, "pod", "consignee"));
    assertThat(leaked).isGreaterThan(1.15 * calm);
    assertThat(leak.over(world, 15)).isFalse();
    world.service("consignee").restartInTurn();
    minutes(8);
    assertThat(sum("container_memory_working_set_bytes", l -> has(l, "pod", "consignee")))
        .isLessThan(1.1 * calm);
    assertThat(leak.over(world, 23)).isTrue();
    assertThat(world.service("consignee").readyCount()).isEqualTo(6);
  }

  @Test
  void leak_neverMended_endsInKillsForMemory() {
    new Faults.Leak("consignee").begin(world);
    minutes(60);
    assertThat(world.service("consignee").instances).allMatch(i -> i.oomKills > 0);
  }

  @Test
  void restart_ofOneService_resetsItsCountersAndStartTime() throws IOException {
    minutes(2);
    double before = sum("process_start_time_seconds", l -> has(l, "service", "tariffs"));
    double asked = sum("http_server_requests_seconds_count", l -> has(l, "service", "tariffs"));
    world.service("tariffs").restartInTurn();
    minutes(10);
    assertThat(sum("process_start_time_seconds", l -> has(l, "service", "tariffs")))
        .isGreaterThan(before);
    assertThat(sum("http_server_requests_seconds_count", l -> has(l, "service", "tariffs")))
        .isLessThan(asked * 20);
    assertThat(world.service("tariffs").isTurning()).isFalse();
  }

  @Test
  void crashLoop_ofMost_failsTheCallersToo() {
    minutes(5);
    double calm = world.service("sortline").errors;
    new Faults.CrashLoop("depotmap", 4).begin(world);
    minutes(4);
    assertThat(world.service("depotmap").instances).anyMatch(i -> i.restarts >= 2);
    assertThat(world.service("sortline").errors).isGreaterThan(calm + .05);
    assertThat(world.service("milepost").errors).isLessThan(.01);
  }

  @Test
  void outage_ofTheDatabase_isToldByItsExporterAndFailsFourCallers() throws IOException {
    minutes(2);
    new Faults.Outage("ledgerbase").begin(world);
    minutes(2);
    assertThat(sum("pg_up", l -> true)).isZero();
    assertThat(sum("up", l -> has(l, "service", "ledgerbase"))).isEqualTo(4);
    assertThat(world.service("waybill").errors).isGreaterThan(.5);
    assertThat(world.service("gatepost").errors).isGreaterThan(.1);
    assertThat(world.service("tariffs").errors).isLessThan(.01);
    assertThat(sum("hikaricp_connections_pending", l -> has(l, "service", "waybill"))).isPositive();
  }

  @Test
  void keyFlood_untilTrimmed_fillsTheCache() throws IOException {
    var flood = new Faults.KeyFlood("lantern-cache", .04);
    minutes(5);
    flood.begin(world);
    minutes(11);
    double share =
        sum("redis_memory_used_bytes", l -> true) / sum("redis_memory_max_bytes", l -> true);
    assertThat(share).isBetween(.9, 1.01);
    flood.mend(world);
    minutes(1);
    assertThat(sum("redis_memory_used_bytes", l -> true) / sum("redis_memory_max_bytes", l -> true))
        .isLessThan(.7);
  }

  @Test
  void logFlood_untilArchived_fillsOneDisk() throws IOException {
    var flood = new Faults.LogFlood("scrollbox", 2_300);
    minutes(1);
    flood.begin(world);
    minutes(20);
    Predicate<Map<String, String>> disk =
        l -> has(l, "instance", "scrollbox-1") && has(l, "mountpoint", "/var/log");
    assertThat(
            1 - sum("node_filesystem_avail_bytes", disk) / sum("node_filesystem_size_bytes", disk))
        .isGreaterThan(.8);
    for (var i : world.service("scrollbox").instances) {
      if (i.host != null) i.host.archive();
    }
    minutes(1);
    assertThat(
            1 - sum("node_filesystem_avail_bytes", disk) / sum("node_filesystem_size_bytes", disk))
        .isLessThan(.55);
    assertThat(flood.over(world, 21)).isTrue();
  }

  @Test
  void badDeploy_untilRolledBack_failsRequests() throws IOException {
    var deploy = new Faults.BadDeploy("waybill", "2.42.0", .09, 2.6);
    minutes(3);
    deploy.begin(world);
    minutes(deploy, 8);
    assertThat(world.service("waybill").errors).isGreaterThan(.07);
    assertThat(sum("app_build_info", l -> "2.42.0".equals(l.get("version")))).isEqualTo(6);
    world.service("waybill").deploy("2.41.3");
    minutes(deploy, 8);
    assertThat(world.service("waybill").errors).isLessThan(.01);
    assertThat(deploy.over(world, 20)).isTrue();
  }

  @Test
  void seriesOfABuild_afterADeploy_carryTheNewVersion() throws IOException {
    world.service("waybill").deploy("2.42.0");
    minutes(8);
    assertThat(sum("app_build_info", l -> "2.41.3".equals(l.get("version")))).isZero();
  }
}
