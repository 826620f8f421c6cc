package io.prunella.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.prunella.control.Desk;
import io.prunella.control.State;
import io.prunella.incident.Incident;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills the precompiled templates; every page goes through here. */
final class View {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "io.prunella.console");
  private final Desk desk;
  private final InstantSource clock;
  private final Assets assets;
  private final Sessions sessions;
  private final double clockSpeed;

  View(Desk desk, InstantSource clock, Assets assets, Sessions sessions, double clockSpeed) {
    this.desk = desk;
    this.clock = clock;
    this.assets = assets;
    this.sessions = sessions;
    this.clockSpeed = clockSpeed;
  }

  Times times() {
    return new Times(clock.instant());
  }

  void show(
      RoutingContext ctx, int status, String template, String title, String active, Object page) {
    var output = new StringOutput();
    engine.render(
        template + ".jte", Map.of("chrome", chrome(ctx, title, active), "page", page), output);
    if (ctx.response().ended()) return;
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(output.toString());
  }

  /** A page that says why something was not done. */
  void refuse(RoutingContext ctx, Problem problem) {
    show(ctx, problem.httpStatus(), "problem", problem.heading(), "", problem);
  }

  private Chrome chrome(RoutingContext ctx, String title, String active) {
    Who who = Access.who(ctx);
    if (who != null && who.session() == null) who = null;
    State state = desk.state();
    boolean in = who != null;
    return new Chrome(
        title,
        active,
        ctx.request().method().name().equals("GET") ? Access.ownPath(ctx.request().uri()) : "/",
        assets.base(),
        theme(ctx),
        who,
        in
            ? (int)
                state.incidents().values().stream()
                    .filter(i -> i.status() == Incident.Status.OPEN)
                    .count()
            : 0,
        in ? (int) state.remediations().values().stream().filter(Approval::waits).count() : 0,
        in ? List.copyOf(state.stops().values()) : List.of(),
        in
            ? state.remediations().values().stream()
                .filter(r -> !r.status().isTerminal() && !r.overrides().isEmpty())
                .toList()
            : List.of(),
        desk.progress(),
        in ? state.journalDown() : null,
        times(),
        clockSpeed,
        flash(who));
  }

  private @Nullable String flash(@Nullable Who who) {
    return who == null || who.session() == null ? null : sessions.hear(who.session().id());
  }

  private static String theme(RoutingContext ctx) {
    Cookie cookie = ctx.request().getCookie("prunella_theme");
    String theme = cookie == null ? "" : cookie.getValue();
    return theme.equals("dark") || theme.equals("light") ? theme : "";
  }
}
