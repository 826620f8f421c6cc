package io.prunella.console;

import io.prunella.control.Answer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a request was not served: for a page and for the API alike. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int httpStatus;
  private final String error;
  private final @Nullable String seen;
  private final @Nullable String wanted;

  /**
   * @param error one stable word for programs
   * @param message a sentence for people
   */
  Problem(int httpStatus, String error, String message) {
    this(httpStatus, error, message, null, null);
  }

  Problem(
      int httpStatus,
      String error,
      String message,
      @Nullable String seen,
      @Nullable String wanted) {
    super(message, null, false, false); // an answer, not a fault: no stack wanted
    this.httpStatus = httpStatus;
    this.error = error;
    this.seen = seen;
    this.wanted = wanted;
  }

  static Problem bad(String message, @Nullable String seen, String wanted) {
    return new Problem(400, "bad-request", message, seen, wanted);
  }

  static Problem unknown(String what, String id) {
    return new Problem(404, "not-found", "There is no %s %s.".formatted(what, id), id, null);
  }

  static Problem role(Who who, Role wanted) {
    String message =
        "%s is %s; this wants the role %s."
            .formatted(
                who.name(),
                who.role() == Role.VIEWER ? "a viewer" : "an " + who.role().word(),
                wanted.word());
    return new Problem(403, "forbidden", message, who.role().word(), wanted.word());
  }

  static Problem of(Answer.Refused refused) {
    String error =
        switch (refused.httpStatus()) {
          case 400 -> "bad-request";
          case 403 -> "forbidden";
          case 404 -> "not-found";
          case 409 -> "conflict";
          case 410 -> "expired";
          case 422 -> "incomplete";
          case 503 -> "unavailable";
          default -> "refused";
        };
    return new Problem(refused.httpStatus(), error, refused.message());
  }

  int httpStatus() {
    return httpStatus;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  /** A heading for a page. */
  String heading() {
    return switch (httpStatus) {
      case 403 -> "Not allowed";
      case 404 -> "Not there";
      case 409 -> "Something has changed";
      case 410 -> "Too late";
      case 422 -> "Something is missing";
      case 503 -> "Not possible now";
      default ->
          error.substring(0, 1).toUpperCase(Locale.ROOT) + error.substring(1).replace('-', ' ');
    };
  }

  JsonObject json() {
    var json = new JsonObject().put("error", error).put("message", message());
    if (seen != null) json.put("seen", seen);
    if (wanted != null) json.put("wanted", wanted);
    return json;
  }
}
