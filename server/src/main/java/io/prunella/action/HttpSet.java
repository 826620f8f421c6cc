package io.prunella.action;

import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code http.set}: brings the state that a target tells of itself to what is wanted. The state is
 * a JSON object at the path in the target's label {@code statePath}: read by GET, changed by PATCH
 * (a merge patch, RFC 7396) with {@code If-Match} where the answer had an {@code ETag}.
 *
 * <p>Arguments, at least one: {@code replicas} (1 to 10000), {@code readReplicas} (0 to 100),
 * {@code shedPercent} (0 to 90), {@code suspended} ({@code true} or {@code false}). Class D: what
 * is so already is not sent again. Whoever has changed the value since the snapshot was taken is
 * not overruled.
 */
public final class HttpSet implements Action {
  private static final Duration PROBE_MAX = Duration.ofSeconds(10);
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final String ETAG = "etag";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Whole numbers that may be set, with the least and the most. */
  private static final Map<String, Range> NUMBERS =
      Map.of(
          "replicas", new Range(1, 10_000),
          "readReplicas", new Range(0, 100),
          "shedPercent", new Range(0, 90));

  private static final Set<String> FLAGS = Set.of("suspended");
  private static final String FIELDS = "readReplicas, replicas, shedPercent, suspended";

  /** What is only read: how many are ready, who else steers it, whether it is changing now. */
  private static final Set<String> TOLD = Set.of("ready", "controller", "changing", "version");

  private record Range(int min, int max) {}

  private final HttpDoor door;

  public HttpSet(HttpConfig config) {
    this.door = new HttpDoor(config);
  }

  @Override
  public String name() {
    return "http.set";
  }

  @Override
  public PlannedStep.Idempotency idempotency() {
    return PlannedStep.Idempotency.D;
  }

  @Override
  public boolean reversible() {
    return true;
  }

  @Override
  public List<String> problems(Map<String, String> arguments) {
    var problems = new ArrayList<String>();
    if (arguments.isEmpty()) {
      problems.add("nothing is set, wanted one of " + FIELDS);
    }
    new TreeMap<>(arguments)
        .forEach((name, value) -> {
          Range range = NUMBERS.get(name);
          if (FLAGS.contains(name)) {
            if (!value.matches("true|false"))
              problems.add("%s is \"%s\", wanted true or false".formatted(name, value));
          } else if (range == null) {
            problems.add("argument %s is not known, wanted %s".formatted(name, FIELDS));
          } else if (!value.matches("\\d{1,6}")
              || Integer.parseInt(value) < range.min()
              || Integer.parseInt(value) > range.max()) {
            problems.add(
                "%s is \"%s\", wanted a whole number from %d to %d"
                    .formatted(name, value, range.min(), range.max()));
          }
        });
    return problems;
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    try {
      return read(target, timeout);
    } catch (IOException e) {
      throw new UnreachableException(
          "%s at %s: %s".formatted(target.service(), target.address(), e.getMessage()), e);
    }
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    var lines = new ArrayList<String>();
    new TreeMap<>(arguments)
        .forEach((name, value) -> {
          lines.add("- %s: %s".formatted(name, snapshot.getOrDefault(name, "(not told)")));
          lines.add("+ %s: %s".formatted(name, value));
        });
    return lines;
  }

