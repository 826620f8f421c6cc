package io.prunella.demo;

import io.prunella.demo.Series.Source;

/**
 * What redis_exporter and postgres_exporter say. They live beside the store: a dead store is told
 * by {@code redis_up} or {@code pg_up}.
 */
final class StoreMetrics {
  private static final int CLIENTS_MAX = 10_000;
  private static final int CONNECTIONS_MAX = 400;

  private StoreMetrics() {}

  static void register(SimulatedService service, Instance i) {
    var store = service.store;
    if (store == null) throw new IllegalArgumentException(service.spec.name() + " has no store");
    if (service.spec.runtime() == Spec.Runtime.REDIS) {
      redis(service, store, i);
    } else {
      postgres(service, store, i);
    }
  }

  private static void redis(SimulatedService service, Store s, Instance i) {
    Exposition.scrape(i, Source.OUTSIDE, 9121)
        .add("up", () -> 1)
        .add("redis_up", () -> i.up && !service.down ? 1 : 0)
        .add("redis_exporter_last_scrape_duration_seconds", () -> .004 * i.noise.around(.1));
    Exposition.scrape(i, Source.PROCESS, 9121)
        .add("redis_memory_used_bytes", () -> s.bytes)
        .add("redis_memory_max_bytes", () -> s.limitBytes)
        .add("redis_memory_used_rss_bytes", () -> s.bytes * 1.06)
        .add("redis_mem_fragmentation_ratio", () -> 1.06 * i.noise.around(.003))
        .add("redis_db_keys", () -> Math.rint(s.keys + s.strays), "db", "db0")
        .add("redis_db_keys_expiring", () -> Math.rint(s.keys), "db", "db0")
        .add("redis_evicted_keys_total", () -> Math.rint(s.evicted))
        .add("redis_expired_keys_total", () -> Math.rint(s.expired))
        .add("redis_keyspace_hits_total", () -> s.hits)
        .add("redis_keyspace_misses_total", () -> s.misses)
        .add("redis_commands_processed_total", () -> s.commands)
        .add("redis_connected_clients", () -> s.clients)
        .add("redis_config_maxclients", () -> CLIENTS_MAX)
        .add("redis_blocked_clients", () -> 0)
        .add("redis_rejected_connections_total", () -> 0)
        .add("redis_net_input_bytes_total", () -> s.received)
        .add("redis_net_output_bytes_total", () -> s.sent)
        .add("redis_cpu_user_seconds_total", () -> i.cpuSeconds * .6)
        .add("redis_cpu_sys_seconds_total", () -> i.cpuSeconds * .4)
        .add("redis_connected_slaves", () -> 0)
        .add("redis_rdb_changes_since_last_save", () -> 0)
        .add("redis_uptime_in_seconds", () -> i.upSeconds())
        .add(
            "redis_instance_info",
            () -> 1,
            "redis_version",
            service.spec.version(),
            "role",
            "master",
            "maxmemory_policy",
            "allkeys-lru");
  }

  private static void postgres(SimulatedService service, Store s, Instance i) {
    double share = i.ordinal == 0 ? 1 : .35; // the second is a replica that serves some reads
    Exposition.scrape(i, Source.OUTSIDE, 9187)
        .add("up", () -> 1)
        .add("pg_up", () -> i.up && !service.down ? 1 : 0)
        .add("pg_exporter_last_scrape_duration_seconds", () -> .03 * i.noise.around(.1));
    var into = Exposition.scrape(i, Source.PROCESS, 9187);
    into.add("pg_settings_max_connections", () -> CONNECTIONS_MAX)
        .add(
            "pg_stat_activity_count",
            () -> Math.rint(s.clients * share * .3),
            "datname",
            "ledger",
            "state",
            "active")
        .add(
            "pg_stat_activity_count",
            () -> Math.rint(s.clients * share * .7),
            "datname",
            "ledger",
            "state",
            "idle")
        .add(
            "pg_stat_activity_max_tx_duration",
            () -> .4 * i.noise.around(.3),
            "datname",
            "ledger",
            "state",
            "active")
        .add(
            "pg_stat_database_numbackends", () -> Math.rint(s.clients * share), "datname", "ledger")
        .add("pg_stat_database_xact_commit", () -> s.commits * share, "datname", "ledger")
        .add(
            "pg_stat_database_xact_rollback",
            () -> Math.rint(s.rollbacks * share),
            "datname",
            "ledger")
        .add("pg_stat_database_blks_hit", () -> s.blocksHit * share, "datname", "ledger")
        .add("pg_stat_database_blks_read", () -> s.blocksRead * share, "datname", "ledger")
        .add("pg_stat_database_deadlocks", () -> 0, "datname", "ledger")
        .add("pg_stat_database_conflicts", () -> 0, "datname", "ledger")
        .add("pg_database_size_bytes", () -> 91e9 + s.commits * 38, "datname", "ledger")
        .add(
            "pg_locks_count",
            () -> Math.rint(20 * i.noise.around(.2)),
            "datname",
            "ledger",
            "mode",
            "accesssharelock")
        .add("pg_replication_lag_seconds", () -> i.ordinal == 0 ? 0 : s.lagSeconds)
        .add("pg_replication_is_replica", () -> i.ordinal == 0 ? 0 : 1)
        .add("pg_postmaster_start_time_seconds", () -> i.startedMs / 1000.0)
        .add("pg_static", () -> 1, "short_version", service.spec.version());
  }
}
