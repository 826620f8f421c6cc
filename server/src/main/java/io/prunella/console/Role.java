package io.prunella.console;

import java.util.Locale;

/** What a token may do. Each role may all that the ones before it may. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Decides suggestions. */
  APPROVER,
  /**
   * Stops and resumes automation, lifts freezes, reviews, takes incidents over, posts deployments.
   */
  OPERATOR,
  /** Everything. */
  ADMIN;

  boolean may(Role wanted) {
    return compareTo(wanted) >= 0;
  }

  /** As it stands in files and answers: {@code viewer}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of a word.
   *
   * @throws IllegalArgumentException naming the words that there are
   */
  public static Role of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) return role;
    }
    throw new IllegalArgumentException(
        "role is \"%s\", wanted viewer, approver, operator or admin".formatted(word));
  }
}
