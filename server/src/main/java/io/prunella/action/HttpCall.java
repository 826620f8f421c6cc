package io.prunella.action;

import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code http.call} and {@code http.keyed}: one request to the target's declared address, with an
 * {@code Idempotency-Key}. Redirects are not followed.
 *
 * <p>Arguments: {@code method} (POST unless said otherwise), {@code path} (required), {@code body},
 * {@code ok} (status codes that mean done, any 2xx unless said otherwise), {@code probePath} (GET
 * after an unknown end: 2xx yes, 404 no, any other unknown).
 *
 * <p>{@code http.keyed} is class K and only for targets that declare the label {@code idempotency:
 * keyed}: they promise to carry out one key once. {@code http.call} is class N.
 */
public final class HttpCall implements Action {
  private static final Set<String> ARGUMENTS = Set.of("method", "path", "body", "ok", "probePath");
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Duration PROBE_MAX = Duration.ofSeconds(10);

  private final HttpConfig config;
  private final PlannedStep.Idempotency idempotency;
  private final HttpDoor door;

  private HttpCall(HttpConfig config, PlannedStep.Idempotency idempotency) {
    this.config = config;
    this.door = new HttpDoor(config);
    this.idempotency = idempotency;
  }

  /** {@code http.call}: sent at most once. */
  public static HttpCall once(HttpConfig config) {
    return new HttpCall(config, PlannedStep.Idempotency.N);
  }

  /** {@code http.keyed}: may be sent again with the same key. */
  public static HttpCall keyed(HttpConfig config) {
    return new HttpCall(config, PlannedStep.Idempotency.K);
  }

  @Override
  public String name() {
    return idempotency == PlannedStep.Idempotency.K ? "http.keyed" : "http.call";
  }

  @Override
  public PlannedStep.Idempotency idempotency() {
    return idempotency;
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
        problems.add(
            "argument %s is not known, wanted method, path, body, ok, probePath".formatted(name));
      }
    }
    String method = arguments.getOrDefault("method", "POST");
    if (!METHODS.contains(method)) {
      problems.add("method is \"%s\", wanted POST, PUT, PATCH or DELETE".formatted(method));
    }
    HttpDoor.path("path", arguments.getOrDefault("path", ""), problems);
    if (arguments.containsKey("probePath")) {
      HttpDoor.path("probePath", arguments.getOrDefault("probePath", ""), problems);
    }
    String ok = arguments.getOrDefault("ok", "200");
    if (!ok.matches("\\d{3}(,\\d{3})*")) {
      problems.add("ok is \"%s\", wanted status codes such as 200,409".formatted(ok));
    }
    return problems;
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    return Map.of(); // what the call will change, only its receiver knows
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    String body = arguments.getOrDefault("body", "");
    return List.of(
        "+ %s %s%s%s"
            .formatted(
                arguments.getOrDefault("method", "POST"),
                target.address(),
                arguments.getOrDefault("path", ""),
                body.isEmpty() ? "" : " " + body));
  }

  @Override
  public Outcome run(Call call) {
    return run(call, _ -> {});
  }

  @Override
  public Outcome run(Call call, Consumer<Supplier<String>> onItsWay) {
    var arguments = call.step().arguments();
    var problems = new ArrayList<>(problems(arguments));
    String host = host(call.target(), problems);
    if (!problems.isEmpty()) return new Outcome.Failed(String.join("; ", problems));
    String body = arguments.getOrDefault("body", "");
    try {
      var request =
          door.request(
              call.target(),
              host,
              arguments.getOrDefault("path", ""),
              call.key(),
              call.step().timeout());
      request.method(
          arguments.getOrDefault("method", "POST"), HttpRequest.BodyPublishers.ofString(body));
      if (!body.isEmpty()) request.header("Content-Type", "application/json");
      return outcome(call, request.build(), onItsWay);
    } catch (IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage())); // nothing has been sent
    }
  }

  private Outcome outcome(Call call, HttpRequest request, Consumer<Supplier<String>> onItsWay) {
    var secrets = HttpDoor.secrets(request);
    var coming = new FirstBytes(config.answerBytesMax());
    onItsWay.accept(() -> output(coming.soFar(), secrets).soFar());
    try {
      var answer = door.send(request, call.step().timeout(), coming);
      int status = answer.statusCode();
      var output = output(answer.body(), secrets);
      // Broken off, it may end in the first half of a secret: that is not told then.
      String body = coming.isCut() ? output.soFar() : output.whole();
      String told = "%d %s".formatted(status, body).strip();
      var ok = call.step().arguments().get("ok");
      boolean done = ok == null ? status / 100 == 2 : List.of(ok.split(",")).contains("" + status);
      if (done) return new Outcome.Done(told);
      return HttpDoor.unwell(status, "answered " + told);
    } catch (IOException e) {
      return HttpDoor.unanswered(e, request.uri().getAuthority());
    }
  }

  private Output output(String text, List<String> secrets) {
    var output = new Output(config.answerBytesMax(), secrets);
    output.add(text);
    return output;
  }

  @Override
  public Probe probe(Call call) {
    String path = call.step().arguments().get("probePath");
    var problems = new ArrayList<>(problems(call.step().arguments()));
    String host = host(call.target(), problems);
    if (path == null || !problems.isEmpty()) return Probe.UNKNOWN;
    try {
      var request = door.request(call.target(), host, path, call.key(), PROBE_MAX).GET().build();
      int status = door.send(request, PROBE_MAX).statusCode();
      if (status / 100 == 2) return Probe.APPLIED;
      return status == 404 ? Probe.NOT_APPLIED : Probe.UNKNOWN;
    } catch (IOException e) {
      return Probe.UNKNOWN;
    }
  }

  private String host(Target target, List<String> problems) {
    String host = door.host(target, problems);
    if (idempotency == PlannedStep.Idempotency.K
        && !"keyed".equals(target.labels().get("idempotency"))) {
      problems.add("http.keyed wants a target with the label idempotency: keyed");
    }
    return host;
  }
}
