package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.watch.Windows;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People's side: pages, JSON API, live stream and login, on a router that the roof serves. Holds no
 * state of its own but sessions and what it has drawn; all decisions are commands to the {@link
 * Desk}. Handlers run on the router's event loops and never block; what must is handed to Vert.x'
 * workers.
 */
public final class Console implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final int FORM_BYTES_MAX = 64 << 10;

  private final ConsoleConfig config;
  private final Assets assets;
  private final Access access;
  private final View view;
  private final Live live;
  private final Charts charts;
  private final Pages pages;
  private final AuditPages auditPages;
  private final ConsoleParts parts;
  private final Forms forms;
  private final Api api;

  /**
   * @param clock the world's, which people see; in the demo it runs faster than the wall
   * @param wall for sessions and login limits
   * @param random a source nobody can predict, such as {@code SecureRandom}
   * @param chartFolder in which the charts of incidents that are over are kept; it is made
   */
  public Console(
      Vertx vertx,
      ConsoleConfig config,
      Desk desk,
      Windows windows,
      Tokens tokens,
      InstantSource clock,
      InstantSource wall,
      RandomGenerator random,
      Path chartFolder,
      ConsoleParts parts) {
    this.config = config;
    this.assets = new Assets();
    var sessions = new Sessions(config, wall, random);
    this.access = new Access(config, tokens, sessions, new LoginLimit(wall));
    this.view = new View(desk, clock, assets, sessions, config.clockSpeed());
    this.live = new Live(vertx, config, desk, access);
    var trail = new Trail(vertx, desk);
    var series = new SeriesApi(windows, clock);
    var album = new Album(chartFolder, Charts.INCIDENTS_MAX);
    this.charts = new Charts(vertx, new Evidence(windows), album, desk, clock);
    this.pages =
        new Pages(config, desk, windows, parts, view, series, charts, sessions, live::size);
    this.auditPages = new AuditPages(vertx, desk, view, trail);
    this.parts = parts;
    this.forms = new Forms(desk, view, pages, access, sessions, parts.extensions());
    this.api = new Api(vertx, desk, series, trail, clock);
  }

  /**
   * Adds every route of the console, and answers for what is not found. Call it last: {@code
   * /metrics}, {@code /-/…} and ingest are the roof's and stand before it.
   */
  public void mount(Router router) {
    router
        .get("/static/:digest/:file")
        .handler(ctx -> {
          Access.headers(ctx);
          assets.serve(ctx);
        });
    page(router, "/", pages::now);
    page(router, "/incidents", pages::incidents);
    page(router, "/incidents/:id", pages::incident);
    page(router, "/approvals", pages::approvals);
    page(router, "/approvals/:id", pages::approval);
    page(router, "/explore", pages::explore);
    page(router, "/runbooks", pages::runbooks);
    page(router, "/runbooks/:name", pages::runbook);
    page(router, "/guardrails", pages::guardrails);
    page(router, "/audit", auditPages::audit);
    page(router, "/status", pages::status);
    page(router, "/live", live::open);

    form(router, "/approvals/:id/decision", Role.APPROVER, forms::decide);
    form(router, "/stop", Role.OPERATOR, forms::stop);
    form(router, "/resume", Role.OPERATOR, forms::resume);
    form(router, "/remediations/:id/review", Role.OPERATOR, forms::review);
    form(router, "/remediations/:id/abort", Role.OPERATOR, forms::abort);
    form(router, "/remediations/:id/override", Role.OPERATOR, forms::override);
    form(router, "/incidents/:id/takeover", Role.OPERATOR, forms::takeOver);
    form(router, "/guardrails/unfreeze", Role.OPERATOR, forms::unfreeze);
    form(router, "/audit/verify", Role.VIEWER, auditPages::verify);
    form(router, "/x/:extension", Role.OPERATOR, forms::press);
    form(router, "/logout", Role.VIEWER, forms::logout);

    open(router.get("/login")).handler(guarded(forms::loginPage));
    open(router.post("/login").handler(body(FORM_BYTES_MAX))).handler(guarded(forms::login));

    for (Api.Route route : api.routes()) {
      Route at = router.route(route.method(), Api.ROOT + route.path());
      if (route.method() == HttpMethod.POST) at.handler(body(config.apiBodyBytesMax()));
      open(at).handler(guarded(access.api(route.role(), route.take())));
    }
    open(router.post("/-/reload").handler(body(FORM_BYTES_MAX)))
        .handler(guarded(access.api(Role.ADMIN, this::reload)));
    Route rest = open(router.route());
    rest.handler(guarded(this::nothingThere));
  }

  /** Ends live streams and timers. The router's server is the roof's to close. */
  @Override
  public void close() {
    live.close();
    charts.close();
  }

  private static BodyHandler body(int bytesMax) {
    return BodyHandler.create(false).setBodyLimit(bytesMax);
  }

  private Route open(Route route) {
    return route
        .handler(ctx -> {
          Access.headers(ctx);
          access.identify(ctx);
          ctx.next();
        })
        .failureHandler(this::failed);
  }

  private void page(Router router, String path, Handler<RoutingContext> show) {
    open(router.get(path)).handler(guarded(access.page(Role.VIEWER, this::refuse, show)));
  }

  private void form(Router router, String path, Role role, Handler<RoutingContext> take) {
    open(router.post(path).handler(body(FORM_BYTES_MAX)))
        .handler(guarded(access.form(role, this::refuse, take)));
  }

  /** What a handler throws at once takes the same way as what fails later. */
  private static Handler<RoutingContext> guarded(Handler<RoutingContext> handler) {
    return ctx -> {
      try {
        handler.handle(ctx);
      } catch (RuntimeException e) {
        ctx.fail(e);
      }
    };
  }

  /** As operators of Prometheus and its kin know it. */
  private void reload(RoutingContext ctx) {
    Api.await(
        ctx,
        ctx.vertx().executeBlocking(() -> parts.reload().get(), /* ordered= */ false),
        problems -> {
          var answer =
              new JsonObject()
                  .put("runbooks", parts.runbooks().get().size())
                  .put("problems", new JsonArray(problems));
          if (!problems.isEmpty()) {
            answer
                .put("error", "bad-runbooks")
                .put("message", "What could not be read stays as it was read last.");
          }
          Api.answer(ctx, problems.isEmpty() ? 200 : 422, answer);
        });
  }

  private void nothingThere(RoutingContext ctx) {
    String path = Access.path(ctx);
    throw new Problem(404, "not-found", "There is nothing at this address.", path, null);
  }

  private void failed(RoutingContext ctx) {
    refuse(ctx, problem(ctx, ctx.failure()));
  }

  private Problem problem(RoutingContext ctx, @Nullable Throwable failure) {
    if (failure instanceof Problem problem) return problem;
    int status = failure instanceof HttpException http ? http.getStatusCode() : ctx.statusCode();
    if (status == 413) {
      return new Problem(
          413,
          "too-large",
          "The body is too large.",
          null,
          "at most %d bytes".formatted(config.apiBodyBytesMax()));
    }
    if (status >= 400 && status < 500)
      return new Problem(status, "bad-request", "The request is malformed.");
    LOG.error(
        "a request failed method={} path={}",
        ctx.request().method(),
        ctx.request().path(),
        failure);
    return new Problem(
        500,
        "fault",
        "This is our fault, not yours; the server's log says more. Nothing was changed.");
  }

  private void refuse(RoutingContext ctx, Problem problem) {
    if (!ctx.response().headWritten())
      Access.headers(ctx); // a body that was too large never came to the door
    if (ctx.response().headWritten()) {
      ctx.response().reset();
    } else if (Access.path(ctx).startsWith("/api/") || Access.path(ctx).startsWith("/-/")) {
      Api.refuse(ctx, problem);
    } else {
      view.refuse(ctx, problem);
    }
  }
}
