package io.prunella.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to the simulated services, and what has been done. A key is carried out once:
 * sent again, it gets the first answer. Used under the world's lock.
 */
final class FleetActions {
  static final int KEYS_MAX = 1_000;

  private final World world;
  private final Map<String, Result> done =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Result> eldest) {
          return size() > KEYS_MAX;
        }
      };

  FleetActions(World world) {
    this.world = world;
  }

  /**
   * @param key idempotency key, unique to one intent
   * @param action {@code scale}, {@code restart}, {@code rollback}, {@code trim} or {@code archive}
   */
  record Request(String key, String service, String action, Map<String, String> arguments) {}

  /**
   * @param done false when it was refused and nothing has changed
   * @param output what was done, or why not
   * @param atMs simulated time
   */
  record Result(
      String key, String service, String action, boolean done, String output, long atMs) {}

  /** What came of the key, or null when it was never seen. */
  @Nullable Result of(String key) {
    return done.get(key);
  }

  Result run(Request request) {
    var before = done.get(request.key());
    if (before != null) return before;
    String output;
    boolean well = true;
    try {
      output = act(request);
    } catch (IllegalArgumentException e) {
      output = String.valueOf(e.getMessage());
      well = false;
    }
    var result =
        new Result(request.key(), request.service(), request.action(), well, output, world.nowMs());
    done.put(request.key(), result);
    return result;
  }

  private String act(Request request) {
    var service = world.service(request.service());
    return switch (request.action()) {
      case "scale" -> scale(service, request.arguments());
      case "restart" -> {
        service.restartInTurn();
        yield service.instances.size() + " instances restart one after another";
      }
      case "rollback" -> rollback(service, request.arguments());
      case "trim" -> {
        if (service.store == null) throw refused(service, "holds no keys to trim");
        yield "%,d keys without expiry unlinked".formatted((long) service.store.trim());
      }
      case "archive" -> {
        double moved = 0;
        for (var instance : service.instances) {
          if (instance.host == null) throw refused(service, "has no disk of its own to archive");
          moved += instance.host.archive();
        }
        yield "%.1f GiB of logs archived".formatted(moved / Company.GIB);
      }
      default ->
          throw new IllegalArgumentException(
              "action %s, wanted scale, restart, rollback, trim or archive"
                  .formatted(request.action()));
    };
  }

  private static String scale(SimulatedService service, Map<String, String> arguments) {
    String text = arguments.getOrDefault("replicas", "");
    int wanted;
    try {
      wanted = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "replicas is '%s', wanted a whole number".formatted(text), e);
    }
    if (wanted < 1 || wanted > SimulatedService.REPLICAS_MAX) {
      throw new IllegalArgumentException(
          "replicas is %d, wanted 1 to %d".formatted(wanted, SimulatedService.REPLICAS_MAX));
    }
    if (service.spec.platform() != Spec.Platform.KUBERNETES) {
      throw refused(service, "runs on machines and cannot be scaled");
    }
    int before = service.replicas;
    service.scale(wanted);
    return "replicas %d -> %d".formatted(before, wanted);
  }

  private static String rollback(SimulatedService service, Map<String, String> arguments) {
    String wanted = arguments.getOrDefault("version", service.previousVersion);
    if (!wanted.equals(service.previousVersion) && !wanted.equals(service.version)) {
      throw refused(
          service,
          "knows versions %s and %s, not '%s'"
              .formatted(service.version, service.previousVersion, wanted));
    }
    String before = service.version;
    service.deploy(wanted);
    return "version %s -> %s".formatted(before, wanted);
  }

  private static IllegalArgumentException refused(SimulatedService service, String why) {
    return new IllegalArgumentException(service.spec.name() + " " + why);
  }

  /** A service's state, as an action's snapshot has it. */
  Map<String, String> snapshot(String name) {
    var s = world.service(name);
    var snapshot = new TreeMap<String, String>();
    snapshot.put("replicas", String.valueOf(s.replicas));
    snapshot.put("ready", String.valueOf(s.readyCount()));
    snapshot.put("version", s.version);
    snapshot.put("previousVersion", s.previousVersion);
    snapshot.put("generation", String.valueOf(s.generation));
    snapshot.put(
        "starts",
        String.valueOf(s.instances.stream().mapToLong(i -> i.startedMs / 1000).max().orElse(0)));
    if (s.store != null) {
      snapshot.put("keys", String.valueOf((long) (s.store.keys + s.store.strays)));
      snapshot.put("keysWithoutExpiry", String.valueOf((long) s.store.strays));
    }
    double logs =
        s.instances.stream().mapToDouble(i -> i.host == null ? 0 : i.host.logged).max().orElse(0);
    if (logs > 0) snapshot.put("logBytes", String.valueOf((long) logs));
    return snapshot;
  }
}
