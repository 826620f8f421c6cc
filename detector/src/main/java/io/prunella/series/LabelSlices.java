package io.prunella.series;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Labels as slices of somebody else's bytes (UTF-8): what a series' labels are before anyone makes
 * strings of them. Reused by its one owner, which fills it, sorts it and reads it; the bytes must
 * stay as they are meanwhile.
 */
public final class LabelSlices {
  private byte[] bytes = new byte[0];
  private int[] bounds = new int[4 * 32]; // nameFrom, nameTo, valueFrom, valueTo
  private int size;

  /** Slices of a copy, sorted. */
  public static LabelSlices of(Labels labels) {
    var text = new StringBuilder();
    labels.forEach((name, value) -> text.append(name).append(value));
    var slices = new LabelSlices();
    slices.clear(text.toString().getBytes(StandardCharsets.UTF_8));
    int[] at = {0};
    labels.forEach((name, value) -> {
      int nameTo = at[0] + name.getBytes(StandardCharsets.UTF_8).length;
      int valueTo = nameTo + value.getBytes(StandardCharsets.UTF_8).length;
      slices.add(at[0], nameTo, nameTo, valueTo);
      at[0] = valueTo;
    });
    slices.sort();
    return slices;
  }

  /** Forgets what was there and takes slices of these bytes from now on. */
  public void clear(byte[] newBytes) {
    bytes = newBytes;
    size = 0;
  }

  /** The same bytes have moved: slices stay where they were within them. */
  public void rebase(byte[] newBytes) {
    bytes = newBytes;
  }

  /** One more label. */
  public void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    if (bounds.length == size * 4) bounds = Arrays.copyOf(bounds, bounds.length * 2);
    int at = 4 * size++;
    bounds[at] = nameFrom;
    bounds[at + 1] = nameTo;
    bounds[at + 2] = valueFrom;
    bounds[at + 3] = valueTo;
  }

  /** Brings the labels in order of their names' bytes; cheap when they are already. */
  public void sort() {
    for (int i = 1; i < size; i++) {
      int j = i;
      while (j > 0 && compareNames(j - 1, j) > 0) {
        swap(j - 1, j);
        j--;
      }
    }
  }

  private void swap(int a, int b) {
    for (int k = 0; k < 4; k++) {
      int kept = bounds[4 * a + k];
      bounds[4 * a + k] = bounds[4 * b + k];
      bounds[4 * b + k] = kept;
    }
  }

  /** Order of two labels' names; 0 when they are the same. */
  public int compareNames(int a, int b) {
    return Arrays.compareUnsigned(bytes, nameFrom(a), nameTo(a), bytes, nameFrom(b), nameTo(b));
  }

  /** True when a label's name is this one (ASCII). */
  public boolean isName(int label, String name) {
    int from = nameFrom(label);
    if (nameTo(label) - from != name.length()) return false;
    for (int i = 0; i < name.length(); i++) {
      if (bytes[from + i] != name.charAt(i)) return false;
    }
    return true;
  }

  /** The label with this name (ASCII), or -1. */
  public int find(String name) {
    for (int i = 0; i < size; i++) if (isName(i, name)) return i;
    return -1;
  }

  /** Leaves a label out. */
  public void remove(int label) {
    System.arraycopy(bounds, 4 * (label + 1), bounds, 4 * label, 4 * (size - label - 1));
    size--;
  }

  /** Strings of all of it. */
  public Labels toLabels() {
    var pairs = new String[2 * size];
    for (int i = 0; i < size; i++) {
      pairs[2 * i] = text(nameFrom(i), nameTo(i));
      pairs[2 * i + 1] = text(valueFrom(i), valueTo(i));
    }
    return Labels.ofSorted(pairs);
  }

  /**
   * For messages about labels that may be anything: as they are, at most some hundred characters.
   */
  public String describe() {
    var text = new StringBuilder("{");
    for (int i = 0; i < size && text.length() < 300; i++) {
      if (i > 0) text.append(", ");
      text.append(text(nameFrom(i), Math.min(nameTo(i), nameFrom(i) + 100)));
      text.append("=\"").append(text(valueFrom(i), Math.min(valueTo(i), valueFrom(i) + 100)));
      text.append('"');
    }
    return text.append('}').toString();
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  public int size() {
    return size;
  }

  /** What the bounds are bounds of; not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  public int nameFrom(int label) {
    return bounds[4 * label];
  }

  public int nameTo(int label) {
    return bounds[4 * label + 1];
  }

  public int valueFrom(int label) {
    return bounds[4 * label + 2];
  }

  public int valueTo(int label) {
    return bounds[4 * label + 3];
  }
}
