package io.prunella.cli;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prunella incidents [ID] [-w]}. */
@Command(
    name = "incidents",
    description = "Lists incidents, or shows one.",
    mixinStandardHelpOptions = true)
final class IncidentsCommand implements Callable<Integer> {
  private static final Duration EVERY = Duration.ofSeconds(2);

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Parameters(arity = "0..1", paramLabel = "ID", description = "an incident, such as INC-12")
  @Nullable String id;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "open, resolved or all; default open",
      defaultValue = "open")
  String state = "open";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "",
      description = "only those of this service")
  String service = "";

  @Option(
      names = {"-w", "--watch"},
      description = "show it again whenever it changes, until interrupted")
  boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    var client = connection.client();
    String seen = "";
    do {
      JsonObject answer = read(client);
      if (!answer.encode().equals(seen)) {
        seen = answer.encode();
        show(answer);
      }
    } while (watch && isToGoOn());
    return Exit.OK;
  }

  private JsonObject read(Client client) {
    return id != null
        ? client.get("/incidents/" + Client.part(id))
        : client.get(
            "/incidents?limit=100&state="
                + Client.part(state)
                + "&service="
                + Client.part(service));
  }

  /** Waits for nothing but the time: an interrupt ends the process. */
  private static boolean isToGoOn() throws InterruptedException {
    return !new CountDownLatch(1).await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void show(JsonObject answer) {
    if (id == null) {
      output.list(
          answer,
          "incidents",
          "id",
          List.of("ID", "STATE", "SEVERITY", "OPENED", "CULPRIT", "PATTERN", "TITLE"),
          i ->
              List.of(
                  Output.text(i, "id"),
                  Output.text(i, "status").toLowerCase(java.util.Locale.ROOT),
                  Output.text(i, "severity").toLowerCase(java.util.Locale.ROOT),
                  Output.text(i, "openedAt"),
                  Output.text(i, "culprit"),
                  Output.text(i, "pattern"),
                  Output.text(i, "title")));
    } else {
      output.one(answer, Output.text(answer, "id"), lines(answer));
    }
  }

  private static List<String> lines(JsonObject incident) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s %s %s"
            .formatted(
                Output.text(incident, "id"),
                Output.text(incident, "status"),
                Output.text(incident, "severity")));
    lines.add(Output.text(incident, "title"));
    lines.add(
        "opened   "
            + Output.text(incident, "openedAt")
            + ", resolved "
            + Output.text(incident, "resolvedAt"));
    lines.add("services " + Output.joined(incident, "services"));
    each(
        incident,
        "suspects",
        s -> lines.add("suspect  " + Output.text(s, "service") + ": " + Output.text(s, "why")));
    each(
        incident,
        "matches",
        m ->
            lines.add(
                "match    "
                    + Output.text(m, "title")
                    + " "
                    + Output.text(m, "probability")
                    + ": "
                    + Output.joined(m, "evidence")));
    each(
        incident,
        "symptoms",
        s ->
            lines.add(
                "symptom  "
                    + Output.text(s, "service")
                    + " "
                    + Output.text(s, "metric")
                    + ": "
                    + Output.text(s, "reason")));
    each(
        incident,
        "remediations",
        r ->
            lines.add(
                "action   "
                    + Output.text(r, "id")
                    + " "
                    + Output.text(r, "status")
                    + ": "
                    + Output.text(r, "why")));
    return lines;
  }

  private static void each(
      JsonObject json, String field, java.util.function.Consumer<JsonObject> take) {
    json.getJsonArray(field).forEach(one -> take.accept((JsonObject) one));
  }
}
