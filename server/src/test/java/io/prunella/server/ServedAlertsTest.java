package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.State;
import io.prunella.demo.WriteEncoder;
import io.prunella.remediation.OneCall;
import io.prunella.remediation.Status;
import io.prunella.series.Labels;
import io.prunella.series.StaleMarker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus' own alerts through a whole server: series {@code ALERTS} by remote write over HTTP,
 * up to the step of a runbook that goes by them.
 */
class ServedAlertsTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  private static final int STEP = 15; // seconds
  private static final int FULL = 20; // step from which on the cache is nearly full
  private static final int STEPS = 80;
  private static final String RUNBOOK =
      """
      apiVersion: prunella.io/v1
      kind: Runbook
      metadata: {name: free, version: 1.0.0, mode: auto}
      spec:
        tier: 3
        description: {what: Frees it., whenToUse: It is full., whenNotToUse: Never.}
        match:
          pattern: cache-full
          for: 0s
          minConfidence: 0.1
          alerts: [{labels: {alertname: CacheNearlyFull, job: cache}}]
          notIf: [{labels: {alertname: BackupRuns}}]
        target: {kinds: [test], roles: [cache]}
        preconditions: [{name: full, check: 'share("memory") > 0.9'}]
        steps: [{id: free, action: test.free}]
        verify:
          settle: 0s
          interval: 15s
          consecutiveSuccess: 2
          deadline: 5m
          checks: [{name: freed, check: 'share("memory") < 0.8'}]
        tests:
          - name: refuses without data
            given: {signals: {}}
            expect: {preconditions: inconclusive, because: full}
      """;

  @TempDir Path folder;

  private int freed;

  private final class Free extends OneCall {
    Free() {
      super("test.free", "freed");
    }

    @Override
    protected void called(Call call) {
      freed++;
    }

    @Override
    protected boolean isApplied(Call call) {
      return freed > 0;
    }
  }

  private static byte[] series(String metric, String... more) {
    var labels = new ArrayList<>(List.of("__name__", metric, "job", "cache", "instance", "c:1"));
    labels.addAll(List.of(more));
    return WriteEncoder.labels(Labels.of(labels.toArray(String[]::new)));
  }

  /**
   * What a server does while a cache is full, until it is freed; ended alerts as Prometheus does.
   */
  private State served(Map<String, String> stateOfAlert) throws Exception {
    String config =
        """
        watch: {shards: 2, delivery: settled}
        runbooks: {shipped: false}
        targets: [{service: cache, kind: test, role: cache}]
        """;
    var runbooks = Map.of("free.yaml", RUNBOOK);
    try (var served = new ServedWorld(folder, config, BEGIN, List.of(new Free()), runbooks)) {
      var encoder = new WriteEncoder();
      for (int step = 0; step < STEPS; step++) {
        Instant now = BEGIN.plusSeconds((long) STEP * (step + 1));
        boolean isFull = step >= FULL && freed == 0;
        encoder.add(series("redis_memory_max_bytes"), now.toEpochMilli(), 1e9);
        encoder.add(
            series("redis_memory_used_bytes"), now.toEpochMilli(), (isFull ? .95 : .5) * 1e9);
        for (var alert : stateOfAlert.entrySet()) {
          byte[] labels =
              series("ALERTS", "alertname", alert.getKey(), "alertstate", alert.getValue());
          double value = isFull ? 1 : Double.longBitsToDouble(StaleMarker.BITS);
          if (step >= FULL) encoder.add(labels, now.toEpochMilli(), value);
        }
        served.at(now, encoder);
      }
      return served.state();
    }
  }

  @Test
  void wantedAlertFires_theRunbookActsAndItsIncidentEnds() throws Exception {
    State state = served(Map.of("CacheNearlyFull", "firing"));
    assertThat(freed).isEqualTo(1);
    assertThat(state.remediations().values())
        .singleElement()
        .satisfies(one -> assertThat(one.status()).as(one.why()).isEqualTo(Status.SUCCEEDED));
    assertThat(state.incidents()).hasSize(1); // alerts of Prometheus open none of their own
    assertThat(state.incidents().values()).allMatch(one -> one.resolvedAt() != null);
  }

  @Test
  void wantedAlertOnlyPends_nothingIsBegun() throws Exception {
    State state = served(Map.of("CacheNearlyFull", "pending"));
    assertThat(state.incidents()).hasSize(1);
    assertThat(state.remediations()).isEmpty();
    assertThat(freed).isZero();
  }

  @Test
  void noAlertComes_nothingIsBegun() throws Exception {
    State state = served(Map.of());
    assertThat(state.incidents()).hasSize(1);
    assertThat(state.remediations()).isEmpty();
    assertThat(freed).isZero();
  }

  @Test
  void vetoingAlertFires_thePlanWaitsAndPeopleLead() throws Exception {
    State state = served(Map.of("CacheNearlyFull", "firing", "BackupRuns", "firing"));
    assertThat(freed).isZero();
    assertThat(state.remediations().values())
        .isNotEmpty()
        .allSatisfy(one ->
            assertThat(one.rulings())
                .anyMatch(r ->
                    r.guardrail().equals("vetoing alerts")
                        && r.ruling().why().contains("BackupRuns")));
  }
}
