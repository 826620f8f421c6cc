package io.prunella.console;

import io.prunella.control.Answer;
import io.prunella.control.Command;
import io.prunella.control.Desk;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every form that a person sends: plain POSTs that need no script. After success the browser is
 * sent to a page.
 */
final class Forms {
  private static final int TEXT_MAX = 4_096;

  private final Desk desk;
  private final View view;
  private final Pages pages;
  private final Access access;
  private final Sessions sessions;
  private final List<ConsoleExtension> extensions;

  Forms(
      Desk desk,
      View view,
      Pages pages,
      Access access,
      Sessions sessions,
      List<ConsoleExtension> extensions) {
    this.desk = desk;
    this.view = view;
    this.pages = pages;
    this.access = access;
    this.sessions = sessions;
    this.extensions = extensions;
  }

  void loginPage(RoutingContext ctx) {
    if (ctx.request().getParam("token") != null) {
      // A token in an address is in histories and logs by now: say so, and do not take it.
      throw Problem.bad(
          "A token must never stand in an address. Take it back, and type the new one.",
          null,
          "the form");
    }
    showLogin(ctx, 200, Access.ownPath(ctx.request().getParam("next")), "");
  }

  private void showLogin(RoutingContext ctx, int status, String next, String message) {
    view.show(ctx, status, "login", "Log in", "", new Pages.Login(next, message));
  }

  void login(RoutingContext ctx) {
    String next = Access.ownPath(ctx.request().getFormAttribute("next"));
    Problem problem = access.login(ctx, field(ctx, "token"));
    if (problem == null) {
      Access.seeOther(ctx, next);
    } else {
      showLogin(ctx, problem.httpStatus(), next, problem.message());
    }
  }

  void logout(RoutingContext ctx) {
    access.logout(ctx);
    Access.seeOther(ctx, "/login");
  }

  /**
   * Approve asks once more, reject wants a reason; anything that control refuses comes back with a
   * fresh look.
   */
  void decide(RoutingContext ctx) {
    String decision = field(ctx, "decision");
    String note = field(ctx, "reason");
    String key = field(ctx, "idempotencyKey");
    if (!decision.equals("approve") && !decision.equals("reject")) {
      throw Problem.bad("The decision is unknown.", decision, "approve or reject");
    }
    boolean approve = decision.equals("approve");
    if (!approve && note.isBlank()) {
      var missing =
          new Problem(
              422, "incomplete", "Rejecting needs a reason: it is what Prunella learns from.");
      pages.approval(ctx, 422, note, missing);
      return;
    }
    if (approve && !field(ctx, "confirmed").equals("yes")) {
      pages.confirm(ctx, key, note);
      return;
    }
    String id = Access.part(ctx, "id");
    var command =
        new Command.Decide(id, Access.in(ctx).name(), approve, field(ctx, "planDigest"), note, key);
    Api.await(
        ctx,
        desk.ask(command),
        answer -> {
          switch (answer) {
            case Answer.Accepted _ -> {
              say(
                  ctx,
                  approve ? "Your approval is on record." : "Rejected. Your reason is on record.");
              Access.seeOther(ctx, "/approvals/" + Pages.url(id));
            }
            case Answer.Refused refused -> {
              Problem problem = Problem.of(refused);
              if (problem.httpStatus() == 404) {
                view.refuse(ctx, problem);
              } else {
                pages.approval(ctx, problem.httpStatus(), note, problem);
              }
            }
          }
        });
  }

  void stop(RoutingContext ctx) {
    String reason =
        reason(ctx, "Stopping needs a reason, for those who find everything standing still.");
    Duration lasting = Body.span("for", field(ctx, "for"));
    var level = Say.level(field(ctx, "level").isEmpty() ? "stop-new" : field(ctx, "level"));
    String scope = Scope.check(field(ctx, "scope"));
    ask(
        ctx,
        new Command.StopAutomation(Access.in(ctx).name(), level, scope, reason, lasting),
        "Stopped " + Say.scope(scope) + ". " + Say.levelLong(level),
        null);
  }

