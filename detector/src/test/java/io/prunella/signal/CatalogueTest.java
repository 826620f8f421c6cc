package io.prunella.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.series.Labels;
import io.prunella.yaml.YamlException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.shipped(ServiceRules.DEFAULTS);

  // Long because: one table of what the exporters' important series mean.
  @ParameterizedTest
  @CsvSource({
    "redis_exporter, redis_memory_used_bytes, MEMORY, GAUGE, UP, bytes, USED",
    "redis_exporter, redis_memory_max_bytes, MEMORY, GAUGE, , bytes, LIMIT",
    "redis_exporter, redis_connected_clients, POOL, GAUGE, UP, '', USED",
    "redis_exporter, redis_config_maxclients, POOL, GAUGE, , '', LIMIT",
    "redis_exporter, redis_up, HEALTH, CHECK, DOWN, '', ",
    "redis_exporter, redis_evicted_keys_total, MEMORY, COUNTER, UP, '', ",
    "redis_exporter, redis_commands_processed_total, TRAFFIC, COUNTER, , '', ",
    "redis_exporter, redis_start_time_seconds, CHANGE, INFO, , unixtime, ",
    "node_exporter, node_memory_MemAvailable_bytes, MEMORY, GAUGE, DOWN, bytes, FREE",
    "node_exporter, node_memory_MemTotal_bytes, MEMORY, GAUGE, , bytes, LIMIT",
    "node_exporter, node_filesystem_avail_bytes, DISK, GAUGE, DOWN, bytes, FREE",
    "node_exporter, node_filesystem_size_bytes, DISK, GAUGE, , bytes, LIMIT",
    "node_exporter, node_filefd_allocated, QUOTA, GAUGE, UP, '', USED",
    "node_exporter, node_cpu_seconds_total, CPU, COUNTER, DOWN, seconds, ",
    "node_exporter, node_network_receive_errs_total, NETWORK, COUNTER, UP, '', ",
    "node_exporter, node_network_receive_bytes_total, NETWORK, COUNTER, , bytes, ",
    "node_exporter, process_open_fds, QUOTA, GAUGE, UP, '', USED",
    "node_exporter, process_max_fds, QUOTA, GAUGE, , '', LIMIT",
    "node_exporter, process_start_time_seconds, CHANGE, INFO, , unixtime, ",
    "node_exporter, go_goroutines, CPU, GAUGE, UP, '', ",
    "node_exporter, node_exporter_build_info, CHANGE, INFO, , '', ",
    "node_exporter, node_time_seconds, OTHER, INFO, , seconds, ",
    "postgres_exporter, pg_up, HEALTH, CHECK, DOWN, '', ",
    "postgres_exporter, pg_stat_activity_count, POOL, GAUGE, UP, '', USED",
    "postgres_exporter, pg_settings_max_connections, POOL, GAUGE, , '', LIMIT",
    "postgres_exporter, pg_stat_database_deadlocks, ERRORS, COUNTER, UP, '', ",
    "postgres_exporter, pg_stat_database_xact_commit, TRAFFIC, COUNTER, , '', ",
    "postgres_exporter, pg_locks_count, QUEUE, GAUGE, UP, '', ",
    "cadvisor, container_spec_memory_limit_bytes, MEMORY, GAUGE, , bytes, LIMIT",
    "cadvisor, container_cpu_usage_seconds_total, CPU, COUNTER, UP, seconds, ",
    "cadvisor, container_cpu_cfs_throttled_seconds_total, CPU, COUNTER, UP, seconds, ",
    "cadvisor, container_fs_usage_bytes, DISK, GAUGE, UP, bytes, USED",
    "kube_state_metrics, kube_pod_container_status_restarts_total, RESTARTS, COUNTER, UP, '', ",
    "kube_state_metrics, kube_pod_status_ready, HEALTH, CHECK, DOWN, '', ",
    "kube_state_metrics, kube_deployment_status_observed_generation, CHANGE, INFO, , '', ",
    "kube_state_metrics, kube_deployment_status_replicas_available, REPLICAS, GAUGE, DOWN, '', ",
    "kube_state_metrics, kube_pod_container_resource_limits, MEMORY, GAUGE, , bytes, LIMIT",
    "application, http_server_requests_seconds_count, TRAFFIC, COUNTER, , '', ",
    "application, http_server_requests_seconds_sum, LATENCY, COUNTER, UP, seconds, ",
    "redis_exporter, redis_latency_percentiles_usec, LATENCY, INFO, , µs, ",
    "redis_exporter, redis_latency_percentiles_usec_sum, LATENCY, COUNTER, UP, µs, ",
    "application, http_server_requests_seconds_max, LATENCY, GAUGE, UP, seconds, ",
    "application, http_request_duration_seconds_sum, LATENCY, COUNTER, UP, seconds, ",
    "application, http_request_duration_seconds_count, TRAFFIC, COUNTER, , '', ",
    "application, rpc_request_latency_seconds, LATENCY, GAUGE, UP, seconds, ",
    "application, jvm_memory_used_bytes, MEMORY, GAUGE, UP, bytes, USED",
    "application, jvm_memory_max_bytes, MEMORY, GAUGE, , bytes, LIMIT",
    "application, hikaricp_connections_active, POOL, GAUGE, UP, '', USED",
    "application, hikaricp_connections_max, POOL, GAUGE, , '', LIMIT",
    "application, hikaricp_connections_pending, QUEUE, GAUGE, UP, '', ",
    "application, kafka_consumergroup_lag, QUEUE, GAUGE, UP, '', ",
    "application, rabbitmq_queue_messages_ready, QUEUE, GAUGE, UP, '', ",
    "application, probe_success, HEALTH, CHECK, DOWN, '', ",
    "application, probe_ssl_earliest_cert_expiry, QUOTA, INFO, , unixtime, FREE",
    "application, app_build_info, CHANGE, INFO, , '', ",
    "application, up, HEALTH, CHECK, DOWN, '', ",
  })
  void meaning_exportersSeries_isKnown(
      String page,
      String metric,
      Signal signal,
      Meaning.Type type,
      Direction worse,
      String unit,
      LimitPart.Role role) {
    Meaning meaning = first(page, metric);
    assertThat(meaning.signal()).isEqualTo(signal);
    assertThat(meaning.type()).isEqualTo(type);
    assertThat(meaning.worse()).isEqualTo(worse);
    assertThat(meaning.unit()).isEqualTo(unit);
    LimitPart limit = meaning.limit();
    assertThat(limit == null ? null : limit.role()).isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource({
    "redis_exporter, redis_memory_used_bytes, redis_memory_max_bytes",
    "redis_exporter, redis_connected_clients, redis_config_maxclients",
    "node_exporter, node_memory_MemAvailable_bytes, node_memory_MemTotal_bytes",
    "node_exporter, node_filesystem_avail_bytes, node_filesystem_size_bytes",
    "node_exporter, process_open_fds, process_max_fds",
    "postgres_exporter, pg_stat_activity_count, pg_settings_max_connections",
    "cadvisor, container_fs_usage_bytes, container_fs_limit_bytes",
    "application, hikaricp_connections_active, hikaricp_connections_max",
    "application, jvm_memory_used_bytes, jvm_memory_max_bytes",
  })
  void limit_useAndItsLimit_areOneResource(String page, String use, String limit) {
    assertThat(resource(first(page, use))).isEqualTo(resource(first(page, limit)));
  }

  @Test
  void limit_containersMemory_joinsCadvisorAndKubeStateMetrics() {
    Meaning used = meaning("cadvisor", "container_memory_working_set_bytes", "container", "cart");
    assertThat(resource(used))
        .isEqualTo(resource(first("cadvisor", "container_spec_memory_limit_bytes")))
        .isEqualTo(resource(first("kube_state_metrics", "kube_pod_container_resource_limits")));
    for (String whole : List.of("", "POD")) {
      var labels = Labels.of("__name__", "container_memory_working_set_bytes", "container", whole);
      assertThat(CATALOGUE.meaning(labels).limit()).as("container '%s'", whole).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http_requests_total, code, 503, ERRORS",
    "http_requests_total, code, 404, TRAFFIC",
    "shop_http_requests_total, status, 5xx, ERRORS",
    "http_server_requests_seconds_count, status, 500, ERRORS",
    "http_request_duration_seconds_count, status_code, 500, ERRORS",
    "grpc_server_handled_total, grpc_code, Unavailable, ERRORS",
    "grpc_server_handled_total, grpc_code, OK, TRAFFIC",
    "orders_failed_total, queue, mail, ERRORS",
    "istio_requests_total, response_code, 502, ERRORS",
  })
  void meaning_answers_errorsAreTheServersOwn(
      String metric, String label, String value, Signal signal) {
    var labels = Labels.of("__name__", metric, label, value);
    assertThat(CATALOGUE.meaning(labels).signal()).isEqualTo(signal);
    assertThat(CATALOGUE.meaning(labels).type()).isEqualTo(Meaning.Type.COUNTER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node_exporter",
        "redis_exporter",
        "postgres_exporter",
        "cadvisor",
        "kube_state_metrics",
        "application"
      })
  void meaning_everySeriesOfAnExporter_isWholeAndCountersAreCounters(String page) {
    var series = Exposition.read(page, "job", "peer", "instance", "host:1");
    assertThat(series).hasSizeGreaterThan(10);
    for (Exposition one : series) {
      Meaning meaning = CATALOGUE.meaning(one.labels());
      assertThat(meaning.service()).as("%s", one.labels()).isNotEmpty();
      assertThat(meaning.title()).as("%s", one.labels()).isNotEmpty();
      if (one.labels().metric().endsWith("_total")) {
        assertThat(meaning.type()).as("%s", one.labels()).isNotEqualTo(Meaning.Type.GAUGE);
      }
      if (one.type().equals("counter")) {
        assertThat(meaning.type()).as("%s", one.labels()).isNotEqualTo(Meaning.Type.GAUGE);
      }
    }
    long known =
        series.stream().filter(s -> !isUnknown(CATALOGUE.meaning(s.labels()), s.labels())).count();
    assertThat(known).as("of %d", series.size()).isGreaterThanOrEqualTo(series.size() * 85L / 100);
  }

  private static boolean isUnknown(Meaning meaning, Labels labels) {
    return meaning.signal() == Signal.OTHER && meaning.title().equals(labels.metric());
  }

  @ParameterizedTest
  @CsvSource({
    "things_total, COUNTER", "things_count, COUNTER", "things_sum, COUNTER", "things_bucket, INFO",
    "things_info, INFO", "things_created, INFO", "last_run_timestamp_seconds, INFO",
        "things, GAUGE",
  })
  void meaning_unknownMetric_typeIsInferredFromItsName(String metric, Meaning.Type type) {
    Meaning meaning = CATALOGUE.meaning(Labels.of("__name__", metric, "job", "things"));
    assertThat(meaning.type()).isEqualTo(type);
    assertThat(meaning.signal()).isIn(Signal.OTHER, Signal.CHANGE);
    assertThat(meaning.service()).isEqualTo("things");
  }

  @Test
  void meaning_metadata_countsWhereTheCatalogueNamesNoType() {
    var unknown = Labels.of("__name__", "things");
    assertThat(CATALOGUE.meaning(unknown, Meaning.Type.COUNTER).type())
        .isEqualTo(Meaning.Type.COUNTER);
    var bucket = Labels.of("__name__", "things_bucket");
    assertThat(CATALOGUE.meaning(bucket, Meaning.Type.COUNTER).type()).isEqualTo(Meaning.Type.INFO);
    var known = Labels.of("__name__", "up");
    assertThat(CATALOGUE.meaning(known, Meaning.Type.GAUGE).type()).isEqualTo(Meaning.Type.CHECK);
  }

  @Test
  void read_brokenFile_tellsEveryProblemWithItsLine() {
    String yaml =
        """
        metrics:
          - {name: a, signal: memory}
          - {name: b, signal: memori}
          - {signal: memory, titel: x}
          - {name: c, signal: disk, limit: {role: usd, of: disk, headroom: 1.5}}
          - {name: d, signal: disk, when: {x: "("}}
        """;
    assertThatThrownBy(() -> Catalogue.read("mine.yaml", yaml, ServiceRules.DEFAULTS))
        .isInstanceOfSatisfying(
            YamlException.class,
            e -> {
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:3:") && p.contains("memori"));
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:4:") && p.contains("titel"));
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:4:") && p.contains("name"));
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:5:") && p.contains("usd"));
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:5:") && p.contains("1.5"));
              assertThat(e.problems())
                  .anyMatch(p -> p.startsWith("mine.yaml:6:") && p.contains("("));
            });
  }

  private static Meaning first(String page, String metric) {
    return meaning(page, metric, Labels.NAME, metric);
  }

  private static Meaning meaning(String page, String metric, String label, String value) {
    return Exposition.read(page, "job", "peer", "instance", "host:1").stream()
        .map(Exposition::labels)
        .filter(l -> l.metric().equals(metric) && value.equals(l.get(label)))
        .map(CATALOGUE::meaning)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no %s on the page of %s".formatted(metric, page)));
  }

  private static String resource(Meaning meaning) {
    return Objects.requireNonNull(meaning.limit(), meaning.title()).resource();
  }
}
