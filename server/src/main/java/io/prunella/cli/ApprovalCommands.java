package io.prunella.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What concerns decisions: {@code approvals}, {@code show}, {@code approve}, {@code reject}. */
final class ApprovalCommands {
  private ApprovalCommands() {}

  /** {@code prunella approvals}. */
  @Command(
      name = "approvals",
      description = "Lists what waits for a decision.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        defaultValue = "PENDING",
        description = "PENDING, APPROVED, CONSUMED, REJECTED, EXPIRED, INVALIDATED; empty: all")
    String status = "PENDING";

    @Override
    public Integer call() {
      output.list(
          connection.client().get("/approvals?limit=100&status=" + Client.part(status)),
          "approvals",
          "id",
          List.of("ID", "STATUS", "EXPIRES", "TIER", "RUNBOOK", "SERVICE", "INCIDENT", "PLAN"),
          a -> {
            JsonObject plan = a.getJsonObject("remediation").getJsonObject("plan");
            return List.of(
                Output.text(a, "id"),
                Output.text(a, "status"),
                Output.text(a, "expiresAt"),
                Output.text(plan, "tier"),
                Output.text(plan, "runbook"),
                Output.text(plan.getJsonObject("target"), "service"),
                Output.text(a.getJsonObject("remediation"), "incident"),
                Output.text(a, "planDigest"));
          });
      return Exit.OK;
    }
  }

  /** {@code prunella show APR-1}. */
  @Command(
      name = "show",
      description = "Shows one approval: the plan, its digest, what the guardrails say.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = "an approval, such as APR-3")
    String id = "";

    @Option(names = "--diff", description = "only what would change")
    boolean diff;

    @Override
    public Integer call() {
      JsonObject approval = connection.client().get("/approvals/" + Client.part(id));
      JsonObject remediation = approval.getJsonObject("remediation");
      JsonObject plan = remediation.getJsonObject("plan");
      var changes = new ArrayList<String>();
      plan.getJsonArray("diff").forEach(line -> changes.add("  " + line));
      if (diff) {
        output.one(approval, Output.text(approval, "id"), changes);
        return Exit.OK;
      }
      var lines = new ArrayList<String>();
      lines.add(
          "%s %s, %s on %s"
              .formatted(
                  Output.text(approval, "id"),
                  Output.text(approval, "status"),
                  Output.text(plan, "runbook"),
                  Output.text(plan.getJsonObject("target"), "service")));
      lines.add(
          "incident    "
              + Output.text(remediation, "incident")
              + ", tier "
              + Output.text(plan, "tier"));
      lines.add("expires     " + Output.text(approval, "expiresAt"));
      JsonObject confidence = remediation.getJsonObject("confidence");
      lines.add(
          "confidence  %s (worked %s of %s here)"
              .formatted(
                  Output.text(confidence, "value"),
                  Output.text(confidence, "worked"),
                  Output.text(confidence, "tried")));
      lines.add("plan        " + Output.text(approval, "planDigest"));
      lines.addAll(changes);
      remediation
          .getJsonArray("guardrails")
          .forEach(one ->
              lines.add(
                  "%-11s %s: %s"
                      .formatted(
                          ((JsonObject) one).getString("ruling"),
                          ((JsonObject) one).getString("guardrail"),
                          ((JsonObject) one).getString("why"))));
      approval
          .getJsonArray("decisions")
          .forEach(one ->
              lines.add(
                  "%-11s %s %s"
                      .formatted(
                          ((JsonObject) one).getString("decision"),
                          ((JsonObject) one).getString("actor"),
                          ((JsonObject) one).getString("reason"))));
      lines.add(
          "decide with prunella approve %s --plan %s"
              .formatted(Output.text(approval, "id"), Output.text(approval, "planDigest")));
      output.one(approval, Output.text(approval, "id"), lines);
      return Exit.OK;
    }
  }

  /** {@code prunella approve APR-1 --plan DIGEST}. */
  @Command(
      name = "approve",
      description =
          "Approves one plan. Without its digest there is no approving: look first, with show.",
      mixinStandardHelpOptions = true)
  static final class Approve implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = "an approval, such as APR-3")
    String id = "";

    @Option(
        names = "--plan",
        required = true,
        paramLabel = "DIGEST",
        description = "digest of the plan that you looked at, whole")
    String plan = "";

    @Option(
        names = "-m",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "note for the audit trail")
    String note = "";

    @Override
    public Integer call() {
      return decide(connection, output, id, "approve", plan, note);
    }
  }

  /** {@code prunella reject APR-1 -m TEXT}. */
  @Command(
      name = "reject",
      description = "Rejects a plan, with the reason.",
      mixinStandardHelpOptions = true)
  static final class Reject implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "ID", description = "an approval, such as APR-3")
    String id = "";

    @Option(
        names = "-m",
        required = true,
        paramLabel = "TEXT",
        description = "why: it is what Prunella learns from")
    String reason = "";

    @Option(
        names = "--plan",
        paramLabel = "DIGEST",
        description = "digest of the plan that you looked at; default: the present one")
    @Nullable String plan;

    @Override
    public Integer call() {
      String digest =
          plan != null
              ? plan
              : connection
                  .client()
                  .get("/approvals/" + Client.part(id))
                  .getString("planDigest", "");
      return decide(connection, output, id, "reject", digest, reason);
    }
  }

  private static int decide(
      Connection connection,
      Output output,
      String id,
      String decision,
      String plan,
      String reason) {
    var body =
        new JsonObject()
            .put("decision", decision)
            .put("planDigest", plan)
            .put("reason", reason)
            .put("idempotencyKey", UUID.randomUUID().toString());
    JsonObject answer =
        connection.client().post("/approvals/" + Client.part(id) + "/decisions", body);
    output.one(
        answer,
        id,
        List.of(
            "%s: %s is on record, now %s".formatted(id, decision, Output.text(answer, "status"))));
    return Exit.OK;
  }
}