  void resume(RoutingContext ctx) {
    String reason = reason(ctx, "Resuming needs a reason: why is it safe again?");
    ask(
        ctx,
        new Command.ResumeAutomation(Access.in(ctx).name(), field(ctx, "stop"), reason),
        "Automation resumed.",
        null);
  }

  void review(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    String verdict = field(ctx, "good");
    if (!verdict.equals("yes") && !verdict.equals("no"))
      throw Problem.bad("The review is unknown.", verdict, "yes or no");
    ask(
        ctx,
        new Command.ReviewGiven(
            Access.in(ctx).name(), id, verdict.equals("yes"), field(ctx, "note")),
        "Your review of " + id + " is on record.",
        null);
  }

  void abort(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    String reason = reason(ctx, "Aborting needs a reason: why must it not go on?");
    ask(
        ctx,
        new Command.AbortRemediation(Access.in(ctx).name(), id, reason),
        id + " begins nothing new; what it has done is taken back where that is possible.",
        null);
  }

  void override(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    String reason = reason(ctx, "An override needs a reason: why can it not wait?");
    ask(
        ctx,
        new Command.OverrideHold(Access.in(ctx).name(), id, field(ctx, "planDigest"), reason),
        "Your override of " + id + " is on record. It needs two people.",
        null);
  }

  void takeOver(RoutingContext ctx) {
    String id = Access.part(ctx, "id");
    String reason = reason(ctx, "Taking over needs a reason.");
    ask(
        ctx,
        new Command.TakenOver(Access.in(ctx).name(), id, reason),
        "You lead " + id + " now; automation leaves it alone.",
        null);
  }

  void unfreeze(RoutingContext ctx) {
    String service = field(ctx, "service");
    String reason = reason(ctx, "Lifting a freeze needs a reason: what was found?");
    ask(
        ctx,
        new Command.FreezeLifted(Access.in(ctx).name(), service, reason),
        service + " may be acted on again.",
        "/guardrails");
  }

  void press(RoutingContext ctx) {
    String id = Access.part(ctx, "extension");
    ConsoleExtension extension =
        extensions.stream()
            .filter(e -> e.id().equals(id))
            .findFirst()
            .orElseThrow(() -> Problem.unknown("card", id));
    String button = field(ctx, "button");
    if (extension.buttons().stream().noneMatch(b -> b.id().equals(button)))
      throw Problem.unknown("button", button);
    var pressed =
        extension
            .press(button, Access.in(ctx).name())
            .exceptionally(failed ->
                "Not done: "
                    + Objects.requireNonNullElse(root(failed).getMessage(), "no reason given"));
    Api.await(
        ctx,
        pressed,
        words -> {
          say(ctx, words);
          Access.seeOther(ctx, "/");
        });
  }

  private static Throwable root(Throwable failed) {
    return failed.getCause() == null ? failed : failed.getCause();
  }

  /** A command whose success is told on the page that the person came from. */
  private void ask(RoutingContext ctx, Command command, String done, @Nullable String then) {
    String back = then == null ? Access.ownPath(field(ctx, "back")) : then;
    Api.await(
        ctx,
        desk.ask(command),
        answer -> {
          switch (answer) {
            case Answer.Accepted _ -> {
              say(ctx, done);
              Access.seeOther(ctx, back);
            }
            case Answer.Refused refused -> view.refuse(ctx, Problem.of(refused));
          }
        });
  }

  private void say(RoutingContext ctx, String words) {
    Who who = Access.in(ctx);
    if (who.session() != null) sessions.say(who.session().id(), words);
  }

  private static String reason(RoutingContext ctx, String otherwise) {
    String reason = field(ctx, "reason");
    if (reason.isBlank()) throw new Problem(422, "incomplete", otherwise);
    return reason;
  }

  private static String field(RoutingContext ctx, String name) {
    String text = Objects.requireNonNullElse(ctx.request().getFormAttribute(name), "").strip();
    if (text.length() > TEXT_MAX) {
      throw new Problem(
          422,
          "too-long",
          "The field %s has %d characters, at most %d fit."
              .formatted(name, text.length(), TEXT_MAX));
    }
    return text;
  }
}
