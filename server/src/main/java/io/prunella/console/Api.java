package io.prunella.console;

import io.prunella.control.Answer;
import io.prunella.control.Command;
import io.prunella.control.Desk;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The JSON API under {@code /api/v1}: the same state and the same commands as the pages, for
 * programs.
 */
final class Api {
  static final String ROOT = "/api/v1";
  private static final String CONTRACT = "/io/prunella/console/openapi.yaml";

  /**
   * One route. The contract must name the same ones; a test compares.
   *
   * @param path below {@link #ROOT}, parameters as Vert.x writes them
   */
  record Route(HttpMethod method, String path, Role role, Handler<RoutingContext> take) {}

  private final Vertx vertx;
  private final Desk desk;
  private final Trail trail;
  private final InstantSource clock;
  private final SeriesApi series;
  private final Buffer contract = contract();

  Api(Vertx vertx, Desk desk, SeriesApi series, Trail trail, InstantSource clock) {
    this.vertx = vertx;
    this.desk = desk;
    this.trail = trail;
    this.clock = clock;
    this.series = series;
  }

  List<Route> routes() {
    return List.of(
        get("/status", this::status),
        get("/incidents", this::incidents),
        get("/incidents/:id", this::incident),
        post("/incidents/:id/takeover", Role.OPERATOR, this::takeOver),
        get("/approvals", this::approvals),
        get("/approvals/:id", this::approval),
        post("/approvals/:id/decisions", Role.APPROVER, this::decide),
        get("/remediations", this::remediations),
        get("/remediations/:id", this::remediation),
        post("/remediations/:id/review", Role.OPERATOR, this::review),
        post("/remediations/:id/abort", Role.OPERATOR, this::abort),
        post("/remediations/:id/override", Role.OPERATOR, this::override),
        get("/stops", this::stops),
        post("/stop", Role.OPERATOR, this::stop),
        post("/resume", Role.OPERATOR, this::resume),
        post("/deployments", Role.OPERATOR, this::deployment),
        post("/services/:name/unfreeze", Role.OPERATOR, this::unfreeze),
        get("/audit", this::audit),
        get("/audit/verify", this::verify),
        get("/series", series::list),
        get("/series/window", series::window),
        get(
            "/openapi.yaml",
            ctx -> ctx.response().putHeader("Content-Type", "application/yaml").end(contract)));
  }

  private static Route get(String path, Handler<RoutingContext> take) {
    return new Route(HttpMethod.GET, path, Role.VIEWER, take);
  }

  private static Route post(String path, Role role, Handler<RoutingContext> take) {
    return new Route(HttpMethod.POST, path, role, take);
  }

  static void refuse(RoutingContext ctx, Problem problem) {
    answer(ctx, problem.httpStatus(), problem.json());
  }

  static void answer(RoutingContext ctx, int status, JsonObject json) {
    if (ctx.response().ended()) return;
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(json.toBuffer());
  }

  /** A command to control; its answer becomes ours. */
  private void ask(
      RoutingContext ctx, Command command, int status, Function<Answer.Accepted, JsonObject> made) {
    await(
        ctx,
        desk.ask(command),
        answer -> {
          switch (answer) {
            case Answer.Accepted accepted -> answer(ctx, status, made.apply(accepted));
            case Answer.Refused refused -> refuse(ctx, Problem.of(refused));
          }
        });
  }

  /** Goes on, on this request's event loop, when the value is there. */
  static <T> void await(RoutingContext ctx, CompletableFuture<T> value, Handler<T> then) {
    await(ctx, Future.fromCompletionStage(value, ctx.vertx().getOrCreateContext()), then);
  }

  /**
   * The same; what {@code then} throws becomes this request's failure, not a request without an
   * answer.
   */
  static <T> void await(RoutingContext ctx, Future<T> value, Handler<T> then) {
    value
        .map(there -> {
          then.handle(there);
          return true;
        })
        .onFailure(ctx::fail);
  }

  // ---- what is ----