  @Override
  public Outcome run(Call call) {
    var wanted = call.step().arguments();
    var problems = problems(wanted);
    if (!problems.isEmpty()) return new Outcome.Failed(String.join("; ", problems));
    Map<String, String> now;
    try {
      now = read(call.target(), call.step().timeout());
    } catch (IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage())); // nothing has been sent
    }
    if (isAs(wanted, now)) return new Outcome.Done("it is so already: " + told(wanted, now));
    String other = changedByOthers(call, now);
    if (other != null) return new Outcome.Failed(other);
    return patch(call, now);
  }

  /** A forward step finds what the snapshot says, or somebody else has been there since. */
  private static @Nullable String changedByOthers(Call call, Map<String, String> now) {
    for (var one : call.step().arguments().entrySet()) {
      String before = call.snapshot().get(one.getKey());
      boolean back = one.getValue().equals(before);
      if (back || before == null || before.equals(now.get(one.getKey()))) continue;
      return "%s is %s, it was %s when the plan was made: somebody else has changed it"
          .formatted(one.getKey(), now.get(one.getKey()), before);
    }
    return null;
  }

  private Outcome patch(Call call, Map<String, String> now) {
    try {
      var request = request(call.target(), call.key(), call.step().timeout());
      String etag = now.get(ETAG);
      if (etag != null) request.header("If-Match", etag);
      request.header("Content-Type", "application/merge-patch+json");
      request.method("PATCH", BodyPublishers.ofString(body(call.step().arguments())));
      var sent = request.build();
      var answer = door.send(sent, call.step().timeout());
      int status = answer.statusCode();
      if (status / 100 == 2) {
        return new Outcome.Done("%d %s".formatted(status, told(call.step().arguments(), now)));
      }
      if (status == PRECONDITION_FAILED || status == CONFLICT) {
        return new Outcome.Failed("%d: somebody else has just changed it".formatted(status));
      }
      var said = new Output(500, HttpDoor.secrets(sent));
      said.add(answer.body()); // its end may be the first half of a secret
      return HttpDoor.unwell(status, "answered %d %s".formatted(status, said.soFar()));
    } catch (IOException e) {
      return HttpDoor.unanswered(e, call.target().address());
    }
  }

  @Override
  public Probe probe(Call call) {
    if (!problems(call.step().arguments()).isEmpty()) return Probe.UNKNOWN;
    try {
      var now = read(call.target(), PROBE_MAX);
      return isAs(call.step().arguments(), now) ? Probe.APPLIED : Probe.NOT_APPLIED;
    } catch (IOException e) {
      return Probe.UNKNOWN;
    }
  }

  private Map<String, String> read(Target target, Duration timeout) throws IOException {
    HttpResponse<String> answer = door.send(request(target, "", timeout).GET().build(), timeout);
    if (answer.statusCode() != 200) {
      throw new IOException("its state was answered with %d".formatted(answer.statusCode()));
    }
    JsonNode state;
    try {
      state = JSON.readTree(answer.body());
    } catch (JacksonException e) {
      throw new IOException("its state is no JSON, or longer than is read", e);
    }
    if (!state.isObject()) throw new IOException("its state is no JSON object");
    var told = new TreeMap<String, String>();
    for (var field : state.properties()) {
      boolean known =
          NUMBERS.containsKey(field.getKey())
              || FLAGS.contains(field.getKey())
              || TOLD.contains(field.getKey());
      if (known && field.getValue().isValueNode() && !field.getValue().isNull()) {
        told.put(field.getKey(), Output.told(field.getValue().asString(), 100, List.of()));
      }
    }
    answer.headers().firstValue("ETag").ifPresent(etag -> told.put(ETAG, etag));
    return told;
  }

  private java.net.http.HttpRequest.Builder request(Target target, String key, Duration timeout)
      throws IOException {
    var problems = new ArrayList<String>();
    String host = door.host(target, problems);
    String path = target.labels().getOrDefault("statePath", "");
    HttpDoor.path("the target's label statePath", path, problems);
    if (!problems.isEmpty()) throw new IOException(String.join("; ", problems));
    return door.request(target, host, path, key, timeout);
  }

  private static String body(Map<String, String> wanted) {
    var body = JSON.createObjectNode();
    new TreeMap<>(wanted)
        .forEach((name, value) -> {
          if (FLAGS.contains(name)) body.put(name, Boolean.parseBoolean(value));
          else body.put(name, Integer.parseInt(value));
        });
    return body.toString();
  }

  private static boolean isAs(Map<String, String> wanted, Map<String, String> now) {
    return wanted.entrySet().stream().allMatch(e -> e.getValue().equals(now.get(e.getKey())));
  }

  private static String told(Map<String, String> wanted, Map<String, String> now) {
    var words = new ArrayList<String>();
    new TreeMap<>(wanted)
        .forEach((name, value) ->
            words.add("%s %s -> %s".formatted(name, now.getOrDefault(name, "?"), value)));
    return String.join(", ", words);
  }
}
