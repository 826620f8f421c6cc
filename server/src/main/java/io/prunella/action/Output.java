package io.prunella.action;

import java.util.Collection;

/**
 * What a target said, made fit for the journal: bounded, without secrets and control characters.
 */
final class Output {
  private Output() {}

  static String told(String text, int charsMax, Collection<String> secrets) {
    String masked = text;
    for (String secret : secrets) {
      if (!secret.isEmpty()) masked = masked.replace(secret, "****");
    }
    masked = masked.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "").strip();
    if (masked.length() <= charsMax) return masked;
    return masked.substring(0, charsMax) + "… (cut)";
  }
}
