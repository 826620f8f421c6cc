package io.prunella.console;

import java.util.regex.Pattern;

/** What a stop holds for, as people write it. */
final class Scope {
  private static final Pattern FORM =
      Pattern.compile("all|service:.{1,200}|runbook:.{1,200}|tier:[1-5]");

  private Scope() {}

  /**
   * @return the scope; {@code all} for none
   * @throws Problem 400
   */
  static String check(String text) {
    if (text.isBlank()) return "all";
    if (!FORM.matcher(text.strip()).matches()) {
      throw Problem.bad(
          "The scope is unknown.", text, "all, service:NAME, runbook:NAME or tier:1 to tier:5");
    }
    return text.strip();
  }
}
