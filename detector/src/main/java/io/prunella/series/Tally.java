package io.prunella.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How many samples of a block were taken and why others were not. One owner at a time, reused. */
public final class Tally {
  private static final Refusal[] REFUSALS = Refusal.values();

  private final int[] refused = new int[REFUSALS.length];
  private int accepted;
  private @Nullable String first;

  /** Back to nothing. */
  public void clear() {
    Arrays.fill(refused, 0);
    accepted = 0;
    first = null;
  }

  public void accept(int samples) {
    accepted += samples;
  }

  public void refuse(Refusal why, int samples) {
    refused[why.ordinal()] += samples;
  }

  /** What the first refusal was about; only the first that is told is kept. */
  public void tell(String what) {
    if (first == null) first = what;
  }

  /** Takes another's counts in. */
  public void add(Tally other) {
    accepted += other.accepted;
    for (int i = 0; i < refused.length; i++) refused[i] += other.refused[i];
    String told = other.first;
    if (told != null) tell(told);
  }

  public int accepted() {
    return accepted;
  }

  public int refused(Refusal why) {
    return refused[why.ordinal()];
  }

  /** Refused for one of two reasons. */
  public int refused(Refusal one, Refusal other) {
    return refused(one) + refused(other);
  }

  public int refused() {
    int sum = 0;
    for (int count : refused) sum += count;
    return sum;
  }

  /** What the first refusal was about, or null when nobody told. */
  public @Nullable String first() {
    return first;
  }

  /** For the sender: "2 of 2000 samples were refused: 1 out_of_order, 1 no_name; first: …". */
  public String message() {
    var text = new StringBuilder();
    text.append(refused()).append(" of ").append(accepted + refused());
    text.append(" samples were refused, the rest is taken: ");
    String comma = "";
    for (Refusal why : REFUSALS) {
      int count = refused[why.ordinal()];
      if (count == 0) continue;
      text.append(comma).append(count).append(" ").append(why.slug());
      comma = ", ";
    }
    if (first != null) text.append("; first: ").append(first);
    return text.length() <= 1000 ? text.toString() : text.substring(0, 1000) + "…";
  }
}
