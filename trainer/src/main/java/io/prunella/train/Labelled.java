package io.prunella.train;

import java.util.ArrayList;
import java.util.List;

/**
 * A series of which people have said where it is odd. The arrays are handed over: whoever made them
 * forgets them.
 *
 * @param name of the file, and of the column where it has several
 * @param timesMs milliseconds since the epoch, in the file's order
 * @param values NaN where there is none
 * @param segments stretches that are odd, in order and apart; for NAB these are its windows
 * @param from first row that counts: what lies before is only learnt from
 * @param host whose series this is, with others row by row at the same times; empty where nobody
 *     knows of others
 */
public record Labelled(
    String name, long[] timesMs, double[] values, List<Segment> segments, int from, String host) {
  /**
   * Rows that are odd.
   *
   * @param from first row
   * @param to last row, itself odd
   */
  public record Segment(int from, int to) {
    public Segment {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException(
            "a segment is from %d to %d, wanted rows in order".formatted(from, to));
      }
    }
  }

  public Labelled {
    if (timesMs.length != values.length) {
      throw new IllegalArgumentException(
          "%s has %d times and %d values, wanted as many"
              .formatted(name, timesMs.length, values.length));
    }
    segments = List.copyOf(segments);
  }

  /** A series that stands alone. */
  public Labelled(String name, long[] timesMs, double[] values, List<Segment> segments, int from) {
    this(name, timesMs, values, segments, from, "");
  }

  public int rows() {
    return values.length;
  }

  /** Days that the rows that count span. */
  public double days() {
    int last = timesMs.length - 1;
    return last <= from ? 0 : (timesMs[last] - timesMs[from]) / 86_400_000.0;
  }

  /** Whether each row is odd. */
  public boolean[] odd() {
    return odd(segments, rows());
  }

  static boolean[] odd(List<Segment> segments, int rows) {
    var odd = new boolean[rows];
    for (Segment s : segments) java.util.Arrays.fill(odd, s.from(), s.to() + 1, true);
    return odd;
  }

  /** The stretches of rows that are odd. */
  static List<Segment> segments(boolean[] odd) {
    var found = new ArrayList<Segment>();
    for (int i = 0; i < odd.length; i++) {
      if (!odd[i]) continue;
      int from = i;
      while (i + 1 < odd.length && odd[i + 1]) i++;
      found.add(new Segment(from, i));
    }
    return found;
  }

  /** Segments cut to rows {@code from} to {@code to} (not itself), counted from {@code from}. */
  static List<Segment> cut(List<Segment> segments, int from, int to) {
    var found = new ArrayList<Segment>();
    for (Segment s : segments) {
      int first = Math.max(s.from(), from);
      int last = Math.min(s.to(), to - 1);
      if (first <= last) found.add(new Segment(first - from, last - from));
    }
    return found;
  }
}
