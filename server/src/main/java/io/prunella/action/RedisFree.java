package io.prunella.action;

import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis.free}: frees memory of a Redis master, gentlest first: {@code MEMORY PURGE}, then
 * paced {@code SCAN} and {@code UNLINK} of declared prefixes, then {@code FLUSHDB ASYNC} where that
 * is asked. Stops as soon as used memory is below {@code until}.
 *
 * <p>Arguments: {@code prefixes} (comma-separated; each must be in the target's label {@code
 * prefixes}), {@code flush} ({@code none} or {@code async}), {@code until} (share of maxmemory, 0
 * to 1; 0: do all that is asked). The target's password may stand in the file that its label {@code
 * passwordFile} names. Class N: after an unknown end the probe looks at Redis' own counters.
 *
 * <p>The snapshot and the dry run hold only what does not change by itself, or no plan would keep
 * its digest until a person has read it.
 */
public final class RedisFree implements Action {
  private static final Set<String> ARGUMENTS = Set.of("prefixes", "flush", "until");
  private static final String SCAN_COUNT = "500";
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();
  private static final int SCANS_MAX = 1_000_000;
  private static final int LAZY_WAITS_MAX = 100;
  private static final long LAZY_WAIT_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration PROBE_MAX = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "redis.free";
  }

  @Override
  public PlannedStep.Idempotency idempotency() {
    return PlannedStep.Idempotency.N;
  }

  @Override
  public boolean reversible() {
    return false;
  }

  @Override
  public List<String> problems(Map<String, String> arguments) {
    var problems = new ArrayList<String>();
    for (String name : arguments.keySet()) {
      if (!ARGUMENTS.contains(name)) {
        problems.add("argument %s is not known, wanted prefixes, flush, until".formatted(name));
      }
    }
    String flush = arguments.getOrDefault("flush", "none");
    if (!flush.equals("none") && !flush.equals("async")) {
      problems.add("flush is \"%s\", wanted none or async".formatted(flush));
    }
    String until = arguments.getOrDefault("until", "0");
    if (!until.matches("0|0?\\.\\d{1,6}|1|1\\.0{1,6}")) {
      problems.add("until is \"%s\", wanted a share from 0 to 1".formatted(until));
    }
    return problems;
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    try (var redis = open(target, timeout)) {
      var info = info(redis);
      var snapshot = new TreeMap<String, String>();
      for (String key : List.of("role", "run_id", "maxmemory", "maxmemory_policy")) {
        snapshot.put(key, info.getOrDefault(key, ""));
      }
      snapshot.put("flushes", Long.toString(calls(info, "flushdb")));
      snapshot.put("purges", Long.toString(calls(info, "memory|purge")));
      return snapshot;
    } catch (IOException e) {
      throw new UnreachableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    var lines = new ArrayList<String>();
    lines.add("- what the allocator holds and does not use (MEMORY PURGE)");
    double until = until(arguments);
    String still = until > 0 ? ", while memory is above %s %%".formatted(percent(until)) : "";
    for (String prefix : prefixes(arguments)) {
      lines.add("- keys that begin with %s (UNLINK)%s".formatted(prefix, still));
    }
    if (arguments.getOrDefault("flush", "none").equals("async")) {
      lines.add("- every key of the database (FLUSHDB ASYNC)%s".formatted(still));
    }
    return lines;
  }

  @Override
  public Outcome run(Call call) {
    var problems = new ArrayList<>(problems(call.step().arguments()));
    var allowed = List.of(call.target().labels().getOrDefault("prefixes", "").split(","));
    for (String prefix : prefixes(call.step().arguments())) {
      if (!allowed.contains(prefix)) {
        problems.add("prefix %s is not in the target's label prefixes".formatted(prefix));
      }
    }
    if (!problems.isEmpty()) return new Outcome.Failed(String.join("; ", problems));
    var done = new ArrayList<String>();
    var sent = new boolean[1]; // something that changes Redis has left
    try (var redis = open(call.target(), call.step().timeout())) {
      return ladder(redis, call.step().arguments(), done, sent);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (!sent[0]) return new Outcome.Failed(why);
      return new Outcome.Unknown(
          "%s, after: %s"
              .formatted(why, done.isEmpty() ? "nothing answered" : String.join(", ", done)));
    }
  }

  private static Outcome ladder(
      Resp redis, Map<String, String> arguments, List<String> done, boolean[] sent)
      throws IOException {
    var info = info(redis);
    if (!"master".equals(info.get("role"))) {
      return new Outcome.Failed(
          "it is a %s, wanted the master".formatted(info.getOrDefault("role", "(unknown)")));
    }
    double until = until(arguments);
    if (until > 0 && number(info, "maxmemory") <= 0) {
      return new Outcome.Failed("it has no maxmemory, so that no share of it can be reached");
    }
    sent[0] = true;
    var purged = redis.call("MEMORY", "PURGE");
    // Without jemalloc there is nothing to purge and Redis says so: the next rung may still help.
    done.add(purged instanceof Resp.Refusal ? "purge refused" : "purged");
    for (String prefix : prefixes(arguments)) {
      if (isBelow(redis, until)) return done(redis, done);
      done.add("unlinked %d keys of %s".formatted(unlink(redis, prefix), prefix));
    }
    if (arguments.getOrDefault("flush", "none").equals("async") && !isBelow(redis, until)) {
      if (redis.call("FLUSHDB", "ASYNC") instanceof Resp.Refusal refusal) {
        return new Outcome.Failed(
            "FLUSHDB was refused: %s; before: %s"
                .formatted(refusal.why(), String.join(", ", done)));
      }
      done.add("flushed");
    }
    return done(redis, done);
  }

  private static Outcome done(Resp redis, List<String> done) {
    String now;
    try {
      settle(redis);
      now = "; memory at " + percent(share(info(redis))) + " %";
    } catch (IOException e) {
      now = ""; // all was answered; verification reads the memory anyway
    }
    return new Outcome.Done(String.join(", ", done) + now);
  }

  private static long unlink(Resp redis, String prefix) throws IOException {
    String pattern = prefix.replaceAll("([\\\\*?\\[\\]])", "\\\\$1") + "*";
    String cursor = "0";
    long unlinked = 0;
    for (int scan = 0; scan < SCANS_MAX; scan++) {
      if (!(redis.call("SCAN", cursor, "MATCH", pattern, "COUNT", SCAN_COUNT)
              instanceof List<?> page)
          || page.size() != 2
          || !(page.get(1) instanceof List<?> keys)) {
        throw new IOException("SCAN was not answered with a page");
      }
      if (!keys.isEmpty()) {
        var words = new ArrayList<String>(List.of("UNLINK"));
        keys.forEach(key -> words.add(String.valueOf(key)));
        if (redis.call(words) instanceof Long count) unlinked += count;
        LockSupport.parkNanos(PAUSE_NANOS); // others want to be served as well
      }
      cursor = String.valueOf(page.get(0));
      if (cursor.equals("0")) return unlinked;
    }
    return unlinked;
  }

  private static boolean isBelow(Resp redis, double until) throws IOException {
    if (until <= 0) return false;
    settle(redis);
    return share(info(redis)) < until;
  }

  /** What was unlinked is freed in the background: waits until that is through, for a while. */
  private static void settle(Resp redis) throws IOException {
    for (int wait = 0; wait < LAZY_WAITS_MAX; wait++) {
      if (number(info(redis), "lazyfree_pending_objects") <= 0) return;
      LockSupport.parkNanos(LAZY_WAIT_NANOS);
    }
  }

  @Override
  public Probe probe(Call call) {
    var arguments = call.step().arguments();
    try (var redis = open(call.target(), PROBE_MAX)) {
      settle(redis);
      var info = info(redis);
      double until = until(arguments);
      if (until > 0 && share(info) < until) return Probe.APPLIED; // what was wanted, is
      if (!info.getOrDefault("run_id", "").equals(call.snapshot().get("run_id"))) {
        return Probe.UNKNOWN; // another process: its counters say nothing of that call
      }
      boolean flush = arguments.getOrDefault("flush", "none").equals("async");
      if (!flush && !prefixes(arguments).isEmpty()) return Probe.UNKNOWN; // may have got half-way
      long before = before(call.snapshot(), flush ? "flushes" : "purges");
      long now = calls(info, flush ? "flushdb" : "memory|purge");
      if (before < 0 || now < before) return Probe.UNKNOWN; // counters were reset
      return now > before ? Probe.APPLIED : Probe.NOT_APPLIED;
    } catch (IOException e) {
      return Probe.UNKNOWN;
    }
  }

  private static Resp open(Target target, Duration timeout) throws IOException {
    @Nullable String passwordFile = target.labels().get("passwordFile");
    return Resp.open(target.address(), passwordFile, timeout);
  }

  private static Map<String, String> info(Resp redis) throws IOException {
    if (!(redis.call("INFO", "all") instanceof String text)) {
      throw new IOException("INFO was refused");
    }
    var info = new TreeMap<String, String>();
    for (String line : text.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) info.put(line.substring(0, colon), line.substring(colon + 1));
    }
    return info;
  }

  private static long calls(Map<String, String> info, String command) {
    String stats = info.getOrDefault("cmdstat_" + command, "calls=0,");
    return Long.parseLong(stats.replaceFirst("^calls=(\\d+).*$", "$1"));
  }

  private static long before(Map<String, String> snapshot, String key) {
    String text = snapshot.getOrDefault(key, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }

  private static double share(Map<String, String> info) {
    double max = number(info, "maxmemory");
    return max <= 0 ? Double.NaN : number(info, "used_memory") / max;
  }

  private static double number(Map<String, String> info, String key) {
    String text = info.getOrDefault(key, "0");
    return text.matches("\\d{1,18}") ? Double.parseDouble(text) : 0;
  }

  private static double until(Map<String, String> arguments) {
    return Double.parseDouble(arguments.getOrDefault("until", "0"));
  }

  private static List<String> prefixes(Map<String, String> arguments) {
    var prefixes = new ArrayList<>(List.of(arguments.getOrDefault("prefixes", "").split(",")));
    prefixes.removeIf(String::isBlank); // an empty one would mean every key
    return prefixes;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "?" : String.format(Locale.ROOT, "%.0f", share * 100);
  }
}
