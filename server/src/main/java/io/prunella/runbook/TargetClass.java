package io.prunella.runbook;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All targets of one role in one environment, written {@code database.production}.
 *
 * @param role the targets' role; {@code *}: any. A target whose role nobody has declared may have
 *     any, and is meant as well
 * @param environment the targets' environment; {@code production}: all that count as such, also
 *     those of which nobody has said it; {@code *}: any
 */
public record TargetClass(String role, String environment) {
  private static final Pattern WRITTEN = Pattern.compile("([^.\\s]+)\\.([^.\\s]+)");
  private static final String ANY = "*";

  /** What is written so; empty when it is not, or when it would mean every target there is. */
  static Optional<TargetClass> of(String text) {
    var matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) return Optional.empty();
    var read = new TargetClass(matcher.group(1), matcher.group(2));
    return read.role.equals(ANY) && read.environment.equals(ANY)
        ? Optional.empty()
        : Optional.of(read);
  }

  /** Whether the target is one of them. */
  public boolean has(Target target) {
    boolean itsRole = role.equals(ANY) || target.role().isEmpty() || role.equals(target.role());
    boolean itsEnvironment =
        environment.equals(ANY)
            || environment.equals(target.environment())
            || (environment.equals("production") && target.isProduction());
    return itsRole && itsEnvironment;
  }

  @Override
  public String toString() {
    return role + "." + environment;
  }
}