  private void status(RoutingContext ctx) {
    var state = desk.state();
    long open =
        state.incidents().values().stream().filter(i -> i.status() == Incident.Status.OPEN).count();
    long waiting = state.remediations().values().stream().filter(Approval::waits).count();
    answer(
        ctx,
        200,
        new JsonObject()
            .put("at", Json.time(clock.instant()))
            .put("head", state.head())
            .put("openIncidents", open)
            .put("waitingApprovals", waiting)
            .put(
                "running",
                state.remediations().values().stream()
                    .filter(r -> Say.tone(r.status()).equals("busy"))
                    .count())
            .put(
                "automation",
                state.journalDown() != null ? "off" : state.stops().isEmpty() ? "on" : "stopped")
            .put("journalDown", state.journalDown())
            .put("stops", Json.list(state.stops().values(), Json::stop))
            .put("frozen", Json.list(state.frozen().values(), f -> f.service()))
            .put("alarmBudget", Json.budget(desk.budget()))
            .put(
                "you",
                new JsonObject()
                    .put("name", Access.in(ctx).name())
                    .put("role", Access.in(ctx).role().word())));
  }

  private void incidents(RoutingContext ctx) {
    var query =
        IncidentQuery.of(
            Query.parameter(ctx, "state"),
            Query.parameter(ctx, "service"),
            Query.parameter(ctx, "q"));
    Query.page(ctx, "incidents", query.newestFirst(desk.state()), Incident::id, Json::brief);
  }

  private void incident(RoutingContext ctx) {
    var state = desk.state();
    Incident found = Query.known(ctx, "incident", state.incidents()::get);
    answer(ctx, 200, Json.incident(found, state, desk.progress()));
  }

  private void approvals(RoutingContext ctx) {
    String wanted = Query.parameter(ctx, "status");
    List<String> words = java.util.Arrays.stream(Approval.values()).map(Enum::name).toList();
    if (!wanted.isEmpty() && !words.contains(wanted)) {
      throw Problem.bad(
          "The parameter status has an unknown value.", wanted, String.join(", ", words));
    }
    var found =
        desk.state().remediations().values().stream()
            .filter(r -> r.suggestion() != null)
            .filter(r -> wanted.isEmpty() || Approval.of(r).name().equals(wanted))
            .toList()
            .reversed();
    Query.page(
        ctx, "approvals", found, Remediation::id, one -> Json.approval(one, desk.progress()));
  }

  private void approval(RoutingContext ctx) {
    var state = desk.state();
    Remediation found = Query.known(ctx, "approval", id -> state.suggestion(id).orElse(null));
    answer(ctx, 200, Json.approval(found, desk.progress()));
  }

  private void remediations(RoutingContext ctx) {
    String incident = Query.parameter(ctx, "incident");
    var found =
        desk.state().remediations().values().stream()
            .filter(r -> incident.isEmpty() || r.plan().incident().equals(incident))
            .toList()
            .reversed();
    Query.page(
        ctx, "remediations", found, Remediation::id, one -> Json.remediation(one, desk.progress()));
  }

  private void remediation(RoutingContext ctx) {
    Remediation found = Query.known(ctx, "remediation", desk.state().remediations()::get);
    answer(ctx, 200, Json.remediation(found, desk.progress()));
  }

  private void stops(RoutingContext ctx) {
    answer(
        ctx,
        200,
        new JsonObject().put("stops", Json.list(desk.state().stops().values(), Json::stop)));
  }

