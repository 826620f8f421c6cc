package io.prunella.console;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for in its address: parameters, ids, pages; what is wrong becomes a {@link
 * Problem}.
 */
final class Query {
  static final int PAGE_MAX = 500;
  static final int PAGE = 50;

  private Query() {}

  static String parameter(RoutingContext ctx, String name) {
    return Objects.requireNonNullElse(ctx.request().getParam(name), "").strip();
  }

  /** A whole number from 1 on. */
  static long number(RoutingContext ctx, String name, long otherwise, long max) {
    String text = parameter(ctx, name);
    if (text.isEmpty()) return otherwise;
    long value = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    if (value < 1 || value > max) {
      throw Problem.bad(
          "The parameter %s is no number in range.".formatted(name), text, "1 to " + max);
    }
    return value;
  }

  static <T> T known(RoutingContext ctx, String what, Function<String, @Nullable T> find) {
    String id = Access.part(ctx, "id").toUpperCase(Locale.ROOT);
    T found = find.apply(id);
    if (found == null) throw Problem.unknown(what, id);
    return found;
  }

  /**
   * One page of a list; the cursor is the id of its last, which stays where it is when newer ones
   * come.
   */
  static <T> void page(
      RoutingContext ctx,
      String name,
      List<T> all,
      Function<T, String> id,
      Function<T, JsonObject> each) {
    int limit = (int) number(ctx, "limit", PAGE, PAGE_MAX);
    String cursor = parameter(ctx, "cursor");
    var page = new ArrayList<T>();
    boolean from = cursor.isEmpty();
    boolean more = false;
    for (T one : all) {
      if (from && page.size() == limit) {
        more = true;
        break;
      }
      if (from) page.add(one);
      if (id.apply(one).equals(cursor)) from = true;
    }
    if (!from)
      throw Problem.bad("The cursor is not in this list.", cursor, "the cursor of the page before");
    Api.answer(
        ctx,
        200,
        new JsonObject()
            .put(name, Json.list(page, each))
            .put("cursor", more ? id.apply(page.getLast()) : null));
  }
}
