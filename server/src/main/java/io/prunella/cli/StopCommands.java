package io.prunella.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code prunella stop}, {@code prunella abort}, {@code prunella resume} and {@code prunella
 * status}.
 */
final class StopCommands {
  private StopCommands() {}

  /** {@code prunella status}. */
  @Command(
      name = "status",
      description = "Says in a few lines how things are.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Override
    public Integer call() {
      JsonObject status = connection.client().get("/status");
      var lines = new java.util.ArrayList<String>();
      lines.add("automation  " + Output.text(status, "automation"));
      lines.add("incidents   " + Output.text(status, "openIncidents") + " open");
      lines.add("approvals   " + Output.text(status, "waitingApprovals") + " waiting");
      lines.add("running     " + Output.text(status, "running"));
      if (status.getString("journalDown") != null)
        lines.add("journal     cannot be written: " + Output.text(status, "journalDown"));
      status
          .getJsonArray("stops")
          .forEach(one -> lines.add("stop        " + line((JsonObject) one)));
      status.getJsonArray("frozen").forEach(one -> lines.add("frozen      " + one));
      JsonObject you = status.getJsonObject("you");
      lines.add("you         " + Output.text(you, "name") + ", " + Output.text(you, "role"));
      output.one(status, Output.text(status, "automation"), lines);
      return Exit.OK;
    }
  }

  private static String line(JsonObject stop) {
    return "%s %s %s by %s: %s"
        .formatted(
            Output.text(stop, "id"),
            Output.text(stop, "level"),
            Output.text(stop, "scope"),
            Output.text(stop, "actor"),
            Output.text(stop, "reason"));
  }

  /** {@code prunella stop --reason TEXT}. */
  @Command(name = "stop", description = "Stops automation.", mixinStandardHelpOptions = true)
  static final class Stop implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "for those who find everything standing still")
    String reason = "";

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        defaultValue = "all",
        description = "all, service:NAME, runbook:NAME or tier:N")
    String scope = "all";

    @Option(
        names = "--level",
        paramLabel = "LEVEL",
        defaultValue = "stop-new",
        description = {
          "stop-new: nothing new begins; halt: nothing is sent, not even a rollback;",
          "maintenance: no step forward begins, until its time is over; silence: the same, and",
          "nobody is told (service:NAME only)"
        })
    String level = "stop-new";

    @Option(
        names = "--for",
        paramLabel = "SPAN",
        defaultValue = "",
        description = {
          "such as 2h: a stop then wants renewing and never ends by itself; maintenance and",
          "silences do, and need it"
        })
    String span = "";

    @Override
    public Integer call() {
      var body =
          new JsonObject()
              .put("level", level)
              .put("scope", scope)
              .put("reason", reason)
              .put("for", span);
      JsonObject answer = connection.client().post("/stop", body);
      output.one(
          answer,
          Output.text(answer, "stop"),
          List.of(
              "%s: %s is stopped"
                  .formatted(Output.text(answer, "stop"), Output.text(answer, "scope"))));
      return Exit.OK;
    }
  }

  /** {@code prunella abort REM-1 --reason TEXT}. */
  @Command(
      name = "abort",
      description =
          "Aborts one remediation: no further step begins, and what has happened is taken back"
              + " where that is possible.",
      mixinStandardHelpOptions = true)
  static final class Abort implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = "a remediation, such as REM-3")
    String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "why it must not go on")
    String reason = "";

    @Override
    public Integer call() {
      var body = new JsonObject().put("reason", reason);
      JsonObject answer =
          connection.client().post("/remediations/" + Client.part(id) + "/abort", body);
      String aborted = Output.text(answer, "remediation");
      output.one(answer, aborted, List.of("%s begins nothing new".formatted(aborted)));
      return Exit.OK;
    }
  }

  /** {@code prunella resume --reason TEXT}. */
  @Command(name = "resume", description = "Ends a stop.", mixinStandardHelpOptions = true)
  static final class Resume implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "why it is safe again")
    String reason = "";

    @Option(
        names = "--stop",
        paramLabel = "ID",
        description = "such as STOP-2; may be left out where only one is in force")
    @Nullable String stop;

    @Override
    public Integer call() {
      var client = connection.client();
      String id = stop != null ? stop : only(client);
      JsonObject answer =
          client.post("/resume", new JsonObject().put("stop", id).put("reason", reason));
      output.one(answer, id, List.of(id + " is ended"));
      return Exit.OK;
    }

    private static String only(Client client) {
      var stops = client.get("/stops").getJsonArray("stops");
      if (stops.isEmpty()) throw new Failure(Exit.NOT_FOUND, "no stop is in force");
      if (stops.size() > 1) {
        var ids = stops.stream().map(one -> ((JsonObject) one).getString("id")).toList();
        throw new Failure(
            Exit.WRONG_USE,
            "%d stops are in force; say which with --stop: %s"
                .formatted(ids.size(), String.join(", ", ids)));
      }
      return stops.getJsonObject(0).getString("id");
    }
  }
}