  private void audit(RoutingContext ctx) {
    String format = Query.parameter(ctx, "format");
    if (format.equals("jsonl")) {
      trail.export(ctx);
      return;
    }
    if (!format.isEmpty() && !format.equals("json")) {
      throw Problem.bad("The parameter format has an unknown value.", format, "json or jsonl");
    }
    var filter =
        new Trail.Filter(
            Query.parameter(ctx, "who"), Query.parameter(ctx, "what"), Query.parameter(ctx, "q"));
    long before = Query.number(ctx, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int entries = (int) Query.number(ctx, "limit", Query.PAGE, Query.PAGE_MAX);
    await(
        ctx,
        vertx.executeBlocking(() -> trail.read(before, entries, filter), false),
        page ->
            answer(
                ctx,
                200,
                new JsonObject()
                    .put("entries", Json.list(page.entries(), Json::entry))
                    .put("before", page.before() == 0 ? null : page.before())));
  }

  private void verify(RoutingContext ctx) {
    await(
        ctx,
        vertx.executeBlocking(desk::verify, false),
        verdict ->
            answer(
                ctx,
                200,
                new JsonObject()
                    .put("intact", verdict.intact())
                    .put("entries", verdict.entries())
                    .put("message", verdict.message())));
  }

  // ---- what people want ----

  private void decide(RoutingContext ctx) {
    var body = Body.of(ctx, "decision", "planDigest", "reason", "idempotencyKey");
    boolean approve = body.oneOf("decision", Set.of("approve", "reject")).equals("approve");
    String digest = body.needed("planDigest", "the digest of the plan that was looked at");
    String reason =
        approve ? body.text("reason") : body.needed("reason", "why not: it is what is learnt from");
    String key = body.needed("idempotencyKey", "a text of your own, the same on every retry");
    String id = Access.part(ctx, "id");
    ask(
        ctx,
        new Command.Decide(id, Access.in(ctx).name(), approve, digest, reason, key),
        201,
        accepted ->
            new JsonObject()
                .put("approval", id)
                .put("decision", approve ? "approve" : "reject")
                .put("actor", Access.in(ctx).name())
                .put("planDigest", digest)
                .put(
                    "status",
                    desk.state().suggestion(id).map(r -> Approval.of(r).name()).orElse(null)));
  }

  private void stop(RoutingContext ctx) {
    var body = Body.of(ctx, "level", "scope", "reason", "for");
    var level =
        Say.level(body.oneOf("level", Set.of("stop-new", "halt", "maintenance", "silence")));
    String scope = Scope.check(body.text("scope"));
    String reason = body.needed("reason", "why, for those who find everything standing still");
    var command =
        new Command.StopAutomation(Access.in(ctx).name(), level, scope, reason, body.span("for"));
    ask(
        ctx,
        command,
        201,
        accepted -> new JsonObject().put("stop", accepted.id()).put("scope", scope));
  }

  private void resume(RoutingContext ctx) {
    var body = Body.of(ctx, "stop", "reason");
    String stop = body.needed("stop", "a stop's id, such as STOP-1");
    String reason = body.needed("reason", "why it is safe again");
    ask(
        ctx,
        new Command.ResumeAutomation(Access.in(ctx).name(), stop, reason),
        200,
        accepted -> new JsonObject().put("stop", stop));
  }

  private void deployment(RoutingContext ctx) {
    var body = Body.of(ctx, "deployment", "service", "status", "detail");
    String id = body.needed("deployment", "an id, the same when it finishes");
    String service = body.needed("service", "the service that is deployed");
    boolean finished = body.oneOf("status", Set.of("started", "finished")).equals("finished");
    var command =
        new Command.DeploymentPosted(
            Access.in(ctx).name(), id, service, finished, body.text("detail"));
    ask(ctx, command, 201, accepted -> new JsonObject().put("deployment", id));
  }

  private void review(RoutingContext ctx) {
    var body = Body.of(ctx, "good", "note");
    var command =
        new Command.ReviewGiven(
            Access.in(ctx).name(), Access.part(ctx, "id"), body.flag("good"), body.text("note"));
    ask(ctx, command, 201, accepted -> new JsonObject().put("remediation", Access.part(ctx, "id")));
  }

  private void abort(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    String reason = Body.of(ctx, "reason").needed("reason", "why it must not go on");
    ask(
        ctx,
        new Command.AbortRemediation(Access.in(ctx).name(), id, reason),
        202,
        accepted -> new JsonObject().put("remediation", id));
  }

  private void override(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    var body = Body.of(ctx, "planDigest", "reason");
    String digest = body.needed("planDigest", "the digest of the plan that was looked at");
    String reason = body.needed("reason", "why it cannot wait");
    ask(
        ctx,
        new Command.OverrideHold(Access.in(ctx).name(), id, digest, reason),
        201,
        accepted -> new JsonObject().put("remediation", id));
  }

  private void takeOver(RoutingContext ctx) {
    String reason = Body.of(ctx, "reason").needed("reason", "why a person leads from here");
    var command = new Command.TakenOver(Access.in(ctx).name(), Access.part(ctx, "id"), reason);
    ask(ctx, command, 201, accepted -> new JsonObject().put("incident", Access.part(ctx, "id")));
  }

  private void unfreeze(RoutingContext ctx) {
    String reason =
        Body.of(ctx, "reason").needed("reason", "what was found, and why it is safe again");
    var command = new Command.FreezeLifted(Access.in(ctx).name(), Access.part(ctx, "name"), reason);
    ask(ctx, command, 200, accepted -> new JsonObject().put("service", Access.part(ctx, "name")));
  }

  private static Buffer contract() {
    try (var in = Api.class.getResourceAsStream(CONTRACT)) {
      if (in == null) throw new IllegalStateException("the jar lacks " + CONTRACT);
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + CONTRACT + " from the jar", e);
    }
  }
}
