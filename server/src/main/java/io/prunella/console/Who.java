package io.prunella.console;

import org.jspecify.annotations.Nullable;

/**
 * A person or program that has shown a token.
 *
 * @param name goes into every fact they make
 * @param session their browser's, or null when they came with a bearer token
 */
record Who(String name, Role role, Sessions.@Nullable Session session) {
  boolean may(Role wanted) {
    return role.may(wanted);
  }

  String csrf() {
    return session == null ? "" : session.csrf();
  }
}
