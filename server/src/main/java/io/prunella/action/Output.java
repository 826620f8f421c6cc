package io.prunella.action;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a target says, as it comes, made fit for the journal and for people: bounded to its
 * beginning and its end, without control characters, secrets masked even where they come in pieces.
 * One thread writes; any thread may read.
 */
final class Output {
  /*
   * Text goes through three stages: control characters are left out, secrets are masked, and of what
   * is left the beginning and the end are kept. What may be the beginning of a secret is held back
   * until more is there to tell, so that not even a part of it is shown on the way.
   */
  private static final String MASK = "****";

  private final int charsMax;
  private final int endMax;
  private final List<String> secrets;
  private final StringBuilder beginning = new StringBuilder(); // at most charsMax
  private final StringBuilder end = new StringBuilder(); // the last of what did not fit there
  private String held = ""; // shorter than the longest secret
  private long charsSeen;

  /**
   * @param charsMax of the text, kept; the mark of what was left out comes on top
   * @param secrets texts that are masked
   */
  Output(int charsMax, Collection<String> secrets) {
    this.charsMax = charsMax;
    this.endMax = charsMax / 2;
    this.secrets =
        secrets.stream()
            .map(Output::plain)
            .filter(s -> !s.isEmpty())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** A whole text. */
  static String told(String text, int charsMax, Collection<String> secrets) {
    var output = new Output(charsMax, secrets);
    output.add(text);
    return output.whole();
  }

  synchronized void add(CharSequence text) {
    String coming = held + plain(text);
    var known = new StringBuilder();
    int at = 0;
    while (true) {
      int open = mayBegin(coming, at);
      String first = firstSecret(coming, at);
      int found = first == null ? open : coming.indexOf(first, at);
      if (first == null || found >= open) { // a longer secret may be on its way
        known.append(coming, at, open);
        held = coming.substring(open);
        break;
      }
      known.append(coming, at, found).append(MASK);
      at = found + first.length();
    }
    keep(known.toString());
  }

  /** What may be shown of it up to now. */
  synchronized String soFar() {
    return bounded("");
  }

  /** All of it, when it has come to its own end: what was held back was no secret. */
  synchronized String whole() {
    String last = held;
    for (String secret : secrets) last = last.replace(secret, MASK);
    return bounded(last);
  }

  private static String plain(CharSequence text) {
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\t' || (c >= ' ' && c != '\u007f')) plain.append(c);
    }
    return plain.toString();
  }

  /** Where a secret may begin that has not come whole; the text's end when there is none. */
  private int mayBegin(String text, int from) {
    int most = 0;
    for (String secret : secrets) {
      for (int size = Math.min(secret.length() - 1, text.length() - from); size > most; size--) {
        if (text.regionMatches(text.length() - size, secret, 0, size)) most = size;
      }
    }
    return text.length() - most;
  }

  /** The secret that comes first, of several at one place the longest; null when there is none. */
  private @Nullable String firstSecret(String text, int from) {
    String first = null;
    int place = text.length();
    for (String secret : secrets) { // the longest first
      int found = text.indexOf(secret, from);
      if (found < 0 || found >= place) continue;
      place = found;
      first = secret;
    }
    return first;
  }

  private void keep(String text) {
    charsSeen += text.length();
    int fits = Math.min(text.length(), charsMax - beginning.length());
    beginning.append(text, 0, fits);
    int from = Math.max(fits, text.length() - endMax);
    end.append(text, from, text.length());
    if (end.length() > endMax) end.delete(0, end.length() - endMax);
  }

  private String bounded(String last) {
    long all = charsSeen + last.length();
    String text = beginning.toString() + end + last;
    if (all <= charsMax) return text.strip();
    // No character of two halves is parted.
    int headTo = charsMax - endMax;
    if (headTo > 0 && Character.isHighSurrogate(text.charAt(headTo - 1))) headTo--;
    int tailFrom = text.length() - endMax;
    if (endMax > 0 && Character.isLowSurrogate(text.charAt(tailFrom))) tailFrom++;
    String tail = text.substring(tailFrom);
    return "%s\n… %d characters left out …\n%s"
        .formatted(text.substring(0, headTo), all - headTo - tail.length(), tail)
        .strip();
  }
}
