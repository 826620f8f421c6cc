package io.prunella.console;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The door: who is it, may they, and did this form come from our own page. Runs on event loops,
 * never blocks.
 */
final class Access {
  static final String COOKIE = "prunella_session";
  private static final String WHO = "prunella.who";
  private static final String BEARER = "Bearer ";
  private static final String CSP =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src"
          + " 'self'; form-action 'self'; manifest-src 'self'; img-src 'self' data:; base-uri"
          + " 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types"
          + " prunella";

  private final ConsoleConfig config;
  private final Tokens tokens;
  private final Sessions sessions;
  private final LoginLimit limit;

  Access(ConsoleConfig config, Tokens tokens, Sessions sessions, LoginLimit limit) {
    this.config = config;
    this.tokens = tokens;
    this.sessions = sessions;
    this.limit = limit;
  }

  /** What every answer of the console carries. */
  static void headers(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    response
        .putHeader("Content-Security-Policy", CSP)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Finds out who it is, if anyone; refuses nobody. */
  void identify(RoutingContext ctx) {
    Who who = bearer(ctx);
    if (who == null) who = cookie(ctx);
    if (who != null) ctx.put(WHO, who);
  }

  private @Nullable Who bearer(RoutingContext ctx) {
    String header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) return null;
    String address = address(ctx);
    if (!limit.mayTry(address)) return null;
    Tokens.Token token = tokens.find(header.substring(BEARER.length()).strip());
    if (token == null) {
      limit.wrong(address);
      return null;
    }
    return new Who(token.name(), token.role(), null);
  }

  private @Nullable Who cookie(RoutingContext ctx) {
    Cookie cookie = ctx.request().getCookie(COOKIE);
    Sessions.Session session = cookie == null ? null : sessions.find(cookie.getValue());
    if (session == null) return null;
    Tokens.Token token = tokens.named(session.name());
    return token == null ? null : new Who(token.name(), token.role(), session);
  }

  /**
   * True while this person's token and session are still good; does not count as a sign of life.
   */
  boolean isStillIn(Who who) {
    return tokens.named(who.name()) != null
        && (who.session() == null || sessions.isAlive(who.session().id()));
  }

  static @Nullable Who who(RoutingContext ctx) {
    return ctx.get(WHO);
  }

  /** Who it is, where the door has let nobody else through. */
  static Who in(RoutingContext ctx) {
    Who who = who(ctx);
    if (who == null) throw new IllegalStateException("a handler behind the door ran for nobody");
    return who;
  }

  /** A page for people who are logged in; others are sent to the login. */
  Handler<RoutingContext> page(
      Role wanted, BiConsumer<RoutingContext, Problem> refuse, Handler<RoutingContext> show) {
    return ctx -> {
      Who who = who(ctx);
      if (who == null || who.session() == null) {
        String next = URLEncoder.encode(ctx.request().uri(), StandardCharsets.UTF_8);
        boolean home = path(ctx).equals("/");
        seeOther(
            ctx,
            home || !ctx.request().method().name().equals("GET")
                ? "/login"
                : "/login?next=" + next);
      } else if (!who.may(wanted)) {
        refuse.accept(ctx, Problem.role(who, wanted));
      } else {
        show.handle(ctx);
      }
    };
  }

  /** A form of ours: as {@link #page}, and the session's own secret must come with it. */
  Handler<RoutingContext> form(
      Role wanted, BiConsumer<RoutingContext, Problem> refuse, Handler<RoutingContext> take) {
    return page(
        wanted,
        refuse,
        ctx -> {
          String site = ctx.request().getHeader("Sec-Fetch-Site");
          boolean ours = site == null || site.equals("same-origin") || site.equals("none");
          if (ours && same(in(ctx).csrf(), ctx.request().getFormAttribute("csrf"))) {
            take.handle(ctx);
          } else {
            refuse.accept(
                ctx,
                new Problem(
                    403,
                    "stale-form",
                    "This form does not come from a page of your session. Nothing was done: go"
                        + " back, reload, try again."));
          }
        });
  }

  /** The API: bearer tokens, and for reading a browser's session too. */
  Handler<RoutingContext> api(Role wanted, Handler<RoutingContext> take) {
    return ctx -> {
      Who who = who(ctx);
      boolean reads = ctx.request().method().name().equals("GET");
      if (who == null || (who.session() != null && !reads)) {
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"prunella\"");
        boolean tooOften = !limit.mayTry(address(ctx));
        if (tooOften) ctx.response().putHeader("Retry-After", "60");
        Api.refuse(
            ctx,
            tooOften
                ? new Problem(
                    429,
                    "too-many-tries",
                    "Too many wrong tokens from this address; wait a minute.")
                : new Problem(
                    401, "unauthorized", "A token is wanted: Authorization: Bearer pru_…"));
      } else if (!who.may(wanted)) {
        Api.refuse(ctx, Problem.role(who, wanted));
      } else {
        take.handle(ctx);
      }
    };
  }

  /** Tries a token; on success the browser gets its session. */
  @Nullable Problem login(RoutingContext ctx, String secret) {
    String address = address(ctx);
    if (!limit.mayTry(address)) {
      return new Problem(
          429,
          "too-many-tries",
          "Too many wrong tokens from this address. Wait a minute, then try again.");
    }
    Tokens.Token token = tokens.find(secret.strip());
    if (token == null) {
      limit.wrong(address);
      return new Problem(
          401,
          "unauthorized",
          "No token like this is known. It begins with pru_ and is 47 characters long.");
    }
    Sessions.Session session = sessions.begin(token.name());
    ctx.response()
        .addCookie(
            Cookie.cookie(COOKIE, session.id())
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(config.secureCookie())
                .setSameSite(CookieSameSite.STRICT));
    return null;
  }

  void logout(RoutingContext ctx) {
    Who who = who(ctx);
    if (who != null && who.session() != null) sessions.end(who.session().id());
    ctx.response().removeCookie(COOKIE);
  }

  static void seeOther(RoutingContext ctx, String path) {
    ctx.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, path).end();
  }

  /** A path of this console, or home: never another site. */
  static String ownPath(@Nullable String path) {
    boolean ours =
        path != null
            && path.matches("/[A-Za-z0-9_\\-./?=&%{}:+,~]*")
            && !path.startsWith("//")
            && !path.contains("/login");
    return ours && path != null ? path : "/";
  }

  /** The path that was asked for, without parameters. */
  static String path(RoutingContext ctx) {
    return Objects.requireNonNullElse(ctx.request().path(), "/");
  }

  /** A part of the path, as its route names it. */
  static String part(RoutingContext ctx, String name) {
    return Objects.requireNonNullElse(ctx.pathParam(name), "");
  }

  private static String address(RoutingContext ctx) {
    var address = ctx.request().remoteAddress();
    return address == null || address.hostAddress() == null ? "unknown" : address.hostAddress();
  }

  private static boolean same(String wanted, @Nullable String seen) {
    return seen != null
        && !wanted.isEmpty()
        && MessageDigest.isEqual(
            wanted.getBytes(StandardCharsets.UTF_8), seen.getBytes(StandardCharsets.UTF_8));
  }
}
